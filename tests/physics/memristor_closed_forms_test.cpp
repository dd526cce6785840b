// Memristors with a solution on paper.

#include <cmath>
#include <numbers>

#include "physics/convergence.hpp"

using namespace memspice;
using memspice::testing::converges;

namespace {
using std::numbers::pi;
}

TEST_CASE("a ring of N identical memristors follows theory's Eq 7") {
  for (const int count : {1, 3, 8}) {
    CAPTURE(count);
    constexpr double xi = 15, w0 = 0.5;
    std::string deck = ".model mem memristor(ron=100 roff=1600 alpha=0 beta=1)\n";
    for (int k = 0; k < count; ++k) {
      const std::string from = k == 0 ? "0" : fmt::format("n{}", k);
      const std::string to = k + 1 == count ? "0" : fmt::format("n{}", k + 1);
      deck += fmt::format("V{0} x{0} {1} -0.9\nY{0} x{0} {2} mem w0=0.5\n", k + 1, from, to);
    }
    const auto state = [&](double t) {  // s/(beta N) = -0.9
      return (std::sqrt((1 + xi * w0) * (1 + xi * w0) + 2 * xi * 0.9 * t) - 1) / xi;
    };
    CHECK(converges(deck + ".tran 0.1 4\n.save w(*) i(*)",
                    {{"w(y1)", state}, {fmt::format("i(y{})", count), [&](double t) {
                                          return -0.9 / (100 * (1 + xi * state(t)));
                                        }}}));
  }
}

TEST_CASE("an ideal memristor under a voltage drive is a function of its flux, between 0.1 and 0.9") {
  struct Case {
    double xi;
    double polarity;
    double w0;
  };
  const double largest_flux = 1.2 / (2 * pi);
  for (const auto& [xi, polarity, w0] : {Case{3, 1, 0.9}, Case{3, -1, 0.1}, Case{15, -1, 0.1}}) {
    CAPTURE(xi);
    CAPTURE(polarity);
    // From one end to the other while the voltage is positive.
    const double beta =
        2 * xi * largest_flux / ((1 + 0.9 * xi) * (1 + 0.9 * xi) - (1 + 0.1 * xi) * (1 + 0.1 * xi));
    const auto state = [&](double t) {
      const double flux = largest_flux * (1 - std::cos(4 * pi * t)) / 2;
      return (std::sqrt((1 + xi * w0) * (1 + xi * w0) - 2 * xi * polarity * flux / beta) - 1) / xi;
    };
    CHECK(converges(fmt::format(".model mem memristor(ron=100 roff={} alpha=0 beta={:.17g} polarity={})\n"
                                "V1 a 0 SIN(0 1.2 2)\nY1 a 0 mem w0={}\n.tran 10m 0.5\n.save w(*) i(*)",
                                100 * (1 + xi), beta, polarity, w0),
                    {{"w(y1)", state}, {"i(y1)", [&](double t) {
                                          return 1.2 * std::sin(4 * pi * t) / (100 * (1 + xi * state(t)));
                                        }}}));
  }
}

TEST_CASE("a memristor without a drive decays, or grows, as exp(alpha t)") {
  for (const double alpha : {-3.0, 0.4}) {
    CAPTURE(alpha);
    CHECK(converges(fmt::format(".model mem memristor(alpha={})\nY1 a 0 mem w0=0.3\nR1 a 0 1k\n"
                                ".tran 20m 2\n.save w(*)",
                                alpha),
                    {{"w(y1)", [&](double t) { return 0.3 * std::exp(alpha * t); }}}));
  }
}

TEST_CASE("a voltage-controlled memristor integrates its voltage") {
  CHECK(converges(
      ".model mem memristor(control=voltage alpha=0 beta=0.4)\nV1 a 0 SIN(0 1 1)\nY1 a 0 mem w0=0.9\n"
      ".tran 20m 2\n.save w(*)",
      {{"w(y1)", [](double t) { return 0.9 - (1 - std::cos(2 * pi * t)) / (2 * pi * 0.4); }}}));
}
