#include <fmt/format.h>

#include "netlist/elaborator.hpp"

namespace memspice {

void Elaborator::transmission_line(const Card& card, char, Scope& scope) {
  TransmissionLine line;
  line.where = card.where;
  const std::string_view name = reader_.take().text;
  static constexpr std::string_view nodes[] = {"the node 1+", "the node 1-", "the node 2+", "the node 2-"};
  for (std::size_t i = 0; i < line.nodes.size(); ++i) {
    reader_.skip_marks();
    if (reader_.at_assignment()) throw Problem{name, fmt::format("'{}' needs 4 nodes (1+ 1- 2+ 2-)", name)};
    line.nodes[i] = node(reader_.word(nodes[i]), scope);
  }
  std::optional<double> impedance, delay, frequency, wavelengths;
  double copies = scope.multiplier;  // side by side
  if (copies != 1) name_difference(name, copied_sources);
  std::string_view frequency_at;
  static constexpr std::string_view options[] = {"z0", "zo", "td", "f", "nl", "ic", "m", "rel", "abs"};
  for (std::string option; element_option(name, options, option);) {
    const std::string_view at = reader_.peek().text;
    if (option == "z0" || option == "zo") {
      impedance = positive(option, "ohm", scope);
    } else if (option == "td") {
      delay = positive(option, "s", scope);
    } else if (option == "f") {
      frequency_at = at;
      frequency = positive(option, "Hz", scope);
    } else if (option == "nl") {
      frequency_at = at;
      wavelengths = positive(option, "", scope);
    } else if (option == "m") {
      copies *= positive(option, "", scope);
    } else if (option == "ic") {
      std::size_t count = 0;
      for (; !at_end_of_list(); ++count) {
        if (count == line.initial.size())
          throw Problem{reader_.peek().text, "the initial condition of a line is 4 values: v1 i1 v2 i2"};
        line.initial[count] = value(scope, CardReader::Blanks::end_it);
      }
      if (count == 0) throw Problem{at, "expected v1, i1, v2, i2"};
    } else {
      messages_.warning(
          {at, fmt::format("{} has no meaning here: reltol bounds the errors of a line", option)});
      value(scope, CardReader::Blanks::allowed);
    }
  }
  if (!impedance)
    throw Problem{name, fmt::format("'{}' has no z0 (characteristic impedance, ohm)", name), "give z0="};
  if (!delay && !frequency)
    throw Problem{name, fmt::format("'{}' has no delay", name),
                  "give td=, or f= and nl= for a delay of nl/f"};
  if (delay && (frequency || wavelengths))
    messages_.warning({frequency_at, fmt::format("'{}' has td, f and nl do not count", name)});
  line.impedance = *impedance / copies;
  line.delay = delay ? *delay : wavelengths.value_or(0.25) / *frequency;
  line.initial[1] *= copies;
  line.initial[3] *= copies;
  line.name = new_element(full_name(scope, name), name);
  circuit_.lines.push_back(line);
}

}  // namespace memspice
