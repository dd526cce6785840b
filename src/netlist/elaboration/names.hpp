#pragma once

#include <string>
#include <string_view>

#include "memspice/circuit.hpp"
#include "netlist/elaboration/couplings.hpp"
#include "netlist/elaboration/scope.hpp"

namespace memspice {

/// The names of nodes and elements: as a scope spells them, and as the circuit knows them.
class Names {
 public:
  Names(Circuit& circuit, const Body& top, const std::vector<PendingCoupling>& couplings)
      : circuit_(circuit), top_(top), couplings_(couplings) {}

  /// The node, which is made when the circuit does not have it yet.
  NodeId node(std::string_view name, Scope& scope);
  /// The node if the circuit has it already; NameTable::npos otherwise.
  NodeId find_node(std::string_view name, Scope& scope);
  /// The number of the element's name if the circuit has it already; NameTable::npos otherwise.
  std::uint32_t find_element(std::string_view name, const Scope& scope);
  /// These two throw Problem when there is none.
  NodeId existing_node(std::string_view name, Scope& scope);
  std::uint32_t existing_element(std::string_view name, const Scope& scope);
  /// The node's name in the circuit, which need not have it yet.
  [[nodiscard]] std::string in_circuit(std::string_view node, const Scope& scope) const;

  /// Scope's prefix and the name in lower case, in a buffer that the next call overwrites; the name itself
  /// where it is that already.
  std::string_view full(const Scope& scope, std::string_view name, std::string_view before = {});
  /// The number of an element's full name; throws Problem when there is such an element already.
  std::uint32_t new_element(std::string_view full, std::string_view at);

 private:
  [[nodiscard]] std::string place_of_element(std::uint32_t name) const;

  Circuit& circuit_;
  const Body& top_;
  const std::vector<PendingCoupling>& couplings_;
  std::string buffer_;
};

/// The names of a table that a misspelt one is compared with.
std::vector<std::string> first_names(const NameTable& table);
/// The hint at the name of a table that a misspelt one, lower case, may mean; empty when none is near.
std::string near_name(std::string_view word, const NameTable& table);

/// "deck.cir:12"
std::string line_of(const SourceFiles& sources, Location where);

}  // namespace memspice
