#pragma once

#include <vector>

#include "convert/deck_text.hpp"
#include "convert/element_index.hpp"
#include "convert/equation_text.hpp"
#include "convert/peer_names.hpp"
#include "convert/vector_names.hpp"

namespace memspice::convert {

struct SubcircuitContext {
  Peer peer;
  PeerNames& names;
  DeckText& text;
  EquationTable& equations;
  double stop;  // s, the time the transient takes
};

/// Writes the subcircuits of all devices of equations, one for those that are alike, and sets their names.
/// Throws DeckError for devices that no peer can have.
void write_subcircuits(const SubcircuitContext& context, const std::vector<Element>& elements,
                       std::vector<PeerElement>& peer_elements);

/// The linear memristor, for which one subcircuit is enough.
bool is_linear_memristor(const Element& element);
bool has_voltage_control(const Element& element);

}  // namespace memspice::convert
