#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "solver/dormand_prince_coefficients.hpp"

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

  [[nodiscard]] double begin() const { return begin_; }
  /// Unknown k at the beginning of the last step.
  [[nodiscard]] double first(std::size_t k) const { return start_[k]; }
  /// End of the last step, or the start.
  [[nodiscard]] double time() const { return time_; }
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// Whether stiffness, not the solution itself, has limited many steps in a row.
  [[nodiscard]] bool stiff() const { return stiff_steps_ >= most_stiff_steps; }

  /// f at the beginning and at the end of the last step, of held unknowns too.
  [[nodiscard]] std::span<const double> first_rates() const { return std::span(rates_).first(size_); }
  [[nodiscard]] std::span<const double> last_rates() const {
    return std::span(rates_).subspan(dormand_prince::stages * size_, size_);
  }
  /// Bounds of f of unknown k at the stages of the last step and at its end, held or not.
  struct Range {
    double lowest = 0;
    double highest = 0;
  };
  [[nodiscard]] Range rates(std::size_t k) const;
  /// The solution at t, which must lie within the last step, or its slope.
  void interpolate(double t, int derivative, std::span<double> y);
  [[nodiscard]] double interpolate(double t, int derivative, std::size_t k);
  [[nodiscard]] Statistics statistics() const { return statistics_; }

 private:
  static constexpr int most_stiff_steps = 30;

  bool attempt(double length);
  bool evaluate(int stage, double length);
  void note_stiffness(double length);
  [[nodiscard]] double error(double length) const;
  void extend();
  [[nodiscard]] double polynomial(double share, int derivative, std::size_t k) const;
  [[nodiscard]] std::span<double> rate(int stage) {
    return std::span(rates_).subspan(static_cast<std::size_t>(stage) * size_, size_);
  }

  OdeProblem& problem_;
  std::size_t size_;
  double tolerance_;
  double longest_step_;
  std::vector<double> rates_;  // of the stages, one after the other
  std::vector<double> start_;  // y at the beginning of the step
  std::vector<double> y_;      // and at its end
  std::vector<double> stage_;
  std::vector<double> last_stage_;
  std::array<std::vector<double>, 7> terms_;  // of the continuous extension
  std::vector<bool> held_;
  bool extended_ = false;  // terms_ belong to the last step
  double begin_ = 0;
  double time_ = 0;
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
