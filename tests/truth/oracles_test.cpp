#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "truth/case.hpp"
#include "truth/linear_oracle.hpp"
#include "truth/memristor_oracle.hpp"
#include "truth/network_model.hpp"
#include "truth/quad.hpp"

using namespace memspice::truth;

namespace {

using std::numbers::pi;

Element part(char kind, int a, int b, double value) {
  Element e{kind, std::string(1, kind) + std::to_string(a) + "_" + std::to_string(b), a, b};
  e.value = value;
  return e;
}

Element source(char kind, int a, int b, Source waveform) {
  Element e = part(kind, a, b, 0);
  e.source = std::move(waveform);
  return e;
}

Netlist circuit(double stop, std::vector<Element> elements) {
  Netlist netlist;
  netlist.elements = std::move(elements);
  netlist.stop = stop;
  netlist.step = stop / 100;
  return netlist;
}

// Largest |oracle - exact| of one element at a hundred times.
template <class Exact>
double largest_miss(const Netlist& netlist, std::size_t element, Exact&& exact) {
  REQUIRE(LinearOracle::objection(netlist) == "");
  std::vector<double> times;
  for (int i = 0; i <= 100; ++i) times.push_back(netlist.stop * i / 100);
  const auto values = LinearOracle(netlist).values(times, false);
  double worst = 0;
  for (std::size_t i = 0; i < times.size(); ++i)
    worst = std::max(worst, std::abs(values[i][element] - exact(times[i])));
  return worst;
}

std::vector<double> evenly(double stop, int count) {
  std::vector<double> times;
  for (int i = 1; i <= count; ++i) times.push_back(stop * i / count);
  return times;
}

}  // namespace

TEST_CASE("Truth machine: exponentials of rates fifteen decades apart keep both") {
  QuadMatrix a(2, 2);  // eigenvalues -1e-3 and -1e12 in mixed coordinates
  const Quad slow = -1e-3, fast = -1e12;
  a(0, 0) = (slow + fast) / 2;
  a(0, 1) = (slow - fast) / 2;
  a(1, 0) = a(0, 1);
  a(1, 1) = a(0, 0);
  const QuadVector x = Exponential(a, 1000).apply(500, {1, 3});
  const double exact = 2 * std::exp(-0.5);
  CHECK(std::abs(static_cast<double>(x[0]) - exact) < 1e-13);
  CHECK(std::abs(static_cast<double>(x[1]) - exact) < 1e-13);
}

TEST_CASE("Truth machine: a source's smooth pieces say what the source says") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    const double stop = random.logarithmic(1e-6, 1e3);
    const Source s = random_source(random, 2, stop, stop / 100);
    std::vector<double> ends = s.corners(stop);
    ends.insert(ends.begin(), 0);
    ends.push_back(stop);
    for (std::size_t k = 0; k + 1 < ends.size(); ++k) {
      const double inside = ends[k] + 0.5 * (ends[k + 1] - ends[k]);
      const Source::Piece piece = s.piece(ends[k], inside);
      const double t = ends[k] + 0.7 * (ends[k + 1] - ends[k]);
      const long double u = static_cast<long double>(t) - ends[k];
      long double value = piece.constant + piece.slope * u;
      for (const Source::Term& term : piece.terms)
        value += std::exp(term.sigma * u) *
                 (term.re * std::cos(term.omega * u) - term.im * std::sin(term.omega * u));
      CAPTURE(s.text());
      CHECK(std::abs(static_cast<double>(value) - s.value(t, inside)) < 1e-10);
    }
  }
}

TEST_CASE("Truth machine: the linear oracle knows RC, RL and LC circuits by heart") {
  const Source sine{Source::Kind::sine, {0, 5, 50, 0, 0, 0}};
  const double omega = 2 * pi * 50;
  SUBCASE("coil at the mains") {
    const double r = 10, l = 1e-3, z = std::hypot(r, omega * l), phase = std::atan2(omega * l, r);
    const Netlist netlist = circuit(0.1, {source('v', 1, 0, sine), part('r', 1, 2, r), part('l', 2, 0, l)});
    CHECK(largest_miss(netlist, 2, [&](double t) {
            return 5 / z * (std::sin(omega * t - phase) + std::sin(phase) * std::exp(-r / l * t));
          }) < 1e-13);
  }
  SUBCASE("step into an RC, jump included") {
    const Source step{Source::Kind::pwl, {0, 0, 0.25, 0, 0.25, 2}};
    const Netlist netlist =
        circuit(1, {source('v', 1, 0, step), part('r', 1, 2, 1e3), part('c', 2, 0, 1e-4)});
    CHECK(largest_miss(netlist, 2,
                       [](double t) { return t < 0.25 ? 0 : -2 * std::expm1(-(t - 0.25) / 0.1); }) < 1e-13);
    CHECK(largest_miss(netlist, 1, [](double t) { return t < 0.25 ? 0 : 2 * std::exp(-(t - 0.25) / 0.1); }) <
          1e-13);
  }
  SUBCASE("charge rings") {
    Netlist netlist = circuit(0.02, {part('c', 1, 0, 1e-6), part('l', 1, 0, 1e-2)});
    netlist.uic = true;
    netlist.elements[0].initial = 3;
    netlist.elements[1].initial = 0;
    CHECK(largest_miss(netlist, 0, [](double t) { return 3 * std::cos(1e4 * t); }) < 1e-11);
    CHECK(largest_miss(netlist, 1, [](double t) { return 3e-2 * std::sin(1e4 * t); }) < 1e-13);
  }
}

TEST_CASE("Truth machine: the linear oracle shares charge and flux in loops and cutsets") {
  const Source step{Source::Kind::pwl, {0, 0, 0.5, 0, 0.5, 3}};
  SUBCASE("a capacitive divider jumps with its source and leaks") {
    const Netlist netlist = circuit(
        1, {source('v', 1, 0, step), part('c', 1, 2, 2e-3), part('c', 2, 0, 1e-3), part('r', 2, 0, 100)});
    CHECK(largest_miss(netlist, 2, [](double t) { return t < 0.5 ? 0 : 2 * std::exp(-(t - 0.5) / 0.3); }) <
          1e-13);
  }
  SUBCASE("two coils share the current that a source drives through them") {
    const Netlist netlist =
        circuit(1, {source('i', 0, 1, step), part('l', 1, 0, 2), part('l', 1, 2, 1), part('r', 2, 0, 5)});
    CHECK(largest_miss(netlist, 2, [](double t) { return t < 0.5 ? 0 : 2 * std::exp(-(t - 0.5) * 5 / 3); }) <
          1e-13);
  }
  SUBCASE("coupled coils in series are one of L1 + L2 + 2 M") {
    Netlist netlist =
        circuit(1, {source('v', 1, 0, {Source::Kind::dc, {2}}), part('l', 1, 2, 2), part('l', 2, 0, 0.5)});
    netlist.elements.push_back({'k', "k1", 1, 2, 0.5});
    netlist.uic = true;
    netlist.elements[1].initial = netlist.elements[2].initial = 0;
    CHECK(largest_miss(netlist, 1, [](double t) { return 2 / 3.5 * t; }) < 1e-13);
  }
}

TEST_CASE("Truth machine: circuits without a unique solution are no cases") {
  const Source one{Source::Kind::dc, {1}};
  CHECK(LinearOracle::objection(circuit(1, {source('v', 1, 0, one), source('v', 1, 0, one)})) != "");
  CHECK(LinearOracle::objection(circuit(1, {source('i', 1, 0, one), part('c', 1, 0, 1)})) != "");
  CHECK(LinearOracle::objection(circuit(1, {source('v', 1, 0, one), part('l', 1, 0, 1)})) != "");
  CHECK(LinearOracle::objection(
            circuit(1, {source('v', 1, 0, one), part('l', 1, 2, 1), part('r', 2, 0, 1)})) == "");
}

TEST_CASE("Truth machine: the network reference repeats the closed form of one memristor") {
  std::size_t checked = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Random random(seed);
    const Netlist netlist = memristor_netlist(random);
    const MemristorOracle oracle(netlist);
    if (oracle.amplification() > 1e3) continue;
    const NetworkModel model(netlist);
    const std::vector<double> times = evenly(netlist.stop, 50);
    const Eigen::MatrixXd states = reference_states(model, model.initial(), times);
    if (states.size() == 0) continue;
    const std::vector<double> exact = oracle.states(times);
    double worst = 0;
    for (std::size_t i = 0; i < times.size(); ++i)
      worst = std::max(worst, std::abs(states(0, static_cast<Eigen::Index>(i)) - exact[i]));
    CAPTURE(seed);
    CAPTURE(netlist.cards());
    CHECK(worst < 1e-7);
    ++checked;
  }
  CHECK(checked > 120);
}

TEST_CASE("Truth machine: reference and yardstick agree on networks as far as their tolerances go") {
  std::vector<double> misses;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    const Netlist netlist = network_netlist(random);
    if (!NetworkModel::fits(netlist)) continue;
    const NetworkModel model(netlist);
    const std::vector<double> times = evenly(netlist.stop, 20);
    const Eigen::MatrixXd states = reference_states(model, model.initial(), times);
    const Eigen::MatrixXd others = yardstick_states(model, times, 1e-10);
    if (states.size() == 0 || others.size() == 0) continue;
    misses.push_back((states - others).cwiseAbs().maxCoeff());
  }
  std::sort(misses.begin(), misses.end());
  REQUIRE(misses.size() > 40);
  CHECK(misses[misses.size() / 2] < 1e-8);
  CHECK(misses[misses.size() * 9 / 10] < 1e-5);  // some networks amplify errors
}

TEST_CASE("Truth machine: the Jacobian of networks is the derivative of their drive") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    const Netlist netlist = network_netlist(random);
    if (!NetworkModel::fits(netlist)) continue;
    const NetworkModel model(netlist);
    const Eigen::VectorXd w = Eigen::VectorXd::Constant(static_cast<Eigen::Index>(model.size()), 0.4);
    const double t = 0.3 * model.segments()[1];
    Eigen::VectorXd f, up, down;
    Eigen::MatrixXd jacobian;
    model.drive(t, 0, w, f, &jacobian);
    const double size = jacobian.cwiseAbs().maxCoeff() + 1e-300;
    for (Eigen::Index k = 0; k < w.size(); ++k) {
      Eigen::VectorXd moved = w;
      moved[k] += 1e-5;
      model.drive(t, 0, moved, up);
      moved[k] -= 2e-5;
      model.drive(t, 0, moved, down);
      CHECK(((up - down) / 2e-5 - jacobian.col(k)).cwiseAbs().maxCoeff() < 1e-5 * size);
    }
  }
}
