#include "netlist/elements/table.hpp"

#include <fmt/format.h>

#include "base/characters.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

// Elements that other simulators have and memspice does not have yet.
std::string_view future_element(char letter) {
  switch (letter) {
    case 'a':
      return "code model";
    case 'd':
      return "diode";
    case 'j':
      return "junction field-effect transistor";
    case 'm':
      return "MOS transistor";
    case 'o':
      return "lossy transmission line";
    case 'u':
      return "distributed RC line";
    case 'q':
      return "bipolar transistor";
    case 'z':
      return "MES transistor";
    default:
      return {};
  }
}

}  // namespace

std::string element_form(const DeviceType& type) {
  std::string text = fmt::format("{}name {}", upper(type.letter), fmt::join(type.terminals, " "));
  if (type.positional) text += fmt::format(" [{}]", type.parameters.front().name);
  if (!type.model_type.empty()) text += type.model_optional ? " [model]" : " model";
  return text + " [parameter=value …]";
}

// One row an element: what the reference says about it, and what reads it. Devices of the catalogue describe
// themselves.
std::span<const Elaborator::ElementKind> Elaborator::element_kinds() {
  using E = Elaborator;
  static constexpr ElementKind kinds[] = {
      {{'v', "voltage source", "Vname n+ n- [[DC] value] [AC magnitude [phase]] [waveform]",
        "V; without a value it is 0, the plus side is n+"},
       &E::source},
      {{'i', "current source", "Iname n+ n- [[DC] value] [AC magnitude [phase]] [waveform] [m=1]",
        "A, flowing from n+ through the source to n-"},
       &E::source},
      {{'b', "behavioural source", "Bname n+ n- V={expression}\nBname n+ n- I={expression}",
        "V, or A from n+ through the source to n-: any expression of the running circuit"},
       &E::behavioural_source},
      {{'e', "voltage-controlled voltage source",
        "Ename n+ n- nc+ nc- gain\nEname n+ n- POLY(n) …\nEname n+ n- VALUE={expression}\nEname n+ n- "
        "TABLE {expression} = (x,y) …",
        "V; gain in V/V"},
       &E::controlled_source},
      {{'f', "current-controlled current source",
        "Fname n+ n- element gain\nFname n+ n- POLY(n) …\nFname n+ n- VALUE={expression}\nFname n+ n- "
        "TABLE {expression} = (x,y) …",
        "A from n+ through the source to n-; gain in A/A of the element's current"},
       &E::controlled_source},
      {{'g', "voltage-controlled current source",
        "Gname n+ n- nc+ nc- transconductance\nGname n+ n- POLY(n) …\nGname n+ n- VALUE={expression}\n"
        "Gname n+ n- TABLE {expression} = (x,y) …",
        "A from n+ through the source to n-; transconductance in S"},
       &E::controlled_source},
      {{'h', "current-controlled voltage source",
        "Hname n+ n- element transresistance\nHname n+ n- POLY(n) …\nHname n+ n- VALUE={expression}\n"
        "Hname n+ n- TABLE {expression} = (x,y) …",
        "V; transresistance in Ω"},
       &E::controlled_source},
      {{'s', "voltage-controlled switch",
        "Sname n+ n- nc+ nc- model [on|off]\nSname n+ n- model [on|off] control={expression}",
        "a resistance, ron or roff of its model"},
       &E::switch_element},
      {{'w', "current-controlled switch", "Wname n+ n- element model [on|off]",
        "the same, controlled by the current of an element"},
       &E::switch_element},
      {{'k', "coupled inductors", "Kname L1 L2 [L3 …] coefficient",
        "mutual inductance coefficient √(L1 L2); the coefficient lies between -1 and 1"},
       &E::coupling},
      {{'t', "lossless line", "Tname 1+ 1- 2+ 2- z0=Ω td=s\nTname 1+ 1- 2+ 2- z0=Ω f=Hz [nl=0.25]",
        "a wave that enters one port leaves the other td (or nl/f) seconds later"},
       &E::transmission_line},
      {{'x', "subcircuit instance", "Xname nodes… subcircuit [parameter=value …] [m=1]",
        "a copy of what stands in .subckt"},
       &E::subcircuit_instance},
  };
  return kinds;
}

std::vector<ElementDescription> element_descriptions() {
  return Elaborator::describe_elements();
}

std::vector<ElementDescription> Elaborator::describe_elements() {
  std::vector<ElementDescription> descriptions;
  for (const ElementKind& kind : element_kinds()) descriptions.push_back(kind.description);
  return descriptions;
}

void Elaborator::element(const Card& card, Scope& scope) {
  const std::string_view text = deck_.text(card);
  const char letter = lower(text.front());
  reader_.start(text);
  reader_.open_nodes();
  for (const ElementKind& kind : element_kinds())
    if (kind.description.letter == letter) return (this->*kind.read)(card, letter, scope);
  const std::string_view name = reader_.peek().text;
  if (is_letter(letter)) {
    if (types_by_letter_[static_cast<std::size_t>(letter - 'a')]) return device(card, letter, scope);
    if (const std::string_view future = future_element(letter); !future.empty())
      throw Problem{name,
                    fmt::format("memspice does not have the element '{}' ({}) yet", upper(letter), future)};
  }
  throw Problem{name, fmt::format("unknown element '{}'", name),
                "the first letter says what an element is: R C L K, V I B, E F G H, S W, T, Y or X; a "
                "comment begins with '*'"};
}

}  // namespace memspice
