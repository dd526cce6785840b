// .noise: closed forms of thermal noise.

#include <numbers>

#include "support/approx.hpp"
#include "support/behaviour.hpp"
#include "support/frequency.hpp"

using namespace memspice;
using testing::CircuitEditor;
using testing::decades;

namespace {

constexpr double boltzmann = 1.380649e-23;
constexpr double kelvin = 300.15;

testing::DeckRun noise(Circuit circuit, const OutputQuantity& output, const std::string& input,
                       std::vector<double> frequencies, std::size_t points_per_summary = 0) {
  circuit.analyses.emplace_back(NoiseCard{.output = output,
                                          .input = circuit.element_names.find(input),
                                          .frequencies = std::move(frequencies),
                                          .points_per_summary = points_per_summary,
                                          .where = {}});
  return testing::run_circuit(circuit);
}

const std::vector<double>& spectrum(const testing::DeckRun& result, const char* vector) {
  const Plot& plot = result.plots[0];
  REQUIRE(plot.name == "Noise Spectral Density Curves");
  REQUIRE(plot.find(vector) != Plot::npos);
  return plot.columns[plot.find(vector)];
}

}  // namespace

TEST_CASE("the noise of an RC low-pass: 4kTR through its transfer function, kT/C in all") {
  const Circuit circuit = testing::circuit_of("V1 in 0 0\nR1 in out 1k\nC1 out 0 1n\n");
  const auto result = noise(circuit, testing::voltage_output(circuit, "out"), "v1", decades(1e-2, 1e12, 50));
  REQUIRE(result.plots.size() == 2);
  const std::vector<double>& frequency = spectrum(result, "frequency");
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    const double x = 2 * std::numbers::pi * frequency[i] * 1e-6;
    const double source = std::sqrt(4 * boltzmann * kelvin * 1e3);
    CHECK(spectrum(result, "onoise_spectrum")[i] ==
          testing::approx(source / std::sqrt(1 + x * x)).epsilon(1e-12));
    CHECK(spectrum(result, "inoise_spectrum")[i] == testing::approx(source).epsilon(1e-12));
  }
  CHECK(result.plots[0].vectors[1].quantity == Quantity::voltage_density);
  CHECK(result.plots[1].name == "Integrated Noise");
  CHECK(result["v(onoise_total)"][0] == testing::approx(std::sqrt(boltzmann * kelvin / 1e-9)).epsilon(1e-4));
  const double band = 1e12 - 1e-2;
  CHECK(result["v(inoise_total)"][0] == testing::approx(std::sqrt(4 * boltzmann * kelvin * 1e3 * band)));
  CHECK(result.analysis().summary == "noise at v(out): 701 frequencies from 10 mHz to 1 THz");
}

TEST_CASE("contributions say which element makes the noise, at one point of every few") {
  const Circuit circuit = testing::circuit_of("V1 in 0 0\nR1 in out 1k\nR2 out 0 3k\n");
  const auto result = noise(circuit, testing::voltage_output(circuit, "out"), "v1", decades(1, 100, 5), 3);
  CHECK(spectrum(result, "frequency") ==
        std::vector<double>{1, std::pow(10, 0.6), std::pow(10, 1.2), std::pow(10, 1.8)});
  const double parallel = 750;
  const double first = std::sqrt(4 * boltzmann * kelvin / 1e3) * parallel;
  const double second = std::sqrt(4 * boltzmann * kelvin / 3e3) * parallel;
  CHECK(spectrum(result, "onoise_r1_thermal")[2] == testing::approx(first));
  CHECK(spectrum(result, "onoise_r1")[2] == testing::approx(first));
  CHECK(spectrum(result, "onoise_r2")[0] == testing::approx(second));
  CHECK(spectrum(result, "onoise_spectrum")[0] == testing::approx(std::hypot(first, second)));
  CHECK(result["v(onoise_total_r2)"][0] == testing::approx(second * std::sqrt(99.0)));
  CHECK(result["v(inoise_total_r2_thermal)"][0] == testing::approx(second / 0.75 * std::sqrt(99.0)));
}

TEST_CASE("noise referred to a current source, and the noise of a current") {
  const Circuit circuit = testing::circuit_of("I1 0 in 0\nR1 in 0 1k\nV2 in b 0\nR2 b 0 1k\n");
  const auto voltage = noise(circuit, testing::voltage_output(circuit, "in"), "i1", {1, 2});
  const double source = std::sqrt(4 * boltzmann * kelvin / 500);
  CHECK(spectrum(voltage, "inoise_spectrum")[0] == testing::approx(source));
  CHECK(voltage.plots[0].vectors[2].quantity == Quantity::current_density);
  CHECK(voltage["i(inoise_total)"][0] == testing::approx(source));
  // Through V2 flows half the current noise of each resistor.
  const auto current = noise(circuit, testing::current_output(circuit, "v2"), "i1", {1, 2});
  CHECK(spectrum(current, "onoise_spectrum")[0] == testing::approx(std::sqrt(4 * boltzmann * kelvin / 2e3)));
}

TEST_CASE("a memristor makes the thermal noise of its resistance, a switch that of its own") {
  CircuitEditor deck(
      "V1 in 0 0\nR1 in out 1e12\nY1 out 0 m w0=0.25\n.model m memristor(ron=100 roff=900 beta=1e9)\n"
      ".options temp=127\n");
  deck.switch_element({.on_resistance = 300, .threshold = -1, .where = {}}, "s1", "out", "0",
                      deck.program([&](Program& p) { return p.input(deck.voltage("in")); }));
  const auto result = noise(deck.circuit, testing::voltage_output(deck.circuit, "out"), "v1", {1, 10}, 1);
  CHECK(spectrum(result, "onoise_y1")[0] == testing::approx(std::sqrt(4 * boltzmann * 400.15 / 300) * 150));
  CHECK(spectrum(result, "onoise_s1_thermal")[1] ==
        testing::approx(std::sqrt(4 * boltzmann * 400.15 / 300) * 150));
}

TEST_CASE("negative resistances make no noise, and .noise says so once") {
  const Circuit circuit = testing::circuit_of("V1 in 0 0\nR1 in out 1k\nR2 out 0 -3k\nR3 out 0 -4k\n");
  const auto result = noise(circuit, testing::voltage_output(circuit, "out"), "v1", {1, 10, 100}, 1);
  CHECK(spectrum(result, "onoise_r2")[1] == 0);
  REQUIRE(result.report.warnings.size() == 1);
  CHECK(result.report.warnings[0].message == "negative resistances make no noise here: r2, r3");
}

TEST_CASE("a memristor's state shapes the noise that reaches it") {
  // The admittance of ac_test's closed form in parallel with the noise current of R1.
  const double ron = 100, roff = 10e3, alpha = -3, beta = 1e-3, w0 = 0.4, bias = 0.2;
  const Circuit circuit = testing::circuit_of(
      "V1 in 0 0.2\nV2 in a 0\nR1 a b 1u\nY1 b 0 m w0=0.4\n.model m memristor(ron=100 roff=10k alpha=-3 "
      "beta=1m)\n");
  const auto result = noise(circuit, testing::current_output(circuit, "v2"), "v1", decades(1e-2, 1e3, 5));
  const double r = ron + (roff - ron) * w0;
  for (std::size_t i = 0; i < spectrum(result, "frequency").size(); ++i) {
    const std::complex<double> s(0, 2 * std::numbers::pi * spectrum(result, "frequency")[i]);
    const std::complex<double> y = 1 / r / (1.0 - bias / (r * r) * (roff - ron) * (ron / beta) / (s - alpha));
    const double expected =
        std::sqrt(4 * boltzmann * kelvin / r + 4 * boltzmann * kelvin * 1e-6 * std::norm(y));
    CHECK(spectrum(result, "onoise_spectrum")[i] == testing::approx(expected).epsilon(1e-6));
  }
}

TEST_CASE("tables and measures of .noise see every frequency") {
  const auto result = testing::run_deck(
      "V1 in 0 0\nR1 in out 1k\nC1 out 0 1n\n.noise v(out) V1 dec 5 1 1meg 10\n"
      ".print noise onoise_spectrum\n.measure noise top max onoise_spectrum\n.measure noise corner when "
      "onoise_spectrum='2.8789e-9'\n");
  const AnalysisReport& report = result.report.analyses[0];
  REQUIRE(report.measures.size() == 2);
  CHECK(report.measures[0].value == testing::approx(std::sqrt(4 * boltzmann * kelvin * 1e3)));
  CHECK(report.measures[1].value == testing::approx(159e3).epsilon(0.1));
  REQUIRE(report.tables.size() == 1);
  CHECK(report.tables[0].columns == std::vector<std::string>{"frequency", "onoise_spectrum"});
}

TEST_CASE("Xyce's DNO and DNI are the powers of the contributions, with points and without") {
  const std::string circuit =
      "V1 in 0 DC 0.6 AC 1\nR1 in b 1k\nQ1 c b 0 qn\n.model qn npn bf=80 rb=100 kf=1e-12\nR2 vcc c 1k\nVcc "
      "vcc 0 5\n"
      "X1 c part\n.subckt part a\nRx a 0 10k\n.ends\n";
  for (const char* points : {"", " 1"}) {
    const auto result = testing::run_deck(
        circuit + ".noise v(c) V1 dec 3 1 1meg" + points +
        "\n.print noise dno(r1) DNI(R1) dno(q1) {dno(q1,rb)+dno(q1,ib)+dno(q1,ic)+dno(q1,1overf)} "
        "onoise_r1 dno(x1:rx) {dno(r1)+dno(r2)+dno(q1)+dno(x1.rx)-onoise*onoise}\n"
        ".meas noise part max {dno(r1)/(onoise*onoise)-dni(r1)/(inoise*inoise)}\n");
    const PrintedTable& table = result.report.analyses[0].tables.at(0);
    for (std::size_t row = 0; row * table.columns.size() < table.values.size(); ++row) {
      const auto at = [&](std::size_t column) { return table.values[row * table.columns.size() + column]; };
      CHECK(at(5) == testing::approx(std::sqrt(at(1))));
      CHECK(at(3) == testing::approx(at(4)));
      CHECK(std::abs(at(7)) < 1e-12 * at(1));
      CHECK(at(2) > 0);
      CHECK(at(6) > 0);
    }
    CHECK(std::abs(*result.report.analyses[0].measures[0].value) < 1e-12);
  }
}
