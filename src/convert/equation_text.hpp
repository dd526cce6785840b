#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "convert/element_index.hpp"
#include "convert/peer.hpp"
#include "memspice/detail/symbolic.hpp"

namespace memspice::convert {

/// The equations of one element, and how its states stand in a peer: as voltages of the order of 1 V.
struct ElementEquations {
  DeviceEquations equations;
  std::vector<double> scales;  // by unknown: what 1 V stands for

  /// What a quantity is, for an expression; `input` gives the text of the equations' inputs. Nothing where
  /// the device has no such quantity, or it would be too long.
  [[nodiscard]] std::optional<std::string> quantity(
      const DeviceType& type, std::string_view name, Peer peer,
      const std::function<std::string(const Probe&)>& input) const;
};

/// The equations of elements, found once for all with the same parameters.
class EquationTable {
 public:
  /// `curves` are those of the circuit.
  explicit EquationTable(std::span<const Curve> curves) : curves_(curves) {}
  const ElementEquations& of(const Element& element);

 private:
  std::span<const Curve> curves_;
  std::unordered_map<std::string, std::unique_ptr<const ElementEquations>> known_;  // by type and values
};

/// A device of equations as a subcircuit of behavioural sources, from its pins on: the terminals, then a node
/// for every state. Its parameters x1_0, x2_0 … are the initial voltages of these. `stop` is the time the
/// transient takes, s. Nothing where an expression would be too long.
std::optional<std::string> equation_subcircuit(Peer peer, const DeviceType& type,
                                               const ElementEquations& element, double stop);

/// The initial value of state `unknown`, in volt of its node.
double initial_voltage(const Element& element, const ElementEquations& equations, std::size_t unknown);

}  // namespace memspice::convert
