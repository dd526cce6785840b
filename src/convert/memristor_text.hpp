#pragma once

#include <string>
#include <string_view>

#include "convert/peer.hpp"

namespace memspice::convert {

/// What the memristors of one subcircuit have in common. Its pins are n+ n- and the state's node.
struct MemristorKind {
  bool voltage_control = false;      // what drives the state
  std::string_view window = "none";  // a word of the parameter `window`
  [[nodiscard]] std::string name() const;
  bool operator==(const MemristorKind&) const = default;
};

/// The linear memristor as a subcircuit of behavioural sources: a voltage v(w) is the state.
/// `stop` is the time the transient takes, s.
std::string memristor_subcircuit(Peer peer, const MemristorKind& kind, double stop);

}  // namespace memspice::convert
