// .ac against closed forms, among them memristors linearised by hand.

#include <complex>
#include <numbers>

#include "support/approx.hpp"
#include "support/behaviour.hpp"
#include "support/frequency.hpp"

using namespace memspice;
using Complex = std::complex<double>;
using testing::CircuitEditor;
using testing::decades;
using testing::phasor_error;

namespace {

const Complex j(0, 1);
constexpr double tau = 2 * std::numbers::pi;

/// The circuit of a deck with an AC analysis; every source in `phasors` (by name) has that phasor.
testing::DeckRun ac(Circuit circuit, const std::vector<double>& frequencies,
                    const std::vector<std::pair<std::string, Complex>>& phasors = {{"v1", 1}}) {
  for (const auto& [name, phasor] : phasors) testing::set_phasor(circuit, name, phasor);
  circuit.analyses.emplace_back(AcCard{.frequencies = frequencies, .where = {}});
  return testing::run_circuit(circuit);
}

testing::DeckRun ac(const std::string& body, const std::vector<double>& frequencies,
                    const std::vector<std::pair<std::string, Complex>>& phasors = {{"v1", 1}}) {
  return ac(testing::circuit_of(body), frequencies, phasors);
}

}  // namespace

TEST_CASE("an RC low-pass has the transfer function 1/(1 + sRC)") {
  const auto result = ac("V1 in 0 0\nR1 in out 1k\nC1 out 0 1u\n", decades(1, 1e5, 10));
  CHECK(result.plots.back().name == "AC Analysis");
  CHECK(result.plots.back().complex);
  CHECK(result.plots.back().vectors[0].name == "frequency");
  CHECK(result.plots.back().imaginary[0] == std::vector<double>(51, 0.0));
  CHECK(result.analysis().summary == "AC analysis: 51 frequencies from 1 Hz to 100 kHz");
  CHECK(phasor_error(result, "v(out)", [](Complex s) { return 1.0 / (1.0 + s * 1e-3); }) < 1e-14);
  CHECK(phasor_error(result, "i(v1)", [](Complex s) { return -1e-6 * s / (1.0 + s * 1e-3); }) < 1e-14);
}

TEST_CASE("a series RLC circuit resonates with the quality of its elements, over twelve decades") {
  const auto result = ac("V1 in 0 0\nR1 in a 10\nL1 a b 1m\nC1 b 0 1n\n.save v(b) i(l1) i(r1) i(v1)\n",
                         decades(1e-2, 1e10, 20));
  const auto current = [](Complex s) { return 1.0 / (10.0 + s * 1e-3 + 1.0 / (s * 1e-9)); };
  CHECK(phasor_error(result, "i(l1)", current) < 1e-12);
  CHECK(phasor_error(result, "i(r1)", current) < 1e-12);
  CHECK(phasor_error(result, "i(v1)", [&](Complex s) { return -current(s); }) < 1e-12);
  CHECK(phasor_error(result, "v(b)", [&](Complex s) { return current(s) / (s * 1e-9); }) < 1e-12);
}

TEST_CASE("a bridged T notch: the closed form of its four-arm network") {
  const auto result = ac("V1 in 0 0\nC1 in m 10n\nC2 m out 10n\nR1 m 0 1k\nR2 in out 100k\nR3 out 0 1meg\n",
                         decades(10, 1e6, 10));
  const auto exact = [](Complex s) {
    const Complex c = s * 1e-8;
    const double g1 = 1e-3, g2 = 1e-5, g3 = 1e-6;
    // (c + c + g1) m - c out = c;  -c m + (c + g2 + g3) out = g2
    const Complex a = 2.0 * c + g1, d = c + g2 + g3;
    return (a * g2 + c * c) / (a * d - c * c);
  };
  CHECK(phasor_error(result, "v(out)", exact) < 1e-13);
}

TEST_CASE("phasors of several sources add with their phases, whatever the sources' trees of potentials") {
  const auto result = ac("V1 a 0 3\nV2 b a 1\nR1 b c 1k\nI1 0 c 2m\nC1 c 0 1u\nV3 d c 0\nR2 d 0 500\n",
                         decades(1, 1e4, 5), {{"v1", 2}, {"v2", j}, {"i1", std::polar(1e-3, -0.5)}});
  const auto exact = [](Complex s) {
    return ((2.0 + j) * 1e-3 + std::polar(1e-3, -0.5)) / (1e-3 + s * 1e-6 + 2e-3);
  };
  CHECK(phasor_error(result, "v(c)", exact) < 1e-14);
  CHECK(phasor_error(result, "v(b)", [](Complex) { return 2.0 + j; }) < 1e-14);
  CHECK(phasor_error(result, "i(v3)", [&](Complex s) { return -exact(s) / 500.0; }) < 1e-14);
  CHECK(phasor_error(result, "i(v2)", [&](Complex s) { return -(2.0 + j - exact(s)) / 1e3; }) < 1e-14);
}

TEST_CASE("a memristor's admittance has the pole of its state") {
  // v = R(w) i, R = ron + (roff - ron) w, dw/dt = alpha w - ron/beta i. At a bias V with w held at w0:
  // i = V/R; small changes: δi = δv/R - V/R² R' δw; s δw = alpha δw - ron/beta δi.
  const double ron = 100, roff = 10e3, alpha = -3, beta = 1e-3, w0 = 0.4, bias = 0.2;
  const auto result =
      ac("V1 in 0 0.2\nY1 in 0 m w0=0.4\n.model m memristor(ron=100 roff=10k alpha=-3 beta=1m)\n.save i(v1) "
         "w(y1)\n",
         decades(1e-3, 1e5, 10));
  const double r = ron + (roff - ron) * w0;
  const double slope = roff - ron;
  const auto current = [&](Complex s) {
    // δw = -(ron/beta) δi / (s - alpha); δi (1 - V/R² R' (ron/beta)/(s - alpha)) = δv/R
    return 1.0 / r / (1.0 - bias / (r * r) * slope * (ron / beta) / (s - alpha));
  };
  CHECK(phasor_error(result, "i(v1)", [&](Complex s) { return -current(s); }) < 1e-12);
  CHECK(phasor_error(result, "w(y1)", [&](Complex s) { return -(ron / beta) * current(s) / (s - alpha); }) <
        1e-12);
}

TEST_CASE("a memristor's state held at its bound takes no part in .ac; one that leaves it does") {
  const std::string memristor = "Y1 in 0 m w0=1\n.model m memristor(ron=100 roff=10k beta=1m)\n.save i(v1)\n";
  const auto held = ac("V1 in 0 -0.2\n" + memristor, decades(1e-3, 1e3, 5));
  CHECK(phasor_error(held, "i(v1)", [](Complex) { return -1e-4; }) < 1e-14);
  const auto leaving = ac("V1 in 0 0.2\n" + memristor, decades(1e-3, 1e3, 5));
  const auto current = [&](Complex s) { return -1e-4 / (1.0 - 0.2 / 1e8 * 9900 * 1e5 / s); };
  CHECK(phasor_error(leaving, "i(v1)", current) < 1e-12);
}

TEST_CASE("at 0 Hz, where a memristor without decay lets no current through, .ac has an answer") {
  // s dw = -ron/beta di: a current would move the state without end.
  const auto result =
      ac("V1 in 0 0.2\nR1 in a 1k\nY1 a 0 m w0=0.4\nC1 a 0 1u\nL1 a b 1m\nR2 b 0 1k\n"
         ".model m memristor(ron=100 roff=10k beta=1m)\n.save i(y1) v(a)\n",
         {0, 1e-9});
  CHECK(phasor_error(result, "v(a)", [](Complex) { return 0.5; }) < 1e-6);
  CHECK(std::abs(result["i(y1)"][0]) < 1e-18);
}

TEST_CASE("at 0 Hz without a bias nothing determines the state of a memristor without decay, beside others") {
  // s dw = k v, and what flows does not depend on w: no equation holds w at s = 0.
  const auto result = testing::try_circuit(testing::circuit_of(
      "V1 in 0 AC 1\nR1 in a 1k\nY1 a 0 m w0=0.4\nY2 a 0 n w0=0.4\n"
      ".model m memristor(ron=100 roff=1k beta=10)\n.model n memristor(ron=100 roff=1k alpha=-3 beta=10)\n"
      ".ac lin 2 0 1m\n"));
  CHECK(result.analysis().message.starts_with(".ac: the linearised circuit is singular at 0 Hz"));
}

TEST_CASE("the operating point of .ac has DC values and no .ic") {
  const auto result =
      ac("V1 in 0 0.2 SIN(5 1 1k)\nR1 in a 1m\nY1 a 0 m w0=0.4\n.ic v(a)=3\n"
         ".model m memristor(ron=100 roff=10k alpha=-3 beta=1m)\n.save i(v1)\n",
         {1e-6});
  const double r = 100 + 9900 * 0.4;
  CHECK(phasor_error(result, "i(v1)",
                     [&](Complex) { return -1 / r / (1 - 0.2 / (r * r) * 9900 * 1e5 / 3); }) < 1e-5);
}

TEST_CASE(".ac leaves out powers and observables, and says so") {
  const auto result =
      ac("V1 in 0 1\nR1 in a 1k\nY1 a 0 m\n.model m memristor()\n.save v(a) p(r1) r(y1) i(y1)\n", {1, 10});
  const Plot& plot = result.plots.back();
  REQUIRE(plot.vectors.size() == 3);
  CHECK(plot.vectors[1].name == "v(a)");
  CHECK(plot.vectors[2].name == "i(y1)");
  REQUIRE(result.report.warnings.size() == 2);
  CHECK(result.report.warnings[0].message ==
        "'p(r1)' is left out of .ac: it is no voltage, current or state");
}

TEST_CASE("a lossless line turns the phase of its waves and transforms its load") {
  CircuitEditor deck("V1 in 0 0\nR1 in a 50\nR2 b 0 200\n");
  deck.line("t1", {"a", "0", "b", "0"}, 75, 2e-9);
  const auto result = ac(deck.circuit, decades(1e5, 1e10, 20));
  const auto input = [](Complex s) {
    const Complex echo = (200.0 - 75) / (200 + 75) * std::exp(-2.0 * s * 2e-9);
    return 75.0 * (1.0 + echo) / (1.0 - echo);
  };
  CHECK(phasor_error(result, "v(a)", [&](Complex s) { return input(s) / (50.0 + input(s)); }) < 1e-12);
  CHECK(phasor_error(result, "v(b)", [&](Complex s) {
          const double echo = (200.0 - 75) / (200 + 75);
          const Complex delay = std::exp(-s * 2e-9);
          return input(s) / (50.0 + input(s)) * delay * (1 + echo) / (1.0 + echo * delay * delay);
        }) < 1e-12);
}

TEST_CASE("coupled inductors in .ac: a transformer with leakage and load") {
  CircuitEditor deck("V1 in 0 0\nR1 in a 5\nL1 a 0 1m\nL2 b 0 4m\nR2 b 0 100\n.save i(l1) i(l2) v(b)\n");
  deck.couple("k1", "l1", "l2", 0.9);
  const auto result = ac(deck.circuit, decades(1, 1e7, 10));
  const double m = 0.9 * 2e-3;
  // 1 = (5 + s L1) i1 + s M i2, 0 = s M i1 + (100 + s L2) i2
  const auto determinant = [&](Complex s) { return (5.0 + s * 1e-3) * (100.0 + s * 4e-3) - s * s * m * m; };
  CHECK(phasor_error(result, "i(l1)", [&](Complex s) { return (100.0 + s * 4e-3) / determinant(s); }) <
        1e-12);
  CHECK(phasor_error(result, "i(l2)", [&](Complex s) { return -s * m / determinant(s); }) < 1e-12);
  CHECK(phasor_error(result, "v(b)", [&](Complex s) { return 100.0 * s * m / determinant(s); }) < 1e-12);
}

TEST_CASE("a behavioural source is linearised at the operating point, with hertz at each frequency") {
  using Operation = Program::Operation;
  CircuitEditor deck("V1 in 0 2\nR1 out 0 1k\nR2 o2 0 1\n");
  deck.source("b1", "0", "out", false, deck.program([&](Program& p) {
    const std::uint32_t v = p.input(deck.voltage("in"));
    return p.apply(Operation::multiply, p.constant(1e-3), p.apply(Operation::multiply, v, v));
  }));
  deck.source("b2", "o2", "0", true, deck.program([&](Program& p) {
    return p.apply(Operation::multiply, p.input({.kind = Probe::Kind::frequency}),
                   p.input(deck.voltage("in")));
  }));
  const auto result = ac(deck.circuit, {1, 10, 100});
  CHECK(phasor_error(result, "v(out)", [](Complex) { return 4; }) < 1e-14);
  CHECK(phasor_error(result, "v(o2)", [](Complex s) { return s.imag() / tau; }) < 1e-14);
}

TEST_CASE("ddt() and idt() in .ac are multiplication and division by s") {
  CircuitEditor deck("V1 in 0 0\nR1 d 0 1\nR2 i 0 1\n");
  const std::uint32_t slope = deck.auxiliary(false, deck.linear(1e-3, deck.voltage("in")));
  const std::uint32_t area = deck.auxiliary(true, deck.linear(10, deck.voltage("in")));
  deck.source("bd", "d", "0", true, deck.linear(1, {.kind = Probe::Kind::derivative, .auxiliary = slope}));
  deck.source("bi", "i", "0", true, deck.linear(1, {.kind = Probe::Kind::integral, .auxiliary = area}));
  const auto result = ac(deck.circuit, decades(1, 1e4, 5));
  CHECK(phasor_error(result, "v(d)", [](Complex s) { return 1e-3 * s; }) < 1e-14);
  CHECK(phasor_error(result, "v(i)", [](Complex s) { return 10.0 / s; }) < 1e-14);
}

TEST_CASE("an ideal circuit without an answer at a frequency fails there, with the rows before it kept") {
  const Circuit circuit = [] {
    Circuit c = testing::circuit_of("V1 in 0 1\nR1 in a 1k\nL1 a 0 1m\nL2 a 0 1m\n");
    c.voltage_sources[0].extras.edit().ac_magnitude = 1;
    c.analyses.emplace_back(AcCard{.frequencies = {0}, .where = {}});
    return c;
  }();
  const testing::DeckRun result = testing::try_circuit(circuit);
  CHECK(result.analysis().outcome == Outcome::failed);
  CHECK(result.analysis().message.starts_with(".ac: the linearised circuit is singular at 0 Hz"));
}

TEST_CASE("an expression of an inductor's current is linearised where the current is") {
  const auto result = testing::run_deck(
      "V1 in 0 2 AC 1\nR1 in a 1k\nL1 a 0 1m\nB1 0 h I={i(l1)**2}\nR2 h 0 2k\n.ac lin 1 1m 1m\n");
  CHECK(result["v(h)"][0] == testing::approx(2 * 2e-3 * 1e-3 * 2e3));
}
