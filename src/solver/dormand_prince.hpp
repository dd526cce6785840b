#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "solver/dormand_prince_step.hpp"

namespace memspice {

class OdeProblem;

/// Dormand and Prince's explicit method of order 8, one step at a time, for dy/dt = f(t, y) in which some
/// unknowns are held: their f is computed and told, but they do not move.
///
/// A one-step method starts anew at full speed: right for flows that are cut into many pieces. It tells when
/// the problem is too stiff for it.
///
/// Life cycle: construct once; start() for every smooth piece; step(), retry() … until its end; interpolate()
/// anywhere within the last step. Exceptions thrown by the problem come out of step() and interpolate().
class DormandPrince {
 public:
  struct Statistics {
    long steps = 0;
    long rejected_steps = 0;
    long rate_evaluations = 0;
    long starts = 0;
  };

  /// The tolerance, relative and absolute, is kept by every unknown in each step, by an estimate of its
  /// error. Steps are at most `longest_step` long (s).
  DormandPrince(OdeProblem& problem, double tolerance, double longest_step);

  /// Begins at (t, y), where f is `rates`. No step passes `end`, and the last one ends exactly there; the
  /// first one is not longer than `first`, which no error can tell.
  void start(double t, std::span<const double> y, std::span<const double> rates,
             const std::vector<bool>& held, double end, double first);
  /// One step. False when none can be made: failure() says why.
  bool step();
  /// Goes back to the beginning of the last step and makes one that is `length` long at most (s).
  bool retry(double length);

  [[nodiscard]] double begin() const { return step_.begin(); }
  /// Unknown k at the beginning of the last step.
  [[nodiscard]] double first(std::size_t k) const { return step_.first(k); }
  /// End of the last step, or the start.
  [[nodiscard]] double time() const { return step_.time(); }
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// Whether stiffness, not the solution itself, has limited many steps in a row.
  [[nodiscard]] bool stiff() const { return stiff_steps_ >= most_stiff_steps; }

  /// f at the beginning and at the end of the last step, of held unknowns too.
  [[nodiscard]] std::span<const double> first_rates() const { return step_.rate(0); }
  [[nodiscard]] std::span<const double> last_rates() const { return step_.rate(dormand_prince::stages); }
  /// Bounds of f of unknown k at the stages of the last step and at its end, held or not.
  [[nodiscard]] DormandPrinceStep::Range rates(std::size_t k) const { return step_.rates(k); }
  /// The solution at t, which must lie within the last step, or its slope.
  void interpolate(double t, int derivative, std::span<double> y);
  [[nodiscard]] double interpolate(double t, int derivative, std::size_t k) {
    return step_.interpolate(t, derivative, k);
  }
  [[nodiscard]] Statistics statistics() const;

 private:
  static constexpr int most_stiff_steps = 30;

  bool attempt(double length);
  void note_stiffness(double length);

  DormandPrinceStep step_;
  double tolerance_;
  double longest_step_;
  double end_ = 0;
  double next_length_ = 0;  // s, what the error lets expect; 0: not known yet
  double last_length_ = 0;
  double last_size_ = 0;  // of the last step's error; 0: not known
  int stiff_steps_ = 0;
  int calm_steps_ = 0;
  Statistics statistics_;
  std::string failure_;
};

}  // namespace memspice
