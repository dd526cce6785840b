#include "network/flow/collocation_engine.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace memspice::network {

CollocationEngine::CollocationEngine(const FlowNetwork& network,
                                     std::vector<DrivenDevices::Population> devices,
                                     const CollocationFlow::Limits& limits,
                                     LaplacianPreconditioner::Choice choice, Team& team)
    : network_(network),
      flow_(network, std::move(devices), limits, choice, team),
      all_(network.memristors.size()) {
  std::iota(all_.begin(), all_.end(), 0U);
}

void CollocationEngine::find_states(std::span<const double> times, std::span<const std::uint32_t> which,
                                    std::span<double> states) {
  const std::size_t count = which.size();
  const Step step = last_step();
  std::vector<double> tau;
  std::size_t from = 0;  // of times: the first within the step
  while (from < times.size() && !(step.made && times[from] > step.begin)) ++from;
  std::size_t to = from;
  for (; to < times.size() && times[to] < step.end; ++to) tau.push_back(step.tau(times[to]));
  const std::vector<double>& begin = step.made ? flow_.last().state : flow_.now().state;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t r = 0; r < from; ++r) states[r * count + i] = begin[which[i]];
    for (std::size_t r = to; r < times.size(); ++r) states[r * count + i] = flow_.now().state[which[i]];
  }
  if (!tau.empty()) flow_.devices().trace(flow_.last(), tau, which, states.subspan(from * count));
}

void CollocationEngine::foresee(double tau, std::span<double> potential, std::size_t stride) const {
  if (!last_step().made) {
    for (std::size_t row = 0; row < network_.rows; ++row)
      potential[row * stride] += flow_.now().potential[row];
    return;
  }
  const CollocationCourse& last = flow_.last();
  const auto weight = radau::weights_at(tau);
  for (std::size_t row = 0; row < network_.rows; ++row) {
    double sum = weight[0] * last.potential[row];
    for (std::size_t c = 0; c < nodes; ++c) sum += weight[c + 1] * last.potentials[row * nodes + c];
    potential[row * stride] += sum;
  }
}

double CollocationEngine::foresee(double tau, std::size_t row) const {
  if (!last_step().made) return flow_.now().potential[row];
  const CollocationCourse& last = flow_.last();
  const auto weight = radau::weights_at(tau);
  double sum = weight[0] * last.potential[row];
  for (std::size_t c = 0; c < nodes; ++c) sum += weight[c + 1] * last.potentials[row * nodes + c];
  return sum;
}

double CollocationEngine::largest_potential(std::size_t row) const {
  const CollocationCourse& course = last_step().made ? flow_.last() : flow_.now();
  double largest = std::abs(course.potential[row]);
  for (std::size_t c = 0; c < nodes; ++c)
    largest = std::max(largest, std::abs(course.potentials[row * nodes + c]));
  return largest;
}

bool CollocationEngine::bends() const {
  return std::ranges::find(flow_.last().way, DrivenStates::Way::pieces) != flow_.last().way.end();
}

}  // namespace memspice::network
