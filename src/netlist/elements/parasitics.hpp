#pragma once

#include <string_view>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Elements that LTspice has inside of others: Rser= and the like.
struct Parasitics {
  double rser = 0;  // ohm, in series; 0: none
  double lser = 0;  // H, in series
  double rpar = 0;  // ohm, across all of it
  double cpar = 0;  // F, across all of it
  unsigned given = 0;
};

/// Reads the next `name = value` of an element when it is a parasitic that elements of this letter have.
/// Throws Problem.
bool read_parasitic(CardContext& card, char letter, Parasitics& parasitics);

/// Makes the elements for `copies` elements side by side. `plus` becomes the node where the element itself
/// begins. Throws Problem.
void add_parasitics(CardContext& card, const Parasitics& parasitics, double copies, std::string_view name,
                    NodeId& plus, NodeId minus);

}  // namespace memspice
