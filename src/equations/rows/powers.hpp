#pragma once

#include <vector>

#include "equations/rows/row_set.hpp"

namespace memspice {

/// The power that an element takes up where an expression reads it: p - v i = 0, of its first branch.
class Powers final : public RowSet {
 public:
  Powers(RowNumbers& numbers, const Circuit& circuit) : RowSet(numbers), circuit_(circuit) {}

  /// The power of an element whose current is read so; one of the unknowns from now on.
  Reading power_of(std::uint32_t element, const ElementReading& reading);

  void attach(const PotentialForest& forest) override;
  void residual(const AuxiliaryPoint& at, double* r) override;
  void entries(const AuxiliaryPoint& at, EntrySink& emit) override;
  [[nodiscard]] AuxiliaryUnknown unknown(std::uint32_t place) const override;
  [[nodiscard]] std::string name(std::uint32_t place) const override;
  void find_expressions(bool hold, ExpressionPlaces& places) const override;

 private:
  struct Element {
    std::uint32_t row = 0;  // in y
    Ends ends = {};
    Reading current = {};  // an unknown, or that of a current source
  };
  [[nodiscard]] static double current(const Element& element, const AuxiliaryPoint& at);

  const Circuit& circuit_;
  std::vector<Element> elements_;
};

}  // namespace memspice
