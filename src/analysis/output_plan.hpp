#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/newton.hpp"
#include "equations/linearisation.hpp"
#include "memspice/waveform.hpp"

namespace memspice {

/// Which vectors an analysis writes, resolved from .save, .probe and .print (or the default: node voltages,
/// currents of voltage sources and inductors, memristor states), and how each is computed from a solution.
class OutputPlan {
 public:
  /// Throws DeckError for a vector that the circuit does not have. Requests whose wildcards match nothing are
  /// appended to `warnings`. A transient plan starts with `time`.
  OutputPlan(const Circuit& circuit, bool with_time, std::vector<Diagnostic>& warnings);

  [[nodiscard]] const std::vector<VectorInfo>& vectors() const { return vectors_; }
  /// Columns asked for by .print, in its order.
  [[nodiscard]] const std::vector<std::size_t>& printed() const { return printed_; }
  /// Adds columns that somebody else fills: their values follow the plan's own in every row.
  void append(std::string name, Quantity quantity) { vectors_.push_back({std::move(name), quantity}); }

  /// Fills the first columns of a row (vectors().size() minus the appended ones).
  void evaluate(EquationSystem& system, double t, const Solution& at, std::span<double> row);

  /// Whether a linearised circuit has the vector: voltages, currents and states; powers and observables are
  /// no linear functions of them.
  [[nodiscard]] bool is_linear(std::size_t vector) const;
  /// The small change of a linear vector, from the solution x of the linearised system and what follows from
  /// it.
  [[nodiscard]] Complex change(std::size_t vector, const EquationSystem& system, std::span<const Complex> x,
                               const SourceChanges<Complex>& sources,
                               const BranchChanges<Complex>& branches) const;

 private:
  enum class Kind { time, voltage, unknown, current, power, observable, source_current, source_power };
  struct Column {
    Kind kind = Kind::time;
    bool voltage_source = false;
    std::uint32_t group = 0;
    std::uint32_t instance = 0;  // or source, or first node
    std::uint32_t part = 0;      // unknown or observable, or second node
  };
  struct Resolver;

  void add(Column column, VectorInfo info);

  std::vector<Column> columns_;
  std::vector<VectorInfo> vectors_;
  std::vector<std::size_t> printed_;
  bool needs_branches_ = false;
  BranchValues branches_;
};

}  // namespace memspice
