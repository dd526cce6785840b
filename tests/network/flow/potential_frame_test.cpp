// Interpolation of potentials in time between instants that are spread as Leja says.
#include "network/flow/potential_frame.hpp"
#include "support/approx.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using memspice::network::PotentialFrame;

namespace {

using memspice::network::Instants;

/// Adds what waves(τ, row) is at the next instants, three at most; returns their times.
template <class Waves>
std::vector<double> add_next(PotentialFrame& frame, const std::vector<double>& tau, std::size_t rows,
                             Waves&& waves) {
  std::vector<double> times;
  for (const std::size_t i : frame.choose(tau, 3)) times.push_back(tau[i]);
  std::vector<double> p(rows * 3);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t c = 0; c < times.size(); ++c) p[3 * row + c] = waves(times[c], row);
  frame.add(times, p);
  return times;
}

std::vector<double> even_times(int count) {
  std::vector<double> tau;
  for (int i = 1; i <= count; ++i) tau.push_back(i / double(count));
  return tau;
}

}  // namespace

TEST_CASE("a frame interpolates smooth potentials, the better the more instants it has") {
  const std::vector<double> tau = even_times(40);
  const auto wave = [](double at, std::size_t row) { return std::sin((1 + double(row)) * at + 0.3); };
  PotentialFrame frame;
  double before = 1;
  for (const double right : {2e-1, 3e-4, 1e-7, 1e-10}) {
    REQUIRE(add_next(frame, tau, 2, wave).size() == 3);
    double error = 0;
    for (const double at : tau)
      for (std::size_t row = 0; row < 2; ++row)
        error = std::max(error, std::abs(frame.value(at, row) - wave(at, row)));
    CHECK(error < right);
    CHECK(error < before);
    before = error;
  }
  std::vector<double> p(6, 1.0);
  frame.find({0.51, 0.02, 1}, p);
  for (const std::size_t row : {0U, 1U}) {
    CHECK(p[3 * row] == memspice::testing::approx(1 + frame.value(0.51, row)).epsilon(1e-15));
    CHECK(p[3 * row + 1] == 1);  // outside
    CHECK(p[3 * row + 2] == memspice::testing::approx(1 + frame.value(1, row)).epsilon(1e-15));
  }
  CHECK(frame.spans(0.025));
  CHECK(frame.spans(1));
  CHECK_FALSE(frame.spans(0.02));
}

TEST_CASE("a frame chooses no instant twice, nor two that are too near") {
  PotentialFrame frame;
  const std::vector<double> tau{0.5, 0.50001, 1};
  CHECK(frame.choose(tau, 3).size() == 2);
  frame.add(std::vector{1.0}, std::vector{2.0, 0.0, 0.0});
  frame.add(std::vector{0.5}, std::vector{1.0, 0.0, 0.0});
  CHECK(frame.choose(tau, 3).empty());
  CHECK(frame.value(0.75, 0) == memspice::testing::approx(1.5));
  frame.clear();
  CHECK_FALSE(frame.spans(0.75));
}

// Constants, slopes and parabolas of any size with a ripple, a pole nearby, a sine or an exponential upon
// them, even and odd ones among them: what is foreseen of the error must not be far below it.
TEST_CASE("what a frame errs between its instants is foreseen by how its terms fall off") {
  std::mt19937_64 random(20261130);
  std::uniform_real_distribution<double> part(0, 1);
  const auto between = [&](double a, double b) { return a + (b - a) * part(random); };
  int close = 0, cases = 0;
  for (int i = 0; i < 3000; ++i) {
    const double constant = std::pow(10, between(-3, 3)), slope = std::pow(10, between(-3, 1)),
                 bend = between(-1, 1);
    const double speed = std::pow(10, between(-1.5, 0.8)), phase = i % 4 == 0   ? 0
                                                                   : i % 4 == 1 ? 1.5707963
                                                                                : between(0, 6);
    const double centre = i % 2 == 0 ? 0.5 : between(0, 1), pole = between(1.2, 4) * (i % 3 == 0 ? -1 : 1);
    const int kind = static_cast<int>(between(0, 3));
    const auto wave = [&](double tau, std::size_t) {
      const double x = tau - centre;
      const double upon = kind == 0   ? std::sin(speed * x + phase)
                          : kind == 1 ? std::exp(-speed * x)
                                      : 1 / (pole - x);
      return constant + slope * x + bend * x * x + upon;
    };
    const std::vector<double> tau = even_times(static_cast<int>(between(10, 40)));
    PotentialFrame frame;
    std::vector<double> values;
    while (frame.size() < 9) {
      for (const double time : add_next(frame, tau, 1, wave)) values.push_back(wave(time, 0));
      if (frame.size() < 6) continue;
      double error = 0;
      for (const double at : tau) error = std::max(error, std::abs(frame.value(at, 0) - wave(at, 0)));
      const double foreseen = frame.error_through(values), rounding = 1e-14 * (constant + slope + 10);
      INFO("case ", i, ", kind ", kind, ", ", frame.size(), " instants, foreseen ", foreseen, ", is ", error);
      CHECK(error <= 1.5 * foreseen + 30 * rounding);
      ++cases;
      close += foreseen < 100 * error + rounding;
    }
  }
  CHECK(close > 0.9 * cases);  // and not much above it
}
