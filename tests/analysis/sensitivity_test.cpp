// .sens against central differences of circuits with other parameters.

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
  circuit.saves.push_back({.pattern = vector, .where = {}});
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
      CHECK(result[parameter.vector][0] == doctest::Approx(expected).epsilon(1e-6).scale(1e-3 * scale));
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
    const double middle = circuit().output_parameters.at(parameter);
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
          CHECK(rest[vector][0] == doctest::Approx(expected).epsilon(1e-6).scale(1e-6));
        else
          CHECK(expected == doctest::Approx(0));
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
          const double scale = size / std::abs(original.output_parameters.at(parameter));
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
