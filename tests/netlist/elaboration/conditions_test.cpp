#include <fmt/format.h>

#include "netlist/circuits.hpp"

using namespace memspice;

namespace {

const std::string source = "V1 a 0 1\nRload a 0 1k\n";

double r1(const std::string& cards, const ElaborateOptions& options = {}) {
  return parameter(circuit_of(source + cards, options), "r1", "r");
}

}  // namespace

TEST_CASE("the first branch whose condition holds counts, and only that one") {
  const std::string deck =
      ".if (k == 1)\nR1 a 0 10\n.elseif {k == 2}\nR1 a 0 20\n.ELSEIF k == 2\nR1 a 0 25\n.else\nR1 a 0 "
      "30\n.endif\n";
  CHECK(r1(".param k=1\n" + deck) == 10);
  CHECK(r1(".param k=2\n" + deck) == 20);
  CHECK(r1(".param k=3\n" + deck) == 30);
  CHECK(r1(deck + ".param k=2\n") == 20);
  CHECK(r1(".param k=3\n" + deck, {.parameters = {{"k", 1}}}) == 10);
  CHECK(circuit_of(source + ".if (0)\nR1 a 0 1\n.endif\n").element_names.size() == 2);
}

TEST_CASE("conditions nest, and an outer one that fails hides what is inside") {
  const std::string deck =
      ".if (p)\n.if (q)\nR1 a 0 11\n.else\nR1 a 0 10\n.endif\n.else\n.if (q)\nR1 a 0 1\n.elseif "
      "(nowhere)\n.else\nR1 "
      "a 0 2\n.endif\n.endif\n";
  CHECK(r1(".param p=1 q=1\n" + deck) == 11);
  CHECK(r1(".param p=1 q=0\n" + deck) == 10);
  CHECK(r1(".param p=0 q=1\n" + deck) == 1);
  CHECK(error_of(source + ".param p=0 q=0\n" + deck) == "unknown parameter 'nowhere'");
}

TEST_CASE(
    "a branch may define parameters, functions, models and subcircuits, and later conditions see them") {
  const std::string deck =
      ".if (kind)\n.param value=5\n.func f(x) {2*x}\n.model m memristor(ron=7)\n.subckt s p\nR1 p 0 "
      "{f(value)}\n.ends\n.else\n.param value=6\n.func f(x) {3*x}\n.model m memristor(ron=8)\n.subckt s "
      "p\nR1 p 0 "
      "{f(value)}\nR2 p 0 1\n.ends\n.endif\n.if (value > 5.5)\nY1 a 0 m\n.else\nYother a 0 m\n.endif\nX1 a "
      "s\n";
  const Circuit first = circuit_of(source + ".param kind=1\n" + deck);
  CHECK(parameter(first, "x1.r1", "r") == 10);
  CHECK(parameter(first, "yother", "ron") == 7);
  const Circuit second = circuit_of(source + ".param kind=0\n" + deck);
  CHECK(parameter(second, "x1.r1", "r") == 18);
  CHECK(parameter(second, "y1", "ron") == 8);
  CHECK(second.element_names.find("x1.r2") != NameTable::npos);
}

TEST_CASE("a parameter that a branch defines anew holds for all that depends on it") {
  const std::string deck =
      ".param a=1 b={10*a}\n.if (b == 10)\n.param a=2\n.endif\n.if (b == 20)\nR1 a 0 {b}\n.endif\n";
  CHECK(r1(deck) == 20);
}

TEST_CASE("inside a subcircuit every instance decides by its own parameters") {
  const std::string deck =
      ".subckt s p params: n=0\n.if (n > 1)\n.param scale=100\nRbig p 0 {scale*n}\n.if (n > 2)\nX1 p "
      "inner\n.endif\n"
      ".elseif (n > 0)\nRsmall p 0 {n}\n.endif\n.subckt inner p\nR1 p 0 {scale}\n.ends\n.ends\n"
      "X0 a s\nX1 a s n=1\nX2 a s n=2\nX3 a s n=3\nX4 a s n={2*1.5}\n";
  const Circuit circuit = circuit_of(source + deck);
  CHECK(circuit.element_names.size() == 2 + 0 + 1 + 1 + 2 + 2);
  CHECK(parameter(circuit, "x1.rsmall", "r") == 1);
  CHECK(parameter(circuit, "x2.rbig", "r") == 200);
  CHECK(parameter(circuit, "x3.rbig", "r") == 300);
  CHECK(parameter(circuit, "x3.x1.r1", "r") == 100);
  CHECK(parameter(circuit, "x4.x1.r1", "r") == 100);
}

TEST_CASE("elements and analyses of branches keep their places in the deck") {
  const Circuit circuit = circuit_of(source + ".tran 1\n.if (1)\nRa a 0 1\n.op\n.endif\nRb a 0 1\n.tran 2\n");
  CHECK(circuit.element_names[2] == "ra");
  CHECK(circuit.element_names[3] == "rb");
  REQUIRE(circuit.analyses.size() == 3);
  CHECK(circuit.analyses[1].get_if<OperatingPointCard>());
}

TEST_CASE("thousands of conditions in a row and conditions nested 64 deep are read") {
  std::string deck = ".param p0=0\n";
  for (int i = 0; i < 2000; ++i)
    deck += fmt::format(".if (p{0} == {0})\n.param p{1}={{{1}}}\nR{1} a 0 {{p{1}}}\n.endif\n", i, i + 1);
  CHECK(parameter(circuit_of(source + deck), "r2000", "r") == 2000);
  std::string nested = "R1 a 0 5\n";
  for (int i = 0; i < 64; ++i) nested = ".if (1)\n" + nested + ".endif\n";
  CHECK(r1(nested) == 5);
  CHECK(error_of(source + ".if (1)\n" + nested + ".endif\n") == "'.if' is nested more than 64 deep");
}
