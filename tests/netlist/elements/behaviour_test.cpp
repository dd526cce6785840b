#include <fmt/format.h>

#include <cmath>
#include <map>
#include <numbers>
#include <random>

#include "expression/functions.hpp"
#include "netlist/circuits.hpp"
#include "support/approx.hpp"
#include "support/random.hpp"

using namespace memspice;

namespace {

// Nodes a, b, c and n/1, elements v1 … and y1 for expressions to read.
const std::string surroundings =
    "V1 a 0 1\nV2 b 0 1\nV3 c 0 1\nV4 n/1 0 1\nR1 a b 1\nR2 c n/1 1\nR9 out 0 1\n"
    "Y1 a c m\n.model m memristor()\n";

using Voltages = std::map<std::string, double>;

// What the probes of a program read: node voltages by name, elements as "i v1", and "time", "hertz".
std::vector<double> read(const Circuit& circuit, const Program& program, const Voltages& voltages) {
  const auto at = [&](const std::string& name) {
    REQUIRE_MESSAGE(voltages.contains(name), name);
    return voltages.at(name);
  };
  const auto node = [&](NodeId id) { return id == ground ? 0 : at(std::string(circuit.node_names[id])); };
  std::vector<double> values;
  for (const Probe& probe : program.inputs()) switch (probe.kind) {
      case Probe::Kind::voltage:
        values.push_back(node(probe.plus) - node(probe.minus));
        break;
      case Probe::Kind::element:
        values.push_back(at(probe.accessor + " " + std::string(circuit.element_names[probe.element])));
        break;
      case Probe::Kind::time:
        values.push_back(at("time"));
        break;
      case Probe::Kind::frequency:
        values.push_back(at("hertz"));
        break;
      case Probe::Kind::integral:
        values.push_back(at("integral"));
        break;
      case Probe::Kind::derivative:
        values.push_back(at("derivative"));
        break;
    }
  return values;
}

double result(const Circuit& circuit, std::uint32_t program, const Voltages& voltages) {
  Program::Workspace work;
  const Program& of = circuit.programs.at(program);
  return of.value(read(circuit, of, voltages), {}, work);
}

const Voltages usual{{"a", 2},       {"b", 0.5},    {"c", -3},        {"n/1", 7},
                     {"time", 11},   {"hertz", 13}, {"i v1", 0.25},   {"w y1", 0.125},
                     {"r y1", 1000}, {"i r1", 5},   {"integral", 17}, {"derivative", 19}};

// The value of a B source, somewhere in a circuit.
double value(const std::string& expression, const std::string& cards = {}, const Voltages& voltages = usual) {
  const Circuit circuit = circuit_of(surroundings + cards + "B1 out 0 V=" + expression + "\n");
  REQUIRE(circuit.behavioural_sources.size() == 1);
  return result(circuit, circuit.behavioural_sources[0].program, voltages);
}

std::string error(const std::string& expression, const std::string& cards = {}) {
  return error_of(surroundings + cards + "B1 out 0 V=" + expression + "\n");
}

}  // namespace

TEST_CASE("a B source reads voltages, currents, states, time and frequency") {
  CHECK(value("v(a)") == 2);
  CHECK(value("{V(A) - v(b)}") == 1.5);
  CHECK(value("'v(a,c)'") == 5);
  CHECK(value("v(a, 0) + v(0) + v(gnd, gnd)") == 2);
  CHECK(value("v(0,b)") == -0.5);
  CHECK(value("v(n/1)*2") == 14);
  CHECK(value("v(\"n/1\")") == 7);
  CHECK(value("i(v1)*4") == 1);
  CHECK(value("I(R1)") == 5);
  CHECK(value("w(y1) + r(Y1)") == 1000.125);
  CHECK(value("@y1[w] * 8") == 1);
  CHECK(value("n(y1:w) + n(a)") == 2.125);
  CHECK(value("time + hertz") == 24);
  CHECK(value("ddt(v(a)*2) + idt(v(b)) - sdt(v(c), 3)") == 19);
  CHECK(value("temper") == 27);
}

TEST_CASE("operators and conditions mean in a B source what they mean in ngspice") {
  CHECK(value("-v(a)**2") == -4);
  CHECK(value("v(c)^2") == 9);
  CHECK(value("2**3**2 * v(a)") == 128);
  CHECK(value("v(c)**3") == 27);
  CHECK(value("pow(v(c),3)") == 27);
  CHECK(value("pwr(v(c),3)") == -27);
  CHECK(value("v(n/1) % 4") == 3);
  CHECK(value("(0-v(n/1)) % 4") == -3);
  CHECK(value("v(a) > 1 ? v(b) : v(c)") == 0.5);
  CHECK(value("v(a) < 1 ? v(b) : v(c)") == -3);
  CHECK(value("(v(a) >= 2) + (v(a) <= 2) + (v(a) == 2) + (v(a) != 2)") == 3);
  CHECK(value("v(a) > 1 && v(c) > 1 || v(b)") == 1);
  CHECK(value("v(a) & !v(b) | ~v(c)") == 0);
  CHECK(value("if(v(a) > 0, 5, 6)") == 5);
  CHECK(value("ternary_fcn(v(c) > 0, 5, 6)") == 6);
  CHECK(value("u(v(a)) + u(v(c)) + u(v(a)-2)") == 1.5);
  CHECK(value("pwl(v(c), 0,0, 1,10)") == -30);
  CHECK(value("pwl(v(a), 0,0, 1,10)") == 20);
  CHECK(value("table(v(a), 0,0, 1,10)") == 10);
  CHECK(value("limit(v(a), 3, 5)") == 3);
  CHECK(value("max(v(a), v(b), v(c)) + min(v(a), v(b), v(c))") == -1);
}

TEST_CASE("soft limits are LTspice's, in numbers and in programs, down to a zone of nothing") {
  // With numbers of LTspice's.
  CHECK(value("dnlim(v(b)-0.5, 1, 0.2)") == testing::approx(1.0004957504353332).epsilon(1e-15));
  CHECK(value("{dnlim(1.1, 1, 0.2)}") == testing::approx(1.1213061319425267).epsilon(1e-15));
  testing::Random random(29);
  const auto kept_above = [](double x, double y, double z) {
    return x < y + z ? y + z * std::exp((x - y - z) / z) : x;
  };
  for (int i = 0; i < 300; ++i) {
    const double x = random.uniform(-3, 3), y = random.uniform(-2, 2), z = random.logarithmic(1e-3, 3);
    CAPTURE(x);
    CAPTURE(y);
    CAPTURE(z);
    const double down = kept_above(x, y, z), up = -kept_above(-x, -y, z);
    const std::string bounds = fmt::format(", {:.17g}, {:.17g})", y, z);
    Voltages voltages = usual;
    voltages["a"] = x;
    CHECK(value("{" + fmt::format("dnlim({:.17g}", x) + bounds + "}") ==
          testing::approx(down).epsilon(1e-13));
    CHECK(value("{" + fmt::format("uplim({:.17g}", x) + bounds + "}") == testing::approx(up).epsilon(1e-13));
    CHECK(value("dnlim(v(a)" + bounds, {}, voltages) == testing::approx(down).epsilon(1e-13));
    CHECK(value("uplim(v(a)" + bounds, {}, voltages) == testing::approx(up).epsilon(1e-13));
  }
  CHECK(value("dnlim(v(c), 1, 0) + uplim(v(a), 1, 0) + dnlim(v(a), 1, 0) + uplim(v(a), 2, 0)") == 6);
}

TEST_CASE("what a condition leaves aside may have no value") {
  CHECK(value("1 ? v(a) : 1/0") == 2);
  CHECK(value("0 && 1/0") == 0);
  CHECK(value("1 || 1/0") == 1);
}

TEST_CASE("parameters and functions of the deck become parts of the program") {
  CHECK(value("{gain}*v(a) + 'gain'", ".param gain=3\n") == 9);
  CHECK(value("gain * v(a)", ".param gain={half*6} half=0.5\n") == 6);
  CHECK(value("twice(v(a)) + twice(1)", ".func twice(x) {2*x}\n") == 6);
  CHECK(value("f(v(a), v(b))", ".func f(x,y) {g(y)*x}\n.func g(x) {x+1}\n") == 3);
  CHECK(value("drop(a, c)", ".func drop(n, m) {v(n) - v(m)}\n") == 5);
  CHECK(value("outer(c)", ".func outer(x) {inner(a, x)}\n.func inner(n, m) {v(n,m)}\n") == 5);
  CHECK(value("r(v(a))", ".func r(x) {x*10}\n") == 20);
  CHECK(value("slope(v(a))", ".func slope(x) {ddt(x)*x}\n") == 38);
  CHECK(value("pi*v(a)") == testing::approx(2 * std::numbers::pi));
}

TEST_CASE("a random number is drawn once for a B source") {
  const Circuit circuit = circuit_of(surroundings + "B1 out 0 V={gauss(1,0.1,1)*v(a)}\n");
  CHECK(circuit.programs[0].inputs().size() == 1);
  const double once = result(circuit, 0, usual);
  CHECK(once == result(circuit, 0, usual));
  CHECK(once != 2);
}

TEST_CASE("a B source in a subcircuit reads the subcircuit's nodes, its pins and global ones") {
  const Circuit circuit = circuit_of(
      ".global vdd\nV1 in 0 1\nV2 vdd 0 1\nX1 in o s\nR1 o 0 1\n"
      ".subckt s p q\nR1 p n 1\nVs n 0 0\nB1 q 0 I={v(p) + 10*v(n) + 100*v(vdd) + 1000*i(vs)}\n.ends\n");
  const Voltages voltages{{"in", 1}, {"x1.n", 2}, {"vdd", 3}, {"i x1.vs", 4}};
  CHECK(result(circuit, circuit.behavioural_sources.at(0).program, voltages) == 4321);
  CHECK_FALSE(circuit.behavioural_sources[0].voltage);
  CHECK(circuit.element_names[circuit.behavioural_sources[0].name] == "x1.b1");
}

TEST_CASE("nodes and elements of subcircuits are named from outside with dots") {
  const Circuit circuit = circuit_of(
      "V1 in 0 1\nX1 in s\nR1 in 0 1\nB1 o 0 V={v(x1.n) + 10*i(x1.vs) + 100*i(v.x1.vs)}\nR2 o 0 1\n"
      ".subckt s p\nR1 p n 1\nVs n 0 0\n.ends\n");
  const Voltages voltages{{"x1.n", 2}, {"i x1.vs", 4}};
  CHECK(result(circuit, circuit.behavioural_sources.at(0).program, voltages) == 442);
}

TEST_CASE("m, tc1, tc2, temp and dtemp scale a B source as in ngspice") {
  CHECK(value("v(a) m=3") == 6);
  CHECK(value("v(a) tc1=0.01 tc2=1m temp=37") == testing::approx(2.4));
  CHECK(value("v(a) tc1=0.01 dtemp=10 reciproctc=1") == testing::approx(2 / 1.1));
  CHECK(value("v(a) m=4 reciprocm=1") == 0.5);
  CHECK(value("{v(a)} tc1=0.01") == 2);
}

TEST_CASE("the argument of an integral or a derivative is a program of its own") {
  const Circuit circuit = circuit_of(surroundings + "B1 out 0 V={ddt(v(a)*3) + idt(v(b), 0.5) + ddt(7)}\n");
  REQUIRE(circuit.auxiliaries.size() == 2);
  CHECK_FALSE(circuit.auxiliaries[0].integral);
  CHECK(result(circuit, circuit.auxiliaries[0].program, usual) == 6);
  CHECK(circuit.auxiliaries[1].integral);
  CHECK(circuit.auxiliaries[1].initial == 0.5);
  CHECK(result(circuit, circuit.auxiliaries[1].program, usual) == 0.5);
}

TEST_CASE("what jumps is an event") {
  const auto events = [](const std::string& expression) {
    const Circuit circuit = circuit_of(surroundings + "B1 out 0 V=" + expression + "\n");
    return circuit.programs[0].events();
  };
  CHECK(events("v(a)*2 + abs(v(b)) + max(v(a),v(b)) + limit(v(a),0,1) + uramp(v(a))") == 0);
  CHECK(events("v(a) > 1") == 1);
  CHECK(events("(v(a) > 1) * (v(a) > 1)") == 1);
  CHECK(events("floor(v(a))") == 1);
  CHECK(events("v(a) % 2") == 1);
  CHECK(events("sgn(v(a))") == 2);
  CHECK(events("time > 1 ? 1 : 0") == 1);
}

TEST_CASE("numbers and quantities go through a function alike") {
  std::mt19937 random(5);
  for (const Function& function : functions()) {
    if (function.kind != Function::Kind::plain || function.build == nullptr) continue;
    if (function.name == "pow" || function.name == "pwr")
      continue;  // differ for negative numbers, as in ngspice
    for (int trial = 0; trial < 20; ++trial) {
      std::vector<double> numbers;
      Program program;
      ProgramBuilder builder(program);
      std::vector<ProgramBuilder::Id> ids;
      const int count = function.most < 0 ? 5 : function.most;
      const bool is_table = function.name == "table" || function.name == "pwl";
      for (int i = 0; i < count; ++i) {
        const double drawn = 4 * std::generate_canonical<double, 53>(random) - 2;
        numbers.push_back(is_table && i > 0 && i % 2 == 1 ? i : drawn);
        ids.push_back(is_table && i > 0
                          ? builder.constant(numbers.back())
                          : program.input({.kind = Probe::Kind::voltage, .plus = static_cast<NodeId>(i)}));
      }
      const double expected = function.value(numbers);
      if (std::isnan(expected)) continue;
      // A sum that keeps all inputs in their order.
      ProgramBuilder::Id all = builder.constant(0);
      const ProgramBuilder::Id value_of = function.build(builder, ids);
      for (const ProgramBuilder::Id id : ids) all = builder.add(all, id);
      program.finish(builder.add(builder.multiply(all, builder.constant(0x1p-1000)), value_of));
      std::vector<double> x(is_table ? std::vector<double>{numbers[0]} : numbers);
      Program::Workspace work;
      CAPTURE(function.name);
      CHECK(program.value(x, {}, work) == testing::approx(expected).epsilon(1e-12).scale(1));
    }
  }
}

TEST_CASE("mistakes in a B source are named") {
  CHECK(error("v(nowhere)") == "no node 'nowhere' in this circuit");
  CHECK(error("i(v9)") == "no element 'v9' in this circuit");
  CHECK(error("w(r1)") == "'r1' has no quantity 'w'");
  CHECK(error("v(a,b,c)") == "'v' takes 1 or 2 names, not 3");
  CHECK(error("i(v1,v2)") == "'i' takes 1 name, not 2");
  CHECK(error("v(a)*g") == "unknown parameter 'g'");
  CHECK(error("sine(v(a))") == "unknown function 'sine'");
  CHECK(error("v(a)/0") == "division by zero");
  CHECK(error("sqrt(-1)*v(a)") == "sqrt(-1) is not a number");
  CHECK(error("v(f(x))", ".func f(x) {x}\n") == "expected the name of a node in 'v(…)'");
  CHECK(error("table(v(a), 0,0, v(b),1)") ==
        "the points of 'table' are not pairs of numbers in ascending order");
  CHECK(error("table(v(a), 1,0, 0,1)") ==
        "the points of 'table' are not pairs of numbers in ascending order");
  CHECK(error("idt(v(a), v(b))") == "the initial value of 'idt' must be a number");
  CHECK(error("ddt()") == "'ddt' takes 1 argument, not 0");
  CHECK(error("f(v(a))", ".func f(x) {f(x)}\n") == "function 'f' calls itself");
  CHECK(error("v(a) V=1") == "'B1' has two values");
  CHECK(error("v(a) q=1") == "a behavioural source has no parameter 'q'");
  CHECK(error_of(surroundings + "B1 out 0\n") == "'B1' has no value");
  CHECK(error_of(surroundings + "B1 out 0 7\n") == "unexpected '7'");
  CHECK(error_of(surroundings + "B1 out\n") == "'B1' needs 2 nodes (n+ n-)");
}

TEST_CASE("hostile expressions are refused or compiled, never a crash") {
  std::string sum = "v(a)", powers = "v(a)", choices, chain;
  for (int i = 0; i < 100'000; ++i) {
    sum += "+1";
    powers += "*v(a)";
    choices += "v(a)>1?1:";
  }
  CHECK(value(sum) == 100'002);
  CHECK(value(powers, {}, {{"a", 1}}) == 1);
  CHECK(error("{" + choices + "1}") == "this expression is nested too deeply");
  CHECK(error("{" + std::string(100'000, '(') + "}") == "this expression is nested too deeply");
  CHECK(error("{" + std::string(100'000, '-') + "v(a)}") == "this expression is nested too deeply");
  CHECK(error("{" + std::string(100'000, '!') + "v(a)}") == "this expression is nested too deeply");
  std::string calls;
  for (int i = 0; i < 100'000; ++i) calls += "v(";
  CHECK_FALSE(error("{" + calls + "}").empty());
  for (int i = 0; i < 1000; ++i)
    chain += ".func f" + std::to_string(i) + "(x) {f" + std::to_string(i + 1) + "(x)}\n";
  CHECK(error("{f0(v(a))}", chain + ".func f1000(x) {x}\n") ==
        "functions call each other more than 256 deep");
  std::string doubling = ".func g0(x) {x+1}\n";
  for (int i = 1; i < 60; ++i) {
    const std::string inner = "g" + std::to_string(i - 1);
    doubling += ".func g" + std::to_string(i) + "(x) {" + inner + "(x)+" + inner + "(x*2)}\n";
  }
  CHECK(error("{g59(v(a))}", doubling) == "this expression is too large, with the functions it uses");
  CHECK(error_of(doubling + "R1 a 0 {g59(1)}\nR2 a 0 1\n") ==
        "this value takes too long, with the functions and parameters it uses");
}
