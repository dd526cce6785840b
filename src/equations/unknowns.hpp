#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "equations/equation_group.hpp"
#include "equations/rows/auxiliary_rows.hpp"
#include "equations/topology/potential_forest.hpp"
#include "memspice/circuit.hpp"

namespace memspice {

/// For which analyses the equations of a circuit are made.
enum class EquationMode {
  operating_point,  // inductors and .ic are voltage sources, capacitors carry no current, states are held
  equilibrium,      // the same without .ic and with free states: what does not change in time
  transient,
  small_signal,  // the same equations, to be linearised only: inductors of cut sets keep no currents
};
[[nodiscard]] constexpr bool is_at_rest(EquationMode mode) {
  return mode == EquationMode::operating_point || mode == EquationMode::equilibrium;
}
/// Whether the operating point needs equations of its own: inductors and .ic change which potentials are one.
[[nodiscard]] bool differs_at_operating_point(const Circuit& circuit);

/// Throws what the constructor of Unknowns throws of a circuit: whether its potentials are determined.
void require_potentials(const Circuit& circuit, EquationMode mode);

/// The internal unknowns of devices that have no derivative.
struct AlgebraicUnknowns {
  std::vector<std::size_t> voltages;  // places in y of those that are voltages: behind series resistances
  std::vector<bool> is_one;           // by internal unknown; empty: none is
  std::size_t first = 0;              // place in y of the first internal unknown
  [[nodiscard]] bool contains(std::size_t i) const { return !is_one.empty() && is_one[i - first]; }
};

/// The unknowns y of a circuit and where they stand: [0] ground's potential, always 0; then one potential for
/// every tree of nodes joined by voltage sources (potential_forest.hpp); then the auxiliary unknowns of
/// elements that prescribe a voltage or that expressions read (auxiliary_rows.hpp); then the devices'
/// internal unknowns, population by population.
class Unknowns {
 public:
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  /// Throws DeckError for loops of voltage sources and for nodes without a path to ground.
  Unknowns(const Circuit& circuit, EquationMode mode);

  [[nodiscard]] const Circuit& circuit() const { return circuit_; }
  [[nodiscard]] EquationMode mode() const { return mode_; }
  [[nodiscard]] const PotentialForest& forest() const { return forest_; }
  [[nodiscard]] AuxiliaryRows& auxiliary() { return auxiliary_; }
  [[nodiscard]] const AuxiliaryRows& auxiliary() const { return auxiliary_; }
  /// The devices, group by group of the circuit.
  [[nodiscard]] const std::vector<EquationGroup>& groups() const { return groups_; }

  /// Whether a transient's equations are linear between events: F = A y + B ẏ + s(t), which one Newton step
  /// solves.
  [[nodiscard]] bool is_linear() const { return linear_; }

  /// Of all unknowns.
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Those that the node matrix keeps: ground, potentials, auxiliary ones.
  [[nodiscard]] std::size_t rows() const { return forest_.rows() + auxiliary_.count(); }
  /// Those of them that are potentials, ground's included; they come first.
  [[nodiscard]] std::size_t potentials() const { return forest_.rows(); }
  /// Index in y of the first internal unknown of a group.
  [[nodiscard]] std::size_t first(std::size_t group) const {
    return groups_[group].population->wiring.first_unknown;
  }
  /// Index in y of an instance's internal unknown; npos when the instance is a short circuit here.
  [[nodiscard]] std::size_t index(std::size_t group, std::size_t instance, std::size_t unknown) const;
  /// Bounds of an instance's internal unknown.
  [[nodiscard]] StateBounds bounds(std::size_t group, std::size_t instance, std::size_t unknown) const;
  /// "v(n1)" or "w(y1)": what component i of y is, for messages.
  [[nodiscard]] std::string name_of(std::size_t i) const;

  [[nodiscard]] const AlgebraicUnknowns& algebraic() const { return algebraic_; }

  /// Those whose derivatives appear: charges, and states that the last residual did not find held.
  [[nodiscard]] std::vector<std::size_t> dynamic() const;
  /// States that the last residual found held at a bound, in ascending order.
  [[nodiscard]] std::vector<std::size_t> held() const;

 private:
  [[nodiscard]] EquationGroup make_group(std::uint32_t g) const;
  void wire(EquationGroup& group) const;
  void note_algebraic();

  const Circuit& circuit_;
  EquationMode mode_;
  AuxiliaryRows auxiliary_;
  PotentialForest forest_;
  std::vector<EquationGroup> groups_;
  AlgebraicUnknowns algebraic_;
  std::size_t size_ = 0;
  bool linear_ = false;
};

}  // namespace memspice
