#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "convert/peer.hpp"
#include "memspice/circuit.hpp"

namespace memspice::convert {

/// What to write, and what the commands in its head call the files.
struct Request {
  Peer peer = Peer::ngspice;
  std::vector<std::string> vectors;  // that memspice writes, time left out: `v(a)`, `w(y1)`, `i(v1)`
  std::string deck;                  // the deck the circuit was read from; empty when it has no name
  std::string output;                // the deck to write; empty when it has no name
};

/// Writes the circuit as a flat deck for a peer: the same elements under names that the peer can read,
/// memristors as subcircuits of behavioural sources, tolerances a tenth of memspice's. `consume` takes the
/// text in large pieces. Returns a warning for everything that the peer cannot do: in the deck it is a
/// comment. Throws DeckError for what cannot be written at all.
std::vector<Diagnostic> write_deck(const Circuit& circuit, const Request& request,
                                   const std::function<void(std::string_view)>& consume);

}  // namespace memspice::convert
