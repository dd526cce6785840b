// The conductance that a channel of ions relaxes to, against Simpson's rule on panels that shrink towards
// both ends of the cone.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "support/run_deck.hpp"

using memspice::testing::DeckRun;
using memspice::testing::run_deck;

namespace {

/// ∫₀¹ (z - (exp(pz) - 1)/(exp(p) - 1)) ds, s = qz/(1 + (q - 1)z), over z.
double cone_integral(double p, double q) {
  const auto integrand = [&](double z, double to_tip) {  // to_tip = 1 - z
    const double inner = p == 0  ? z
                         : p > 0 ? std::exp(-p * to_tip) * std::expm1(-p * z) / std::expm1(-p)
                                 : std::expm1(p * z) / std::expm1(p);
    return q / std::pow(1 + (q - 1) * z, 2) * (z - inner);
  };
  double sum = 0;
  const auto panel = [&](double from, double to) {  // of distances from an end, both ends
    constexpr int pieces = 256;
    for (int i = 0; i <= pieces; ++i) {
      const double weight = (i == 0 || i == pieces ? 1 : i % 2 == 1 ? 4 : 2) * (to - from) / (3 * pieces);
      const double at = from + (to - from) * i / pieces;
      sum += weight * (integrand(at, 1 - at) + integrand(1 - at, at));
    }
  };
  double width = 0.5;
  for (int k = 0; k < 16; ++k, width /= 2) panel(width / 2, width);
  panel(0, width);
  return sum;
}

}  // namespace

TEST_CASE("a channel of ions relaxes to the average along its cone, at any voltage") {
  for (const double ratio : {1.1, 4.0, 20.0}) {
    CAPTURE(ratio);
    const DeckRun run = run_deck(fmt::format(
        "V1 a 0 0\nY1 a 0 cone\n.model cone memristor(level=iontronic ratio={} gleast=0 gmost=9)\n"
        ".dc V1 -15 15 0.3\n.save v(a) ginf(y1)\n",
        ratio));
    REQUIRE(run.rows() == 101);
    double worst = 0;
    for (std::size_t i = 0; i < run.rows(); ++i)
      worst = std::max(
          worst, std::abs(run["ginf(y1)"][i] - 1 + 2.051 * cone_integral(-7.211 * run["v(a)"][i], ratio)));
    CHECK(worst < 2e-9);
  }
}
