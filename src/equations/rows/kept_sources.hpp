#pragma once

#include <vector>

#include "equations/rows/row_set.hpp"

namespace memspice {

/// Independent voltage sources whose current an expression reads: that is an unknown, and v - E = 0 stands in
/// the equations, where other sources join two potentials into one. (The current of a current source is
/// known, and needs no row.)
class KeptSources final : public RowSet {
 public:
  KeptSources(RowNumbers& numbers, const Circuit& circuit) : RowSet(numbers), circuit_(circuit) {}

  /// Index in y of the current of a voltage source; no_row: nobody reads it.
  [[nodiscard]] std::uint32_t row_of(std::uint32_t voltage_source) const { return row({voltage_source}); }

  std::optional<ElementReading> current_of(const ElementPlace& place) override;
  void attach(const PotentialForest& forest) override;
  void residual(const AuxiliaryPoint& at, double* r) override;
  void entries(const AuxiliaryPoint& at, EntrySink& emit) override;
  [[nodiscard]] AuxiliaryUnknown unknown(std::uint32_t place) const override;
  [[nodiscard]] std::string name(std::uint32_t place) const override;

 private:
  struct Element {
    std::uint32_t source = 0;  // in Circuit::voltage_sources
    std::uint32_t row = 0;     // in y
    Ends ends = {};
  };
  const Circuit& circuit_;
  std::vector<Element> elements_;
};

}  // namespace memspice
