// What rings keeps its amplitude and its phase over a thousand periods; what does not ring pays nothing.

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "physics/convergence.hpp"
#include "support/approx.hpp"

using namespace memspice;
using memspice::testing::converges;
using memspice::testing::DeckRun;
using memspice::testing::relative_error;
using memspice::testing::run_deck;

namespace {

using std::numbers::pi;
constexpr double reltol = 1e-4;  // the default

/// A parallel tank; without losses where q is infinite.
struct Tank {
  double l = 1e-3;
  double c = 1e-6;
  double q = infinity;

  [[nodiscard]] double resonance() const { return 1 / std::sqrt(l * c); }
  [[nodiscard]] double impedance() const { return std::sqrt(l / c); }
  [[nodiscard]] double period() const { return 2 * pi / resonance(); }
  [[nodiscard]] double decay() const { return 0.5 * resonance() / q; }
  /// From 1 V and no current.
  [[nodiscard]] double voltage(double t) const {
    const double a = decay();
    const double w = std::sqrt(resonance() * resonance() - a * a);
    return std::exp(-a * t) * (std::cos(w * t) - a / w * std::sin(w * t));
  }
  [[nodiscard]] std::string cards(std::string_view node = "a", double initial = 1) const {
    std::string text =
        fmt::format("L{0} {0} 0 {1:.17g} ic=0\nC{0} {0} 0 {2:.17g} ic={3}\n", node, l, c, initial);
    if (std::isfinite(q)) text += fmt::format("R{0} {0} 0 {1:.17g}\n", node, q * impedance());
    return text;
  }
};

long steps(const DeckRun& result) {
  return result.analysis().statistics.steps;
}

const OscillationReport& oscillation(const DeckRun& result) {
  REQUIRE(result.analysis().statistics.oscillation);
  return *result.analysis().statistics.oscillation;
}

/// Amplitude and period of a vector that swings about `middle`, from the rows behind `from`.
struct Swing {
  double amplitude = 0;
  double period = 0;
};
Swing swing(const DeckRun& result, std::string_view vector, double middle, double from) {
  const auto& time = result.time();
  const auto& value = result[vector];
  std::vector<double> rises;
  double low = infinity, high = -infinity;
  for (std::size_t i = 1; i < time.size(); ++i) {
    if (time[i - 1] < from) continue;
    low = std::min(low, value[i]);
    high = std::max(high, value[i]);
    if (value[i - 1] < middle && value[i] >= middle)
      rises.push_back(time[i - 1] +
                      (middle - value[i - 1]) * (time[i] - time[i - 1]) / (value[i] - value[i - 1]));
  }
  REQUIRE(rises.size() > 2);
  return {0.5 * (high - low), (rises.back() - rises.front()) / static_cast<double>(rises.size() - 1)};
}

}  // namespace

TEST_CASE("A lossless tank keeps amplitude and phase over 900 to 1,100 periods, in 150 steps each at most") {
  const Tank tank;
  for (const double periods : {900.0, 987.31, 1000.0, 1099.77}) {
    CAPTURE(periods);
    const double stop = periods * tank.period();
    const DeckRun result = run_deck(
        tank.cards() + fmt::format(".tran 0 {0:.12g} {1:.12g} uic\n.save v(a) i(la)\n", stop, 0.999 * stop));
    const double v = result["v(a)"].back();
    const double i = result["i(la)"].back() * tank.impedance();
    CHECK(std::hypot(v, i) == testing::approx(1).epsilon(1e-3));
    CHECK(std::abs(std::remainder(std::atan2(i, v) - tank.resonance() * result.time().back(), 2 * pi)) <
          0.01);
    CHECK(static_cast<double>(steps(result)) < 150 * periods);
    CHECK(oscillation(result).memory == testing::approx(periods).epsilon(0.01));
    // The estimate adds up what IDA thinks of each step, which is about what they lose together.
    CHECK(oscillation(result).accumulated_error > 0.3 * (1 - std::hypot(v, i)));
    CHECK(oscillation(result).accumulated_error < 3e-3);
  }
}

TEST_CASE("Tanks of any inductance, capacitance and Q ring down as they should") {
  for (const Tank& tank : {Tank{1e-3, 1e-6, 20}, Tank{1e-9, 1e-12, 100}, Tank{10, 1e-3, 1000},
                           Tank{1e-6, 1e-9, 300}, Tank{47e-6, 220e-12, 1e5}, Tank{1e-3, 1e-12, 5000}}) {
    CAPTURE(tank.l);
    CAPTURE(tank.q);
    const DeckRun result =
        run_deck(tank.cards() + fmt::format(".tran 0 {:.12g} uic\n.save v(a)\n", 200 * tank.period()));
    CHECK(relative_error(result, "v(a)", [&](double t) { return tank.voltage(t); }) < 10 * reltol);
  }
}

TEST_CASE("A tank of Q = 1,000 has the right amplitude after 500 periods") {
  const Tank tank{1e-3, 1e-6, 1000};
  const double stop = 500 * tank.period();
  const DeckRun result =
      run_deck(tank.cards() + fmt::format(".tran 0 {:.12g} {:.12g} uic\n.save v(a)\n", stop, 0.998 * stop));
  CHECK(result["v(a)"].back() == testing::approx(tank.voltage(stop)).epsilon(2e-3));
  CHECK(oscillation(result).memory == testing::approx(1000 / pi).epsilon(0.01));
}

TEST_CASE("The error of a tank falls with reltol") {
  const Tank tank{1e-6, 1e-9};
  CHECK(converges(tank.cards() + fmt::format(".tran 0 {0:.12g} {1:.12g} uic\n.save v(a)\n",
                                             30 * tank.period(), 20 * tank.period()),
                  {{"v(a)", [&](double t) { return tank.voltage(t); }}}));
}

TEST_CASE("Pulses of current that come again and again pump a lossless tank by as much as they should") {
  // Turns are counted from corner to corner; the response is a sum of those to ramps of current.
  const Tank tank;
  const double w = tank.resonance();
  const double stop = 100 * tank.period();
  const auto ramp = [&](double t) { return t <= 0 ? 0 : tank.l * (1 - std::cos(w * t)); };
  const auto voltage = [&](double t) {
    double v = 0;
    for (int k = 0; k * 1e-3 < t; ++k)
      for (const auto& [at, slope] :
           {std::pair{0.0, 500.}, std::pair{2e-5, -500.}, std::pair{5e-5, -500.}, std::pair{7e-5, 500.}})
        v += slope * ramp(t - k * 1e-3 - at);
    return v;
  };
  const DeckRun result = run_deck("I1 0 a PULSE(0 10m 0 20u 20u 30u 1m)\n" + tank.cards("a", 0) +
                                  fmt::format(".tran 0 {:.12g} uic\n.save v(a)\n", stop));
  CHECK(result.analysis().statistics.restarts > 50);
  CHECK(relative_error(result, "v(a)", voltage) < 10 * reltol);
}

TEST_CASE("Two coupled tanks beat: the energy goes there and back without loss") {
  const double l = 1e-3, c = 1e-6, coupling = 1e-8;
  const double fast = 1 / std::sqrt(l * c);
  const double slow = 1 / std::sqrt(l * (c + 2 * coupling));
  const DeckRun result = run_deck(
      Tank{l, c}.cards("a", 1) + Tank{l, c}.cards("b", 0) +
      fmt::format("Cc a b {} ic=1\n.tran 0 {:.12g} uic\n.save v(*)\n", coupling, 250 * 2 * pi / fast));
  CHECK(relative_error(result, "v(a)", [&](double t) {
          return 0.5 * (std::cos(fast * t) + std::cos(slow * t));
        }) < 10 * reltol);
  CHECK(relative_error(result, "v(b)", [&](double t) {
          return 0.5 * (std::cos(fast * t) - std::cos(slow * t));
        }) < 10 * reltol);
}

TEST_CASE("A tank keeps its swing beside an RC network that turns faster") {
  const Tank tank;
  const double drive = 3.3 * tank.resonance();
  const DeckRun result = run_deck(
      tank.cards() + fmt::format("V1 in 0 SIN(0 1 {:.12g})\nR1 in p 1k\nC1 p 0 10n\nR2 p q 10k\nC2 q 0 1n\n"
                                 "E1 r 0 a 0 2\nR3 r s 1k\nC3 s 0 1n\n.tran 0 {:.12g} uic\n.save v(a) v(s)\n",
                                 drive / (2 * pi), 200 * tank.period()));
  CHECK(relative_error(result, "v(a)", [&](double t) { return tank.voltage(t); }) < 10 * reltol);
  const double lag = tank.resonance() * 1e-6;
  const auto behind = [&](double t) {
    const double w = tank.resonance();
    return 2 * (std::cos(w * t) + lag * std::sin(w * t) - std::exp(-t / 1e-6)) / (1 + lag * lag);
  };
  CHECK(relative_error(result, "v(s)", behind) < 10 * reltol);
}

// Amplitudes and periods by DOP853 at 1e-11.
TEST_CASE("A van der Pol oscillator swings as an independent integration says") {
  const DeckRun result = run_deck(
      "C1 x 0 1\nL1 x 0 1\nB1 0 x I={0.2*(v(x)-v(x)*v(x)*v(x)/3)}\n.ic v(x)=0.1\n.tran 20m 100 uic\n"
      ".save v(x)\n");
  const Swing found = swing(result, "v(x)", 0, 60);
  CHECK(found.amplitude == testing::approx(2.00041).epsilon(1e-3));
  CHECK(found.period == testing::approx(6.29886).epsilon(1e-3));
}

TEST_CASE("A Colpitts oscillator with an exponential junction swings as an independent integration says") {
  const DeckRun result = run_deck(
      "Vcc vcc 0 5\nVb vb 0 2\nL1 vcc c 10u ic=1m\nRp c vcc 3k\nC1 c e 1n ic=3\nC2 e 0 10n ic=1.3\n"
      "Re e 0 1k\nB1 c e I={1e-15*(exp(v(vb,e)/0.02585)-1)}\n.tran 2n 200u 180u uic\n.save v(c)\n");
  const Swing found = swing(result, "v(c)", 5, 180e-6);
  CHECK(found.amplitude == testing::approx(12.16657).epsilon(1e-3));
  CHECK(found.period == testing::approx(5.988079e-7).epsilon(1e-3));
}

TEST_CASE("What forgets within four periods is integrated as ever") {
  for (const char* deck :
       {"V1 in 0 SIN(0 1 1k)\nR1 in a 1k\nC1 a 0 1u\nR2 a b 1k\nC2 b 0 1u\n.tran 0 100m\n",
        "V1 in 0 SIN(0 1 1k)\nR1 in a 50\nL1 a b 10m\nC1 b 0 1u\nR2 b 0 300\n.tran 0 100m\n",
        "I1 0 a SIN(0 1 1k)\nR1 a 0 1k\nL1 a b 10m\nR2 b 0 10\nL2 b 0 1m\n.tran 0 100m\n",
        "V1 in 0 PULSE(0 1 0 1u 1u 0.5m 1m)\nR1 in a 100\nL1 a b 1m\nC1 b 0 1u\nR2 b 0 50\n.tran 0 100m\n"}) {
    CAPTURE(std::string(deck));
    CHECK(!run_deck(deck).analysis().statistics.oscillation);
  }
}
