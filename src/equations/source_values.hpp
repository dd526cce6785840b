#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "equations/shared_waves.hpp"
#include "equations/topology/potential_forest.hpp"
#include "memspice/circuit.hpp"

namespace memspice {

/// The independent sources of a circuit at the time that was asked for last, and the offsets that the EMFs of
/// those among the ties give to the nodes.
class SourceValues {
 public:
  /// `reads_time`: something beside the sources depends on the time, so that every time counts as another.
  SourceValues(const Circuit& circuit, const PotentialForest& forest, bool reads_time);

  /// Gives source functions SPICE's defaults for a transient of this step and stop time (s).
  void resolve(double step, double stop);
  /// What the time functions of all sources are multiples of, and how.
  [[nodiscard]] std::span<const SourceFunction> waves() const;
  [[nodiscard]] const SharedWaves::Part& part(std::uint32_t function) const {
    if (waves_.empty()) waves_.take(circuit_.functions);
    return waves_.part(function);
  }
  /// First corner of any source later than t; infinity when there is none.
  [[nodiscard]] double next_breakpoint(double t) const;
  /// Shortest period with which a source oscillates smoothly, s; infinity: none does.
  [[nodiscard]] double shortest_period() const;
  /// Makes source functions take their values from the smooth piece that contains `inside` (s).
  void enter_segment(double inside);
  /// DC values (.op), or their time functions at t; all are multiplied by `factor` (source stepping).
  void set_homotopy(bool dc_values, double factor);

  /// Goes to the time t (s). True when offsets may have changed.
  bool update(double t);
  /// The time last gone to, s; 0 before.
  [[nodiscard]] double time() const { return std::isnan(time_) ? 0 : time_; }
  [[nodiscard]] double inside() const { return inside_; }
  [[nodiscard]] double factor() const { return factor_; }
  [[nodiscard]] std::span<const double> voltage() const { return voltage_; }  // V, by voltage source
  [[nodiscard]] std::span<const double> current() const { return current_; }  // A, by current source
  [[nodiscard]] std::span<const double> offset() const { return offset_; }    // V, by node
  /// Calls visit(plus, minus, A) for every current source, with the rows of its ends.
  template <class Visit>
  void for_each_current(Visit&& visit) const {
    for (std::size_t i = 0; i < current_.size(); ++i) visit(plus_row_[i], minus_row_[i], current_[i]);
  }

 private:
  const Circuit& circuit_;
  const PotentialForest& forest_;
  mutable SharedWaves waves_;                        // made when a time function is asked for
  std::vector<std::uint32_t> plus_row_, minus_row_;  // by current source
  std::vector<double> emf_;                          // by tie, V
  std::vector<double> voltage_, current_, offset_;
  double time_ = not_given;
  double inside_ = 0;
  bool varies_;
  bool dc_values_ = false;
  double factor_ = 1;
};

}  // namespace memspice
