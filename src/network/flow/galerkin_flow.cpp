#include "network/flow/galerkin_flow.hpp"

#include <algorithm>
#include <cmath>

#include "base/interruption.hpp"

namespace memspice::network {

namespace {

constexpr std::size_t Q = FluxPass::Q;
constexpr double aim = 0.3;           // of the tolerance, which the largest error of a run is to stay near
constexpr double newton_share = 0.1;  // of what a step aims at
constexpr double ripple_share = 0.3;  // the same, of corners that a step goes over
constexpr double device_share = 1e-4;
constexpr double linear_reduction = 0.01;
constexpr double good_rate = 0.1;  // of Newton's method, to keep a Jacobian
// Changes of the sources that the prediction follows, with a new factor when they are large.
constexpr double step_of_sources = 0.02, jump_of_sources = 0.5;
constexpr int most_newton_iterations = 12;
constexpr int most_failures = 3;
constexpr double shortest = 1e-9;  // of the run

double next_corner(const FlowNetwork& network, double t) {
  double next = infinity;
  for (const SharedWave& wave : network.waves) next = std::min(next, wave.function.next_breakpoint(t));
  return next;
}

}  // namespace

GalerkinFlow::GalerkinFlow(const FlowNetwork& network, const Limits& limits, ResidualMinimiser::Choice choice,
                           Team& team)
    : network_(network),
      limits_(limits),
      pass_(network, device_share * aim * limits.tolerance, team),
      linear_(network, pass_, choice, team),
      sources_(network),
      flux_(network.memristors.size()) {
  limits_.tolerance *= aim;
}

void GalerkinFlow::start(double t, std::span<const double> w) {
  time_ = last_.begin = t;
  last_.start.assign(w.begin(), w.end());
  double fastest = 0;
  {
    std::vector<double> conductance(w.size());
    for (std::size_t k = 0; k < w.size(); ++k) {
      const FluxLaw& law = network_.law(k);
      flux_[k] = law.flux(w[k]);
      conductance[k] = law.conductance / law.resistance(flux_[k]);
      fastest = std::max(fastest, std::abs(law.alpha));
    }
    has_factor_ = linear_.factorise(conductance);
  }
  pass_.allocate();
  for (std::vector<double>* of_rows : {&potential_, &residual_, &change_})
    of_rows->assign(network_.rows * K, 0.0);
  met_.assign(flux_.size(), 0);
  last_.flux = flux_;
  double period = infinity;
  for (const SharedWave& wave : network_.waves) period = std::min(period, wave.function.shortest_period());
  h_ = std::min({limits_.stop / 50, period / 100, fastest > 0 ? 0.1 / fastest : infinity});
  last_.h = 0;
}

/// Projects the sources on a step, which is made shorter where it would lose more of them than it may.
void GalerkinFlow::cut_at_corners() {
  const double rest = limits_.stop - time_;
  h_ = std::min(h_, limits_.longest);
  if (h_ > rest * (1 - 1e-9))
    h_ = rest;
  else if (rest < 1.5 * h_)
    h_ = rest / 2;
  corner_ = 0;
  const double first = next_corner(network_, time_ * (1 + 1e-12));
  for (int attempt = 0; attempt < 200; ++attempt) {
    const double ripple = sources_.project(time_, h_, Q);
    const bool inside = first < time_ + h_ * (1 - 1e-12);
    if (ripple <= ripple_share * limits_.tolerance && !(inside && limits_.every_corner)) {
      if (std::abs(first - (time_ + h_)) <= 1e-12 * h_) corner_ = first;
      return;
    }
    if (!inside) {
      h_ *= 0.5;
      corner_ = 0;
    } else if (limits_.every_corner || first - time_ > 0.5 * h_) {
      h_ = first - time_;
      corner_ = first;
    } else {
      h_ *= 0.5;
    }
  }
}

/// The last step's polynomials go on; where the sources do not go on so the frozen network answers to that.
void GalerkinFlow::predict() {
  std::vector<FluxPass::Sources::Coefficients> change = sources_.coefficients();
  last_.potential = potential_;
  if (last_.h == 0) {
    std::ranges::fill(potential_, 0.0);
    add_frozen_response(change, false);
  } else {
    transfer<K>(1, h_ / last_.h, potential_);
    const auto matrix = transfer_matrix<K>(1, h_ / last_.h);
    double largest = 0, largest_change = 0;
    for (std::size_t s = 0; s < change.size(); ++s) {
      for (std::size_t i = 0; i < change[s].size(); ++i) {
        largest = std::max(largest, std::abs(change[s][i]));
        double before = 0;
        for (std::size_t j = 0; i < K && j < K; ++j) before += matrix[i][j] * last_.sources[s][j];
        change[s][i] = i < K ? change[s][i] - before : 0;
        largest_change = std::max(largest_change, std::abs(change[s][i]));
      }
    }
    if (largest_change > step_of_sources * largest)
      add_frozen_response(change, largest_change > jump_of_sources * largest);
  }
}

void GalerkinFlow::add_frozen_response(const std::vector<FluxPass::Sources::Coefficients>& waves,
                                       bool with_new_factor) {
  std::ranges::fill(residual_, 0.0);
  std::vector<double> conductance(flux_.size());
  const auto leave = [&](const FlowEnds& ends, const SourceSums& sums, std::size_t k, double factor) {
    FluxPass::Sources::Coefficients v{};
    FluxPass::Sources::add(sums, k, waves, v);
    if (last_.h != 0) v[0] -= sums.constant[k];
    for (std::size_t j = 0; j < K; ++j) {
      residual_[std::size_t{ends.plus[k]} * K + j] -= factor * v[j];
      residual_[std::size_t{ends.minus[k]} * K + j] += factor * v[j];
    }
  };
  for (std::size_t k = 0; k < flux_.size(); ++k) {
    const FluxLaw& law = network_.law(k);
    conductance[k] = law.conductance / law.resistance(flux_[k]);
    leave(network_.memristors, network_.memristor_emf, k, conductance[k]);
  }
  for (std::size_t k = 0; k < network_.resistors.size(); ++k)
    leave(network_.resistors, network_.resistor_emf, k, network_.resistor_conductance[k]);
  for (std::size_t k = 0; k < network_.injections.size(); ++k)
    leave(network_.injections, network_.injected, k, 1);
  if (with_new_factor) linear_.factorise(conductance);
  linear_.precondition(residual_, change_);
  for (std::size_t i = 0; i < potential_.size(); ++i) potential_[i] += change_[i];
}

/// Newton's method for the potentials of the step. What an iteration leaves is told by what the factor makes
/// of its residual, in changes of states, device by device: the residuals of one part of a network may be
/// rounding beside those of another. Mostly so little is left that one iteration is enough, or that the
/// Jacobian does for the next.
bool GalerkinFlow::solve_step() {
  using Wanted = FluxPass::Wanted;
  evaluate(Wanted::jacobian);
  linear_.foresee(residual_);
  double last = 0;
  for (int iteration = 0; iteration < most_newton_iterations; ++iteration) {
    interruption_point();
    ++statistics_.newton_iterations;
    if (!linear_.solve(residual_, change_, linear_reduction)) {
      if (!linear_.factorise(pass_.conductance())) return false;
      evaluate(Wanted::jacobian);  // the residual has been used up
      linear_.foresee(residual_);
      if (!linear_.solve(residual_, change_, 0.1)) return false;
    }
    const double size = pass_.effect(h_, change_, 0);
    if (!(size < 1e200)) return false;
    if (iteration > 1 && size > 4 * last) return false;
    const bool grows = iteration > 0 && size > last && size > 1e-3 * limits_.tolerance;
    const double taken = grows ? 0.5 : 1;
    for (std::size_t i = 0; i < potential_.size(); ++i) potential_[i] += taken * change_[i];
    evaluate(!grows && newton_.rate < good_rate ? Wanted::currents : Wanted::jacobian);
    const double left = pass_.effect(h_, linear_.foresee(residual_), 0);
    newton_.rate = left < size ? left / size : 1;
    if (left < newton_share * limits_.tolerance || size < 1e-13) return true;
    last = size;
  }
  return false;
}

/// What the potentials would have of degrees Q + 1 and Q + 2, were they allowed to: what that does to a state
/// within the step, where |∫φ_{Q+1}| is at most 1/16.
double GalerkinFlow::error_estimate() {
  constexpr double largest_integral = 1.0 / 16;
  pass_.tail(sources_, residual_);
  linear_.precondition(residual_, change_);
  return largest_integral * pass_.effect(h_, change_, 0);
}

GalerkinFlow::Outcome GalerkinFlow::step() {
  if (!has_factor_) return Outcome::no_step;
  for (;;) {
    const double wanted = h_;
    cut_at_corners();
    predict();
    if (!solve_step()) {
      ++statistics_.failed;
      potential_ = last_.potential;
      h_ *= 0.4;
      if (++newton_.failures > most_failures || h_ < shortest * limits_.stop) return Outcome::no_step;
      continue;
    }
    const double estimate = error_estimate();
    const double factor = estimate > 0 ? 0.9 * std::pow(limits_.tolerance / estimate, 1.0 / (Q + 2)) : 2;
    if (estimate > 1.5 * limits_.tolerance && h_ > shortest * limits_.stop) {
      ++statistics_.rejected;
      potential_ = last_.potential;
      h_ *= std::clamp(factor, 0.2, 0.8);
      continue;
    }
    newton_.failures = 0;
    last_.start = {};
    ++statistics_.steps;
    last_.flux.swap(flux_);
    std::ranges::copy(pass_.end(), flux_.begin());
    std::ranges::copy(pass_.met(), met_.begin());
    last_.sources = sources_.coefficients();
    last_.h = h_;
    last_.begin = time_;
    const bool last = time_ + h_ >= limits_.stop * (1 - 1e-12);
    time_ = last ? limits_.stop : corner_ > 0 ? corner_ : time_ + h_;
    const double next = h_ * std::clamp(factor, 0.3, 2.0);
    h_ = corner_ > 0 && next < wanted ? std::min(wanted, std::max(next, 5 * h_)) : next;
    if (linear_.is_stale()) linear_.factorise(pass_.conductance());
    return Outcome::advanced;
  }
}

GalerkinFlow::Statistics GalerkinFlow::statistics() const {
  Statistics all = statistics_;
  all.linear = linear_.statistics();
  return all;
}

}  // namespace memspice::network
