// Bounded states that are driven far beyond their bounds, and back again soon: a memristor whose rate follows
// from its voltage alone, against the reflection of the flux in closed form.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "support/random.hpp"
#include "support/run_deck.hpp"

using memspice::testing::DeckRun;
using memspice::testing::Random;
using memspice::testing::run_deck;

namespace {

struct Tone {
  double amplitude = 0, frequency = 0;
};

/// The sum of sines, and its flux since t = 0.
struct Drive {
  std::vector<Tone> tones;

  [[nodiscard]] double voltage(double t) const {
    double sum = 0;
    for (const Tone& tone : tones)
      sum += tone.amplitude * std::sin(2 * std::numbers::pi * tone.frequency * t);
    return sum;
  }
  [[nodiscard]] double flux(double t) const {
    double sum = 0;
    for (const Tone& tone : tones) {
      const double omega = 2 * std::numbers::pi * tone.frequency;
      sum += tone.amplitude / omega * 2 * std::pow(std::sin(0.5 * omega * t), 2);
    }
    return sum;
  }
  /// Where it changes its sign between two times with different ones.
  [[nodiscard]] double zero(double from, double to) const {
    const bool rising = voltage(to) > 0;
    for (int k = 0; k < 60; ++k) {
      const double middle = 0.5 * (from + to);
      (voltage(middle) > 0) == rising ? to = middle : from = middle;
    }
    return 0.5 * (from + to);
  }
};

/// The state at these times, which begins at x: the flux times `rate`, cut off at 0 and 1 wherever it turns.
std::vector<double> reflection(const Drive& drive, double rate, double x, const std::vector<double>& times) {
  constexpr int pieces = 40;  // between two times: no turn is passed over
  std::vector<double> states;
  double t = 0, flux = 0;
  const auto go_to = [&](double next) {
    const double then = drive.flux(next);
    x = std::clamp(x + rate * (then - flux), 0.0, 1.0);
    flux = then;
  };
  for (const double end : times) {
    const double begin = t;
    for (int k = 1; k <= pieces && end > begin; ++k) {
      const double next = k == pieces ? end : begin + (end - begin) * k / pieces;
      if (drive.voltage(t) * drive.voltage(next) < 0) go_to(drive.zero(t, next));
      go_to(next);
      t = next;
    }
    states.push_back(x);
  }
  return states;
}

}  // namespace

TEST_CASE("states driven far beyond their bounds leave them where their drive turns, however soon it does") {
  Random random(2611);
  for (int k = 0; k < 150; ++k) {
    Drive drive;
    std::string cards;
    const std::uint32_t tones = 1 + random.below(3);
    for (std::uint32_t j = 0; j < tones; ++j) {
      drive.tones.push_back({random.uniform(-2, 2), random.logarithmic(0.3, 30)});
      cards +=
          fmt::format("V{} n{} {} SIN(0 {} {})\n", j, j, j + 1 == tones ? "0" : fmt::format("n{}", j + 1),
                      drive.tones.back().amplitude, drive.tones.back().frequency);
    }
    // From the range in a second to a million times that.
    const double rate = random.logarithmic(1, 1e6);
    const double x = random.coin() ? 0.5 : std::round(random.uniform(0, 1));
    CAPTURE(cards);
    CAPTURE(rate);
    CAPTURE(x);
    const DeckRun run =
        run_deck(fmt::format("{}Y1 n0 0 m\n.model m memristor(level=5 rmin=1k rmax=2k rinit={} alpha={} "
                             "beta={} vt=1)\n.options integrator=ida\n.tran 1m 1\n.save r(y1) v(n0)\n",
                             cards, 1000 + 1000 * x, 1000 * rate, 1000 * rate));
    const std::vector<double> expected = reflection(drive, rate, x, run.time());
    double worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
      worst = std::max(worst, std::abs(1e-3 * run["r(y1)"][i] - 1 - expected[i]));
    CHECK(worst < 1e-4);
  }
}
