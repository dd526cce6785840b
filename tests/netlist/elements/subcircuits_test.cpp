#include "netlist/circuits.hpp"
#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

TEST_CASE("a subcircuit is expanded with its nodes and elements prefixed") {
  const Circuit circuit = circuit_of(
      ".subckt Divider in out\nR1 in mid 1k\nR2 mid out 2k\nV1 mid 0 1\n.ends Divider\n"
      "X1 a 0 divider\nX2 a b DIVIDER\nR1 b 0 1\n");
  CHECK(nodes(circuit, "x1.r1") == "a x1.mid");
  CHECK(nodes(circuit, "x1.r2") == "x1.mid 0");
  CHECK(nodes(circuit, "x2.r2") == "x2.mid b");
  CHECK(nodes(circuit, "x2.v1") == "x2.mid 0");
  CHECK(nodes(circuit, "r1") == "b 0");
}

TEST_CASE("subcircuits nest, in instances and in definitions, and may be used before they are defined") {
  const Circuit circuit = circuit_of(
      "X1 a outer\nR1 a 0 1\n"
      ".subckt outer p\nXi p q inner\nXj q inner2\n.subckt inner2 p\nR1 p 0 3\n.ends\n.ends\n"
      ".subckt inner p q\nR1 p q 2\n.ends\n");
  CHECK(nodes(circuit, "x1.xi.r1") == "a x1.q");
  CHECK(nodes(circuit, "x1.xj.r1") == "x1.q 0");
  CHECK(error_of(".subckt a p\n.subckt b p\nR1 p 0 1\n.ends\nX1 p b\n.ends\nX1 n a\nX2 n b\n") ==
        "unknown subcircuit 'b'");
}

TEST_CASE("an instance gives parameters in the words of where it stands") {
  const Circuit circuit = circuit_of(
      ".param r=5 k=2\n"
      ".subckt s p params: r=1 twice={2*r}\n.param local={r+100}\nR1 p 0 {r}\nR2 p 0 {twice}\nR3 p 0 "
      "{local}\nR4 p 0 {k}\n"
      ".ends\n"
      "X1 a s\nX2 a s r={r*k}\nX3 a s PARAMS: r=3 twice = 1 + 1\n");
  CHECK(parameter(circuit, "x1.r1", "r") == 1);
  CHECK(parameter(circuit, "x1.r2", "r") == 2);
  CHECK(parameter(circuit, "x1.r3", "r") == 101);
  CHECK(parameter(circuit, "x1.r4", "r") == 2);
  CHECK(parameter(circuit, "x2.r1", "r") == 10);
  CHECK(parameter(circuit, "x2.r2", "r") == 20);
  CHECK(parameter(circuit, "x3.r2", "r") == 2);
}

TEST_CASE("models and parameters of a subcircuit stay inside it and its own come first") {
  const Circuit circuit = circuit_of(
      ".model mem memristor(ron=1)\n"
      ".subckt s p ron=20\n.model mem memristor(ron={ron})\nY1 p 0 mem\n.ends\n"
      ".subckt t p\nY1 p 0 mem\n.ends\n"
      "X1 a s\nX2 a s ron=30\nX3 a t\nY1 a 0 mem\n");
  CHECK(parameter(circuit, "x1.y1", "ron") == 20);
  CHECK(parameter(circuit, "x2.y1", "ron") == 30);
  CHECK(parameter(circuit, "x3.y1", "ron") == 1);
  CHECK(parameter(circuit, "y1", "ron") == 1);
  CHECK(error_of(".subckt s p\n.model mem memristor\n.param q=1\nR1 p 0 1\n.ends\nX1 a s\nY1 a 0 mem\n") ==
        "unknown model 'mem'");
  CHECK(error_of(".subckt s p\n.param q=1\nR1 p 0 1\n.ends\nX1 a s\nR1 a 0 {q}\n") ==
        "unknown parameter 'q'");
}

TEST_CASE("a name that a subcircuit does not define is looked for where the instance stands") {
  const Circuit circuit = circuit_of(
      ".param v=1\n.subckt inner p\nR1 p 0 {v}\n.ends\n.subckt outer p\n.param v=2\nX1 p inner\n.ends\n"
      "X1 a outer\nX2 a inner\n");
  CHECK(parameter(circuit, "x1.x1.r1", "r") == 2);
  CHECK(parameter(circuit, "x2.r1", "r") == 1);
}

TEST_CASE("global nodes and ground are the same everywhere") {
  const Circuit circuit =
      circuit_of(".global vdd\n.subckt s p\nR1 p VDD 1\nR2 p gnd 1\nR3 p 0 1\n.ends\nX1 a s\nV1 vdd 0 1\n");
  CHECK(nodes(circuit, "x1.r1") == "a vdd");
  CHECK(nodes(circuit, "x1.r2") == "a 0");
  CHECK(nodes(circuit, "x1.r3") == "a 0");
  CHECK(nodes(circuit_of(".subckt s p\n.global vdd\nR1 p VDD 1\n.ends\nX1 a s\nV1 vdd 0 1\n"), "x1.r1") ==
        "a vdd");
}

TEST_CASE("a pin that nothing inside is connected to makes no node") {
  const Circuit circuit = circuit_of(".subckt s p unused\nR1 p 0 1\n.ends\nX1 a nowhere s\nR1 a 0 1\n");
  CHECK(circuit.node_names.size() == 2);
  CHECK(circuit.warnings.empty());
}

TEST_CASE("initial values inside a subcircuit are about its own nodes and elements") {
  const Circuit circuit = circuit_of(
      ".model mem memristor\n"
      ".subckt s p\nR1 p q 1\nY1 q 0 mem\n.ic v(q)=2 v(p)=1 w(y1)=0.25\n.ends\nX1 a s\nR1 a 0 1\n");
  REQUIRE(circuit.initial_conditions.size() == 2);
  CHECK(circuit.node_names[circuit.initial_conditions[0].node] == "x1.q");
  CHECK(circuit.node_names[circuit.initial_conditions[1].node] == "a");
  CHECK(parameter(circuit, "x1.y1", "w0") == 0.25);
}

TEST_CASE("instances nested too deeply are an error and 64 levels are not") {
  const auto nested = [](int levels) {
    std::string cards;
    for (int i = 1; i < levels; ++i)
      cards += ".subckt s" + std::to_string(i) + " p\nX1 p s" + std::to_string(i + 1) + "\n.ends\n";
    return cards + ".subckt s" + std::to_string(levels) + " p\nR1 p 0 1\n.ends\nX1 a s1\nR1 a 0 1\n";
  };
  CHECK(error_of(nested(64)).empty());
  CHECK(error_of(nested(65)) == "subcircuits are nested more than 64 deep");
}

// As LTspice's netlists are: parameters of an instance that the .subckt card does not name.
TEST_CASE("an instance may give a parameter that is read inside of it, declared or not") {
  const char* const bodies[] = {
      "R1 p 0 {rx}\n",
      "R1 p 0 r={rx*2}\n",
      ".param half={rx/2}\nR1 p 0 {half}\n",
      ".if (rx > 2)\nR1 p 0 1\n.else\nR1 p 0 {rx}\n.endif\n",
      ".if (1)\nR1 p 0 {RX}\n.endif\n",
      ".subckt inner q\nR1 q 0 {rx}\n.ends\nX1 p inner\n",
      ".subckt inner q ry=1\nR1 q 0 {ry}\n.ends\nX1 p inner ry={rx+1}\n",
      ".subckt inner q\nR1 q 0 {ry}\n.ends\nX1 p inner ry={rx+1}\n",
      ".model part r r={rx}\nR1 p 0 part\n",
      "B1 p 0 i=v(p)*rx\n",
      ".func f(x) {x+rx}\nR1 p 0 {f(1)}\n",
  };
  for (const std::string body : bodies) {
    CAPTURE(body);
    const auto current = [&](const std::string& declared, const std::string& instances) {
      return testing::run_deck("V1 a 0 1\n.param other=5\n.subckt s p" + declared + "\n" + body + ".ends\n" +
                               instances + ".op\n")["i(v1)"][0];
    };
    const std::string instances = "X1 a s rx=2\nX2 a s rx={other}\nX3 a s params: rx=3 m=2\n";
    if (body.find("ry}") == std::string::npos || body.find("ry=1") != std::string::npos)
      CHECK(current("", instances) == current(" rx=9", instances));
    CHECK(current("", instances) ==
          testing::approx(current("", "X1 a s rx=2\n") + current("", "X1 a s rx=5\n") +
                          2 * current("", "X1 a s rx=3\n")));
  }
  CHECK(error_of(".subckt s p\nR1 p 0 {rx}\n.ends\nX1 a s rxx=1\nR1 a 0 1\n") ==
        "subcircuit 's' has no parameter 'rxx'");
  CHECK(error_of(".subckt s p\n.param rx=3\nR1 p 0 {rx}\n.ends\nX1 a s rx=1\nR1 a 0 1\n") ==
        "subcircuit 's' has no parameter 'rx'");
  CHECK(error_of(".subckt s p\nR1 p 0 {rx}\n.ends\nX1 a s rx=1\nX2 a s\nR1 a 0 1\n") ==
        "unknown parameter 'rx'");
}
