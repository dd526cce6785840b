#include "analysis/transient/point_solver.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "memspice/detail/reflection.hpp"

namespace memspice {

namespace {

bool has_inductors(const EquationSystem& system) {
  return !system.auxiliary().sets().inductors.inductors().empty() ||
         std::ranges::any_of(system.circuit().groups, [](const DeviceGroup& group) {
           return group.type->short_at_dc && group.count() > 0;
         });
}

}  // namespace

PointSolver::PointSolver(EquationSystem& system, Ida& ida)
    : system_(system),
      ida_(ida),
      check_(system),
      solves_ends_(system.unknowns().is_linear() || has_inductors(system)),
      may_stay_unsettled_(system.auxiliary().keeps_only_inductors() &&
                          system.auxiliary().sets().numbers.loads.empty()) {}

void PointSolver::find_some(std::vector<std::size_t> rows) {
  some_.rows = std::move(rows);
  some_.left.resize(some_.rows.size());
}

const Solution& PointSolver::at(double t) {
  system_.matrix().keep();
  if (behind_.begin <= t && t < ida_.time())
    find_behind_path(t);
  else
    find_point(t);
  system_.matrix().return_to_kept();
  return between_;
}

void PointSolver::look_back() {
  const Circuit& circuit = system_.circuit();
  for (std::size_t g = 0; g < circuit.groups.size(); ++g) {
    const DeviceGroup& group = circuit.groups[g];
    for (std::size_t j = 0; j < group.type->unknowns.size(); ++j) {
      const UnknownDescription& unknown = group.type->unknowns[j];
      if (!(unknown.lower > -infinity || unknown.upper < infinity)) continue;
      for (std::size_t k = 0; k < group.count(); ++k)
        if (const std::size_t i = system_.unknowns().index(g, k, j); i != Unknowns::npos) {
          const StateBounds bounds = system_.unknowns().bounds(g, k, j);
          bounded_.push_back({i, bounds.lower, bounds.upper});
        }
    }
  }
}

void PointSolver::step_ends(double begin, const Solution& free) {
  if (bounded_.empty()) return;
  behind_.begin = begin;
  behind_.free = free;
  behind_.states = free.y;
  system_.path().project(begin, behind_.states.data(), behind_.free.derivative.data());
}

/// Without the path, which is further already: the states are what the free motion makes of those at the
/// beginning of the step.
void PointSolver::find_behind_path(double t) {
  interpolate(t);
  for (const Bounded& bounded : bounded_) {
    const std::size_t i = bounded.unknown;
    between_.y[i] = reflect({behind_.free.y[i], behind_.free.derivative[i], behind_.states[i]}, between_.y[i],
                            between_.derivative[i], t - behind_.begin, 0, bounded.lower, bounded.upper)
                        .state;
  }
  const double c = system_.matrix().coefficient();
  best_ = between_;
  system_.path().follow(false);
  if (!polish(system_, t, c, between_)) {
    between_ = best_;
    if (!solve_newton_robustly(system_, t, c, between_)) between_ = best_;
  }
  system_.path().follow(true);
  for (const Bounded& bounded : bounded_)
    between_.y[bounded.unknown] = std::clamp(between_.y[bounded.unknown], bounded.lower, bounded.upper);
}

const Solution& PointSolver::settle(double t, const Solution& at) {
  between_ = at;
  if (const double excess = project(t); excess > 1) {
    system_.matrix().keep();
    if (system_.error_weights().wants_scale()) {
      refine_currents(t, system_.matrix().coefficient(), excess);
    } else {
      solve_with_states(t);
    }
    system_.matrix().return_to_kept();
  }
  return between_;
}

bool PointSolver::end_holds() {
  system_.matrix().keep();
  const bool holds = find_point(ida_.time(), false) && (system_.unknowns().is_linear() || is_near());
  system_.matrix().return_to_kept();
  if (holds) {
    check_.note_currents();
    end_.at = between_;
    end_.move = ida_.moves();
  }
  return holds;
}

bool PointSolver::end_converges() {
  if (solves_ends_) return end_holds();
  constexpr double fast = 0.3;
  if (ida_.contraction() <= fast) return true;
  // There was one correction, and it was trusted: next to a corner, from a steep side, it may have been
  // short, but so is the next one then.
  constexpr double nothing = 1e-6;  // of the tolerance
  const double next = ida_.next_correction();
  return next <= std::max(fast * ida_.last_correction(), nothing) || end_holds();
}

/// Whether the integrator's point is where the equations hold, as far as its error test asks. Next to a
/// corner its Newton method may have stopped after a short step from a steep side.
bool PointSolver::is_near() {
  constexpr double tolerated = 3;
  weight_.resize(between_.y.size());
  system_.weights(ida_.y().data(), ida_.last_step(), weight_.data());
  for (std::size_t i = system_.unknowns().rows(); i < weight_.size(); ++i)
    if (system_.tests_error(i) && !(std::abs(found_[i] - ida_.y()[i]) * weight_[i] <= tolerated))
      return false;
  return true;
}

void PointSolver::interpolate(double t) {
  between_.y.resize(system_.size());
  between_.derivative.resize(system_.size());
  if (t == ida_.time()) {
    std::ranges::copy(ida_.y(), between_.y.begin());
    std::ranges::copy(ida_.derivative(), between_.derivative.begin());
  } else {
    ida_.interpolate(t, between_.y, between_.derivative);
  }
}

/// Puts the states into between_; how far Kirchhoff's laws are from holding there (1: just so).
double PointSolver::project(double t) {
  found_ = between_.y;
  system_.path().project(t, between_.y.data(), between_.derivative.data());
  system_.path().follow(false);
  const double excess = check_.excess(t, between_.y.data(), between_.derivative.data());
  system_.path().follow(true);
  return excess;
}

bool PointSolver::find(double t) {
  if (t == ida_.time() && end_.move == ida_.moves() && end_.move != 0) {
    system_.points().go_to(t);
    between_ = end_.at;
    return true;
  }
  if (!states_only_) return find_point(t, false);
  interpolate(t);
  system_.path().project(t, between_.y.data(), between_.derivative.data());
  return true;
}

bool PointSolver::find_point(double t, bool to_rounding) {
  const double c = system_.matrix().coefficient();
  interpolate(t);
  if (system_.unknowns().is_linear()) {  // one correction is all there is to do
    if (refine(system_, t, c, between_) && project(t) <= 1) return true;
    interpolate(t);
  }
  if (!to_rounding && !some_.rows.empty()) {
    constexpr double of_largest = 1e-9, of_tolerance = 1e-4;
    for (std::size_t k = 0; k < some_.rows.size(); ++k)
      some_.left[k] = of_tolerance * system_.error_weights().tolerance(some_.rows[k]);
    if (polish(system_, t, c, between_, {of_largest, some_.rows, some_.left})) {
      found_ = between_.y;
      return true;
    }
    interpolate(t);
  }
  const auto accepted = [&](bool settled) {
    const bool enough = settled || may_stay_unsettled_;
    const double excess = project(t);
    return enough && (excess <= 1 || refine_currents(t, c, excess));
  };
  if (accepted(polish(system_, t, c, between_))) return true;
  // At corners of elements full Newton steps are needed, each with its own factorisation.
  interpolate(t);
  const bool converged = solve_newton_robustly(system_, t, c, between_);
  if (!converged) interpolate(t);
  if (accepted(converged)) return true;
  if (system_.error_weights().wants_scale()) return converged;  // rounding of c times a charge, that is
  return solve_with_states(t);
}

/// Where potentials no longer move the slopes of charges still may, and with them small currents: slowly,
/// where C/h has swallowed digits of the conductances beside it.
bool PointSolver::refine_currents(double t, double c, double excess) {
  constexpr int most_iterations = 25;
  if (!system_.error_weights().wants_scale()) return false;
  best_ = between_;
  const auto holds = [&] {
    const double now = project(t);
    if (now < excess) {
      excess = now;
      best_ = between_;
    }
    return now <= 1;
  };
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    between_.y = found_;
    if (!refine(system_, t, c, between_)) break;
    if (holds()) return true;
    between_.y = found_;
    system_.matrix().cut_rows().balance(between_.y.data());
    if (holds()) return true;
  }
  between_ = best_;
  return false;
}

/// Without charges potentials follow from the states in between_, as they are rounded.
bool PointSolver::solve_with_states(double t) {
  system_.path().follow(false);
  system_.points().hold_states(true);
  const bool found = solve_newton(system_, t, 0, between_) > 0;
  system_.points().hold_states(false);
  system_.path().follow(true);
  return found;
}

}  // namespace memspice
