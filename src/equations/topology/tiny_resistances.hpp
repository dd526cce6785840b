#pragma once

#include <cstdint>
#include <vector>

#include "memspice/circuit.hpp"

namespace memspice {

/// Resistors and switches so small against what they feed that the difference of the potentials at their ends
/// does not tell their current: potentials are rounded, and rounding times conductance may be more than a
/// millionth of the current. Their currents become unknowns (AuxiliaryRows).
struct TinyResistances {
  struct Resistor {
    std::uint32_t group = 0;  // in Circuit::groups
    std::uint32_t index = 0;  // in the group
  };
  std::vector<Resistor> resistors;
  std::vector<std::uint32_t> switches;  // in Circuit::switches
};
/// All that have at most 1 uohm, and those up to 1 ohm whose neighbours' conductances are that much smaller.
/// A memristor counts with its largest resistance, a switch with that when it is open; what may carry any
/// current (sources, capacitors, inductors, lines) makes no neighbour small.
TinyResistances tiny_resistances(const Circuit& circuit);

}  // namespace memspice
