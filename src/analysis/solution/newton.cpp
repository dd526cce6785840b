#include "analysis/solution/newton.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/solution/fallbacks.hpp"
#include "analysis/solution/singular_sources.hpp"
#include "equations/kirchhoff_check.hpp"
#include "equations/readout.hpp"

namespace memspice {

namespace {

/// Largest changes relative to the largest magnitude of their kind (potentials by all potentials, auxiliary
/// unknowns by all of their quantity, internal unknowns by themselves).
struct RelativeChange {
  double potentials = 0;
  double others = 0;
  [[nodiscard]] double largest() const { return std::max(potentials, others); }
};

RelativeChange relative_changes(const EquationSystem& system, const std::vector<double>& change,
                                const std::vector<double>& y) {
  struct Kind {
    double scale;  // V, A, 1: what is left of unknowns that are zero is rounding
    double largest = 0;
    void see(double change, double value) {
      largest = std::max(largest, std::abs(change));
      scale = std::max(scale, std::abs(value));
    }
    [[nodiscard]] double relative() const { return largest / scale; }
  };
  Kind potentials{1e-6}, currents{1e-9}, others{1e-6};
  for (std::size_t i = 0; i < system.unknowns().potentials(); ++i) potentials.see(change[i], y[i]);
  for (std::size_t i = system.unknowns().potentials(); i < system.unknowns().rows(); ++i) {
    const bool current =
        system.auxiliary().unknown(i - system.unknowns().potentials()).quantity == Quantity::current;
    (current ? currents : others).see(change[i], y[i]);
  }
  double relative = std::max(currents.relative(), others.relative());
  for (std::size_t i = system.unknowns().rows(); i < y.size(); ++i)
    relative = std::max(relative, std::abs(change[i]) / (std::abs(y[i]) + 1e-9));
  return {potentials.relative(), relative};
}

void add_change(Solution& at, const std::vector<double>& change, double factor, double c) {
  for (std::size_t i = 0; i < change.size(); ++i) {
    at.y[i] += factor * change[i];
    at.derivative[i] += factor * c * change[i];
  }
}

/// Takes the Newton step, shortened as often as the equations overflow at its end; `residual` is that of the
/// end.
bool advance(EquationSystem& system, double t, double c, const std::vector<double>& change, Solution& at,
             std::vector<double>& residual) {
  double taken = 0;
  for (double factor = 1; factor > 1e-6; factor *= 0.5) {
    add_change(at, change, factor - taken, c);
    taken = factor;
    if (system.residual(t, at.y.data(), at.derivative.data(), system.points().kappa(c), residual.data()))
      return true;
  }
  return false;
}

/// Takes the Newton step, shortened until the correction that would follow is smaller (the natural
/// monotonicity test: it compares corrections, not residuals of different units). `size` is that of the full
/// step.
bool advance_damped(EquationSystem& system, double t, double c, const std::vector<double>& change,
                    double size, Solution& at) {
  constexpr double shortest = 1e-5;
  const std::vector<double> before = at.y;  // both corrections are measured by the same magnitudes
  std::vector<double> next(change.size());
  double taken = 0;
  for (double factor = 1;; factor *= 0.5) {
    add_change(at, change, factor - taken, c);
    taken = factor;
    bool good = system.residual(t, at.y.data(), at.derivative.data(), system.points().kappa(c), next.data());
    if (good && factor < shortest) return true;  // on, past where no step would do
    if (factor < 1e-9) return false;
    if (!good) continue;
    for (double& r : next) r = -r;
    system.solve(next.data(), 1);
    if (relative_changes(system, next, before).largest() <= (1 - 0.25 * factor) * size) return true;
  }
}

/// What to say of an operating point that nothing found; `at` is where the last attempt ended.
std::string describe_failure(EquationSystem& system, double t, const Solution& guess, const Solution& at) {
  std::vector<double> residual(system.size());
  system.residual(t, at.y.data(), at.derivative.data(), 1, residual.data());
  std::vector<std::size_t> worst;
  for (std::size_t i = 1; i < system.unknowns().potentials(); ++i) worst.push_back(i);
  const std::size_t most = std::min<std::size_t>(3, worst.size());
  std::partial_sort(
      worst.begin(), worst.begin() + static_cast<std::ptrdiff_t>(most), worst.end(),
      [&](std::size_t a, std::size_t b) { return std::abs(residual[a]) > std::abs(residual[b]); });
  std::string names;
  for (std::size_t i = 0; i < most; ++i) names += (i == 0 ? "" : ", ") + system.unknowns().name_of(worst[i]);
  std::string message = fmt::format("no operating point found; worst nodes: {}", names);
  if (const auto suspects = negative_resistances(system, 5); !suspects.empty())
    message += fmt::format("\n  negative resistances: {}", fmt::join(suspects, ", "));
  if (!system.held().loose().empty()) {
    std::vector<std::string> names;
    for (const std::uint32_t row : system.held().loose())
      if (names.size() < 5) names.push_back(system.unknowns().name_of(row));
    message += fmt::format("\n  only capacitors and controlled currents lead to {}", fmt::join(names, ", "));
  }
  message += describe_singular_sources(system, t, guess);
  message += "\n  tried: Newton, gmin stepping, source stepping, pseudo-transient";
  message +=
      "\n  try: start with .tran … uic, give node voltages with .nodeset, or check the signs of resistances";
  return message;
}

}  // namespace

int solve_newton(EquationSystem& system, double t, double c, Solution& at, int most_iterations, bool damped) {
  constexpr double converged = 1e-9;
  constexpr double noise = 1e-6;
  std::vector<double> change(system.size()), residual(system.size());
  bool evaluated = false;  // there is a residual of this point
  double previous = infinity;
  // Rounding times a large coefficient (C/h, 1/r) can be more than that of a current: where the changes stay
  // small and shrink no more the point is as good as it gets.
  constexpr double rounding = 1e-6;
  constexpr double loose = 1e-2;
  constexpr int most_stalled = 3;
  double best = infinity;
  int stalled = 0;
  for (int iteration = 1; iteration <= most_iterations; ++iteration) {
    if (!evaluated &&
        !system.residual(t, at.y.data(), at.derivative.data(), system.points().kappa(c), residual.data()))
      return 0;
    if (!system.linearise(t, at.y.data(), at.derivative.data(), c)) return 0;
    for (std::size_t i = 0; i < change.size(); ++i) change[i] = -residual[i];
    system.solve(change.data(), 1);
    const bool limited = system.limit(at.y.data(), change.data());
    const RelativeChange relative = relative_changes(system, change, at.y);
    const double size = relative.largest();
    if (!std::isfinite(size)) return 0;
    evaluated = false;
    if (system.unknowns().is_linear()) {  // the step leads to the solution
      add_change(at, change, 1, c);
    } else if (damped && !limited) {
      if (!advance_damped(system, t, c, change, size, at)) return 0;
    } else {
      if (!advance(system, t, c, change, at, residual)) return 0;
      evaluated = true;
    }
    if (limited) {
      previous = infinity;
      continue;
    }
    // One more iteration after the change is small: Newton's error is then the square of it.
    if (size < converged && previous < 1e-3) return iteration;
    if (size < 1e-14) return iteration;
    // Corrections that no longer shrink are rounding: L ulp(i)/h of a coil, say.
    if (size < noise && size > 0.5 * previous) return iteration;
    previous = size;
    stalled = size < 0.7 * best ? 0 : stalled + 1;
    best = std::min(best, size);
    if (stalled >= most_stalled && best < rounding && size < 10 * best) return iteration;
    // So may be those of potentials that hardly anything holds (10 Tohm): what flows there adds up.
    if (stalled >= most_stalled && relative.others < noise && size < loose &&
        KirchhoffCheck(system).holds(t, at.y.data(), at.derivative.data()))
      return iteration;
  }
  return 0;
}

bool solve_newton_robustly(EquationSystem& system, double t, double c, Solution& at) {
  const Solution start = at;
  if (solve_newton(system, t, c, at) > 0) return true;
  if (system.circuit().programs.empty()) return false;
  at = start;
  return solve_newton(system, t, c, at, 200, true) > 0;
}

bool refine(EquationSystem& system, double t, double c, Solution& at) {
  std::vector<double> change(system.size());
  if (!system.residual(t, at.y.data(), at.derivative.data(), system.points().kappa(c), change.data()))
    return false;
  // Times C/h it would be more than the currents.
  leave_out_rounding(system, at.y.data(), change.data());
  for (double& r : change) r = -r;
  system.solve(change.data(), 1);
  add_change(at, change, 1, c);
  return true;
}

bool polish(EquationSystem& system, double t, double c, Solution& at, const Polish& wanted) {
  constexpr int most_iterations = 12;
  constexpr double settled = 1e-9;
  constexpr double never_limited = 1e-6;  // V: no junction bends there
  constexpr double slow = 0.05;  // contraction above which a new factorisation is cheaper than more solves
  std::vector<double> change(system.size());
  double scale = 0;
  for (std::size_t i = 0; i < system.unknowns().potentials(); ++i) scale = std::max(scale, std::abs(at.y[i]));
  // Sources may hold all nodes of a device; what is inside of it has to settle all the same.
  const std::vector<std::size_t>& inside = system.unknowns().algebraic().voltages;
  for (const std::size_t i : inside) scale = std::max(scale, std::abs(at.y[i]));
  const auto enough = [&](const std::vector<double>& change, double contraction) {
    for (std::size_t k = 0; k < wanted.rows.size(); ++k)
      if (!(std::abs(change[wanted.rows[k]]) * contraction <= wanted.left[k])) return false;
    return true;
  };
  double previous = infinity;
  bool fresh = false;
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    if (!system.residual(t, at.y.data(), at.derivative.data(), c, change.data())) return false;
    for (double& r : change) r = -r;
    system.solve(change.data(), 1);
    double size = 0;
    for (std::size_t i = 0; i < system.unknowns().potentials(); ++i)
      size = std::max(size, std::abs(change[i]));
    for (const std::size_t i : inside) size = std::max(size, std::abs(change[i]));
    if (size > never_limited && !inside.empty() && system.limit(at.y.data(), change.data()))
      return false;  // too far to go at once
    const double contraction = std::isfinite(previous) ? size / previous : 1;
    if (size >= previous && fresh)  // rounding: the point is as good as it gets
      return previous <= settled * scale;
    if (size < previous) add_change(at, change, 1, c);
    if (size * contraction <= wanted.of_largest * scale && enough(change, contraction)) return true;
    const bool renew = !fresh && std::isfinite(previous) && contraction > slow;
    previous = size;
    if (renew) {
      if (!system.linearise(t, at.y.data(), at.derivative.data(), c)) return false;
      fresh = true;
      previous = infinity;
    }
  }
  return previous <= settled * scale;
}

std::string solve_operating_point(EquationSystem& system, double t, bool dc_values, Solution& at) {
  const auto solve = [&] {
    const Solution guess = at;
    std::string method = solve_with_fallbacks(system, t, 0, dc_values, at);
    if (method.empty()) throw SimulationError(describe_failure(system, t, guess, at));
    return method;
  };
  std::string method = solve();
  if (!system.auxiliary().modes().has_events()) return method;
  // Switches that the solution flips change the solution.
  constexpr int most_rounds = 100;
  for (int round = 0;
       system.auxiliary().modes().decide(system.points().of_rows(t, at.y.data(), at.derivative.data()));
       ++round) {
    if (round == most_rounds)
      throw SimulationError(
          "no operating point found: the switches contradict each other, none of their states holds\n"
          "  try: give the switches hysteresis, or start with .tran … uic");
    method = solve();
  }
  return method;
}

namespace {

/// What backward Euler steps make of the values at the beginning of a segment.
struct FirstSteps {
  bool converged = false;
  bool settled = false;  // Newton's method was as fast as it is next to a solution of regular equations
  double error = 0;      // of one step, in units of the error test's tolerance
};

/// Three backward Euler steps of length h from the values in `at`. The first finds potentials that fit the
/// states (and lets what must jump, jump), the second the slopes, the third how much they change. Newton
/// changes y and ẏ together, dẏ = dy/h: the derivative is never a difference of close numbers.
FirstSteps first_steps(EquationSystem& system, double t, double h, bool with_fallbacks, Solution& at) {
  FirstSteps result;
  std::vector<double> slope, weight(at.y.size());
  for (int pass = 1; pass <= 3; ++pass) {
    const Solution before = at;
    slope = at.derivative;
    std::ranges::fill(at.derivative, 0.0);
    int iterations = solve_newton(system, t + pass * h, 1 / h, at);
    result.settled = iterations > 0 && iterations <= 3;
    if (iterations == 0) {
      at.y = before.y;
      std::ranges::fill(at.derivative, 0.0);
      if (solve_newton_robustly(system, t + pass * h, 1 / h, at)) continue;
      if (!with_fallbacks) return result;
      at.y = before.y;
      std::ranges::fill(at.derivative, 0.0);
      if (solve_with_fallbacks(system, t + pass * h, 1 / h, false, at).empty()) return result;
    }
  }
  result.converged = true;
  system.weights(at.y.data(), h, weight.data());
  for (std::size_t i = 0; i < at.y.size(); ++i) {
    if (!system.tests_error(i)) continue;
    const double noise = time_rounding * std::abs(t * slope[i]);
    result.error = std::max(result.error, (h * std::abs(at.derivative[i] - slope[i]) - noise) * weight[i]);
  }
  return result;
}

/// The longest steps that err next to nothing: the longer they are, the less rounding there is in slopes
/// (L ulp(i)/h of a coil), and the better conditioned the equations (C/h of a capacitor beside conductances).
/// Their length is 0 when none serves.
struct ChosenSteps {
  double h = 0;
  double error = infinity;
};
ChosenSteps choose_first_steps(EquationSystem& system, double t, double length, const Solution& start,
                               Solution& at) {
  constexpr double usual = 1e-8;  // of the segment
  constexpr double negligible = 1e-3;
  // Shorter ones make slopes of the rounding of the time.
  const double shortest = std::max(4e-15 * std::abs(t), std::min(1e-12 * std::abs(t), 1e-4 * length));
  Solution best = start;
  ChosenSteps chosen;
  double longest_seen = 0;
  std::vector<double> first, weight(start.y.size());  // where shorter steps say that the segment begins
  // Steps much longer than what decays in them see no change any more: they err by what has decayed.
  const auto lost = [&](double h, const Solution& at) {
    double most = 0;
    system.weights(at.y.data(), h, weight.data());
    for (std::size_t i = system.unknowns().potentials(); i < at.y.size(); ++i)
      if (system.tests_error(i))
        most = std::max(most, std::abs(at.y[i] - 3 * h * at.derivative[i] - first[i]) * weight[i]);
    return most;
  };
  const auto attempt = [&](double h) {
    Solution next = start;
    FirstSteps steps = first_steps(system, t, h, false, next);
    if (steps.converged && first.empty()) {
      first = next.y;
      for (std::size_t i = 0; i < first.size(); ++i) first[i] -= 3 * h * next.derivative[i];
    } else if (steps.converged && h > longest_seen) {
      steps.error = std::max(steps.error, lost(h, next));
    }
    if (steps.converged) longest_seen = std::max(longest_seen, h);
    if (steps.converged && steps.error < chosen.error) {
      chosen = {h, steps.error};
      best = std::move(next);
    }
    return steps;
  };
  const auto serves = [&](const FirstSteps& steps) {
    return steps.converged && steps.settled && steps.error <= negligible;
  };
  const double h = std::max(usual * length, shortest);
  const FirstSteps steps = attempt(h);
  bool found = serves(steps);
  if (!steps.settled) {
    for (double longer = 30 * h; !found && longer <= 3e-2 * length; longer *= 30)
      found = serves(attempt(longer));
  }
  for (double shorter = 1e-2 * h; !found && shorter >= shortest && shorter >= 1e-15 * length;
       shorter *= 1e-2) {
    const FirstSteps finer = attempt(shorter);
    if (!finer.converged) break;
    found = finer.error <= negligible;
  }
  if (chosen.h == 0 && first_steps(system, t, h, true, best = start).converged) chosen.h = h;
  at = std::move(best);
  return chosen;
}

}  // namespace

namespace {

/// Beside bounded states alone nothing jumps but potentials, which follow from the states as they are, and so
/// do the states' slopes; those of the potentials nobody asks for. False: no solution is found.
bool fit_to_states(EquationSystem& system, double t, const Solution& start, Solution& at) {
  Solution exact = at;
  std::copy(start.y.begin() + static_cast<std::ptrdiff_t>(system.unknowns().rows()), start.y.end(),
            exact.y.begin() + static_cast<std::ptrdiff_t>(system.unknowns().rows()));
  system.points().hold_states(true);
  const bool solved = solve_newton(system, t, 0, exact) > 0;
  system.points().hold_states(false);
  if (!solved) return false;
  std::ranges::fill(exact.derivative, 0.0);
  std::vector<double> slope(exact.y.size());
  if (!system.residual(t, exact.y.data(), exact.derivative.data(), 1, slope.data())) return false;
  for (std::size_t i = system.unknowns().rows(); i < slope.size(); ++i) exact.derivative[i] = -slope[i];
  at = std::move(exact);
  return true;
}

}  // namespace

double make_consistent(EquationSystem& system, double t, double length, Solution& at) {
  const Solution start = at;
  const auto [h, error] = choose_first_steps(system, t, length, start, at);
  if (h == 0) {
    const double c = 1 / std::max(1e-8 * length, 4e-15 * std::abs(t));
    const bool regular = system.linearise(t, at.y.data(), at.derivative.data(), c);
    std::string message =
        fmt::format("no consistent values at t = {:.6g} s: {}", t,
                    regular ? "Newton's method does not converge" : "the equations are singular");
    if (const auto suspects = negative_resistances(system, 5); !suspects.empty())
      message += fmt::format("\n  negative resistances: {}", fmt::join(suspects, ", "));
    message +=
        "\n  tried: Newton's method from the values before, gmin stepping, source stepping, pseudo-transient";
    message += "\n  try: check the signs of resistances and the loops of capacitors and sources there";
    throw SimulationError(message);
  }
  // Back from t + 3h to t along the slopes, which are then made to fit the values there.
  for (std::size_t i = 0; i < at.y.size(); ++i) at.y[i] -= 3 * h * at.derivative[i];
  system.path().return_to(at.y.data());
  // The present linearisation is that of the steps tried last.
  system.linearise(t, at.y.data(), at.derivative.data(), 1 / h);
  const bool has_states_only = system.unknowns().rows() == system.unknowns().potentials() &&
                               !system.error_weights().wants_scale() &&
                               !system.error_weights().tests_potentials();
  if (!has_states_only || !fit_to_states(system, t, start, at)) polish(system, t, 1 / h, at);
  constexpr double tolerated = 0.01;  // of the error test's tolerance: the estimate is that of one moment
  return h * std::sqrt(tolerated / std::max(error, 1e-30));
}

}  // namespace memspice
