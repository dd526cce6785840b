#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "convert/element_index.hpp"
#include "convert/peer.hpp"

namespace memspice::convert {

/// A diode or a transistor as a peer's cards: `.model name <model>`, and what stands behind the model's name
/// on the element, with a blank before it.
struct SemiconductorCard {
  std::string model;
  std::string element;
};

/// Why a peer cannot have an element.
struct NoCounterpart {
  std::string reason;
  std::string hint;
};

/// Parameters stand as the card has them, not adjusted to a temperature; those that the peer has no name for
/// are made part of others, or NoCounterpart is thrown. `initial_conditions`: whether the transient uses
/// them. `gmin` is that of .options, which the peer has across all junctions.
SemiconductorCard semiconductor_card(Peer peer, const Element& element, bool initial_conditions, double gmin);

/// Whether an element is a diode or a transistor that semiconductor_card() writes.
bool is_semiconductor(const Element& element);

/// The current into a terminal of a transistor; of p-channels it counts outwards.
struct TerminalCurrent {
  std::size_t terminal = 0;
  bool outwards = false;
};
/// Which one a quantity is, `ib`; nothing for others.
std::optional<TerminalCurrent> terminal_current(const Element& element, std::string_view quantity);
/// What ngspice calls another quantity of a diode or transistor, `gm`; nothing where it has none.
std::optional<std::string_view> ngspice_quantity(const Element& element, std::string_view quantity);

}  // namespace memspice::convert
