#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "memspice/device.hpp"

namespace memspice {

class Elaboration;
struct Scope;
struct Card;

/// An element that is no device of the catalogue, as `memspice --help-elements` and docs/netlist.md describe
/// it.
struct ElementDescription {
  char letter = 0;  // lower case: what its names begin with
  std::string_view name;
  std::string_view form;  // one a line
  std::string_view help;  // one line
};

/// In the order of the reference.
std::vector<ElementDescription> element_descriptions();

/// How a deck names a device: `Rname n+ n- [r] [model] [parameter=value …]`.
std::string element_form(const DeviceType& type);

/// Reads the card of an element. Throws Problem.
void read_element(Elaboration& elaboration, const Card& card, Scope& scope);

}  // namespace memspice
