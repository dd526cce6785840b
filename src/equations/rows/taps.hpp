#pragma once

#include <string_view>
#include <vector>

#include "equations/rows/row_set.hpp"
#include "memspice/detail/population.hpp"

namespace memspice {

/// A tap's equation: y[row] is a tap of instance tap.instance of the group's population.
struct TapRow {
  std::uint32_t row = 0;  // in y
  std::uint32_t group = 0;
  const Population* population = nullptr;
  Tap tap;
};

/// Quantities of devices that expressions read: s = i(r1), s = w(y1). A tap of a condensed unknown is
/// condensed along with it (Population::condense_tap), so that only the tap itself has an entry here.
class Taps final : public RowSet {
 public:
  Taps(RowNumbers& numbers, const Circuit& circuit) : RowSet(numbers), circuit_(circuit) {}

  /// The unknown or the observable of this name; nothing: the device has none.
  std::optional<Reading> quantity(const ElementPlace& place, std::string_view name);
  /// The population that a tap reads, and the place of each instance in it (empty: its number).
  void attach(std::uint32_t group, const Population& population, const std::vector<std::uint32_t>& position);
  [[nodiscard]] const std::vector<TapRow>& rows() const { return taps_; }

  std::optional<ElementReading> current_of(const ElementPlace& place) override;
  void attach(const PotentialForest& forest) override;
  void residual(const AuxiliaryPoint& at, double* r) override;
  void entries(const AuxiliaryPoint& at, EntrySink& emit) override;
  [[nodiscard]] AuxiliaryUnknown unknown(std::uint32_t place) const override;
  [[nodiscard]] std::string name(std::uint32_t place) const override;

 private:
  Reading add(const ElementPlace& place, Tap::Kind kind, std::uint32_t index);

  const Circuit& circuit_;
  std::vector<TapRow> taps_;
  std::vector<std::uint32_t> names_;             // by tap: of its element
  std::vector<double> by_voltage_, by_unknown_;  // work
};

}  // namespace memspice
