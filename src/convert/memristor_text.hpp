#pragma once

#include <string>

#include "convert/peer.hpp"

namespace memspice::convert {

/// Names of the two subcircuits, by what drives the state. Their pins are n+ n- and the state's node.
inline constexpr const char* memristor_subcircuits[] = {"memristor_current", "memristor_voltage"};

/// The linear memristor as a subcircuit of behavioural sources: a voltage v(w) is the state.
/// `stop` is the time the transient takes, s; `voltage_control` chooses what drives the state.
std::string memristor_subcircuit(Peer peer, bool voltage_control, double stop);

}  // namespace memspice::convert
