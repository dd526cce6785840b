#pragma once

#include <string_view>
#include <vector>

#include "base/messages.hpp"
#include "circuit/element_view.hpp"
#include "memspice/circuit.hpp"
#include "netlist/elaboration/names.hpp"

namespace memspice {

/// What programs read, by names until the circuit is complete: Probe::plus, minus and element are numbers of
/// these until resolve(), because what they name may stand later in the deck.
class Probes {
 public:
  Probes(Circuit& circuit, Names& names, Messages& messages)
      : circuit_(circuit), names_(names), messages_(messages) {}

  /// The probe of a node's voltage in a program under construction, by names as written in this scope, views
  /// into the source. `minus` empty: against ground.
  std::uint32_t voltage(Program& program, std::string_view plus, std::string_view minus, const Scope& scope);
  /// The same for what an accessor means of an element: i, p, w, r, ….
  std::uint32_t element(Program& program, std::string_view accessor, std::string_view element,
                        const Scope& scope);
  /// Whether some element has a quantity of this name.
  [[nodiscard]] bool is_accessor(std::string_view name) const;
  /// Gives all probes of the circuit's programs their nodes and elements.
  void resolve();

 private:
  /// Names with the places in the source where each stands first.
  struct Table {
    NameTable names;
    std::vector<std::string_view> at;
    std::uint32_t number(std::string_view name, std::string_view here);
  };
  std::vector<NodeId> resolve_nodes();
  std::vector<std::uint32_t> resolve_elements();
  [[nodiscard]] bool has_quantity(const ElementPlace& place, std::string_view accessor) const;

  Circuit& circuit_;
  Names& names_;
  Messages& messages_;
  Table nodes_;
  Table elements_;  // accessor and element, separated by a blank
};

/// Adds a finished program to the circuit; returns its number.
std::uint32_t add_program(Circuit& circuit, Program program);

}  // namespace memspice
