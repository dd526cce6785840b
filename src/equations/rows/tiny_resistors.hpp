#pragma once

#include <utility>
#include <vector>

#include "equations/rows/row_set.hpp"
#include "equations/topology/tiny_resistances.hpp"

namespace memspice {

/// Resistors so small that potentials do not tell their currents (tiny_resistances.hpp): v - r i = 0.
class TinyResistors final : public RowSet {
 public:
  /// `equations`: rows in which resistance times current appears, and the sign that it has there.
  struct Resistor {
    std::uint32_t group = 0;
    std::uint32_t instance = 0;
    std::uint32_t row = 0;  // in y
    Ends ends = {};
    double resistance = 0;  // ohm
    std::vector<std::pair<std::uint32_t, double>> equations = {};
  };

  TinyResistors(RowNumbers& numbers, const Circuit& circuit, const TinyResistances& tiny);

  [[nodiscard]] const std::vector<Resistor>& resistors() const { return resistors_; }
  /// Index in y of its current; no_row: it is a resistor like others.
  [[nodiscard]] std::uint32_t row_of(std::uint32_t group, std::uint32_t instance) const {
    return row({instance, group});
  }

  std::optional<ElementReading> current_of(const ElementPlace& place) override;
  void attach(const PotentialForest& forest) override;
  void residual(const AuxiliaryPoint& at, double* r) override;
  void entries(const AuxiliaryPoint& at, EntrySink& emit) override;
  [[nodiscard]] AuxiliaryUnknown unknown(std::uint32_t place) const override;
  [[nodiscard]] std::string name(std::uint32_t place) const override;
  void find_noise(std::vector<NoiseSource>& sources) const override;
  void noise_densities(const AuxiliaryPoint& at, double kelvin, std::vector<double>& density) override;
  void find_negative(std::vector<std::pair<double, std::uint32_t>>& found) const override;

 private:
  struct Drop {
    std::uint32_t resistor = 0;
    double resistance = 0;  // ohm, negative where the loop runs against the resistor
  };
  void close_loops();
  /// The resistors of `tree` (by node) that lead from the minus node of a resistor to its plus node.
  [[nodiscard]] std::vector<Drop> path(const std::map<NodeId, std::vector<std::uint32_t>>& tree,
                                       const Resistor& across) const;

  const Circuit& circuit_;
  std::vector<Resistor> resistors_;
  std::vector<std::vector<Drop>> loops_;  // by resistor: the sum that takes the place of its equation
};

}  // namespace memspice
