// What E F G H S W K and T cards put into a circuit.

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "netlist/circuits.hpp"
#include "support/approx.hpp"

using namespace memspice;

namespace {

/// The value of a program for quantities given by name: "v(a,b)", "v(a)", "i(v1)".
double value(const Circuit& circuit, std::uint32_t program, const std::map<std::string, double>& quantities) {
  const Program& code = circuit.programs[program];
  std::vector<double> x;
  for (const Probe& probe : code.inputs()) {
    std::string name;
    if (probe.kind == Probe::Kind::voltage)
      name = fmt::format("v({}{}{})", circuit.node_names[probe.plus], probe.minus == ground ? "" : ",",
                         probe.minus == ground ? "" : circuit.node_names[probe.minus]);
    else
      name = fmt::format("{}({})", probe.accessor, circuit.element_names[probe.element]);
    REQUIRE_MESSAGE(quantities.contains(name), name);
    x.push_back(quantities.at(name));
  }
  Program::Workspace work;
  return code.value(x, {}, work);
}

const std::string supply = "V1 a 0 1\nV2 b 0 2\nR1 a 0 1\nR2 b 0 1\nR3 o 0 1\n";

/// The value of the first source of these cards beside `supply`.
double source_value(const std::string& card, const std::map<std::string, double>& quantities) {
  const Circuit circuit = circuit_of(supply + card + "\n.op\n");
  REQUIRE(circuit.behavioural_sources.size() == 1);
  return value(circuit, circuit.behavioural_sources[0].program, quantities);
}

}  // namespace

TEST_CASE("E and H are voltages, G and F currents") {
  const Circuit circuit =
      circuit_of(supply + "E1 o 0 a 0 1\nF1 o 0 V1 1\nG1 o 0 a 0 1\nH1 p 0 V1 1\nR4 p 0 1\n.op\n");
  REQUIRE(circuit.behavioural_sources.size() == 4);
  for (const BehaviouralSource& source : circuit.behavioural_sources) {
    const char letter = circuit.element_names[source.name].front();
    CHECK(source.voltage == (letter == 'e' || letter == 'h'));
  }
}

TEST_CASE("linear sources multiply their control by the gain, and currents by m") {
  CHECK(source_value("E1 o 0 a b 3", {{"v(a,b)", 2}}) == 6);
  CHECK(source_value("E1 o 0 (a,b) {1+2}", {{"v(a,b)", 2}}) == 6);
  CHECK(source_value("E1 (o 0) (a b) -3 m=2", {{"v(a,b)", 2}}) == -6);
  CHECK(source_value("G1 o 0 a 0 3 m=2", {{"v(a)", 2}}) == 12);
  CHECK(source_value("F1 o 0 V1 3 m=0.5", {{"i(v1)", 2}}) == 3);
  CHECK(source_value("H1 o 0 (V1) 3", {{"i(v1)", 2}}) == 6);
}

TEST_CASE("F and H take the current of any element, also one that stands later") {
  CHECK(source_value("F1 o 0 R9 3\nR9 a b 1", {{"i(r9)", 2}}) == 6);
}

TEST_CASE("a single coefficient of POLY(1) is a gain, of more dimensions a constant") {
  CHECK(source_value("E1 o 0 POLY(1) a 0 3", {{"v(a)", 2}}) == 6);
  CHECK(source_value("E1 o 0 POLY(2) a 0 b 0 3", {}) == 3);
}

TEST_CASE("coefficients of POLY go degree by degree, each in the order of its variables") {
  // Every coefficient alone against the product it belongs to.
  const std::vector<std::string> products = {"",    "a",   "b",   "c",   "aa",  "ab",  "ac",
                                             "bb",  "bc",  "cc",  "aaa", "aab", "aac", "abb",
                                             "abc", "acc", "bbb", "bbc", "bcc", "ccc"};
  const std::map<char, double> at = {{'a', 2}, {'b', 3}, {'c', 5}};
  const std::string more = "V3 c 0 1\nR9 c 0 1\n";
  std::string coefficients;
  for (const std::string& product : products) {
    CAPTURE(product);
    double expected = 7;
    for (const char variable : product) expected *= at.at(variable);
    const double found = source_value("E1 o 0 POLY(3) a 0 b 0 (c,0) " + coefficients + "7 0\n" + more,
                                      {{"v(a)", 2}, {"v(b)", 3}, {"v(c)", 5}});
    CHECK(found == expected);
    coefficients += "0 ";
  }
}

TEST_CASE("VALUE, vol and cur hold expressions of the running circuit, in any spelling") {
  for (const char* form : {"VALUE={2*v(a)*v(b)}", "VALUE {2*v(a)*v(b)}", "value = '2*v(a)*v(b)'",
                           "vol='2*v(a)*v(b)'", "VALUE=2*v(a)*v(b)"}) {
    CAPTURE(form);
    CHECK(source_value(std::string("E1 o 0 ") + form, {{"v(a)", 3}, {"v(b)", 5}}) == 30);
  }
  CHECK(source_value("G1 o 0 cur='2*v(a)' m=3", {{"v(a)", 3}}) == 18);
  CHECK(source_value("G1 o 0 VALUE={2*v(a)} m=3", {{"v(a)", 3}}) == 18);
}

TEST_CASE("TABLE has straight lines between its points and is constant outside") {
  for (const char* form :
       {"TABLE {v(a)} = (0,0) (1,2) (3,0)", "TABLE {v(a)} (0 0) (1 2) (3 0)", "TABLE {v(a)} = 0,0 1,2 3,0",
        "a 0 table=(0,0,1,2,3,0)", "table {v(a)} = ((0,0),({2-1},2),(3,0))"}) {
    CAPTURE(form);
    for (const auto& [x, y] : {std::pair(-1.0, 0.0), {0.5, 1.0}, {1.0, 2.0}, {2.0, 1.0}, {9.0, 0.0}})
      CHECK(source_value(std::string("E1 o 0 ") + form, {{"v(a)", x}}) == y);
  }
  CHECK(source_value("G1 o 0 TABLE {v(a)} = (0,0) (1,2) m=2", {{"v(a)", 0.5}}) == 2);
}

TEST_CASE("controls in a subcircuit are its pins and inner elements") {
  const Circuit circuit = circuit_of(
      supply + ".subckt amp p q\nV9 x 0 1\nRx x 0 1\nE1 q 0 p x 2\nF1 q 0 V9 3\n.ends\nX1 a o amp\n.op\n");
  REQUIRE(circuit.behavioural_sources.size() == 2);
  CHECK(value(circuit, circuit.behavioural_sources[0].program, {{"v(a,x1.x)", 5}}) == 10);
  CHECK(value(circuit, circuit.behavioural_sources[1].program, {{"i(x1.v9)", 5}}) == 15);
}

TEST_CASE("switches take their thresholds and resistances from their model, with ngspice's defaults") {
  const Circuit circuit =
      circuit_of(supply +
                 "S1 o 0 a b sm on\nS2 o 0 (a,0) plain\nW1 o 0 V1 wm off\nS3 o 0 a 0 pspice m=4\n"
                 ".model sm sw(vt=1 vh=0.2 ron=3 roff=1k)\n.model plain sw\n.model wm csw it=1m ih=0.1m\n"
                 ".model pspice vswitch(vt=1 vh=0.5)\n.op\n");
  REQUIRE(circuit.switches.size() == 4);
  const Switch& first = circuit.switches[0];
  CHECK(first.threshold == 1);
  CHECK(first.hysteresis == 0.2);
  CHECK(first.on_resistance == 3);
  CHECK(first.off_resistance == 1000);
  CHECK(first.initially_on);
  CHECK(value(circuit, first.control, {{"v(a,b)", 7}}) == 7);
  const Switch& plain = circuit.switches[1];
  CHECK(plain.threshold == 0);
  CHECK(plain.hysteresis == 0);
  CHECK(plain.on_resistance == 1);
  CHECK(plain.off_resistance == 1e12);
  CHECK_FALSE(plain.initially_on);
  CHECK(circuit.switches[2].threshold == 1e-3);
  CHECK(value(circuit, circuit.switches[2].control, {{"i(v1)", 7}}) == 7);
  CHECK(circuit.switches[3].off_resistance == 1e6 / 4);
  CHECK(circuit.switches[3].hysteresis == 0.5);
}

TEST_CASE("a smooth switch is a current source whose resistance goes from roff to ron") {
  for (const auto& [model, off, on] : {std::tuple("vswitch(von=2 voff=1 ron=2 roff=8k)", 1.0, 2.0),
                                       {"vswitch(von=1 voff=2 ron=2 roff=8k)", 2.0, 1.0},
                                       {"sw(vt=1.5 vh=-0.5 ron=2 roff=8k)", 1.0, 2.0}}) {
    CAPTURE(model);
    const Circuit circuit = circuit_of(supply + "S1 o 0 a 0 sm\n.model sm " + model + "\n.op\n");
    CHECK(circuit.switches.empty());
    REQUIRE(circuit.behavioural_sources.size() == 1);
    CHECK_FALSE(circuit.behavioural_sources[0].voltage);
    const auto resistance = [&](double control) {
      return 3 / value(circuit, circuit.behavioural_sources[0].program, {{"v(o)", 3}, {"v(a)", control}});
    };
    const double width = on - off;
    CHECK(resistance(off - width) == testing::approx(8000));
    CHECK(resistance(off) == testing::approx(8000));
    CHECK(resistance(off + 0.5 * width) == testing::approx(std::sqrt(2.0 * 8000)));
    // A quarter of the way: ln R = mean + (ratio) (3/2 x - 2 x^3) at x = -1/4.
    CHECK(resistance(off + 0.25 * width) ==
          testing::approx(std::exp(0.5 * std::log(2.0 * 8000) + std::log(2.0 / 8000) * (-0.375 + 2.0 / 64))));
    CHECK(resistance(on) == testing::approx(2));
    CHECK(resistance(on + width) == testing::approx(2));
  }
}

TEST_CASE("a switch may be controlled by an expression, with hysteresis and smooth") {
  const Circuit circuit =
      circuit_of(supply +
                 "S1 o 0 sm ON control={v(a)*i(v1)}\nS2 o 0 smooth control={v(a)*2}\n"
                 ".model sm sw(vt=1)\n.model smooth switch(on=1 off=0 ron=1 roff=100)\n.op\n");
  REQUIRE(circuit.switches.size() == 1);
  CHECK(circuit.switches[0].initially_on);
  CHECK(value(circuit, circuit.switches[0].control, {{"v(a)", 3}, {"i(v1)", 2}}) == 6);
  REQUIRE(circuit.behavioural_sources.size() == 1);
  const auto current = [&](double a) {
    return value(circuit, circuit.behavioural_sources[0].program, {{"v(o)", 5}, {"v(a)", a}});
  };
  CHECK(current(0) == testing::approx(0.05));
  CHECK(current(0.25) == testing::approx(0.5));
  CHECK(current(0.5) == testing::approx(5));
}

TEST_CASE("K couples every pair of its inductors, wherever they stand") {
  const Circuit circuit = circuit_of(
      "V1 a 0 1\nK1 L1 L2 L3 {1/2}\nL1 a 0 1\nL2 b 0 1\nL3 c 0 1\nR2 b 0 1\nR3 c 0 1\n"
      ".subckt t p q\nK1 La Lb k=-0.9\nLa p 0 1\nLb q 0 1\n.ends\nX1 a b t\n.op\n");
  REQUIRE(circuit.couplings.size() == 4);
  const auto name = [&](std::uint32_t element) { return std::string(circuit.element_names[element]); };
  CHECK(name(circuit.couplings[0].first) + name(circuit.couplings[0].second) == "l1l2");
  CHECK(name(circuit.couplings[1].first) + name(circuit.couplings[1].second) == "l1l3");
  CHECK(name(circuit.couplings[2].first) + name(circuit.couplings[2].second) == "l2l3");
  CHECK(circuit.couplings[2].coefficient == 0.5);
  CHECK(name(circuit.couplings[3].first) == "x1.la");
  CHECK(name(circuit.couplings[3].name) == "x1.k1");
  CHECK(circuit.couplings[3].coefficient == -0.9);
  CHECK(circuit.warnings.empty());
}

TEST_CASE("couplings that contradict each other give a warning, those at the edge do not") {
  const auto warnings = [](const std::string& couplings) {
    return circuit_of("V1 a 0 1\nL1 a 0 1\nL2 b 0 1\nL3 c 0 1\nR2 b 0 1\nR3 c 0 1\n" + couplings + ".op\n")
        .warnings.size();
  };
  CHECK(warnings("K1 L1 L2 L3 1\n") == 0);
  CHECK(warnings("K1 L1 L2 L3 -0.5\n") == 0);
  CHECK(warnings("K1 L1 L2 L3 -0.51\n") == 1);
  CHECK(warnings("K1 L1 L2 1\nK2 L2 L3 0.9\nK3 L1 L3 0.9\n") == 0);
  CHECK(warnings("K1 L1 L2 1\nK2 L2 L3 0.9\nK3 L1 L3 0.8\n") == 1);
  CHECK(warnings("K1 L1 L2 0.6\nK2 L2 L3 0.8\n") == 0);
  CHECK(warnings("K1 L1 L2 0.61\nK2 L2 L3 0.8\n") == 1);
}

TEST_CASE("a line has its impedance, and a delay of its own or from a frequency") {
  const auto line = [](const std::string& values) {
    const Circuit circuit = circuit_of("V1 a 0 1\nT1 a 0 b 0 " + values + "\nR1 b 0 1\n.op\n");
    REQUIRE(circuit.lines.size() == 1);
    return circuit.lines[0];
  };
  CHECK(line("z0=50 td=10n").impedance == 50);
  CHECK(line("Zo=75 td=10n").impedance == 75);
  CHECK(line("z0=50 td=10n").delay == 10e-9);
  CHECK(line("z0=50 f=1meg").delay == testing::approx(0.25e-6));
  CHECK(line("z0=50 f=1meg nl=0.5").delay == testing::approx(0.5e-6));
  CHECK(line("z0=50 td=10n m=2").impedance == 25);
  CHECK(line("z0=50 td=10n ic=1,2m 3,4m").initial == std::array<double, 4>{1, 2e-3, 3, 4e-3});
}

TEST_CASE("m= of a subcircuit makes copies of it: currents, switches and lines, but not voltages") {
  const Circuit circuit = circuit_of(supply +
                                     ".subckt s p\nVs p x 0\nRx x 0 1\nG1 0 x p 0 2\nF1 0 x Vs 2 m=2\nE1 y 0 "
                                     "p 0 2\nH1 z 0 Vs 2\nB1 0 x I=v(p)\n"
                                     "B2 q 0 V=i(Vs)\nRy y z 1\nRq q 0 1\nS1 p 0 p 0 sm\nT1 p 0 x 0 z0=60 "
                                     "td=1n\n.ends\n.model sm sw(ron=6)\n"
                                     "X1 a s m=3\n.op\n");
  REQUIRE(circuit.behavioural_sources.size() == 6);
  const auto source = [&](std::size_t n) {
    return value(circuit, circuit.behavioural_sources[n].program, {{"v(a)", 5}, {"i(x1.vs)", 30}});
  };
  CHECK(source(0) == 3 * 2 * 5);
  CHECK(source(1) == testing::approx(3 * 2 * 2 * 10));
  CHECK(source(2) == 2 * 5);
  CHECK(source(3) == testing::approx(2 * 10));
  CHECK(source(4) == 3 * 5);
  CHECK(source(5) == testing::approx(10));
  CHECK(circuit.switches[0].on_resistance == 2);
  CHECK(circuit.lines[0].impedance == 20);
}

TEST_CASE("VALUE sources take the factors of B sources") {
  const std::string hot = ".temp 37\n";
  CHECK(source_value(hot + "E1 o 0 vol='v(a)' tc1=0.1", {{"v(a)", 3}}) == testing::approx(6));
  CHECK(source_value(hot + "G1 o 0 VALUE={v(a)} tc1=0.1 tc2=0.01 m=2", {{"v(a)", 3}}) == testing::approx(18));
  CHECK(source_value("E1 o 0 vol='v(a)' m=3", {{"v(a)", 2}}) == 6);
}
