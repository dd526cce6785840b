#include "solver/kept_factor.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "solver/team.hpp"

using namespace memspice;

namespace {

Team alone;

struct Network {
  std::size_t rows = 0;
  std::vector<std::uint32_t> plus, minus;
  std::vector<double> conductance;

  void join(std::uint32_t a, std::uint32_t b, double g) {
    plus.push_back(a);
    minus.push_back(b);
    conductance.push_back(g);
  }
};

/// A grid whose corner hangs at ground, parallel branches and loops at one node among its branches.
Network grid(std::uint32_t side, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> exponent(-2, 2);
  const auto draw = [&] { return std::pow(10, exponent(random)); };
  Network network;
  network.rows = side * side;
  for (std::uint32_t i = 0; i < side; ++i)
    for (std::uint32_t j = 0; j < side; ++j) {
      const std::uint32_t here = i * side + j;
      if (j + 1 < side) network.join(here, here + 1, draw());
      if (i + 1 < side) network.join(here + side, here, draw());
      if ((i + j) % 7 == 0 && j + 1 < side) network.join(here + 1, here, draw());
      if ((i + j) % 11 == 0) network.join(here, here, draw());
    }
  return network;
}

/// L x for three columns, ground's row left out.
std::vector<double> times(const Network& network, const std::vector<double>& x) {
  std::vector<double> y(x.size(), 0.0);
  for (std::size_t k = 0; k < network.plus.size(); ++k)
    for (std::size_t c = 0; c < 3; ++c) {
      const std::size_t plus = 3 * std::size_t{network.plus[k]} + c;
      const std::size_t minus = 3 * std::size_t{network.minus[k]} + c;
      const double current = network.conductance[k] * (x[plus] - x[minus]);
      y[plus] += current;
      y[minus] -= current;
    }
  std::fill_n(y.begin(), 3, 0.0);
  return y;
}

}  // namespace

TEST_CASE("a kept factor solves Laplacians for three right sides at once, to single precision") {
  for (const std::uint32_t side : {2u, 3u, 10u, 40u, 160u, 250u}) {
    const Network network = grid(side, side);
    KeptFactor factor(network.rows, network.plus, network.minus, alone);
    REQUIRE(factor.factorise(network.conductance));
    CHECK(factor.entries() >= static_cast<double>(network.rows - 1));
    std::mt19937_64 random(7);
    std::normal_distribution<double> normal;
    std::vector<double> x(3 * network.rows, 0.0);
    for (std::size_t i = 3; i < x.size(); ++i) x[i] = normal(random);
    const std::vector<double> right = times(network, x);
    std::vector<double> found(x.size(), 1.0);
    factor.solve(right, found);
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(found[i] - x[i]));
    CAPTURE(side);
    CHECK(worst < 1e-2);  // the condition of the largest is some 1e5
  }
}

TEST_CASE("a kept factor gives the same bits whoever solves with it, and after it is made anew") {
  const Network network = grid(250, 3);
  std::vector<double> right(3 * network.rows, 0.0);
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  for (std::size_t i = 3; i < right.size(); ++i) right[i] = normal(random);
  std::vector<double> expected;
  for (const std::size_t threads : {1u, 2u, 5u}) {
    Team team(threads);
    REQUIRE(team.size() == threads);
    KeptFactor factor(network.rows, network.plus, network.minus, team);
    for (int time = 0; time < 2; ++time) {
      REQUIRE(factor.factorise(network.conductance));
      for (int again = 0; again < 5; ++again) {
        std::vector<double> x(right.size());
        factor.solve(right, x);
        if (expected.empty()) expected = x;
        CHECK(x == expected);
      }
    }
  }
}

TEST_CASE("a Laplacian that is not positive definite has no kept factor") {
  Network network;
  network.rows = 3;
  network.join(0, 1, 1);
  network.join(1, 2, 1);
  network.join(2, 0, -1);
  KeptFactor factor(network.rows, network.plus, network.minus, alone);
  CHECK_FALSE(factor.factorise(network.conductance));
  network.conductance[2] = 1;
  CHECK(factor.factorise(network.conductance));
}
