#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "analysis/output/asked_currents.hpp"
#include "analysis/solution/newton.hpp"
#include "equations/linear/linearisation.hpp"
#include "equations/readout.hpp"
#include "expression/aggregate.hpp"

namespace memspice {

/// Vectors of a circuit as columns of a row, and how each is computed from a solution.
class CircuitColumns {
 public:
  enum class Kind {
    voltage,
    unknown,
    current,
    power,
    observable,
    source_current,
    source_power,
    behavioural_current,
    behavioural_power,
    switch_current,
    switch_power,
    line_current,
    line_power,
    parameter,
    source_dc,
  };
  struct Column {
    Kind kind = Kind::voltage;
    bool voltage_source = false;
    std::uint32_t group = 0;
    std::uint32_t instance = 0;  // or source, switch, line, or first node
    std::uint32_t part = 0;      // unknown, observable or parameter, or second node, or port
    std::size_t place = 0;       // in a row
  };

  void add(Column column);
  /// Of the vectors at these places of a row.
  void add(Aggregate aggregate, std::vector<std::size_t> operands, std::size_t place) {
    aggregates_.push_back({std::move(aggregate), std::move(operands), place});
  }
  /// Whether a vector is a current or a power.
  [[nodiscard]] bool needs_branches() const { return needs_branches_; }
  /// Whether there is anything but states, which need no potentials.
  [[nodiscard]] bool needs_potentials() const {
    return std::ranges::any_of(columns_, [](const Column& column) {
      return column.kind != Kind::unknown && column.kind != Kind::parameter && column.kind != Kind::source_dc;
    });
  }
  /// The currents among them. Differences of potentials stand for currents: they may be as much smaller.
  [[nodiscard]] AskedCurrents currents() const;
  /// The nodes of the voltages among them.
  [[nodiscard]] std::vector<NodeId> nodes() const;
  /// Places in y of the states among them, ascending.
  [[nodiscard]] std::vector<std::size_t> states(const EquationSystem& system) const;
  /// Currents of other devices than those that they need are no longer looked at: rows become cheaper. For
  /// one system, after the last add().
  void leave_out_other_currents(const EquationSystem& system) {
    branches_.wanted = wanted_currents(system, currents());
  }
  /// Fills their places of a row.
  void evaluate(EquationSystem& system, double t, const Solution& at, std::span<double> row);
  /// The same in .ac: their small changes, from the solution x of the linearised system and what follows from
  /// it.
  void evaluate_changes(const EquationSystem& system, std::span<const Complex> x,
                        const SourceChanges<Complex>& sources, const BranchChanges<Complex>& branches,
                        std::span<Complex> row) const;
  /// Whether a linearised circuit has the vector: powers and observables are no linear functions.
  [[nodiscard]] static bool is_linear(Kind kind);

 private:
  void evaluate_aggregates(std::span<double> row);

  struct AggregateColumn {
    Aggregate aggregate;
    std::vector<std::size_t> operands;  // places in a row
    std::size_t place = 0;
  };

  std::vector<Column> columns_;
  std::vector<AggregateColumn> aggregates_;
  std::vector<double> values_;  // work: of operands
  bool needs_branches_ = false;
  BranchValues branches_;
};

}  // namespace memspice
