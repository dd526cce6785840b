#include "network/flow/collocation_flow.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/interruption.hpp"

namespace memspice::network {

namespace {

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

CollocationFlow::CollocationFlow(const FlowNetwork& network, std::vector<Devices> devices,
                                 const Limits& limits, LaplacianPreconditioner::Choice choice, Team& team)
    : network_(network),
      limits_(limits),
      pass_(network, std::move(devices), team),
      inverse_(network.rows, joined_rows(network.memristors.plus, network.resistors.plus),
               joined_rows(network.memristors.minus, network.resistors.minus), choice, team),
      solver_(network, inverse_) {
  limits_.relative *= collocation_aim;
  limits_.absolute *= collocation_aim;
  limits_.longest = std::min(limits.longest, least_period(network) / 8);
}

void CollocationFlow::start(double t, std::span<const double> states) {
  time_ = last_.begin = t;
  now_.allocate(network_.rows, states);
  last_.allocate(network_.rows, states);
  pass_.allocate();
  control_ = {.h = std::min({limits_.stop / 1000, least_period(network_) / 100, limits_.longest})};
  pass_.freeze(states);
  factorise();
}

/// Begins at a corner of the sources: potentials jump, and the devices' rates.
void CollocationFlow::set_out() {
  const std::size_t count = now_.state.size();
  pass_.freeze(now_.state);
  if (age_.is_stale(inverse_)) factorise();
  if (!control_.regular) return;
  pass_.set_waves({time_, time_, time_}, inside());
  pass_.begin_waves();
  for (std::size_t row = 0; row < network_.rows; ++row)
    for (std::size_t c = 0; c < nodes; ++c) now_.potentials[row * nodes + c] = now_.potential[row];
  solver_.solve(pass_.given(), now_.potentials);
  for (std::size_t row = 0; row < network_.rows; ++row) now_.potential[row] = now_.potentials[row * nodes];
  std::vector<double> volts(count);
  for (std::size_t k = 0; k < count; ++k)
    volts[k] = now_.voltage[k][0] = now_.potential[network_.memristors.plus[k]] -
                                    now_.potential[network_.memristors.minus[k]] + pass_.emf(k, 0);
  pass_.look(0, now_.state, volts, now_.point);
  control_.sensitivity = 0;
}

/// A time of the smooth piece of the sources before the next corner, s.
double CollocationFlow::inside() const {
  return 0.5 * (time_ + std::min(control_.corner, time_ + 2 * control_.h));
}

void CollocationFlow::choose_length() {
  control_.corner = limits_.stop;
  for (const SharedWave& wave : network_.waves)
    control_.corner = std::min(control_.corner, wave.function.next_breakpoint(time_ * (1 + 1e-12)));
  if (control_.corner > limits_.stop * (1 - 1e-12)) control_.corner = limits_.stop;
  const double rest = control_.corner - time_;
  now_.begin = time_;
  now_.length = std::min(control_.h, limits_.longest);
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
  pass_.set_waves(times, inside());
  if (control_.begins_anew) {
    for (std::size_t row = 0; row < network_.rows; ++row)
      for (std::size_t c = 0; c < nodes; ++c) now_.potentials[row * nodes + c] = now_.potential[row];
    for (std::size_t k = 0; k < now_.state.size(); ++k) now_.states[k].fill(now_.state[k]);
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
  for (std::size_t k = 0; k < now_.state.size(); ++k) {
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
  const long before = solver_.iterations();
  solver_.solve(pass_.given(), control_.potential_tolerance, now_.potentials);
  age_.note_excess(solver_.iterations() - before - usual);
}

/// Passes until the potentials' last change no longer moves a state. How much of a change the next pass
/// leaves is known from the passes so far.
bool CollocationFlow::solve_step() {
  double largest = 0;
  for (const double p : now_.potential) largest = std::max(largest, std::abs(p));
  control_.potential_tolerance = limits_.relative * largest;
  if (control_.sensitivity > 0)
    control_.potential_tolerance =
        std::min(control_.potential_tolerance, potential_share / (control_.sensitivity * now_.length));
  const double least = 1e-13 * largest;
  control_.potential_tolerance = std::max(control_.potential_tolerance, least);
  predict();
  // What a pass leaves grows with the length of the step.
  control_.contraction = std::clamp(control_.contraction_rate * now_.length, 0.05, 0.9);
  control_.contraction_rate *= 0.7;  // unless it is measured
  double last = infinity;
  for (int pass = 0; pass < most_passes; ++pass) {
    interruption_point();
    ++statistics_.passes;
    const double change = pass_.follow(now_);
    if (!(change < 1e100)) return false;
    if (pass > 0) {
      const double rate = change / last;
      if (pass > 1) {  // the first change is that of a guess
        control_.contraction = std::clamp(rate, 0.01, 1.0);
        control_.contraction_rate = control_.contraction / now_.length;
      }
      if (change * control_.contraction <= pass_share * (1 - control_.contraction)) {
        solve_potentials();
        return true;
      }
      if (pass > 3 && rate > 0.9) return false;
      // Where passes do not settle potentials may not be solved well enough for the devices of this step.
      if (pass > 5) control_.potential_tolerance = std::max(least, 0.1 * control_.potential_tolerance);
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
  control_.sensitivity *= 0.5;
  for (std::size_t k = 0; k < now_.state.size(); ++k) {
    const double sensitivity =
        std::max(now_.point[k].sensitivity, now_.end_point[k].sensitivity) / now_.tolerance[k];
    control_.sensitivity = std::max(control_.sensitivity, sensitivity);
    largest = std::max(largest, sensitivity * std::abs(radau::miss_at_begin(now_.voltage[k])));
  }
  return largest_integral * now_.length * largest;
}

bool CollocationFlow::step() {
  for (;;) {
    choose_length();
    if (control_.begins_anew) {
      set_out();
      if (!control_.regular) return false;
    }
    for (std::size_t k = 0; k < now_.state.size(); ++k) {
      constexpr double least = 0.02;  // of the range
      const DrivenStates::Point& point = now_.point[k];
      now_.tolerance[k] =
          limits_.relative * std::max(point.rest, least * point.range) + limits_.absolute * point.range;
    }
    const bool shorter_than_wanted = now_.length < 0.999 * control_.h;
    if (!solve_step()) {
      ++statistics_.failed;
      control_.h = 0.4 * now_.length;
      control_.contraction_rate = std::max(control_.contraction_rate, 0.3 / control_.h);
      if (++control_.failures > most_collocation_failures || control_.h < shortest_collocation * limits_.stop)
        return false;
      continue;
    }
    pass_.look_at_end(now_);
    const double error = error_of_voltages() / voltage_share;
    const double factor = error > 0 ? 0.9 * std::pow(error, -0.25) : 2.5;
    if (error > 1.5 && now_.length > shortest_collocation * limits_.stop) {
      ++statistics_.rejected;
      control_.h = now_.length * std::clamp(factor, 0.2, 0.8);
      continue;
    }
    const double by_passes = std::max(0.5, best_contraction / control_.contraction);
    const double growth = std::min(factor, by_passes);
    control_.crawling = by_passes < 1 && factor > 2 ? control_.crawling + 1 : 0;
    if (control_.crawling > most_crawling) return false;
    const double next = now_.length * std::clamp(growth, 0.3, 2.5);
    // Behind the edge of a pulse steps need not grow anew from its length.
    control_.h = shorter_than_wanted && next < control_.h ? std::max(next, 0.1 * control_.h) : next;
    accept();
    return true;
  }
}

/// The step ends, and the next one begins there.
void CollocationFlow::accept() {
  control_.failures = 0;
  ++statistics_.steps;
  const bool at_corner = now_.begin + now_.length >= control_.corner * (1 - 1e-12);
  time_ = at_corner ? control_.corner : now_.begin + now_.length;
  control_.begins_anew = at_corner;
  std::swap(now_, last_);
  for (std::size_t k = 0; k < now_.state.size(); ++k) {
    now_.state[k] = last_.states[k][nodes - 1];
    now_.voltage[k][0] = last_.voltage[k][nodes];
  }
  now_.point = last_.end_point;
  for (std::size_t row = 0; row < network_.rows; ++row)
    now_.potential[row] = last_.potentials[row * nodes + nodes - 1];
  pass_.begin_waves();
  if (age_.is_stale(inverse_) && !at_corner) factorise();
}

/// With the conductances of the last node.
void CollocationFlow::factorise() {
  const auto last = static_cast<std::ptrdiff_t>(network_.memristors.size());
  std::vector<double> conductances(pass_.given().conductance.end() - last, pass_.given().conductance.end());
  conductances.insert(conductances.end(), network_.resistor_conductance.begin(),
                      network_.resistor_conductance.end());
  control_.regular = inverse_.factorise(conductances);
  if (inverse_.has_factor()) ++statistics_.factorisations;
  age_.renew();
}

FlowEngine::Statistics CollocationFlow::statistics() const {
  FlowEngine::Statistics all = statistics_;
  all.iterations = solver_.iterations();
  return all;
}

}  // namespace memspice::network
