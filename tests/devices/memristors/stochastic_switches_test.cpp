// Metastable switches with noise: the same for every step length, and as strong as that of n switches.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>

#include "support/approx.hpp"
#include "support/interpolate.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

std::string noisy_deck(const std::string& options) {
  return "V1 a 0 SIN(0 0.4 200)\nY1 a 0 noisy\nY2 a 0 noisy\n"
         ".model noisy memristor(level=knowm variant=stochastic n=300 dt=30u)\n.tran 50u 10m\n" +
         options;
}

}  // namespace

TEST_CASE("the noise of switches does not depend on the steps, but on seed and name") {
  const auto coarse = memspice::testing::run_deck(noisy_deck(".options reltol=1e-5\n"));
  const auto fine = memspice::testing::run_deck(noisy_deck(".options reltol=1e-7\n"));
  double difference = 0, between = 0;
  for (std::size_t row = 0; row < coarse.rows(); ++row) {
    const double t = coarse.time()[row];
    difference = std::max(difference, std::abs(coarse["x(y1)"][row] - memspice::testing::interpolate(
                                                                          fine.time(), fine["x(y1)"], t)));
    between = std::max(between, std::abs(coarse["x(y1)"][row] - coarse["x(y2)"][row]));
  }
  CHECK(difference <= 2e-4);
  CHECK(between >= 1e-2);
  const auto other = memspice::testing::run_deck(noisy_deck(".options reltol=1e-5 seed=2\n"));
  CHECK(std::abs(other["x(y1)"].back() - coarse["x(y1)"].back()) >= 1e-4);
  const auto again = memspice::testing::run_deck(noisy_deck(".options reltol=1e-5\n"));
  CHECK(again["x(y1)"] == coarse["x(y1)"]);
}

TEST_CASE("switches at rest have the mean of the mean model and the variance x (1 - x)/n of n coins") {
  constexpr int devices = 300;
  std::string deck =
      "V1 a 0 10m\n.model s memristor(level=8 variant=stochastic n=100 dt=5u tau=100u von=30m "
      "voff=30m x0=0.5)\n.tran 100u 2m\n";
  for (int k = 0; k < devices; ++k) deck += fmt::format("Y{} a 0 s\n", k);
  const auto result = memspice::testing::run_deck(deck);
  const double vt = 8.617333262145179e-5 * 300.15;
  const double on = 1 / (1 + std::exp((0.03 - 0.01) / vt)), off = 1 / (1 + std::exp((0.03 + 0.01) / vt));
  const double rest = on / (on + off);
  double mean = 0, variance = 0;
  for (int k = 0; k < devices; ++k) mean += result[fmt::format("x(y{})", k)].back() / devices;
  for (int k = 0; k < devices; ++k)
    variance += std::pow(result[fmt::format("x(y{})", k)].back() - mean, 2) / (devices - 1);
  const double expected = rest * (1 - rest) / 100;
  CHECK(std::abs(mean - rest) <= 4 * std::sqrt(expected / devices));
  CHECK(variance == testing::approx(expected).epsilon(0.33));
}
