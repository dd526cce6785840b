#include "network/flow/collocation_pass.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

namespace {

constexpr std::size_t devices_at_once = 512;  // by one of the team

}  // namespace

void CollocationCourse::allocate(std::size_t rows, std::span<const double> states) {
  state.assign(states.begin(), states.end());
  potential.assign(rows, 0.0);
  potentials.assign(rows * DrivenStates::nodes, 0.0);
  point.resize(states.size());
  end_point.resize(states.size());
  voltage.resize(states.size());
  this->states.resize(states.size());
  tolerance.resize(states.size());
  way.resize(states.size());
  met.assign(states.size(), 0);
}

DrivenStates::Step CollocationCourse::step_of(std::size_t first, std::size_t count) const {
  return {.length = length,
          .voltage = std::span(voltage).subspan(first, count),
          .begin = std::span(state).subspan(first, count),
          .point = std::span(point).subspan(first, count),
          .tolerance = std::span(tolerance).subspan(first, count)};
}

CollocationPass::CollocationPass(const FlowNetwork& network, std::vector<Devices> devices, Team& team)
    : network_(network), devices_(std::move(devices)), team_(team) {}

void CollocationPass::allocate() {
  const std::size_t count = network_.memristors.size();
  known_.resize(count);
  given_.conductance.resize(count * nodes);
  given_.waves.resize(network_.waves.size());
  begin_waves_.resize(network_.waves.size());
}

/// Of the nodes too.
void CollocationPass::freeze(std::span<const double> states) {
  const std::size_t count = states.size();
  find_conductances(states, std::span(given_.conductance).first(count));
  for (std::size_t c = 1; c < nodes; ++c)
    std::copy_n(given_.conductance.begin(), count,
                given_.conductance.begin() + static_cast<std::ptrdiff_t>(c * count));
  for (std::size_t k = 0; k < count; ++k) known_[k].fill(states[k]);
}

void CollocationPass::set_waves(const std::array<double, nodes>& times, double inside) {
  for (std::size_t s = 0; s < given_.waves.size(); ++s)
    for (std::size_t c = 0; c < nodes; ++c)
      given_.waves[s][c] = network_.waves[s].function.value(times[c], inside);
}

template <class Work>
void CollocationPass::for_each_block(const Work& work) {
  team_.share_ranges(network_.memristors.size(), devices_at_once, work);
}

/// V, in series with a memristor: at the beginning of the step, or at a node.
double CollocationPass::emf(std::size_t k, std::size_t node) const {
  double sum = network_.memristor_emf.constant[k];
  for (const SourceSums::Term& term : network_.memristor_emf.of(k))
    sum += term.factor * (node == 0 ? begin_waves_[term.wave] : given_.waves[term.wave][node - 1]);
  return sum;
}

void CollocationPass::gather_voltages(CollocationCourse& now, std::size_t first, std::size_t last) {
  for (std::size_t k = first; k < last; ++k) {
    const double* plus = now.potentials.data() + std::size_t{network_.memristors.plus[k]} * nodes;
    const double* minus = now.potentials.data() + std::size_t{network_.memristors.minus[k]} * nodes;
    for (std::size_t c = 0; c < nodes; ++c) now.voltage[k][c + 1] = plus[c] - minus[c] + emf(k, c + 1);
  }
}

/// A pass over the devices for the voltages as they are. Returns the largest change of a state at a node, in
/// tolerances.
double CollocationPass::follow(CollocationCourse& now) {
  const std::size_t count = now.state.size();
  largest_.assign((count + devices_at_once - 1) / devices_at_once, 0.0);
  for_each_block([&](std::size_t from, std::size_t to) {
    gather_voltages(now, from, to);
    double largest = 0;
    std::size_t first = 0;
    for (const Devices& of : devices_) {
      const std::size_t begin = std::max(from, first), end = std::min(to, first + of.count);
      if (begin < end) {
        DrivenStates::Path path{.state = std::span(now.states).subspan(first, of.count),
                                .conductance = std::span(given_.conductance).subspan(first),
                                .stride = count,
                                .known = std::span(known_).subspan(first, of.count),
                                .way = std::span(now.way).subspan(first, of.count),
                                .met = std::span(now.met).subspan(first, of.count)};
        largest = std::max(largest,
                           of.driven->follow(now.step_of(first, of.count), begin - first, end - first, path));
      }
      first += of.count;
    }
    largest_[from / devices_at_once] = largest;
  });
  return *std::ranges::max_element(largest_);
}

/// The memristors from `from` on.
void CollocationPass::look(std::size_t from, std::span<const double> state, std::span<const double> volts,
                           std::span<DrivenStates::Point> point) const {
  std::size_t first = 0;
  for (const Devices& of : devices_) {
    const std::size_t begin = std::max(from, first), end = std::min(from + state.size(), first + of.count);
    if (begin < end)
      of.driven->look(begin - first, state.subspan(begin - from, end - begin),
                      volts.subspan(begin - from, end - begin), point.subspan(begin - from, end - begin));
    first += of.count;
  }
}

void CollocationPass::look_at_end(CollocationCourse& now) {
  for_each_block([&](std::size_t from, std::size_t to) {
    gather_voltages(now, from, to);
    std::vector<double> state(to - from), volts(to - from);
    for (std::size_t k = from; k < to; ++k) {
      state[k - from] = now.states[k][nodes - 1];
      volts[k - from] = now.voltage[k][nodes];
    }
    look(from, state, volts, std::span(now.end_point).subspan(from));
  });
}

void CollocationPass::find_conductances(std::span<const double> states, std::span<double> conductance) const {
  std::size_t first = 0;
  for (const Devices& of : devices_) {
    of.driven->conductances(states.subspan(first, of.count), conductance.subspan(first, of.count));
    first += of.count;
  }
}

void CollocationPass::trace(const CollocationCourse& course, std::size_t k, std::span<const double> tau,
                            std::span<double> state) const {
  std::size_t first = 0;
  for (const Devices& of : devices_) {
    if (k < first + of.count) return of.driven->trace(course.step_of(first, of.count), k - first, tau, state);
    first += of.count;
  }
}

}  // namespace memspice::network
