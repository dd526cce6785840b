#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "circuit/cards.hpp"
#include "circuit/functions.hpp"
#include "circuit/option_tables.hpp"
#include "memspice/circuit.hpp"
#include "support/places.hpp"

using namespace memspice;

namespace {

std::string page(const std::string& name) {
  std::ostringstream stream;
  stream << std::ifstream(memspice::testing::project_folder() + "/docs/" + name).rdbuf();
  return stream.str();
}

std::string netlist_page() {
  return page("netlist.md");
}

}  // namespace

TEST_CASE("every deck in the netlist reference is read without an error or a warning") {
  const std::string text = netlist_page(), open = "```spice\n";
  int decks = 0;
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    const std::string deck = text.substr(at, text.find("```", at) - at);
    CAPTURE(deck);
    Circuit circuit;
    REQUIRE_NOTHROW(circuit = elaborate(parse_text(deck)));
    CHECK(circuit.warnings.empty());
    CHECK_FALSE(circuit.analyses.empty());
    ++decks;
  }
  CHECK(decks >= 9);
}

TEST_CASE("the netlist reference names every option, the packages of Xyce and what has no effect") {
  const std::string text = netlist_page();
  const auto check = [&](std::string_view name) {
    CAPTURE(name);
    CHECK(text.find('`' + std::string(name) + '`') != std::string::npos);
  };
  for (const OptionDescription& option : option_descriptions()) {
    check(option.name);
    for_each_alias(option.aliases, check);
    CHECK_FALSE(option.help.empty());
  }
  for (const ForeignOptions& foreign : foreign_options()) {
    for_each_alias(foreign.names, check);
    CHECK(text.find("| " + std::string(foreign.why) + " |") != std::string::npos);
  }
  for (const OptionGroup& group : option_groups()) {
    check(group.name);
    for_each_alias(group.aliases, check);
    for_each_alias(group.options, [&](std::string_view pair) { check(pair.substr(0, pair.find(':'))); });
  }
}

TEST_CASE("the netlist reference names every card and its other spellings") {
  const std::string text = netlist_page();
  const auto named = [&](std::string_view card) {
    for (std::size_t at = text.find('`' + std::string(card)); at != std::string::npos;
         at = text.find('`' + std::string(card), at + 1)) {
      const char after = text[at + 1 + card.size()];
      if (after == '`' || after == ' ') return true;
    }
    return false;
  };
  for (const CardDescription& card : card_descriptions()) {
    CAPTURE(card.name);
    CHECK(named(card.name));
    CHECK_FALSE(card.help.empty());
    for_each_alias(card.aliases, [&](std::string_view alias) { CHECK_MESSAGE(named(alias), alias); });
  }
}

TEST_CASE("the page of dialects names every card of other simulators and says how it is met") {
  const std::string text = page("dialects.md");
  const std::size_t errors = text.find("Errors, because"), warnings = text.find("Warnings, because");
  REQUIRE(errors < warnings);
  for (const std::string_view name : card_names()) {
    const ForeignCard* card = find_foreign_card(name);
    if (!card) continue;
    CAPTURE(name);
    const std::size_t at = text.find('`' + std::string(name) + '`', errors);
    CHECK(at != std::string::npos);
    CHECK((at > warnings) == card->harmless);
  }
}

TEST_CASE("the netlist reference has exactly the operators, constants, functions and quantities there are") {
  const std::string text = netlist_page();
  const auto cell = [](std::string_view content) {  // a bar ends a cell unless it is escaped
    std::string result;
    for (const char c : content) result += c == '|' ? std::string("\\|") : std::string(1, c);
    return result;
  };
  const auto check = [&](std::string_view title, const auto& rows, const auto& form) {
    std::string table = std::string(title) + "\n|---|---|\n";
    for (const auto& row : rows) table += "| " + cell(form(row)) + " | " + cell(row.help) + " |\n";
    CAPTURE(table);
    CHECK(text.find(table + "\n") != std::string::npos);
  };
  const auto quoted = [](std::string_view form) { return '`' + std::string(form) + '`'; };
  check("| operators, the strongest first | |", operator_descriptions(),
        [](const Description& row) { return std::string(row.form); });
  check("| constant | value |", constants(), [&](const NamedValue& row) { return quoted(row.name); });
  check("| function | value |", functions(), [&](const Function& row) {
    return quoted(std::string(row.name) + '(' + std::string(row.arguments) + ')');
  });
  check("| quantity | value |", quantity_descriptions(),
        [&](const Description& row) { return quoted(row.form); });
}
