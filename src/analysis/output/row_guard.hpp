#pragma once

#include <span>

#include "analysis/output/output_plan.hpp"
#include "base/archive.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

/// What holds for the rows of every analysis: all is finite, and the times of a transient ascend and end at
/// its stop.
class RowGuard {
 public:
  RowGuard(const OutputPlan& plan, bool complex) : plan_(plan), complex_(complex) {}

  /// The time of the last row of a transient that is complete.
  void must_end_at(double stop) { stop_ = stop; }
  /// Throws SimulationError for a row that must not be written. Rows have plan.width() values, in a complex
  /// plot twice as many numbers; of hidden vectors nothing is asked.
  void check(std::span<const double> row);
  void exchange(Archive& archive) { archive(last_); }
  /// A transient without the row at its stop is not complete.
  void finish(AnalysisReport& report) const;

 private:
  /// "at t = 1 s", "at frequency = 50"
  [[nodiscard]] std::string place(std::span<const double> row) const;

  const OutputPlan& plan_;
  bool complex_;
  double last_ = -infinity;  // time
  double stop_ = not_given;
};

}  // namespace memspice
