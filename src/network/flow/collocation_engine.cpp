#include <algorithm>
#include <cmath>

#include "network/flow/collocation_engine.hpp"

namespace memspice::network {

void CollocationEngine::find_states(std::span<const double> times, std::span<const std::uint32_t> which,
                                    std::span<double> states) {
  const std::size_t count = which.size();
  const Step step = last_step();
  std::vector<std::array<double, nodes + 1>> weight;
  std::vector<double> tau, traced;
  std::size_t from = 0;  // of times: the first within the step
  while (from < times.size() && !(step.made && times[from] > step.begin)) ++from;
  std::size_t to = from;
  for (; to < times.size() && times[to] < step.end; ++to) {
    tau.push_back(step.tau(times[to]));
    weight.push_back(radau::weights_at(tau.back()));
  }
  traced.resize(tau.size());
  const std::vector<double>& begin = step.made ? flow_.last().state : flow_.next().state;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t k = which[i];
    for (std::size_t r = 0; r < from; ++r) states[r * count + i] = begin[k];
    for (std::size_t r = to; r < times.size(); ++r) states[r * count + i] = flow_.next().state[k];
    if (tau.empty()) continue;
    if (flow_.last().way[k] == DrivenStates::Way::pieces)
      flow_.devices().trace(flow_.last(), k, tau, traced);
    else
      for (std::size_t r = 0; r < tau.size(); ++r) {
        traced[r] = weight[r][0] * flow_.last().state[k];
        for (std::size_t c = 0; c < nodes; ++c) traced[r] += weight[r][c + 1] * flow_.last().states[k][c];
      }
    for (std::size_t r = 0; r < tau.size(); ++r) states[(from + r) * count + i] = traced[r];
  }
}

double CollocationEngine::potential_of(const std::array<double, nodes + 1>& weight, std::size_t row) const {
  double sum = weight[0] * flow_.last().potential[row];
  for (std::size_t c = 0; c < nodes; ++c) sum += weight[c + 1] * flow_.last().potentials[row * nodes + c];
  return sum;
}

void CollocationEngine::foresee(const Instants& tau, std::span<double> potential) const {
  std::array<std::array<double, nodes + 1>, instants_at_once> weight{};
  std::ranges::transform(tau, weight.begin(), radau::weights_at);
  for (std::size_t row = 0; row < rows_; ++row)
    for (std::size_t c = 0; c < instants_at_once; ++c)
      potential[row * instants_at_once + c] =
          flow_.has_stepped() ? potential_of(weight[c], row) : flow_.next().potential[row];
}

double CollocationEngine::foresee(double tau, std::size_t row) const {
  return flow_.has_stepped() ? potential_of(radau::weights_at(tau), row) : flow_.next().potential[row];
}

double CollocationEngine::largest_potential(std::size_t row) const {
  const CollocationCourse& course = flow_.has_stepped() ? flow_.last() : flow_.next();
  double largest = std::abs(course.potential[row]);
  for (std::size_t c = 0; c < nodes; ++c)
    largest = std::max(largest, std::abs(course.potentials[row * nodes + c]));
  return largest;
}

bool CollocationEngine::bends() const {
  return std::ranges::find(flow_.last().way, DrivenStates::Way::pieces) != flow_.last().way.end();
}

}  // namespace memspice::network
