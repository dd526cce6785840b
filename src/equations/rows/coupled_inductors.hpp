#pragma once

#include <vector>

#include "equations/rows/row_set.hpp"
#include "equations/topology/cut_sets.hpp"

namespace memspice {

/// Inductors whose currents are unknowns: those that a K couples, v = Σ M di/dt, and those of cut sets of
/// inductors. At rest there are none: inductors are short circuits.
class CoupledInductors final : public RowSet {
 public:
  struct Inductor {
    std::uint32_t row = 0;  // in y
    Ends ends = {};
    double inductance = 0;  // H, its own
  };

  /// `places` is empty where the circuit has no such inductor.
  CoupledInductors(RowNumbers& numbers, const Circuit& circuit, const CutSets& cut_sets,
                   const std::vector<ElementPlace>& places, bool at_rest);

  [[nodiscard]] const std::vector<Inductor>& inductors() const { return inductors_; }
  /// Index in y of its current; no_row: it is an inductor like others.
  [[nodiscard]] std::uint32_t row_of(std::uint32_t group, std::uint32_t instance) const {
    return row({instance, group});
  }

  std::optional<ElementReading> current_of(const ElementPlace& place) override;
  void attach(const PotentialForest& forest) override;
  void residual(const AuxiliaryPoint& at, double* r) override;
  void entries(const AuxiliaryPoint& at, EntrySink& emit) override;
  [[nodiscard]] AuxiliaryUnknown unknown(std::uint32_t place) const override;
  [[nodiscard]] std::string name(std::uint32_t place) const override;

 private:
  /// M, or L where `other` is the inductor itself.
  struct Mutual {
    std::uint32_t own = 0;    // number of the row
    std::uint32_t other = 0;  // the same, once attached index in y
    double inductance = 0;    // H
  };
  std::uint32_t keep(const ElementPlace& place);
  [[nodiscard]] double inductance(const ElementPlace& place) const;

  const Circuit& circuit_;
  std::vector<Inductor> inductors_;
  std::vector<std::uint32_t> names_;         // by inductor
  std::vector<Mutual> mutuals_;              // by inductor, ascending
  std::vector<std::uint32_t> first_mutual_;  // by inductor, and the end
};

}  // namespace memspice
