// One memristor over one step against small projected steps, and its Jacobian against differences.
#include "network/flow/flux_step.hpp"
#include "support/approx.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace memspice::network;

namespace {

constexpr std::size_t K = FluxStep<2>::K, D = FluxStep<2>::D;

struct Drawn {
  FluxLaw law;
  double h = 1;
  double begin = 0;
  std::array<double, D> voltage{};
};

/// The flux of a step is up to `most` times the device's range: it meets its bounds in many.
Drawn draw(std::mt19937_64& random, double most) {
  std::uniform_real_distribution<double> unit(0, 1);
  Drawn drawn;
  drawn.law.voltage_control = unit(random) < 0.5;
  drawn.law.excess = std::pow(10, 3 * unit(random)) - 1;
  drawn.law.conductance = 0.01;
  drawn.law.gain = unit(random) < 0.5 ? 1 : -1;
  drawn.law.alpha = unit(random) < 0.3 ? 0 : 4 * (unit(random) - 0.5);
  const double reach = drawn.law.limit() * most * unit(random);
  for (double& v : drawn.voltage) v = reach * 2 * (unit(random) - 0.5);
  const double place = unit(random);
  drawn.begin = place < 0.2 ? 0 : place > 0.8 ? drawn.law.limit() : drawn.law.limit() * unit(random);
  return drawn;
}

double voltage(const Drawn& drawn, double tau) {
  std::array<double, D> phi{};
  legendre(D - 1, tau, phi.data());
  double sum = 0;
  for (std::size_t j = 0; j < D; ++j) sum += drawn.voltage[j] * phi[j];
  return sum;
}

/// The moments of the current by 40,000 steps of Heun's method, clamped.
FluxMoments<K, D> by_small_steps(const Drawn& drawn) {
  constexpr int steps = 40000;
  const FluxLaw& law = drawn.law;
  const auto rate = [&](double x, double tau) {
    return drawn.h * (law.alpha * law.drift(x) - law.gain * voltage(drawn, tau));
  };
  FluxMoments<K, D> moments;
  double x = drawn.begin;
  for (int i = 0; i < steps; ++i) {
    const double tau = double(i) / steps, next = double(i + 1) / steps, middle = 0.5 * (tau + next);
    const double slope = rate(x, tau);
    const double guess = std::clamp(x + slope / steps, 0.0, law.limit());
    const double after = std::clamp(x + 0.5 * (slope + rate(guess, next)) / steps, 0.0, law.limit());
    std::array<double, D> phi{};
    legendre(D - 1, middle, phi.data());
    const double conductance = law.conductance / law.resistance(0.5 * (x + after));
    moments.conductance += conductance / steps;
    for (std::size_t j = 0; j < D; ++j)
      moments.current[j] += phi[j] * conductance * voltage(drawn, middle) / steps;
    x = after;
  }
  moments.end = x;
  return moments;
}

}  // namespace

TEST_CASE("Legendre's polynomials are orthogonal, their integrals and Gauss' rule exact") {
  std::array<double, 6> node{}, weight{};
  gauss_rule(6, node.data(), weight.data());
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t j = 0; j < 5; ++j) {
      double product = 0;
      for (std::size_t m = 0; m < 6; ++m) {
        std::array<double, 5> phi{};
        legendre(4, node[m], phi.data());
        product += weight[m] * phi[i] * phi[j];
      }
      CHECK(product ==
            memspice::testing::approx(i == j ? 1.0 / double(2 * i + 1) : 0.0).epsilon(1e-13).scale(1));
    }
  std::array<double, 5> before{}, after{}, phi{};
  legendre_integrals(4, 0.3, before.data());
  legendre_integrals(4, 0.3 + 1e-6, after.data());
  legendre(4, 0.3 + 5e-7, phi.data());
  for (std::size_t j = 0; j < 5; ++j)
    CHECK((after[j] - before[j]) / 1e-6 == memspice::testing::approx(phi[j]).epsilon(1e-8));
}

TEST_CASE("a polynomial transferred to a part of its interval is the same polynomial") {
  const std::array<double, 3> from{1, -2, 0.5};
  const auto matrix = transfer_matrix<3>(0.25, 0.5);
  std::array<double, 3> to{}, here{}, there{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) to[i] += matrix[i][j] * from[j];
  for (const double tau : {0.0, 0.4, 1.0}) {
    legendre(2, tau, here.data());
    legendre(2, 0.25 + 0.5 * tau, there.data());
    double a = 0, b = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      a += to[j] * here[j];
      b += from[j] * there[j];
    }
    CHECK(a == memspice::testing::approx(b));
  }
}

TEST_CASE("a memristor's step through its bounds has the moments that small steps have") {
  std::mt19937_64 random(11);
  for (int run = 0; run < 300; ++run) {
    const Drawn drawn = draw(random, 2);
    CAPTURE(run);
    CAPTURE(drawn.law.excess);
    CAPTURE(drawn.law.alpha);
    CAPTURE(drawn.begin);
    const FluxMoments<K, D> found =
        FluxStep<2>(drawn.law, drawn.h, drawn.voltage.data()).integrate(drawn.begin);
    const FluxMoments<K, D> right = by_small_steps(drawn);
    const double state_error = std::abs(drawn.law.state(found.end) - drawn.law.state(right.end));
    CHECK(state_error < 2e-3);
    CHECK(found.end >= 0);
    CHECK(found.end <= drawn.law.limit());
    double largest = 0;
    for (const double v : drawn.voltage) largest += std::abs(v);
    for (std::size_t j = 0; j < K; ++j)
      CHECK(std::abs(found.current[j] - right.current[j]) < 5e-3 * drawn.law.conductance * largest);
  }
}

TEST_CASE("a memristor's Jacobian is that of differences") {
  std::mt19937_64 random(12);
  int smooth = 0;
  for (int run = 0; run < 400; ++run) {
    Drawn drawn = draw(random, 0.3);
    const auto integrate = [&] {
      return FluxStep<2>(drawn.law, drawn.h, drawn.voltage.data()).integrate(drawn.begin);
    };
    const FluxMoments<K, D> found = integrate();
    double scale = 0;
    for (const auto& row : found.jacobian)
      for (const double entry : row) scale = std::max(scale, std::abs(entry));
    bool all = true;
    for (std::size_t l = 0; l < K; ++l) {
      const double keep = drawn.voltage[l];
      const double step = 1e-6 * (1 + std::abs(keep));
      drawn.voltage[l] = keep + step;
      const FluxMoments<K, D> above = integrate();
      drawn.voltage[l] = keep - step;
      const FluxMoments<K, D> below = integrate();
      drawn.voltage[l] = keep;
      for (std::size_t j = 0; j < K; ++j) {
        const double slope =
            static_cast<double>(2 * j + 1) * (above.current[j] - below.current[j]) / (2 * step);
        all = all && std::abs(found.jacobian[j][l] - slope) < 1e-2 * scale;
      }
    }
    smooth += all ? 1 : 0;
  }
  // The others are at a corner: a step that begins at a bound just as the drive turns, or ends where one is
  // met.
  CHECK(smooth >= 380);
}
