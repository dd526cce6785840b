#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "analysis/output/output_plan.hpp"
#include "analysis/output/row_budget.hpp"
#include "analysis/small_signal/small_signal.hpp"
#include "base/archive.hpp"

namespace memspice {

/// The scales of an analysis along these sweeps, the innermost first, and called as ngspice calls it.
std::vector<VectorInfo> scales_of(const Circuit& circuit, const std::vector<Sweep>& sweeps);
/// "v1 from 0 V to 5 V in 6 points, for temp …"
std::string describe(const Circuit& circuit, const std::vector<Sweep>& sweeps);
/// A row for each combination of their values.
RowCount rows_of_sweeps(const std::vector<Sweep>& sweeps);

/// The circuit at one point of the sweeps after the other, each solved from the last.
class SweptCircuit {
 public:
  /// `vary` makes the circuit with other values than those of sources.
  using Vary = std::function<Circuit(const Variation&)>;
  SweptCircuit(const Circuit& original, const std::vector<Sweep>& sweeps, Vary vary);

  /// `values`: one a sweep. Throws SimulationError and DeckError.
  void solve(const std::vector<double>& values);
  /// The last point, written, or made anew from what is read.
  void exchange(Archive& archive);

  [[nodiscard]] QuietPoint& point() { return *point_; }
  /// The one of the last point.
  [[nodiscard]] const Circuit& circuit() const { return *circuit_; }
  /// What expressions over vectors read of the circuit's parameters here.
  void fill_parameters(const OutputPlan& plan, std::span<double> row) const;

 private:
  void set_sources();
  void build();

  const Circuit& original_;
  const std::vector<Sweep>& sweeps_;
  Vary vary_;
  std::vector<double> values_;
  std::unique_ptr<Circuit> circuit_;
  std::unique_ptr<QuietPoint> point_;
};

/// The combinations of all values, one after the other, the first sweep the fastest.
class SweepPlace {
 public:
  explicit SweepPlace(const std::vector<Sweep>& sweeps) : sweeps_(sweeps), place_(sweeps.size(), 0) {}
  [[nodiscard]] std::vector<double> values() const;
  /// False behind the last one.
  bool advance();
  /// "v1 = 2, temp = 27"
  [[nodiscard]] std::string text() const;
  void exchange(Archive& archive);

 private:
  const std::vector<Sweep>& sweeps_;
  std::vector<std::size_t> place_;
};

}  // namespace memspice
