#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/solution/newton.hpp"
#include "equations/kirchhoff_check.hpp"
#include "solver/ida.hpp"

namespace memspice {

/// Points of a run that satisfy the equations: what rows are made of.
class RowPoints {
 public:
  virtual ~RowPoints() = default;
  /// The times that find() will be asked for next, ascending, s: some find several points at once.
  virtual void expect(std::span<const double>) {}
  /// The point t of the last step, with the states in y. False: it does not satisfy the equations.
  virtual bool find(double t) = 0;
  /// A point that no step has led to.
  virtual const Solution& settle(double t, const Solution& at) = 0;
  /// The last point of all these.
  [[nodiscard]] virtual const Solution& point() const = 0;
};

/// Points of the integrator's last step that satisfy the equations to rounding: its interpolant, corrected.
/// Nothing here changes what is simulated, but that find() leaves another linearisation behind: it stands
/// between NodeEquations::keep() and return_to_kept(), which the others do themselves.
class PointSolver final : public RowPoints {
 public:
  PointSolver(EquationSystem& system, Ida& ida);

  bool find(double t) override;
  /// From now on find() is asked for states alone: the interpolant has them within the integrator's
  /// tolerance.
  void find_states_only() { states_only_ = true; }
  /// From now on find() is asked for the potentials of these rows alone, in which no node's currents can be
  /// summed: they are found far within the integrator's tolerance, and not to rounding.
  void find_some(std::vector<std::size_t> rows);
  /// The same, found or not; behind the end of the step too.
  const Solution& at(double t);
  /// From now on at() may be asked for points before the last one of the path of bounded states: tell
  /// step_ends() of every step, with its beginning, before the path advances to its end.
  void look_back();
  void step_ends(double begin, const Solution& free);
  /// The path has not advanced to the end of the step.
  void step_stays() { behind_.begin = infinity; }
  const Solution& settle(double t, const Solution& at) override;
  /// Whether the end of the last step can be made to satisfy the equations.
  [[nodiscard]] bool end_holds();
  /// The same where nobody asks for that end: whether the integrator's Newton method was on its way to a
  /// solution, as far as its corrections tell.
  [[nodiscard]] bool end_converges();
  [[nodiscard]] const Solution& point() const override { return between_; }

 private:
  bool find_point(double t, bool to_rounding = true);
  void interpolate(double t);
  void find_behind_path(double t);
  double project(double t);
  bool is_near();
  bool solve_with_states(double t);
  bool refine_currents(double t, double c, double excess);

  EquationSystem& system_;
  Ida& ida_;
  KirchhoffCheck check_;
  /// Of a linear circuit a correction is all there is; what a coil's current rounds to only a solution tells.
  bool solves_ends_;
  /// Where all equations are Kirchhoff's and those of inductors, potentials that still move are rounding:
  /// L ulp(i)/h of a coil, say.
  bool may_stay_unsettled_;
  bool states_only_ = false;
  /// What find() is asked for, where that is not everything.
  struct {
    std::vector<std::size_t> rows;
    std::vector<double> left;  // V, what may be left of them
  } some_;
  Solution between_;
  Solution best_;  // of the corrections of between_
  /// The end of the integrator's last step, where it holds, and the integrator's number of that.
  struct {
    Solution at;
    std::uint64_t move = 0;
  } end_;
  std::vector<double> found_;   // between_ before its bounded states took the place of their free motions
  std::vector<double> weight_;  // work
  struct Bounded {
    std::size_t unknown = 0;
    double lower = -infinity, upper = infinity;
  };
  std::vector<Bounded> bounded_;  // when it looks back
  struct {
    double begin = infinity;     // s, where the last step began that the path has advanced by,
    Solution free;               // with these free motions
    std::vector<double> states;  // and states
  } behind_;
};

}  // namespace memspice
