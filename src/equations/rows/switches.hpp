#pragma once

#include <vector>

#include "equations/rows/row_set.hpp"
#include "equations/topology/tiny_resistances.hpp"

namespace memspice {

/// Switches (S, W): resistors whose control decides between two resistances. The current of one that an
/// expression reads, or that is tiny when it is closed, is an unknown, s (i - v / R) = 0 with s = min(1, R);
/// that of the others is a load.
class Switches final : public RowSet, public Modes {
 public:
  Switches(RowNumbers& numbers, const Circuit& circuit, Expressions& expressions,
           const TinyResistances& tiny);

  std::optional<ElementReading> current_of(const ElementPlace& place) override;
  void add_loads() override;
  void attach(const PotentialForest& forest) override;
  void residual(const AuxiliaryPoint& at, double* r) override;
  void entries(const AuxiliaryPoint& at, EntrySink& emit) override;
  void load_currents(const AuxiliaryPoint& at, double* current) override;
  void load_entries(const AuxiliaryPoint& at, EntrySink& emit) override;
  [[nodiscard]] AuxiliaryUnknown unknown(std::uint32_t place) const override;
  [[nodiscard]] std::string name(std::uint32_t place) const override;
  Modes* modes() override { return this; }
  void find_noise(std::vector<NoiseSource>& sources) const override;
  void noise_densities(const AuxiliaryPoint& at, double kelvin, std::vector<double>& density) override;

  [[nodiscard]] bool has_events() const override { return !closed_.empty(); }
  void event_arguments(const AuxiliaryPoint& at, std::vector<double>& arguments) override;
  [[nodiscard]] bool changed(const AuxiliaryPoint& at) override;
  bool decide(const AuxiliaryPoint& at) override;
  void adopt(const Modes& other) override;
  void exchange(Archive& archive) override;

 private:
  struct Element {
    std::uint32_t index = 0;  // in Circuit::switches
    std::uint32_t row = 0;    // of its unknown, in y; of a load its number
    Ends ends = {};
  };
  std::uint32_t keep(std::uint32_t index);
  [[nodiscard]] Element element(std::uint32_t index) const;
  [[nodiscard]] static ElementCurrent current(const Element& element);
  [[nodiscard]] double conductance(std::uint32_t index) const;  // S
  /// s above.
  [[nodiscard]] double scale(std::uint32_t index) const;
  [[nodiscard]] bool closes(std::uint32_t index, const AuxiliaryPoint& at);

  const Circuit& circuit_;
  Expressions& expressions_;
  std::vector<Element> unknowns_, loads_;
  std::vector<std::uint8_t> closed_;  // by switch
  bool decided_ = false;              // closed_ holds what a point decided
};

}  // namespace memspice
