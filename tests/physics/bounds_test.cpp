// States on their way to a bound, at it, and away from it, against closed forms.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "support/run_deck.hpp"

using namespace memspice;

TEST_CASE("states that decay into their bound arrive on time and stay, however long the steps") {
  // Without a source w = min(1, w0 exp(α t)), each state for itself.
  std::string deck;
  for (int k = 0; k < 24; ++k)
    deck += fmt::format("Y{0} n{1} n{2} m w0={3}\n", k, k, k == 23 ? 0 : k + 1, 0.25 + 0.02 * k);
  deck += "R1 n0 0 1k\n.model m memristor ron=100 roff=16k alpha=0.1 beta=1\n";
  for (const char* reltol : {"1e-4", "1e-6"}) {
    const testing::DeckRun result =
        testing::run_deck(deck + ".tran 100m 20\n.options reltol=" + reltol + "\n.save w(*)\n");
    for (int k = 0; k < 24; ++k) {
      const std::vector<double>& w = result[fmt::format("w(y{})", k)];
      double error = 0;
      for (std::size_t row = 0; row < w.size(); ++row) {
        const double exact = std::min(1.0, (0.25 + 0.02 * k) * std::exp(0.1 * result.time()[row]));
        error = std::max(error, std::abs(w[row] - exact));
        if (row > 0) CHECK(w[row] >= w[row - 1]);
      }
      CAPTURE(k);
      CHECK(error <= 10 * std::stod(reltol));
    }
  }
}

TEST_CASE(
    "a state at its bound leaves when its drive turns, not when the integrator remembers that it moved") {
  // Voltage control: dw/dt = -V sin(2πt)/β, from 0.5 down to 0 and, in the second half of each period, up
  // again.
  const double swing = 10 / (2 * std::numbers::pi * 2);  // of the integral over half a period: 2 swing > 1
  const auto exact = [&](double t) {
    const double phase = t - std::floor(t);
    const double cosine = std::cos(2 * std::numbers::pi * phase);
    if (phase < 0.5) return std::max(0.0, (t < 1 ? 0.5 : 1.0) - swing * (1 - cosine));
    return std::min(1.0, swing * (cosine + 1));
  };
  for (const char* reltol : {"1e-4", "1e-5", "1e-6", "1e-7"}) {
    const testing::DeckRun result = testing::run_deck(
        "V1 a 0 SIN(0 10 1)\nY1 a 0 m w0=0.5\n"
        ".model m memristor ron=100 roff=16k control=voltage beta=2\n.tran 10m 3\n.options reltol=" +
        std::string(reltol) + "\n");
    const std::vector<double>& w = result["w(y1)"];
    double error = 0;
    for (std::size_t row = 0; row < w.size(); ++row)
      error = std::max(error, std::abs(w[row] - exact(result.time()[row])));
    CAPTURE(reltol);
    CHECK(error <= 10 * std::stod(reltol));
  }
}

TEST_CASE("the closed form sees the drive turn while every state is held, and all states let go at once") {
  // In series, under voltage control: the drives of all states pass through zero together.
  std::string series =
      "R1 n5 0 10\n.model m memristor ron=100 roff=200 control=voltage alpha=0.1 beta=0.02\n";
  for (int k = 0; k < 5; ++k) series += fmt::format("Y{0} n{0} n{1} m ron={2}\n", k, k + 1, 80 + 20 * k);
  for (const char* source :
       {"V1 n0 0 SIN(0 1 1)\n", "V1 n0 0 PWL(0 1 1.1 1 1.1001 -1 2.3 -1 2.3001 1 3 1 4 -1)\n"}) {
    CAPTURE(source);
    const testing::DeckRun result = testing::run_deck(source + series + ".tran 100m 6\n.omega\n");
    CHECK(result.analysis().omega->largest_deviation <= 1e-4);
    CHECK(std::ranges::count(result["wo(y0)"], 0.0) > 2);  // it was held
    CHECK(std::ranges::count(result["wo(y0)"], 1.0) > 2);
  }
}
