#pragma once

#include <optional>
#include <vector>

#include "analysis/solution/newton.hpp"
#include "solver/ida.hpp"

namespace memspice {

/// Finds out whether a condition or a switch changes within a step. What changes and changes back has an
/// argument with an extremum there, so that steps need no bound.
///
/// Life cycle: begin() with every smooth segment, look() at every step, accept() where it goes on from its
/// end.
class EventSearch {
 public:
  EventSearch(EquationSystem& system, Ida& ida) : system_(system), ida_(ida) {}

  void begin(double t, const Solution& at);
  /// A time in (from, to], the integrator's last step, at which a mode has changed.
  [[nodiscard]] std::optional<double> look(double from, double to);
  /// Where a mode that has changed by `end` does so: the first moment after `begin` at which the new one
  /// holds, to rounding in a run until `stop` (s).
  [[nodiscard]] double find(double begin, double end, double stop);
  void accept() { first_.swap(last_); }

 private:
  void find_arguments(double t, const double* y, const double* derivative, std::vector<double>& arguments);
  [[nodiscard]] bool changed_at(double t);
  [[nodiscard]] std::optional<double> look_at_extrema(double from, double to);

  EquationSystem& system_;
  Ida& ida_;
  std::vector<double> first_, middle_, last_;  // arguments at the ends of the step and between
  std::vector<double> y_, derivative_;
};

}  // namespace memspice
