#include "analysis/simulation/saved_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/fingerprint.hpp"

namespace memspice {

namespace {

void add_names(Fingerprint& hash, const NameTable& names) {
  hash.add(names.size());
  for (std::uint32_t i = 0; i < names.size(); ++i) hash.add_text(names[i]);
}

}  // namespace

std::uint64_t structure_of(const EquationSystem& system) {
  const Circuit& circuit = system.circuit();
  Fingerprint hash;
  add_names(hash, circuit.node_names);
  add_names(hash, circuit.element_names);
  for (const std::size_t count : {system.size(), system.unknowns().rows(), system.unknowns().potentials(),
                                  circuit.switches.size(), circuit.lines.size(), circuit.programs.size()})
    hash.add(count);
  for (const Program& program : circuit.programs) hash.add(program.events());
  for (std::size_t group = 0; group < circuit.groups.size(); ++group) {
    hash.add(system.unknowns().first(group));
    hash.add(circuit.groups[group].count());
  }
  return hash.value();
}

SimulationState pack(SavedHead head, const std::vector<std::byte>& run) {
  head.checksum = fingerprint_of(run);
  SimulationState state{std::vector<std::byte>(sizeof(SavedHead) + run.size())};
  std::memcpy(state.bytes.data(), &head, sizeof(SavedHead));
  std::ranges::copy(run, state.bytes.begin() + sizeof(SavedHead));
  return state;
}

Unpacked unpack(const SimulationState& state, std::uint64_t structure) {
  Unpacked unpacked;
  SavedHead& head = unpacked.head;
  const SavedHead expected;
  if (state.bytes.size() < sizeof(SavedHead)) throw std::invalid_argument("this is no state of a simulation");
  Archive archive(state.bytes);
  archive(head);
  unpacked.run = std::span(state.bytes).subspan(sizeof(SavedHead));
  if (head.magic != expected.magic)
    throw std::invalid_argument("this is no state of a simulation, or one of another kind of machine");
  if (head.format != expected.format)
    throw std::invalid_argument(
        fmt::format("the state has format {}, this version reads format {}", head.format, expected.format));
  if (head.structure != structure)
    throw std::invalid_argument(
        "the state belongs to a circuit with other nodes, elements or switches; values may differ");
  if (head.checksum != fingerprint_of(unpacked.run)) throw std::invalid_argument("the state is damaged");
  return unpacked;
}

}  // namespace memspice
