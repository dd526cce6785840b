// Interpolation of potentials in time between instants that are spread as Leja says.
#include "network/flow/potential_frame.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using memspice::network::PotentialFrame;

TEST_CASE("a frame interpolates smooth potentials, the better the more instants it has") {
  std::vector<double> tau;
  for (int i = 1; i <= 40; ++i) tau.push_back(i / 40.0);
  const auto wave = [](double at, std::size_t row) { return std::sin((1 + double(row)) * at + 0.3); };
  PotentialFrame frame;
  double before = 1;
  for (const double right : {2e-1, 3e-4, 1e-7, 1e-10}) {
    const std::vector<std::size_t> places = frame.choose(tau, 3);
    REQUIRE(places.size() == 3);
    for (const std::size_t i : places) {
      std::vector<double> p(2 * 3 - 1);  // every third number is a row's
      for (std::size_t row = 0; row < 2; ++row) p[3 * row] = wave(tau[i], row);
      frame.add(tau[i], p, 3);
    }
    double error = 0;
    for (const double at : tau)
      for (std::size_t row = 0; row < 2; ++row)
        error = std::max(error, std::abs(frame.value(at, row) - wave(at, row)));
    CHECK(error < right);
    CHECK(error < before);
    before = error;
  }
  std::vector<double> p(4);
  frame.find(0.51, p, 2);
  CHECK(p[0] == frame.value(0.51, 0));
  CHECK(p[2] == frame.value(0.51, 1));
  CHECK(frame.spans(0.025));
  CHECK(frame.spans(1));
  CHECK_FALSE(frame.spans(0.02));
}

TEST_CASE("a frame chooses no instant twice, nor two that are too near") {
  PotentialFrame frame;
  const std::vector<double> tau{0.5, 0.50001, 1};
  CHECK(frame.choose(tau, 3).size() == 2);
  frame.add(1, std::vector<double>{2.0}, 1);
  frame.add(0.5, std::vector<double>{1.0}, 1);
  CHECK(frame.choose(tau, 3).empty());
  CHECK(frame.value(0.75, 0) == doctest::Approx(1.5));
  frame.clear();
  CHECK_FALSE(frame.spans(0.75));
}
