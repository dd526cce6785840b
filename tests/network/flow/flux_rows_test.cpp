// States within steps of a network: many times in one pass against each alone.
#include "network/flow/flux_rows.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace memspice;
using namespace memspice::network;

namespace {

Team one_thread_of_rows;

void connect(FlowEnds& ends, std::uint32_t plus, std::uint32_t minus) {
  ends.plus.push_back(plus);
  ends.minus.push_back(minus);
}

void append_emf(SourceSums& sums, double constant, const std::vector<SourceSums::Term>& terms) {
  if (sums.begin.empty()) sums.begin.push_back(0);
  sums.constant.push_back(constant);
  sums.terms.insert(sums.terms.end(), terms.begin(), terms.end());
  sums.begin.push_back(static_cast<std::uint32_t>(sums.terms.size()));
}

/// A ring of 40 memristors of all kinds with sources in them: constants, a sine of 1 Hz, and a pulse with
/// corners.
FlowNetwork make_ring(double amplitude, double pulse, double largest_alpha) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> unit(0, 1);
  FlowNetwork ring;
  ring.rows = 40;
  SourceFunction sine, corners;
  sine.kind = SourceFunction::Kind::sine;
  sine.values = {0, 1, 1, 0, 0, 0};
  corners.kind = SourceFunction::Kind::pulse;
  corners.values = {0, 1, 0.1, 0.02, 0.03, 0.2, 0.5};
  sine.resolve(0.01, 2);
  corners.resolve(0.01, 2);
  ring.waves = {{sine, 20 * amplitude}, {corners, 20 * pulse}};
  for (std::uint32_t k = 0; k < ring.rows; ++k) {
    connect(ring.memristors, k, (k + 1) % 40);
    const double gain = unit(random) < 0.5 ? 1 : -1;
    const double alpha = largest_alpha * (2 * unit(random) - 1);
    ring.add_law(
        {.excess = 15, .gain = gain, .conductance = 0.01, .alpha = alpha, .voltage_control = k >= 32});
    append_emf(ring.memristor_emf, 0.02 * unit(random),
               {{0, amplitude * unit(random)}, {1, pulse * unit(random)}});
  }
  ring.resistor_emf.begin = ring.injected.begin = {0};
  return ring;
}

/// The largest difference of a state at 19 times a step between passes of many times and FluxStep alone over
/// [0, τ], for voltages whose sources are projected there.
double largest_difference(const FlowNetwork& network) {
  GalerkinFlow flow(network, {.tolerance = 1e-4, .stop = 2, .longest = 0.1},
                    ResidualMinimiser::Choice::factor, one_thread_of_rows);
  std::mt19937 random(4);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<double> w(network.memristors.size());
  for (double& state : w) state = unit(random);
  flow.start(0, w);
  FluxRows rows(network, flow);
  FluxPass::Sources sources(network);
  const std::vector<std::uint32_t> asked{1, 5, 17, 30, 33, 39};
  double largest = 0;
  while (flow.time() < 2) {
    REQUIRE(flow.step() == GalerkinFlow::Outcome::advanced);
    const GalerkinFlow::Step step = flow.last_step();
    std::vector<double> times;
    for (int i = 0; i <= 20; ++i) times.push_back(step.begin + (step.end - step.begin) * i / 20);
    std::vector<double> found(times.size() * asked.size());
    rows.find(times, asked, found);
    for (std::size_t r = 1; r < times.size(); ++r) {
      const double length = times[r] - step.begin;
      std::vector<double> potential(step.potential.begin(), step.potential.end());
      transfer<FluxPass::K>(0, length / step.h, potential);
      sources.project(step.begin, length, FluxPass::Q);
      for (std::size_t i = 0; i < asked.size(); ++i) {
        const std::size_t k = asked[i];
        FluxPass::Sources::Coefficients voltage{};
        FluxPass::Sources::add(network.memristor_emf, k, sources.coefficients(), voltage);
        for (std::size_t j = 0; j < FluxPass::K; ++j)
          voltage[j] += potential[network.memristors.plus[k] * FluxPass::K + j] -
                        potential[network.memristors.minus[k] * FluxPass::K + j];
        const FluxLaw law = network.law(k);
        const double end = FluxStep<FluxPass::Q>(law, length, voltage.data()).integrate(step.first[k]).end;
        largest = std::max(largest, std::abs(found[r * asked.size() + i] - law.state(end)));
      }
    }
  }
  return largest;
}

}  // namespace

TEST_CASE("states within a step are those of each memristor alone up to there") {
  CHECK(largest_difference(make_ring(0, 0, 0)) < 1e-12);
  CHECK(largest_difference(make_ring(0, 0, 0.2)) < 1e-8);
  // A thousandth of the tolerance that a step aims at is left to the projection of the sources.
  CHECK(largest_difference(make_ring(0.3, 0, 0)) < 3e-8);
}

TEST_CASE(
    "states within a step are as exact where memristors meet bounds, drift fast or corners are gone over") {
  CHECK(largest_difference(make_ring(20, 0, 0)) < 3e-8);
  CHECK(largest_difference(make_ring(20, 0, 5)) < 1e-6);
  CHECK(largest_difference(make_ring(0.1, 0.003, 0.1)) < 3e-8);
}
