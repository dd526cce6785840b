#include "analysis/solution/fallbacks.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

namespace {

/// The attempts at one solution. All leave the system without homotopy.
class Fallbacks {
 public:
  Fallbacks(EquationSystem& system, double t, double c, bool dc_values, Solution& at)
      : system_(system),
        t_(t),
        c_(c),
        dc_values_(dc_values),
        at_(at),
        start_(at),
        programs_(!system.circuit().programs.empty()) {}

  std::string solve() {
    system_.held().hold_loose({});
    if (programs_ && !is_defined(start_) && find_defined_start()) return "newton";
    begin_at_nodesets();
    std::string method = by_newton();
    if (method.empty() && !system_.held().loose().empty()) method = with_loose_held();
    if (method.empty()) method = by_homotopy();
    system_.set_homotopy(dc_values_, 1, 0);
    return method;
  }

 private:
  bool attempt(double factor, double gmin, std::span<const double> reference = {}) {
    system_.set_homotopy(dc_values_, factor, gmin, reference);
    return solve_newton(system_, t_, c_, at_) > 0;
  }

  /// Moves an unknown, and its slope with it.
  void put(Solution& at, std::size_t i, double value) const {
    at.derivative[i] += c_ * (value - at.y[i]);
    at.y[i] = value;
  }

  [[nodiscard]] bool is_defined(const Solution& at) const {
    return system_.auxiliary().sets().expressions.is_defined(
        system_.points().of_rows(t_, at.y.data(), at.derivative.data()));
  }

  /// All potentials, currents and voltages inside of devices 0, where the expressions have values there.
  [[nodiscard]] Solution origin() const {
    Solution zero = start_;
    for (std::size_t i = 0; i < system_.unknowns().rows(); ++i) put(zero, i, 0.0);
    for (const std::size_t i : system_.unknowns().algebraic().voltages) put(zero, i, 0.0);
    return is_defined(zero) ? zero : start_;
  }

  /// Newton's method without the expressions that have no value where it stands, until all have; `leak` S to
  /// ground for what has lost its expression.
  bool relax(double leak, Solution& at) {
    constexpr int most_iterations = 20;
    std::vector<double> change(system_.size());
    system_.auxiliary().sets().expressions.leave_out_undefined(true);
    system_.set_homotopy(dc_values_, 1, leak);
    for (int iteration = 0; iteration < most_iterations && !is_defined(at); ++iteration) {
      if (!system_.residual(t_, at.y.data(), at.derivative.data(), system_.points().kappa(c_),
                            change.data()) ||
          !system_.linearise(t_, at.y.data(), at.derivative.data(), c_))
        break;
      system_.solve(change.data(), 1);
      for (std::size_t i = 0; i < change.size(); ++i) put(at, i, at.y[i] - change[i]);
    }
    system_.auxiliary().sets().expressions.leave_out_undefined(false);
    system_.set_homotopy(dc_values_, 1, 0);
    return is_defined(at);
  }

  /// Where an expression has no value or no slope at the guess (0/0, log(0)), the solution of the circuit
  /// without it gives it one as a rule; otherwise a point aside does. True when that solution is one of the
  /// whole circuit, slope or no slope: a ratio of voltages that are 0 counts as 0, as in SPICE.
  bool find_defined_start() {
    Solution relaxed = start_;
    if (relax(1e-9, relaxed)) {
      start_ = relaxed;
      return false;
    }
    if (relax(0, relaxed)) {
      start_ = relaxed;
      return false;
    }
    std::vector<double> residual(system_.size());
    double largest = 0;
    if (system_.residual(t_, relaxed.y.data(), relaxed.derivative.data(), system_.points().kappa(c_),
                         residual.data())) {
      for (const double r : residual) largest = std::max(largest, std::abs(r));
      if (largest <= 1e-15) {
        at_ = relaxed;
        return true;
      }
    }
    for (double distance = 1e-6; distance < 1e2; distance *= 1e3) {
      Solution aside = relaxed;
      for (std::size_t i = 1; i < system_.unknowns().rows(); ++i)  // no two unknowns move alike
        put(aside, i, aside.y[i] + distance * (0.5 + std::fmod(0.618034 * static_cast<double>(i), 1)));
      if (!is_defined(aside)) continue;
      start_ = aside;
      break;
    }
    return false;
  }

  /// The search begins at a solution with the nodes of .nodeset held at the guess: their neighbours and the
  /// junctions fit them then, and the circuit stays near when it is let go.
  void begin_at_nodesets() {
    std::vector<std::uint32_t> rows;
    for (const NodeVoltage& guess : system_.circuit().nodesets)
      if (const std::uint32_t row = system_.unknowns().forest().row(guess.node); row != 0)
        rows.push_back(row);
    if (c_ > 0 || rows.empty() || system_.unknowns().is_linear()) return;
    std::ranges::sort(rows);
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    system_.held().pin(std::move(rows), start_.y);
    at_ = start_;
    if (attempt(1, 0) || gmin_stepping()) start_ = at_;
    system_.held().pin({}, {});
  }

  std::string by_newton() {
    at_ = start_;
    if (attempt(1, 0)) return "newton";
    if (!programs_) return {};
    at_ = start_;
    system_.set_homotopy(dc_values_, 1, 0);
    return solve_newton(system_, t_, c_, at_, 200, true) > 0 ? "damped newton" : "";
  }

  std::string by_homotopy() {
    if (gmin_stepping()) return "gmin stepping";
    if (source_stepping()) return "source stepping";
    if (pseudo_transient()) return "pseudo-transient";
    return {};
  }

  /// Potentials that only capacitors and controlled currents reach stay at their guess, where those currents
  /// neither depend on them nor flow.
  std::string with_loose_held() {
    system_.held().hold_loose(start_.y);
    std::string method = by_newton();
    if (method.empty()) method = by_homotopy();
    if (!method.empty() && system_.held().loose_at_rest(at_.y.data())) return method;
    system_.held().hold_loose({});
    return {};
  }

  /// Every node leaks, less and less: at rest to ground, in a step of time to where it was.
  bool gmin_stepping() {
    at_ = start_;
    const std::span<const double> reference =
        c_ > 0 ? std::span<const double>(start_.y) : std::span<const double>();
    bool alive = true;
    for (double gmin = 1e2; alive && gmin > 1e-13; gmin *= 0.1) alive = attempt(1, gmin, reference);
    return alive && attempt(1, 0);
  }

  /// All sources grow from zero together; the increment adapts.
  bool source_stepping() {
    at_ = origin();
    Solution last = at_;
    double reached = 0;
    double increment = 0.1;
    while (reached < 1 && increment > 1e-6) {
      const double next = std::min(1.0, reached + increment);
      if (attempt(next, 0)) {
        reached = next;
        last = at_;
        increment *= 2;
      } else {
        at_ = last;
        increment /= 4;
      }
    }
    return reached >= 1;
  }

  /// Every node gets a conductance to where it was one pseudo time step ago; it fades as the iteration
  /// settles and grows back when Newton's method fails.
  bool pseudo_transient() {
    Solution settled = origin();
    double gmin = 1;
    for (int step = 0; step < 500 && gmin < 1e6; ++step) {
      at_ = settled;
      if (!attempt(1, gmin, settled.y)) {
        at_ = settled;
        gmin *= 8;
        continue;
      }
      settled = at_;
      gmin /= 4;
      if (gmin <= 1e-12) return attempt(1, 0);
    }
    return false;
  }

  EquationSystem& system_;
  double t_;
  double c_;
  bool dc_values_;
  Solution& at_;
  Solution start_;
  bool programs_;
};

}  // namespace

std::string solve_with_fallbacks(EquationSystem& system, double t, double c, bool dc_values, Solution& at) {
  return Fallbacks(system, t, c, dc_values, at).solve();
}

}  // namespace memspice
