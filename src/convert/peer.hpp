#pragma once

#include <string_view>

namespace memspice::convert {

/// The simulators that decks are written for.
enum class Peer { ngspice, xyce };

constexpr std::string_view name_of(Peer peer) {
  return peer == Peer::ngspice ? "ngspice" : "Xyce";
}

}  // namespace memspice::convert
