#pragma once

#include <string>
#include <string_view>

#include "convert/peer.hpp"

namespace memspice::convert {

/// The linear memristor as a subcircuit of behavioural sources with the pins n+ n- and the state's node: a
/// voltage v(w) is the state. One serves all that differ in their parameters. `stop` is the time the
/// transient takes, s.
std::string memristor_subcircuit(Peer peer, bool voltage_control, double stop);
std::string_view memristor_name(bool voltage_control);

}  // namespace memspice::convert
