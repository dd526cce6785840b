// .sens against central differences of circuits with other parameters.

#include "support/approx.hpp"
#include "support/behaviour.hpp"
#include "support/frequency.hpp"

using namespace memspice;
using Complex = std::complex<double>;
using testing::CircuitEditor;

namespace {

/// A bias, a divider with a memristor, a non-linear source and reactances; every value may be varied.
struct Values {
  double v1 = 0.4, i1 = 1e-4, r1 = 1e3, r2 = 2e3, ron = 100, roff = 1500, alpha = -20, beta = 0.02, w0 = 0.35,
         l1 = 0.1, c1 = 1e-5, ac = 2;
};

Circuit build(const Values& values) {
  const auto text = [](double value) {
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.17g", value);
    return std::string(buffer);
  };
  CircuitEditor deck(
      "V1 in 0 " + text(values.v1) + "\nI1 0 b " + text(values.i1) + "\nR1 in a " + text(values.r1) +
      "\nR2 b 0 " + text(values.r2) + "\nY1 a b m w0=" + text(values.w0) + "\nL1 b c " + text(values.l1) +
      "\nR3 c 0 300\nC1 a 0 " + text(values.c1) + "\nRf f 0 1k\n.model m memristor(ron=" + text(values.ron) +
      " roff=" + text(values.roff) + " alpha=" + text(values.alpha) + " beta=" + text(values.beta) + ")\n");
  deck.source("f1", "0", "f", false, deck.linear(2, deck.of("i", "y1")));
  testing::set_phasor(deck.circuit, "v1", std::polar(values.ac, 0.3));
  return deck.circuit;
}

struct Named {
  const char* vector;
  double Values::*value;
};
const std::vector<Named> all{
    {"v(v1)", &Values::v1},          {"v(i1)", &Values::i1},        {"v(r1)", &Values::r1},
    {"v(r2)", &Values::r2},          {"v(y1_ron)", &Values::ron},   {"v(y1_roff)", &Values::roff},
    {"v(y1_alpha)", &Values::alpha}, {"v(y1_beta)", &Values::beta}, {"v(y1_w0)", &Values::w0},
    {"v(l1)", &Values::l1},          {"v(c1)", &Values::c1},        {"v(v1_acmag)", &Values::ac}};

testing::DeckRun sensitivity(Circuit circuit, const OutputQuantity& output, std::vector<double> frequencies) {
  circuit.analyses.emplace_back(
      SensitivityCard{.output = output, .frequencies = std::move(frequencies), .where = {}});
  return testing::run_circuit(circuit);
}

const std::vector<std::string> outputs{"v(b)", "v(in,b)", "v(f)", "i(v1)", "i(y1)", "i(r2)", "i(f1)"};

OutputQuantity output_of(const Circuit& circuit, const std::string& text) {
  if (text.starts_with("i(")) return testing::current_output(circuit, text.substr(2, text.size() - 3));
  if (text == "v(in,b)") return testing::voltage_output(circuit, "in", "b");
  return testing::voltage_output(circuit, text.substr(2, text.size() - 3));
}

/// The value of one vector after an analysis.
template <class Card>
Complex value(Circuit circuit, std::string vector, const Card& card) {
  if (vector == "i(f1)") vector = "i(rf)";  // the same current
  circuit.analyses.emplace_back(card);
  circuit.outputs.saves.push_back({.pattern = vector, .where = {}});
  const auto result = testing::run_circuit(circuit);
  const Plot& plot = result.plots.back();
  const std::size_t column = plot.find(vector);
  return {plot.columns[column][0], plot.complex ? plot.imaginary[column][0] : 0};
}

template <class Card>
Complex difference(const Named& parameter, const std::string& vector, const Card& card) {
  Values low, high;
  const double h = 1e-4 * std::abs(low.*parameter.value);
  low.*parameter.value -= h;
  high.*parameter.value += h;
  return (value(build(high), vector, card) - value(build(low), vector, card)) / (2 * h);
}

}  // namespace

TEST_CASE("DC sensitivities are the differences of operating points, whatever the output and the parameter") {
  const Circuit circuit = build({});
  for (const std::string& output : outputs) {
    CAPTURE(output);
    const auto result = sensitivity(circuit, output_of(circuit, output), {});
    CHECK(result.plots.back().name == "Sensitivity Analysis");
    for (const Named& parameter : all) {
      if (result.plots.back().find(parameter.vector) == Plot::npos) {
        const std::string vector = parameter.vector;
        CHECK((vector == "v(l1)" || vector == "v(v1_acmag)"));
        continue;
      }
      CAPTURE(parameter.vector);
      const double expected = difference(parameter, output, OperatingPointCard{}).real();
      const double scale =
          std::abs(value(circuit, output, OperatingPointCard{})) / std::abs(Values{}.*parameter.value);
      CHECK(result[parameter.vector][0] == testing::approx(expected).epsilon(1e-6).scale(1e-3 * scale));
    }
  }
}

TEST_CASE("AC sensitivities are differences of phasors, the moving operating point included") {
  const Circuit circuit = build({});
  for (const double hertz : {0.5, 20.0, 3e3}) {
    CAPTURE(hertz);
    const AcCard card{.frequencies = {hertz}, .where = {}};
    for (const std::string& output : outputs) {
      CAPTURE(output);
      const auto result = sensitivity(circuit, output_of(circuit, output), {hertz});
      const Plot& plot = result.plots.back();
      const double size = std::abs(value(circuit, output, card));
      for (const Named& parameter : all) {
        CAPTURE(parameter.vector);
        const std::size_t column = plot.find(parameter.vector);
        REQUIRE(column != Plot::npos);
        const Complex found(plot.columns[column][0], plot.imaginary[column][0]);
        const Complex expected = difference(parameter, output, card);
        const double scale = size / std::abs(Values{}.*parameter.value);
        CHECK(std::abs(found - expected) <= 1e-6 * std::abs(expected) + 1e-9 * scale);
      }
    }
  }
}

TEST_CASE("parameters that cannot vary a little have no column") {
  const Circuit circuit = build({});
  const auto result = sensitivity(circuit, testing::voltage_output(circuit, "b"), {});
  for (const char* none : {"v(y1_active)", "v(y1_polarity)", "v(y1_control)", "v(y1_window)", "v(c1_ic)"})
    CHECK(result.plots.back().find(none) == Plot::npos);
}

namespace {

/// A deck whose card values are parameters, in which every value is differentiated.
struct Parametric {
  std::string deck;
  struct Value {
    const char* parameter;
    std::string vector;
  };
  std::vector<Value> values;

  [[nodiscard]] Circuit circuit(std::vector<std::pair<std::string, double>> given = {}) const {
    return elaborate(parse_text("test\n" + deck), standard_catalogue(), {.parameters = std::move(given)});
  }
  /// Central differences of the output after an .op or an .ac card.
  template <class Card>
  [[nodiscard]] Complex difference(const char* parameter, const std::string& output, const Card& card) const {
    const double middle = circuit().outputs.parameters.at(parameter);
    const double h = 1e-4 * std::abs(middle);
    return (value(circuit({{parameter, middle + h}}), output, card) -
            value(circuit({{parameter, middle - h}}), output, card)) /
           (2 * h);
  }
  void check(const std::vector<std::string>& outputs, const std::vector<double>& frequencies) const {
    const Circuit original = circuit();
    for (const std::string& output : outputs) {
      CAPTURE(output);
      const auto rest = sensitivity(original, output_of(original, output), {});
      for (const auto& [parameter, vector] : values) {
        CAPTURE(vector);
        const double expected = difference(parameter, output, OperatingPointCard{}).real();
        if (rest.plots.back().find(vector) != Plot::npos)
          CHECK(rest[vector][0] == testing::approx(expected).epsilon(1e-6).scale(1e-6));
        else
          CHECK(expected == testing::approx(0));
      }
      for (const double hertz : frequencies) {
        CAPTURE(hertz);
        const auto result = sensitivity(original, output_of(original, output), {hertz});
        const Plot& plot = result.plots.back();
        const AcCard card{.frequencies = {hertz}, .where = {}};
        const double size = std::abs(value(original, output, card));
        for (const auto& [parameter, vector] : values) {
          CAPTURE(vector);
          const std::size_t column = plot.find(vector);
          REQUIRE(column != Plot::npos);
          const Complex found(plot.columns[column][0], plot.imaginary[column][0]);
          const Complex expected = difference(parameter, output, card);
          const double scale = size / std::abs(original.outputs.parameters.at(parameter));
          CHECK(std::abs(found - expected) <= 1e-6 * std::abs(expected) + 1e-8 * scale);
        }
      }
    }
  }
};

}  // namespace

TEST_CASE(
    "values are differentiated as the cards give them, whatever m, temperatures and scale make of them") {
  const Parametric circuit{
      ".param r1=1k r2=2k r3=500 r4=3k c1=1u l1=10m\nV1 in 0 1 AC 1\nR1 in a {r1} m=2\n"
      "R2 a b {r2} tc1=1m dtemp=50 ac=700\nX1 b 0 cell m=3\nR4 b 0 tempered {r4}\n.model tempered "
      "r(tce=0.3)\n"
      ".temp 60\n.subckt cell p q\nR3 p u {r3}\nL1 u q {l1} m=2 scale=1.5\nC1 p q {c1} m=3\n.ends\n"
      ".print op {r1+r2+r3+r4+c1+l1}\n",
      {{"r1", "v(r1)"},
       {"r2", "v(r2)"},
       {"r3", "v(x1.r3)"},
       {"r4", "v(r4)"},
       {"c1", "v(x1.c1)"},
       {"l1", "v(x1.l1)"}}};
  circuit.check({"v(b)", "i(v1)"}, {100, 5e3});
}

TEST_CASE("gains are differentiated, and small signals follow the operating point through expressions") {
  const Parametric circuit{
      ".param v1=2 i1=1m r1=1k r9=2k c1=1u e1=3 g1=1m f1=4 h1=500 w0=0.35\n"
      "V1 in 0 {v1} AC 1\nI1 0 x0 {i1} AC 0.1m 45\nR1 in a {r1} m=2\nC1 a 0 {c1} m=3\nL1 a x0 1m m=2\n"
      "R0 x0 x 100\nVs x 0 0\nE1 b 0 a 0 {e1}\nR3 b c 1k\nX1 c a cell m=3\n"
      ".subckt cell p q\nG1 0 p q 0 {g1} m=2\n.ends\nR4 c 0 200\nF1 0 d Vs {f1}\nR5 d 0 70\nH1 e 0 Vs {h1}\n"
      "B1 0 c I={0.1m*v(b)*v(a)+1u*exp(v(d)/5)}\nB2 g 0 V={0.1*v(c)*i(r3)*1000+i(i1)*v(a)*100}\n"
      "B3 0 h I={p(r3)*10m+1u*ddt(v(c)*v(c))+i(l1)**2+1m*idt(v(a)*v(a))}\nB4 0 h I={1m*w(y1)*v(a)}\n"
      "B5 h 0 I={if(v(a)>0, 1u*v(h)**3, v(a)*v(h))+1n*hertz*v(a)**2}\n"
      "Y1 a k m w0={w0}\nR10 k 0 100\n.model m memristor(ron=100 roff=1500 alpha=-20 beta=0.02)\n"
      "R6 g f 1k\nR7 f c 1k\nR8 h f 1k\nR9 h 0 {r9}\nR11 e f 2k\nS1 f 0 c 0 smooth\n"
      ".model smooth vswitch(von=20 voff=-10 ron=100 roff=10k)\n"
      ".print op {v1+i1+r1+r9+c1+e1+g1+f1+h1+w0}\n",
      {{"v1", "v(v1)"},
       {"i1", "v(i1)"},
       {"r1", "v(r1)"},
       {"r9", "v(r9)"},
       {"c1", "v(c1)"},
       {"e1", "v(e1_gain)"},
       {"g1", "v(x1.g1_gain)"},
       {"f1", "v(f1_gain)"},
       {"h1", "v(h1_gain)"},
       {"w0", "v(y1_w0)"}}};
  circuit.check({"v(f)", "i(v1)"}, {5, 500});
}

TEST_CASE("a gain of 0 has no column, nor have POLY and TABLE") {
  const auto rest = testing::run_deck(
      "V1 in 0 2\nR1 in 0 1k\nE1 b 0 in 0 0\nR2 b 0 1k\nG1 0 c POLY(1) in 0 0 1m\nR3 c 0 1k\n"
      "E2 d 0 TABLE {v(in)} = (0,0) (1,1)\nR4 d 0 1k\n.sens v(c)\n");
  for (const char* none : {"v(e1_gain)", "v(g1_gain)", "v(e2_gain)"})
    CHECK(rest.plots.back().find(none) == Plot::npos);
}

TEST_CASE("the small signal of a square law grows with the bias: d/dV1 of 2 (2/3)^2 V1 is 8/9") {
  const auto result = testing::run_deck(
      "V1 a 0 1 AC 1\nR1 a b 1k\nR2 b 0 2k\nB1 0 c I={1m*v(b)*v(b)}\nR3 c 0 1k\n"
      ".sens v(c) ac lin 1 1k 1k\n");
  CHECK(result["v(v1)"][0] == testing::approx(8.0 / 9).epsilon(1e-9));
  CHECK(result["v(v1_acmag)"][0] == testing::approx(8.0 / 9).epsilon(1e-9));
}

TEST_CASE("current sources and memristors side by side are differentiated by the values of one") {
  const auto sources = testing::run_deck("I1 0 a DC 1m m=2\nR1 a 0 1k\n.sens v(a)\n");
  CHECK(sources["v(i1)"].at(0) == testing::approx(2000));
  const auto voltage = [](const std::string& parameters) {
    return "V1 a 0 1\nY1 a b mem w0=0.3 m=2\nR1 b 0 1k\n.model mem memristor(" + parameters + ")\n";
  };
  const auto run = testing::run_deck(voltage("ron=100 roff=10k") + ".sens v(b)\n");
  const auto at = [&](const std::string& parameters) {
    return testing::run_deck(voltage(parameters) + ".op\n")["v(b)"].at(0);
  };
  CHECK(run["v(y1_ron)"].at(0) ==
        testing::approx((at("ron=101 roff=10k") - at("ron=99 roff=10k")) / 2).epsilon(1e-4));
  CHECK(run["v(y1_roff)"].at(0) ==
        testing::approx((at("ron=100 roff=10010") - at("ron=100 roff=9990")) / 20).epsilon(1e-4));
}
