#pragma once

#include <vector>

#include "equations/rows/row_set.hpp"

namespace memspice {

/// Sources given by an expression (B, E, F, G, H). The current of a voltage source is an unknown,
/// v - factor P = 0; that of a current source too where an expression reads it, i - factor P = 0, and a load
/// otherwise. `factor` is that of source stepping.
class ControlledSources final : public RowSet {
 public:
  ControlledSources(RowNumbers& numbers, const Circuit& circuit, Expressions& expressions);

  std::optional<ElementReading> current_of(const ElementPlace& place) override;
  void add_loads() override;
  void attach(const PotentialForest& forest) override;
  void residual(const AuxiliaryPoint& at, double* r) override;
  void entries(const AuxiliaryPoint& at, EntrySink& emit) override;
  void load_currents(const AuxiliaryPoint& at, double* current) override;
  void load_entries(const AuxiliaryPoint& at, EntrySink& emit) override;
  [[nodiscard]] AuxiliaryUnknown unknown(std::uint32_t place) const override;
  [[nodiscard]] std::string name(std::uint32_t place) const override;
  void find_expressions(bool hold, ExpressionPlaces& places) const override;
  void find_noise(std::vector<NoiseSource>& sources) const override;
  void noise_densities(const AuxiliaryPoint& at, double kelvin, std::vector<double>& density) override;
  void find_negative(std::vector<std::pair<double, std::uint32_t>>& found) const override;

 private:
  struct Element {
    std::uint32_t source = 0;  // in Circuit::behavioural_sources
    std::uint32_t program = 0;
    std::uint32_t row = 0;  // of its unknown, in y; of a load its number
    Ends ends = {};
  };
  [[nodiscard]] Element element(std::uint32_t source) const;
  [[nodiscard]] static ElementCurrent current(const Element& element);

  const Circuit& circuit_;
  Expressions& expressions_;
  std::vector<Element> voltages_, read_currents_, loads_;
};

}  // namespace memspice
