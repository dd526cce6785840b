#include <fmt/format.h>

#include "netlist/elements/element_words.hpp"

namespace memspice {

void read_line(CardContext& card) {
  TransmissionLine line;
  line.where = card.where;
  const std::string_view name = card.reader.take().text;
  static constexpr std::string_view nodes[] = {"the node 1+", "the node 1-", "the node 2+", "the node 2-"};
  for (std::size_t i = 0; i < line.nodes.size(); ++i) {
    card.reader.skip_marks();
    if (card.reader.at_assignment())
      throw Problem{name, fmt::format("'{}' needs 4 nodes (1+ 1- 2+ 2-)", name)};
    line.nodes[i] = card.node(card.reader.word(nodes[i]));
  }
  std::optional<double> impedance, delay, frequency, wavelengths;
  double copies = card.scope.multiplier;  // side by side
  if (copies != 1) card.elaboration.dialect.name_difference(name, copied_sources);
  std::string_view frequency_at;
  static constexpr std::string_view options[] = {"z0", "zo", "td", "f", "nl", "ic", "m", "rel", "abs"};
  for (std::string option; element_option(card.reader, name, options, option);) {
    const std::string_view at = card.reader.peek().text;
    if (option == "z0" || option == "zo") {
      impedance = positive(card, option, "ohm");
    } else if (option == "td") {
      delay = positive(card, option, "s");
    } else if (option == "f") {
      frequency_at = at;
      frequency = positive(card, option, "Hz");
    } else if (option == "nl") {
      frequency_at = at;
      wavelengths = positive(card, option, "");
    } else if (option == "m") {
      copies *= positive(card, option, "");
    } else if (option == "ic") {
      std::size_t count = 0;
      for (; !at_end_of_list(card.reader); ++count) {
        if (count == line.initial.size())
          throw Problem{card.reader.peek().text, "the initial condition of a line is 4 values: v1 i1 v2 i2"};
        line.initial[count] = card.value(CardReader::Blanks::end_it);
      }
      if (count == 0) throw Problem{at, "expected v1, i1, v2, i2"};
    } else {
      card.messages.warning(
          {at, fmt::format("{} has no meaning here: reltol bounds the errors of a line", option)});
      card.value(CardReader::Blanks::allowed);
    }
  }
  if (!impedance)
    throw Problem{name, fmt::format("'{}' has no z0 (characteristic impedance, ohm)", name), "give z0="};
  if (!delay && !frequency)
    throw Problem{name, fmt::format("'{}' has no delay", name),
                  "give td=, or f= and nl= for a delay of nl/f"};
  if (delay && (frequency || wavelengths))
    card.messages.warning({frequency_at, fmt::format("'{}' has td, f and nl do not count", name)});
  line.impedance = *impedance / copies;
  line.delay = delay ? *delay : wavelengths.value_or(0.25) / *frequency;
  line.initial[1] *= copies;
  line.initial[3] *= copies;
  line.name = card.new_element(name);
  card.circuit.lines.push_back(line);
}

}  // namespace memspice
