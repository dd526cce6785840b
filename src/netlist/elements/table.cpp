#include "netlist/elements/table.hpp"

#include <fmt/format.h>

#include "base/characters.hpp"
#include "netlist/dialects/foreign_models.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {

// Each in the file of its element. The reader stands at the element's name. They throw Problem.
void read_source(CardContext& card);
void read_behavioural_source(CardContext& card);
void read_controlled_source(CardContext& card);
void read_switch(CardContext& card);
void read_coupling(CardContext& card);
void read_line(CardContext& card);
void read_instance(CardContext& card);
void read_code_model(CardContext& card);
void read_device(CardContext& card);
void read_edges(CardContext& card);

namespace {

struct ElementKind {
  ElementDescription description;
  void (*read)(CardContext& card);
};

// Devices of the catalogue describe themselves.
// clang-format off
constexpr ElementKind element_rows[] = {
    {{'v', "voltage source", "Vname n+ n- [[DC] value] [AC magnitude [phase]] [waveform]",
      "V; without a value it is 0, the plus side is n+"},
     read_source},
    {{'i', "current source", "Iname n+ n- [[DC] value] [AC magnitude [phase]] [waveform] [m=1]",
      "A, flowing from n+ through the source to n-"},
     read_source},
    {{'b', "behavioural source",
      "Bname n+ n- V={expression}\n"
      "Bname n+ n- I={expression}",
      "V, or A from n+ through the source to n-: any expression of the running circuit"},
     read_behavioural_source},
    {{'e', "voltage-controlled voltage source",
      "Ename n+ n- nc+ nc- gain\n"
      "Ename n+ n- POLY(n) …\n"
      "Ename n+ n- VALUE={expression}\n"
      "Ename n+ n- TABLE {expression} = (x,y) …",
      "V; gain in V/V"},
     read_controlled_source},
    {{'f', "current-controlled current source",
      "Fname n+ n- element gain\n"
      "Fname n+ n- POLY(n) …\n"
      "Fname n+ n- VALUE={expression}\n"
      "Fname n+ n- TABLE {expression} = (x,y) …",
      "A from n+ through the source to n-; gain in A/A of the element's current"},
     read_controlled_source},
    {{'g', "voltage-controlled current source",
      "Gname n+ n- nc+ nc- transconductance\n"
      "Gname n+ n- POLY(n) …\n"
      "Gname n+ n- VALUE={expression}\n"
      "Gname n+ n- TABLE {expression} = (x,y) …",
      "A from n+ through the source to n-; transconductance in S"},
     read_controlled_source},
    {{'h', "current-controlled voltage source",
      "Hname n+ n- element transresistance\n"
      "Hname n+ n- POLY(n) …\n"
      "Hname n+ n- VALUE={expression}\n"
      "Hname n+ n- TABLE {expression} = (x,y) …",
      "V; transresistance in Ω"},
     read_controlled_source},
    {{'s', "voltage-controlled switch",
      "Sname n+ n- nc+ nc- model [on|off]\n"
      "Sname n+ n- model [on|off] control={expression}",
      "a resistance, ron or roff of its model"},
     read_switch},
    {{'w', "current-controlled switch", "Wname n+ n- element model [on|off]",
      "the same, controlled by the current of an element"},
     read_switch},
    {{'k', "coupled inductors", "Kname L1 L2 [L3 …] coefficient",
      "mutual inductance coefficient √(L1 L2); the coefficient lies between -1 and 1"},
     read_coupling},
    {{'t', "lossless line",
      "Tname 1+ 1- 2+ 2- z0=Ω td=s\n"
      "Tname 1+ 1- 2+ 2- z0=Ω f=Hz [nl=0.25]",
      "a wave that enters one port leaves the other td (or nl/f) seconds later"},
     read_line},
    {{'a', "code model", "Aname n+ n- model", "ngspice's code model memristor, which is a Y of level 5"},
     read_code_model},
    {{'x', "subcircuit instance", "Xname nodes… subcircuit [parameter=value …] [m=1]",
      "a copy of what stands in .subckt"},
     read_instance},
};
// clang-format on

}  // namespace

std::string element_form(const DeviceType& type) {
  std::string text = fmt::format("{}name", upper(type.letter));
  const std::size_t needed = type.terminals.size() - type.form.optional_terminals;
  for (std::size_t i = 0; i < type.terminals.size(); ++i)
    text += i < needed ? fmt::format(" {}", type.terminals[i]) : fmt::format(" [{}]", type.terminals[i]);
  if (type.positional) text += fmt::format(" [{}]", type.parameters.front().name);
  if (!type.model_type.empty()) text += type.model_optional ? " [model]" : " model";
  return text + " [parameter=value …]";
}

std::vector<ElementDescription> element_descriptions() {
  std::vector<ElementDescription> descriptions;
  for (const ElementKind& kind : element_rows) descriptions.push_back(kind.description);
  return descriptions;
}

void read_element(Elaboration& elaboration, const Card& element, Scope& scope) {
  CardContext card(elaboration, element, scope, {});
  card.letter = lower(card.text.front());
  card.reader.start(card.text);
  card.reader.open_nodes();
  card.at = card.reader.peek().text;
  if (card.letter == '.') return read_edges(card);
  for (const ElementKind& kind : element_rows)
    if (kind.description.letter == card.letter) return kind.read(card);
  if (is_letter(card.letter)) {
    if (elaboration.devices.type_of(card.letter)) return read_device(card);
    if (const std::string_view future = future_element(card.letter); !future.empty())
      throw Problem{card.at, fmt::format("memspice does not have the element '{}' ({}) yet",
                                         upper(card.letter), future)};
  }
  throw Problem{card.at, fmt::format("unknown element '{}'", card.at),
                "the first letter says what an element is: R C L K, V I B, E F G H, S W, T, Y or X; a "
                "comment begins with '*'"};
}

}  // namespace memspice
