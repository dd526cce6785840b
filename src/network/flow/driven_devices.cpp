#include "network/flow/driven_devices.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

namespace {

constexpr std::size_t devices_at_once = 512;  // by one of the team

DrivenStates::Step step_of(const CollocationCourse& course, std::size_t first, std::size_t count) {
  return {.length = course.length,
          .voltage = std::span(course.voltage).subspan(first, count),
          .begin = std::span(course.state).subspan(first, count),
          .point = std::span(course.point).subspan(first, count),
          .tolerance = std::span(course.tolerance).subspan(first, count)};
}

}  // namespace

void DrivenDevices::conductances(std::span<const double> states, std::span<double> conductance) const {
  std::size_t first = 0;
  for (const Population& of : populations_) {
    of.driven->conductances(states.subspan(first, of.count), conductance.subspan(first, of.count));
    first += of.count;
  }
}

/// V, in series with a memristor: at a node, or at the beginning, 0.
double DrivenDevices::emf(std::size_t k, const CollocationCourse& course, const Given* given,
                          std::size_t node) const {
  double sum = network_.memristor_emf.constant[k];
  for (const SourceSums::Term& term : network_.memristor_emf.of(k))
    sum += term.factor * (node == 0 ? course.waves[term.wave] : given->network.waves[term.wave][node - 1]);
  return sum;
}

void DrivenDevices::look_at_begin(CollocationCourse& course) const {
  std::vector<double> volts(count());
  for (std::size_t k = 0; k < count(); ++k)
    volts[k] = course.voltage[k][0] = course.potential[network_.memristors.plus[k]] -
                                      course.potential[network_.memristors.minus[k]] +
                                      emf(k, course, nullptr, 0);
  look(0, course.state, volts, course.point);
}

void DrivenDevices::gather_voltages(CollocationCourse& course, const Given& given, std::size_t first,
                                    std::size_t last) const {
  for (std::size_t k = first; k < last; ++k) {
    const double* plus = course.potentials.data() + std::size_t{network_.memristors.plus[k]} * nodes;
    const double* minus = course.potentials.data() + std::size_t{network_.memristors.minus[k]} * nodes;
    for (std::size_t c = 0; c < nodes; ++c)
      course.voltage[k][c + 1] = plus[c] - minus[c] + emf(k, course, &given, c + 1);
  }
}

double DrivenDevices::follow(CollocationCourse& course, Given& given) {
  largest_.assign((count() + devices_at_once - 1) / devices_at_once, 0.0);
  team_.share_ranges(count(), devices_at_once, [&](std::size_t from, std::size_t to) {
    gather_voltages(course, given, from, to);
    double largest = 0;
    std::size_t first = 0;
    for (const Population& of : populations_) {
      const std::size_t begin = std::max(from, first), end = std::min(to, first + of.count);
      if (begin < end) {
        DrivenStates::Path path{.state = std::span(course.states).subspan(first, of.count),
                                .conductance = std::span(given.network.conductance).subspan(first),
                                .stride = count(),
                                .known = std::span(given.states).subspan(first, of.count),
                                .way = std::span(course.way).subspan(first, of.count),
                                .met = std::span(course.met).subspan(first, of.count)};
        largest = std::max(
            largest, of.driven->follow(step_of(course, first, of.count), begin - first, end - first, path));
      }
      first += of.count;
    }
    largest_[from / devices_at_once] = largest;
  });
  return *std::ranges::max_element(largest_);
}

void DrivenDevices::look(std::size_t from, std::span<const double> state, std::span<const double> volts,
                         std::span<DrivenStates::Point> point) const {
  std::size_t first = 0;
  for (const Population& of : populations_) {
    const std::size_t begin = std::max(from, first), end = std::min(from + state.size(), first + of.count);
    if (begin < end)
      of.driven->look(begin - first, state.subspan(begin - from, end - begin),
                      volts.subspan(begin - from, end - begin), point.subspan(begin - from, end - begin));
    first += of.count;
  }
}

void DrivenDevices::look_at_end(CollocationCourse& course, const Given& given,
                                std::span<DrivenStates::Point> point) const {
  team_.share_ranges(count(), devices_at_once, [&](std::size_t from, std::size_t to) {
    gather_voltages(course, given, from, to);
    std::vector<double> state(to - from), volts(to - from);
    for (std::size_t k = from; k < to; ++k) {
      state[k - from] = course.states[k][nodes - 1];
      volts[k - from] = course.voltage[k][nodes];
    }
    look(from, state, volts, point.subspan(from));
  });
}

void DrivenDevices::trace(const CollocationCourse& course, std::span<const double> tau,
                          std::span<const std::uint32_t> which, std::span<double> states) const {
  std::vector<std::array<double, nodes + 1>> weight;
  for (const double at : tau) weight.push_back(radau::weights_at(at));
  std::vector<double> traced(tau.size());
  std::size_t population = 0, first = 0;
  for (std::size_t i = 0; i < which.size(); ++i) {
    const std::size_t k = which[i];
    while (k >= first + populations_[population].count) first += populations_[population++].count;
    if (course.way[k] == DrivenStates::Way::pieces)
      populations_[population].driven->trace(step_of(course, first, populations_[population].count),
                                             k - first, tau, traced);
    else
      for (std::size_t r = 0; r < tau.size(); ++r) {
        traced[r] = weight[r][0] * course.state[k];
        for (std::size_t c = 0; c < nodes; ++c) traced[r] += weight[r][c + 1] * course.states[k][c];
      }
    for (std::size_t r = 0; r < tau.size(); ++r) states[r * which.size() + i] = traced[r];
  }
}

}  // namespace memspice::network
