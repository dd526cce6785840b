#include "app/card_help.hpp"

#include <fmt/format.h>

#include "app/text_table.hpp"
#include "circuit/cards.hpp"

namespace memspice::app {

std::string card_help() {
  TextTable table({{"card", Align::left}, {"form", Align::left}, {"", Align::left}});
  for (const CardDescription& card : card_descriptions()) {
    std::string names(card.name);
    for_each_alias(card.aliases, [&](std::string_view alias) { names += fmt::format(", {}", alias); });
    table.add({names, std::string(card.form), std::string(card.help)});
  }
  return table.text();
}

}  // namespace memspice::app
