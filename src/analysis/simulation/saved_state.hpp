#pragma once

#include "base/archive.hpp"
#include "equations/equation_system.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

/// What stands before the bytes of a run in a SimulationState.
struct SavedHead {
  std::uint64_t magic = 0x53454b4943505345;  // bytes of another machine's order differ
  std::uint32_t format = SimulationState::format;
  std::uint32_t unused = 0;
  std::uint64_t structure = 0;  // of the circuit
  std::uint64_t checksum = 0;   // of what follows
  double time = 0;              // s
};

/// A number that two circuits share when they have the same unknowns, switches, conditions and lines.
[[nodiscard]] std::uint64_t structure_of(const EquationSystem& system);

[[nodiscard]] SimulationState pack(SavedHead head, const std::vector<std::byte>& run);
/// The head, checked, and the bytes behind it. Throws std::invalid_argument.
struct Unpacked {
  SavedHead head;
  std::span<const std::byte> run;
};
[[nodiscard]] Unpacked unpack(const SimulationState& state, std::uint64_t structure);

}  // namespace memspice
