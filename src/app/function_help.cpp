#include "app/function_help.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/text_table.hpp"
#include "circuit/functions.hpp"

namespace memspice::app {

namespace {

// The reference marks up what is typed.
std::string plain(std::string_view text) {
  std::string result(text);
  std::erase(result, '`');
  return result;
}

}  // namespace

std::string function_help() {
  std::string text;
  const auto add = [&](std::string_view title, const auto& rows, const auto& form) {
    TextTable table({{std::string(title), Align::left}, {"", Align::left}});
    for (const auto& row : rows) table.add({plain(form(row)), plain(row.help)});
    text += (text.empty() ? "" : "\n") + table.text();
  };
  const auto described = [](const Description& row) { return row.form; };
  add("operators, the strongest first", operator_descriptions(), described);
  add("constant", constants(), [](const NamedValue& row) { return row.name; });
  add("function", functions(),
      [](const Function& row) { return fmt::format("{}({})", row.name, row.arguments); });
  add("quantity of the simulation", quantity_descriptions(), described);
  return text;
}

}  // namespace memspice::app
