#include "network/flow/collocation_flow.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace memspice::network {

namespace {

constexpr std::size_t devices_at_once = 512;  // by one of the team
constexpr double collocation_aim = 0.1;       // of the tolerance: errors add up, and thresholds amplify them
constexpr double voltage_share = 0.1;         // of the aim, which voltages between nodes may cost
constexpr double pass_share = 0.1;            // the same, of what a pass may leave
constexpr double potential_share = 0.03;      // the same, of potentials that are not solved to rounding
constexpr double best_contraction = 0.35;     // longer steps need more passes, shorter ones are more
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
      devices_(std::move(devices)),
      limits_(limits),
      team_(team),
      inverse_(network.rows, joined_rows(network.memristors.plus, network.resistors.plus),
               joined_rows(network.memristors.minus, network.resistors.minus), choice, team),
      solver_(network, inverse_),
      all_(network.memristors.size()) {
  std::iota(all_.begin(), all_.end(), 0U);
  limits_.relative *= collocation_aim;
  limits_.absolute *= collocation_aim;
  limits_.longest = std::min(limits.longest, least_period(network) / 8);
}

void CollocationFlow::start(double t, std::span<const double> states) {
  const std::size_t count = states.size();
  time_ = last_.begin = t;
  for (Course* course : {&now_, &last_}) {
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
  known_.resize(count);
  given_.conductance.resize(count * nodes);
  given_.waves.resize(network_.waves.size());
  begin_waves_.resize(network_.waves.size());
  h_ = std::min({limits_.stop / 1000, least_period(network_) / 100, limits_.longest});
  begins_anew_ = true;
  find_conductances(states, std::span(given_.conductance).first(count));
  factorise(std::span(given_.conductance).first(count));
}

template <class Work>
void CollocationFlow::for_each_block(const Work& work) {
  team_.share_ranges(network_.memristors.size(), devices_at_once, work);
}

/// V, in series with a memristor: at the beginning of the step, or at a node.
double CollocationFlow::emf(std::size_t k, std::size_t node) const {
  double sum = network_.memristor_emf.constant[k];
  for (const SourceSums::Term& term : network_.memristor_emf.of(k))
    sum += term.factor * (node == 0 ? begin_waves_[term.wave] : given_.waves[term.wave][node - 1]);
  return sum;
}

/// Begins at a corner of the sources: potentials jump, and the devices' rates.
void CollocationFlow::set_out() {
  const std::size_t count = now_.state.size();
  find_conductances(now_.state, std::span(given_.conductance).first(count));
  for (std::size_t c = 1; c < nodes; ++c)
    std::copy_n(given_.conductance.begin(), count,
                given_.conductance.begin() + static_cast<std::ptrdiff_t>(c * count));
  for (std::size_t k = 0; k < count; ++k) known_[k].fill(now_.state[k]);
  if (age_.is_stale(inverse_)) factorise(std::span(given_.conductance).first(count));
  if (!regular_) return;
  set_waves({time_, time_, time_});
  for (std::size_t s = 0; s < begin_waves_.size(); ++s) begin_waves_[s] = given_.waves[s][0];
  for (std::size_t row = 0; row < network_.rows; ++row)
    for (std::size_t c = 0; c < nodes; ++c) now_.potentials[row * nodes + c] = now_.potential[row];
  solver_.solve(given_, now_.potentials);
  for (std::size_t row = 0; row < network_.rows; ++row) now_.potential[row] = now_.potentials[row * nodes];
  for (std::size_t k = 0; k < count; ++k)
    now_.voltage[k][0] = now_.potential[network_.memristors.plus[k]] -
                         now_.potential[network_.memristors.minus[k]] + emf(k, 0);
  std::vector<double> volts(count);
  for (std::size_t k = 0; k < count; ++k) volts[k] = now_.voltage[k][0];
  look(0, now_.state, volts, now_.point);
  sensitivity_ = 0;
}

/// Sources have the values of the smooth piece before the next corner.
void CollocationFlow::set_waves(const std::array<double, nodes>& times) {
  const double inside = 0.5 * (time_ + std::min(corner_, time_ + 2 * h_));
  for (std::size_t s = 0; s < given_.waves.size(); ++s)
    for (std::size_t c = 0; c < nodes; ++c)
      given_.waves[s][c] = network_.waves[s].function.value(times[c], inside);
}

void CollocationFlow::choose_length() {
  corner_ = limits_.stop;
  for (const SharedWave& wave : network_.waves)
    corner_ = std::min(corner_, wave.function.next_breakpoint(time_ * (1 + 1e-12)));
  if (corner_ > limits_.stop * (1 - 1e-12)) corner_ = limits_.stop;
  const double rest = corner_ - time_;
  now_.begin = time_;
  now_.length = std::min(h_, limits_.longest);
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
  if (begins_anew_) {
    for (std::size_t row = 0; row < network_.rows; ++row)
      for (std::size_t c = 0; c < nodes; ++c) now_.potentials[row * nodes + c] = now_.potential[row];
    for (std::size_t k = 0; k < known_.size(); ++k) now_.states[k].fill(now_.state[k]);
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
  for (std::size_t k = 0; k < known_.size(); ++k) {
    const bool straight = last_.way[k] == DrivenStates::Way::whole;
    for (std::size_t c = 0; c < nodes; ++c) {
      double sum = weight[c][0] * last_.state[k];
      for (std::size_t i = 0; i < nodes; ++i) sum += weight[c][i + 1] * last_.states[k][i];
      now_.states[k][c] = straight ? sum : now_.state[k];
    }
  }
}

void CollocationFlow::gather_voltages(std::size_t first, std::size_t last) {
  for (std::size_t k = first; k < last; ++k) {
    const double* plus = now_.potentials.data() + std::size_t{network_.memristors.plus[k]} * nodes;
    const double* minus = now_.potentials.data() + std::size_t{network_.memristors.minus[k]} * nodes;
    for (std::size_t c = 0; c < nodes; ++c) now_.voltage[k][c + 1] = plus[c] - minus[c] + emf(k, c + 1);
  }
}

DrivenStates::Step CollocationFlow::step_of(const Course& course, std::size_t first,
                                            std::size_t count) const {
  return {.length = course.length,
          .voltage = std::span(course.voltage).subspan(first, count),
          .begin = std::span(course.state).subspan(first, count),
          .point = std::span(course.point).subspan(first, count),
          .tolerance = std::span(course.tolerance).subspan(first, count)};
}

/// A pass over the devices for the voltages as they are. Returns the largest change of a state at a node, in
/// tolerances.
double CollocationFlow::follow() {
  ++statistics_.passes;
  const std::size_t count = now_.state.size();
  largest_.assign((count + devices_at_once - 1) / devices_at_once, 0.0);
  for_each_block([&](std::size_t from, std::size_t to) {
    gather_voltages(from, to);
    double largest = 0;
    std::size_t first = 0;
    for (const Devices& of : devices_) {
      const std::size_t begin = std::max(from, first), end = std::min(to, first + of.count);
      if (begin < end) {
        DrivenStates::Path path{.state = std::span(now_.states).subspan(first, of.count),
                                .conductance = std::span(given_.conductance).subspan(first),
                                .stride = count,
                                .known = std::span(known_).subspan(first, of.count),
                                .way = std::span(now_.way).subspan(first, of.count),
                                .met = std::span(now_.met).subspan(first, of.count)};
        largest = std::max(
            largest, of.driven->follow(step_of(now_, first, of.count), begin - first, end - first, path));
      }
      first += of.count;
    }
    largest_[from / devices_at_once] = largest;
  });
  return *std::ranges::max_element(largest_);
}

void CollocationFlow::solve_potentials() {
  constexpr long usual = 3;
  const long before = solver_.iterations();
  solver_.solve(given_, potential_tolerance_, now_.potentials);
  age_.note_excess(solver_.iterations() - before - usual);
}

/// Passes until the potentials' last change no longer moves a state. How much of a change the next pass
/// leaves is known from the passes so far.
bool CollocationFlow::solve_step() {
  double largest = 0;
  for (const double p : now_.potential) largest = std::max(largest, std::abs(p));
  potential_tolerance_ = limits_.relative * largest;
  if (sensitivity_ > 0)
    potential_tolerance_ = std::min(potential_tolerance_, potential_share / (sensitivity_ * now_.length));
  const double least = 1e-13 * largest;
  potential_tolerance_ = std::max(potential_tolerance_, least);
  predict();
  // What a pass leaves grows with the length of the step.
  contraction_ = std::clamp(contraction_rate_ * now_.length, 0.05, 0.9);
  contraction_rate_ *= 0.7;  // unless it is measured
  double last = infinity;
  for (int pass = 0; pass < most_passes; ++pass) {
    const double change = follow();
    if (!(change < 1e100)) return false;
    if (pass > 0) {
      const double rate = change / last;
      if (pass > 1) {  // the first change is that of a guess
        contraction_ = std::clamp(rate, 0.01, 1.0);
        contraction_rate_ = contraction_ / now_.length;
      }
      if (change * contraction_ <= pass_share * (1 - contraction_)) {
        solve_potentials();
        return true;
      }
      if (pass > 3 && rate > 0.9) return false;
      // Where passes do not settle potentials may not be solved well enough for the devices of this step.
      if (pass > 5) potential_tolerance_ = std::max(least, 0.1 * potential_tolerance_);
    }
    last = change;
    solve_potentials();
  }
  return false;
}

/// The memristors from `from` on.
void CollocationFlow::look(std::size_t from, std::span<const double> state, std::span<const double> volts,
                           std::span<Point> point) const {
  std::size_t first = 0;
  for (const Devices& of : devices_) {
    const std::size_t begin = std::max(from, first), end = std::min(from + state.size(), first + of.count);
    if (begin < end)
      of.driven->look(begin - first, state.subspan(begin - from, end - begin),
                      volts.subspan(begin - from, end - begin), point.subspan(begin - from, end - begin));
    first += of.count;
  }
}

void CollocationFlow::look_at_end() {
  for_each_block([&](std::size_t from, std::size_t to) {
    gather_voltages(from, to);
    std::vector<double> state(to - from), volts(to - from);
    for (std::size_t k = from; k < to; ++k) {
      state[k - from] = now_.states[k][nodes - 1];
      volts[k - from] = now_.voltage[k][nodes];
    }
    look(from, state, volts, std::span(end_point_).subspan(from));
  });
}

/// What voltages between the nodes cost a state, in tolerances: by how much their parabolas through the nodes
/// miss the voltages at the beginning.
double CollocationFlow::error_of_voltages() {
  constexpr double largest_integral = 0.07;
  double largest = 0;
  sensitivity_ *= 0.5;
  for (std::size_t k = 0; k < now_.state.size(); ++k) {
    const double sensitivity =
        std::max(now_.point[k].sensitivity, end_point_[k].sensitivity) / now_.tolerance[k];
    sensitivity_ = std::max(sensitivity_, sensitivity);
    largest = std::max(largest, sensitivity * std::abs(radau::miss_at_begin(now_.voltage[k])));
  }
  return largest_integral * now_.length * largest;
}

FlowEngine::Outcome CollocationFlow::step() {
  for (;;) {
    choose_length();
    if (begins_anew_) {
      set_out();
      if (!regular_) return Outcome::no_step;
    }
    for (std::size_t k = 0; k < now_.state.size(); ++k) {
      constexpr double least = 0.02;  // of the range
      const Point& point = now_.point[k];
      now_.tolerance[k] =
          limits_.relative * std::max(point.rest, least * point.range) + limits_.absolute * point.range;
    }
    const bool shorter_than_wanted = now_.length < 0.999 * h_;
    if (!solve_step()) {
      ++statistics_.failed;
      h_ = 0.4 * now_.length;
      contraction_rate_ = std::max(contraction_rate_, 0.3 / h_);
      if (++failures_ > most_collocation_failures || h_ < shortest_collocation * limits_.stop)
        return Outcome::no_step;
      continue;
    }
    look_at_end();
    const double error = error_of_voltages() / voltage_share;
    const double factor = error > 0 ? 0.9 * std::pow(error, -0.25) : 2.5;
    if (error > 1.5 && now_.length > shortest_collocation * limits_.stop) {
      ++statistics_.rejected;
      h_ = now_.length * std::clamp(factor, 0.2, 0.8);
      continue;
    }
    const double by_passes = std::max(0.5, best_contraction / contraction_);
    const double growth = std::min(factor, by_passes);
    crawling_ = by_passes < 1 && factor > 2 ? crawling_ + 1 : 0;
    if (crawling_ > most_crawling) return Outcome::no_step;
    const double next = now_.length * std::clamp(growth, 0.3, 2.5);
    h_ = shorter_than_wanted && next < h_ ? std::max(next, std::min(h_, 3 * now_.length)) : next;
    accept();
    return Outcome::advanced;
  }
}

/// The step ends, and the next one begins there.
void CollocationFlow::accept() {
  failures_ = 0;
  ++statistics_.steps;
  const bool at_corner = now_.begin + now_.length >= corner_ * (1 - 1e-12);
  time_ = at_corner ? corner_ : now_.begin + now_.length;
  begins_anew_ = at_corner;
  std::swap(now_, last_);
  for (std::size_t k = 0; k < known_.size(); ++k) {
    now_.state[k] = last_.states[k][nodes - 1];
    now_.voltage[k][0] = last_.voltage[k][nodes];
  }
  now_.point.swap(end_point_);
  for (std::size_t row = 0; row < network_.rows; ++row)
    now_.potential[row] = last_.potentials[row * nodes + nodes - 1];
  for (std::size_t s = 0; s < begin_waves_.size(); ++s) begin_waves_[s] = given_.waves[s][nodes - 1];
  if (!age_.is_stale(inverse_) || begins_anew_) return;
  factorise(std::span(given_.conductance).last(known_.size()));
}

void CollocationFlow::factorise(std::span<const double> conductance) {
  std::vector<double> conductances(conductance.begin(), conductance.end());
  conductances.insert(conductances.end(), network_.resistor_conductance.begin(),
                      network_.resistor_conductance.end());
  regular_ = inverse_.factorise(conductances);
  if (inverse_.has_factor()) ++statistics_.factorisations;
  age_.renew();
}

FlowEngine::Statistics CollocationFlow::statistics() const {
  Statistics all = statistics_;
  all.iterations = solver_.iterations();
  return all;
}

void CollocationFlow::find_conductances(std::span<const double> states, std::span<double> conductance) const {
  std::size_t first = 0;
  for (const Devices& of : devices_) {
    of.driven->conductances(states.subspan(first, of.count), conductance.subspan(first, of.count));
    first += of.count;
  }
}

void CollocationFlow::find_states(std::span<const double> times, std::span<const std::uint32_t> which,
                                  std::span<double> states) {
  const std::size_t count = which.size();
  const FlowEngine::Step step = last_step();
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
  const std::vector<double>& begin = step.made ? last_.state : now_.state;
  std::size_t population = 0, first = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t k = which[i];
    for (std::size_t r = 0; r < from; ++r) states[r * count + i] = begin[k];
    for (std::size_t r = to; r < times.size(); ++r) states[r * count + i] = now_.state[k];
    if (tau.empty()) continue;
    while (k >= first + devices_[population].count) first += devices_[population++].count;
    if (last_.way[k] == DrivenStates::Way::pieces)
      devices_[population].driven->trace(step_of(last_, first, devices_[population].count), k - first, tau,
                                         traced);
    else
      for (std::size_t r = 0; r < tau.size(); ++r) {
        traced[r] = weight[r][0] * last_.state[k];
        for (std::size_t c = 0; c < nodes; ++c) traced[r] += weight[r][c + 1] * last_.states[k][c];
      }
    for (std::size_t r = 0; r < tau.size(); ++r) states[(from + r) * count + i] = traced[r];
  }
}

void CollocationFlow::foresee(double tau, std::span<double> potential, std::size_t stride) const {
  if (statistics_.steps == 0) {
    for (std::size_t row = 0; row < network_.rows; ++row) potential[row * stride] += now_.potential[row];
    return;
  }
  const auto weight = radau::weights_at(tau);
  for (std::size_t row = 0; row < network_.rows; ++row) {
    double sum = weight[0] * last_.potential[row];
    for (std::size_t c = 0; c < nodes; ++c) sum += weight[c + 1] * last_.potentials[row * nodes + c];
    potential[row * stride] += sum;
  }
}

double CollocationFlow::foresee(double tau, std::size_t row) const {
  if (statistics_.steps == 0) return now_.potential[row];
  const auto weight = radau::weights_at(tau);
  double sum = weight[0] * last_.potential[row];
  for (std::size_t c = 0; c < nodes; ++c) sum += weight[c + 1] * last_.potentials[row * nodes + c];
  return sum;
}

double CollocationFlow::largest_potential(std::size_t row) const {
  const Course& course = statistics_.steps > 0 ? last_ : now_;
  double largest = std::abs(course.potential[row]);
  for (std::size_t c = 0; c < nodes; ++c)
    largest = std::max(largest, std::abs(course.potentials[row * nodes + c]));
  return largest;
}

bool CollocationFlow::bends() const {
  return std::ranges::find(last_.way, DrivenStates::Way::pieces) != last_.way.end();
}

}  // namespace memspice::network
