// R, L and C with a solution on paper.

#include <cmath>
#include <complex>
#include <numbers>

#include "physics/convergence.hpp"

using namespace memspice;
using memspice::testing::converges;

namespace {

/// Voltage of a capacitor charged through a resistor by a ramp of 1 V/s that began at t = 0.
double ramp_response(double t, double tau) {
  return t <= 0 ? 0 : t + tau * std::expm1(-t / tau);
}

/// Step response of the series RLC circuit, damping a = R/2L, resonance w0: the capacitor's voltage and its
/// slope.
struct Resonance {
  double a;
  double w0;

  [[nodiscard]] std::pair<double, double> step(double t) const {
    if (t <= 0) return {0, 0};
    if (a == w0) return {1 - (1 + a * t) * std::exp(-a * t), a * a * t * std::exp(-a * t)};
    const std::complex<double> root = std::sqrt(std::complex<double>(a * a - w0 * w0));
    const std::complex<double> s1 = -a + root;
    const std::complex<double> s2 = -a - root;
    const std::complex<double> e1 = std::exp(s1 * t);
    const std::complex<double> e2 = std::exp(s2 * t);
    return {(1.0 + (s2 * e1 - s1 * e2) / (s1 - s2)).real(), (s1 * s2 * (e1 - e2) / (s1 - s2)).real()};
  }
};

}  // namespace

TEST_CASE("RC driven by a pulse with slopes: the capacitor's voltage and current keep ten tolerances") {
  constexpr double tau = 1e-3;
  const auto voltage = [](double t) {
    double v = 0;
    // Corners of PULSE(0 2 1m 0.5m 0.25m 2m): a change of slope each.
    for (const auto& [at, slope] :
         {std::pair{1e-3, 4e3}, std::pair{1.5e-3, -4e3}, std::pair{3.5e-3, -8e3}, std::pair{3.75e-3, 8e3}})
      v += slope * ramp_response(t - at, tau);
    return v;
  };
  const auto drive = [](double t) {
    if (t <= 1e-3 || t >= 3.75e-3) return 0.0;
    return t < 1.5e-3 ? (t - 1e-3) * 4e3 : t <= 3.5e-3 ? 2.0 : 2 - (t - 3.5e-3) * 8e3;
  };
  CHECK(
      converges("V1 in 0 PULSE(0 2 1m 0.5m 0.25m 2m 10m)\nR1 in out 1k\nC1 out 0 1u\n.tran 50u 6m\n"
                ".save v(*) i(*)",
                {{"v(out)", voltage}, {"i(c1)", [&](double t) { return (drive(t) - voltage(t)) / 1e3; }}}));
}

TEST_CASE("RC with a jump of its source: ten tolerances, the current's jump included") {
  const auto voltage = [](double t) { return t <= 1e-3 ? 0 : -3 * std::expm1(-(t - 1e-3) / 2e-3); };
  CHECK(converges(
      "V1 in 0 PWL(0 0 1m 0 1m 3)\nR1 in out 2k\nC1 out 0 1u\n.tran 0.1m 11m\n.save v(*) i(*)",
      {{"v(out)", voltage}, {"i(r1)", [&](double t) { return ((t > 1e-3 ? 3 : 0) - voltage(t)) / 2e3; }}}));
}

TEST_CASE("a capacitor discharges from its initial condition") {
  const auto voltage = [](double t) { return 5 * std::exp(-t / 1e-3); };
  CHECK(converges("C1 out 0 1u ic=5\nR1 out 0 1k\n.tran 0.1m 5m uic\n.save v(*) i(*)",
                  {{"v(out)", voltage}, {"i(r1)", [&](double t) { return voltage(t) / 1e3; }}}));
}

TEST_CASE("RL: the current of an inductor rises to V/R and its voltage decays") {
  CHECK(converges("V1 in 0 PWL(0 0 1u 0 1u 10)\nR1 in out 100\nL1 out 0 50m\n.tran 50u 4m\n.save v(*) i(*)",
                  {{"i(l1)", [](double t) { return t <= 1e-6 ? 0 : -0.1 * std::expm1(-(t - 1e-6) / 5e-4); }},
                   {"v(out)", [](double t) { return t <= 1e-6 ? 0 : 10 * std::exp(-(t - 1e-6) / 5e-4); }}}));
}

TEST_CASE("RLC, underdamped, critical and overdamped: voltage and current keep ten tolerances") {
  // L = 1 mH, C = 1 uF: w0 = sqrt(1/LC), critical at R = 2 sqrt(L/C).
  const double w0 = std::sqrt(1e9);
  const double critical = 2 * std::sqrt(1e3);
  for (const double damping : {0.1, 1.0, 3.0}) {
    CAPTURE(damping);
    const Resonance circuit{damping * w0, w0};
    CHECK(converges(
        fmt::format("V1 in 0 PWL(0 0 10u 0 10u 1)\nR1 in a {:.17g}\nL1 a b 1m\nC1 b 0 1u\n.tran 5u 2m\n"
                    ".save v(*) i(*)",
                    damping * critical),
        {{"v(b)", [&](double t) { return circuit.step(t - 1e-5).first; }},
         {"i(l1)", [&](double t) { return 1e-6 * circuit.step(t - 1e-5).second; }}}));
  }
}

TEST_CASE("an LC circuit without losses swings from its initial conditions for one period") {
  const double w0 = std::sqrt(1e9);
  const double z = std::sqrt(1e3);
  CHECK(converges(fmt::format("C1 a 0 1u ic=1\nL1 a 0 1m ic=10m\n.tran 5u {:.17g} uic\n.save v(*) i(*)",
                              2 * std::numbers::pi / w0),
                  {{"v(a)", [&](double t) { return std::cos(w0 * t) - 0.01 * z * std::sin(w0 * t); }},
                   {"i(l1)", [&](double t) { return 0.01 * std::cos(w0 * t) + std::sin(w0 * t) / z; }}}));
}
