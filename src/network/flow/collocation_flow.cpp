#include "network/flow/collocation_flow.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

namespace {

constexpr std::size_t nodes = DrivenStates::nodes;
constexpr double collocation_aim = 0.1;    // of the tolerance: errors add up, and thresholds amplify them
constexpr double voltage_share = 0.1;      // of the aim, which voltages between nodes may cost
constexpr double pass_share = 0.1;         // the same, of what a pass may leave
constexpr double potential_share = 0.03;   // the same, of potentials that are not solved to rounding
constexpr double best_contraction = 0.35;  // longer steps need more passes, shorter ones are more
constexpr int most_passes = 25;
constexpr int most_crawling = 500;  // steps, one after the other, that are short for the passes' sake
constexpr int most_collocation_failures = 12;
constexpr double shortest_collocation = 1e-10;  // of the run

std::vector<std::uint32_t> joined_rows(const std::vector<std::uint32_t>& a,
                                       const std::vector<std::uint32_t>& b) {
  std::vector<std::uint32_t> all = a;
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

double least_period(const FlowNetwork& network) {
  double period = infinity;
  for (const SharedWave& wave : network.waves) period = std::min(period, wave.function.shortest_period());
  return period;
}

}  // namespace

CollocationFlow::CollocationFlow(const FlowNetwork& network, std::vector<DrivenDevices::Population> devices,
                                 const Limits& limits, LaplacianPreconditioner::Choice choice, Team& team)
    : network_(network),
      devices_(network, std::move(devices), team),
      limits_(limits),
      linear_{{network.rows, joined_rows(network.memristors.plus, network.resistors.plus),
               joined_rows(network.memristors.minus, network.resistors.minus), choice, team},
              {network, linear_.inverse},
              {},
              true} {
  limits_.relative *= collocation_aim;
  limits_.absolute *= collocation_aim;
  limits_.longest = std::min(limits.longest, least_period(network) / 8);
}

void CollocationFlow::start(double t, std::span<const double> states) {
  const std::size_t count = states.size();
  time_ = last_.begin = t;
  for (CollocationCourse* course : {&now_, &last_}) {
    course->waves.resize(network_.waves.size());
    course->state.assign(states.begin(), states.end());
    course->potential.assign(network_.rows, 0.0);
    course->potentials.assign(network_.rows * nodes, 0.0);
    course->point.resize(count);
    course->voltage.resize(count);
    course->states.resize(count);
    course->tolerance.resize(count);
    course->way.resize(count);
    course->met.assign(count, 0);
  }
  end_point_.resize(count);
  given_.states.resize(count);
  given_.network.conductance.resize(count * nodes);
  given_.network.waves.resize(network_.waves.size());
  length_.h = std::min({limits_.stop / 1000, least_period(network_) / 100, limits_.longest});
  length_.begins_anew = true;
  devices_.conductances(states, std::span(given_.network.conductance).first(count));
  factorise(std::span(given_.network.conductance).first(count));
}

/// Begins at a corner of the sources: potentials jump, and the devices' rates.
void CollocationFlow::set_out() {
  const std::size_t count = now_.state.size();
  devices_.conductances(now_.state, std::span(given_.network.conductance).first(count));
  for (std::size_t c = 1; c < nodes; ++c)
    std::copy_n(given_.network.conductance.begin(), count,
                given_.network.conductance.begin() + static_cast<std::ptrdiff_t>(c * count));
  for (std::size_t k = 0; k < count; ++k) given_.states[k].fill(now_.state[k]);
  if (linear_.age.is_stale(linear_.inverse)) factorise(std::span(given_.network.conductance).first(count));
  if (!linear_.regular) return;
  set_waves({time_, time_, time_});
  for (std::size_t s = 0; s < now_.waves.size(); ++s) now_.waves[s] = given_.network.waves[s][0];
  for (std::size_t row = 0; row < network_.rows; ++row)
    for (std::size_t c = 0; c < nodes; ++c) now_.potentials[row * nodes + c] = now_.potential[row];
  linear_.solver.solve(given_.network, now_.potentials);
  for (std::size_t row = 0; row < network_.rows; ++row) now_.potential[row] = now_.potentials[row * nodes];
  devices_.look_at_begin(now_);
  passes_.sensitivity = 0;
}

/// Sources have the values of the smooth piece before the next corner.
void CollocationFlow::set_waves(const std::array<double, nodes>& times) {
  const double inside = 0.5 * (time_ + std::min(length_.corner, time_ + 2 * length_.h));
  for (std::size_t s = 0; s < given_.network.waves.size(); ++s)
    for (std::size_t c = 0; c < nodes; ++c)
      given_.network.waves[s][c] = network_.waves[s].function.value(times[c], inside);
}

void CollocationFlow::choose_length() {
  length_.corner = limits_.stop;
  for (const SharedWave& wave : network_.waves)
    length_.corner = std::min(length_.corner, wave.function.next_breakpoint(time_ * (1 + 1e-12)));
  if (length_.corner > limits_.stop * (1 - 1e-12)) length_.corner = limits_.stop;
  const double rest = length_.corner - time_;
  now_.begin = time_;
  now_.length = std::min(length_.h, limits_.longest);
  if (now_.length > rest * (1 - 1e-9))
    now_.length = rest;
  else if (rest < 1.5 * now_.length)
    now_.length = rest / 2;
}

/// Potentials and states at the nodes go on as in the last step, behind a corner as if nothing moved.
void CollocationFlow::predict() {
  std::array<double, nodes> times{};
  for (std::size_t c = 0; c < nodes; ++c) times[c] = time_ + radau::node[c + 1] * now_.length;
  std::ranges::fill(now_.way, DrivenStates::Way::whole);
  set_waves(times);
  if (length_.begins_anew) {
    for (std::size_t row = 0; row < network_.rows; ++row)
      for (std::size_t c = 0; c < nodes; ++c) now_.potentials[row * nodes + c] = now_.potential[row];
    for (std::size_t k = 0; k < given_.states.size(); ++k) now_.states[k].fill(now_.state[k]);
    solve_potentials();
    return;
  }
  std::array<std::array<double, nodes + 1>, nodes> weight{};
  for (std::size_t c = 0; c < nodes; ++c)
    weight[c] = radau::weights_at(1 + radau::node[c + 1] * now_.length / last_.length);
  for (std::size_t row = 0; row < network_.rows; ++row)
    for (std::size_t c = 0; c < nodes; ++c) {
      double sum = weight[c][0] * last_.potential[row];
      for (std::size_t i = 0; i < nodes; ++i) sum += weight[c][i + 1] * last_.potentials[row * nodes + i];
      now_.potentials[row * nodes + c] = sum;
    }
  for (std::size_t k = 0; k < given_.states.size(); ++k) {
    const bool straight = last_.way[k] == DrivenStates::Way::whole;
    for (std::size_t c = 0; c < nodes; ++c) {
      double sum = weight[c][0] * last_.state[k];
      for (std::size_t i = 0; i < nodes; ++i) sum += weight[c][i + 1] * last_.states[k][i];
      now_.states[k][c] = straight ? sum : now_.state[k];
    }
  }
}

void CollocationFlow::solve_potentials() {
  constexpr long usual = 3;
  const long before = linear_.solver.iterations();
  linear_.solver.solve(given_.network, passes_.potential_tolerance, now_.potentials);
  linear_.age.note_excess(linear_.solver.iterations() - before - usual);
}

/// Passes until the potentials' last change no longer moves a state. How much of a change the next pass
/// leaves is known from the passes so far.
bool CollocationFlow::solve_step() {
  double largest = 0;
  for (const double p : now_.potential) largest = std::max(largest, std::abs(p));
  passes_.potential_tolerance = limits_.relative * largest;
  if (passes_.sensitivity > 0)
    passes_.potential_tolerance =
        std::min(passes_.potential_tolerance, potential_share / (passes_.sensitivity * now_.length));
  const double least = 1e-13 * largest;
  passes_.potential_tolerance = std::max(passes_.potential_tolerance, least);
  predict();
  // What a pass leaves grows with the length of the step.
  passes_.contraction = std::clamp(passes_.contraction_rate * now_.length, 0.05, 0.9);
  passes_.contraction_rate *= 0.7;  // unless it is measured
  double last = infinity;
  for (int pass = 0; pass < most_passes; ++pass) {
    ++statistics_.passes;
    const double change = devices_.follow(now_, given_);
    if (!(change < 1e100)) return false;
    if (pass > 0) {
      const double rate = change / last;
      if (pass > 1) {  // the first change is that of a guess
        passes_.contraction = std::clamp(rate, 0.01, 1.0);
        passes_.contraction_rate = passes_.contraction / now_.length;
      }
      if (change * passes_.contraction <= pass_share * (1 - passes_.contraction)) {
        solve_potentials();
        return true;
      }
      if (pass > 3 && rate > 0.9) return false;
      // Where passes do not settle potentials may not be solved well enough for the devices of this step.
      if (pass > 5) passes_.potential_tolerance = std::max(least, 0.1 * passes_.potential_tolerance);
    }
    last = change;
    solve_potentials();
  }
  return false;
}

/// What voltages between the nodes cost a state, in tolerances: by how much their parabolas through the nodes
/// miss the voltages at the beginning.
double CollocationFlow::error_of_voltages() {
  constexpr double largest_integral = 0.07;
  double largest = 0;
  passes_.sensitivity *= 0.5;
  for (std::size_t k = 0; k < now_.state.size(); ++k) {
    const double sensitivity =
        std::max(now_.point[k].sensitivity, end_point_[k].sensitivity) / now_.tolerance[k];
    passes_.sensitivity = std::max(passes_.sensitivity, sensitivity);
    largest = std::max(largest, sensitivity * std::abs(radau::miss_at_begin(now_.voltage[k])));
  }
  return largest_integral * now_.length * largest;
}

FlowEngine::Outcome CollocationFlow::step() {
  for (;;) {
    choose_length();
    if (length_.begins_anew) {
      set_out();
      if (!linear_.regular) return FlowEngine::Outcome::no_step;
    }
    for (std::size_t k = 0; k < now_.state.size(); ++k) {
      constexpr double least = 0.02;  // of the range
      const DrivenStates::Point& point = now_.point[k];
      now_.tolerance[k] =
          limits_.relative * std::max(point.rest, least * point.range) + limits_.absolute * point.range;
    }
    const bool shorter_than_wanted = now_.length < 0.999 * length_.h;
    if (!solve_step()) {
      ++statistics_.failed;
      length_.h = 0.4 * now_.length;
      passes_.contraction_rate = std::max(passes_.contraction_rate, 0.3 / length_.h);
      if (++length_.failures > most_collocation_failures || length_.h < shortest_collocation * limits_.stop)
        return FlowEngine::Outcome::no_step;
      continue;
    }
    devices_.look_at_end(now_, given_, end_point_);
    const double error = error_of_voltages() / voltage_share;
    const double factor = error > 0 ? 0.9 * std::pow(error, -0.25) : 2.5;
    if (error > 1.5 && now_.length > shortest_collocation * limits_.stop) {
      ++statistics_.rejected;
      length_.h = now_.length * std::clamp(factor, 0.2, 0.8);
      continue;
    }
    const double by_passes = std::max(0.5, best_contraction / passes_.contraction);
    const double growth = std::min(factor, by_passes);
    length_.crawling = by_passes < 1 && factor > 2 ? length_.crawling + 1 : 0;
    if (length_.crawling > most_crawling) return FlowEngine::Outcome::no_step;
    const double next = now_.length * std::clamp(growth, 0.3, 2.5);
    length_.h =
        shorter_than_wanted && next < length_.h ? std::max(next, std::min(length_.h, 3 * now_.length)) : next;
    accept();
    return FlowEngine::Outcome::advanced;
  }
}

/// The step ends, and the next one begins there.
void CollocationFlow::accept() {
  length_.failures = 0;
  ++statistics_.steps;
  const bool at_corner = now_.begin + now_.length >= length_.corner * (1 - 1e-12);
  time_ = at_corner ? length_.corner : now_.begin + now_.length;
  length_.begins_anew = at_corner;
  std::swap(now_, last_);
  for (std::size_t k = 0; k < given_.states.size(); ++k) {
    now_.state[k] = last_.states[k][nodes - 1];
    now_.voltage[k][0] = last_.voltage[k][nodes];
  }
  now_.point.swap(end_point_);
  for (std::size_t row = 0; row < network_.rows; ++row)
    now_.potential[row] = last_.potentials[row * nodes + nodes - 1];
  for (std::size_t s = 0; s < now_.waves.size(); ++s) now_.waves[s] = given_.network.waves[s][nodes - 1];
  if (!linear_.age.is_stale(linear_.inverse) || length_.begins_anew) return;
  factorise(std::span(given_.network.conductance).last(given_.states.size()));
}

void CollocationFlow::factorise(std::span<const double> conductance) {
  std::vector<double> conductances(conductance.begin(), conductance.end());
  conductances.insert(conductances.end(), network_.resistor_conductance.begin(),
                      network_.resistor_conductance.end());
  linear_.regular = linear_.inverse.factorise(conductances);
  if (linear_.inverse.has_factor()) ++statistics_.factorisations;
  linear_.age.renew();
}

FlowEngine::Statistics CollocationFlow::statistics() const {
  FlowEngine::Statistics all = statistics_;
  all.iterations = linear_.solver.iterations();
  return all;
}

}  // namespace memspice::network
