#pragma once

#include <vector>

#include "equations/rows/row_set.hpp"

namespace memspice {

/// Devices that are short circuits (0 ohm; at rest an inductor) and whose current an expression reads: that
/// is an unknown, and v = 0 stands in the equations, where other short circuits join two potentials into one.
class ShortCircuits final : public RowSet {
 public:
  ShortCircuits(RowNumbers& numbers, const Circuit& circuit, bool at_rest)
      : RowSet(numbers), circuit_(circuit), at_rest_(at_rest) {}

  /// Index in y of its current; no_row: nobody reads it, or it is none.
  [[nodiscard]] std::uint32_t row_of(std::uint32_t group, std::uint32_t instance) const {
    return row({instance, group});
  }
  /// Nothing determines the current that circulates there: it counts as 0.
  void set_idle(std::uint32_t group, std::uint32_t instance);

  std::optional<ElementReading> current_of(const ElementPlace& place) override;
  void attach(const PotentialForest& forest) override;
  void residual(const AuxiliaryPoint& at, double* r) override;
  void entries(const AuxiliaryPoint& at, EntrySink& emit) override;
  [[nodiscard]] AuxiliaryUnknown unknown(std::uint32_t place) const override;
  [[nodiscard]] std::string name(std::uint32_t place) const override;

 private:
  struct Element {
    std::uint32_t group = 0;
    std::uint32_t instance = 0;
    std::uint32_t row = 0;  // in y
    Ends ends = {};
    bool idle = false;
  };
  const Circuit& circuit_;
  bool at_rest_;
  std::vector<Element> elements_;
};

}  // namespace memspice
