// docs/netlist.md and docs/devices.md are the reference of the language. Its tables are the program's own: to
// write them anew, run these tests with MEMSPICE_WRITE_EXPECTED=1 in the environment. Its decks run.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "app/manual/reference.hpp"
#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "expression/functions.hpp"
#include "netlist/cards/option_table.hpp"
#include "netlist/cards/table.hpp"
#include "netlist/dialects/foreign_cards.hpp"
#include "netlist/dialects/foreign_options.hpp"
#include "netlist/elaboration/switch_models.hpp"
#include "netlist/elements/table.hpp"
#include "netlist/elements/waveforms.hpp"
#include "support/places.hpp"
#include "support/program.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::run_deck;

namespace {

std::string page_path(const std::string& name) {
  return memspice::testing::project_folder() + "/docs/" + name;
}

std::string netlist_page() {
  return read_bytes(page_path("netlist.md"));
}

std::string devices_page() {
  return read_bytes(page_path("devices.md"));
}

/// A deck of the page, or a file that its decks read.
struct Example {
  std::string file;  // empty: a deck
  std::string text;
};

std::vector<Example> examples() {
  const std::string page = netlist_page() + devices_page(), open = "\n```spice";
  std::vector<Example> found;
  for (std::size_t at = page.find(open); at != std::string::npos; at = page.find(open, at)) {
    at += open.size();
    const std::size_t begin = page.find('\n', at) + 1;
    Example example;
    example.file = page.substr(at, begin - 1 - at);
    if (!example.file.empty()) example.file.erase(0, 1);  // the blank
    example.text = page.substr(begin, page.find("```", begin) - begin);
    found.push_back(std::move(example));
  }
  return found;
}

/// The first words of all lines of all examples behind their titles, lower case.
std::set<std::string> first_words() {
  std::set<std::string> words;
  for (const Example& example : examples()) {
    std::istringstream lines(example.text);
    std::string line, word;
    if (example.file.empty()) std::getline(lines, line);
    while (std::getline(lines, line))
      if (std::istringstream(line) >> word) words.insert(to_lower(word));
  }
  return words;
}

double number(const std::string& expression) {
  const Circuit circuit =
      memspice::testing::circuit_of(fmt::format("V1 a 0 {{{}}}\nR1 a 0 1\n.op\n", expression));
  return circuit.voltage_sources.front().dc;
}

/// Whether a value is what the reference says: an expression, or a range `a … b`.
bool is_result(double value, const std::string& result) {
  const std::string between = " … ";
  const std::size_t at = result.find(between);
  if (at == std::string::npos) return std::abs(value - number(result)) <= 1e-7;
  return value >= number(result.substr(0, at)) && value <= number(result.substr(at + between.size()));
}

}  // namespace

TEST_CASE("the tables of the netlist reference are the program's") {
  std::vector<app::ReferenceTable> tables = app::expression_tables();
  const std::shared_ptr<const Catalogue> catalogue = standard_catalogue();
  tables.push_back(app::element_table(*catalogue));
  tables.push_back(app::waveform_table());
  tables.push_back(app::card_table());
  tables.push_back(app::option_table());
  for (const auto& type : catalogue->types()) tables.push_back(app::parameter_table(*type));
  for (const DeviceType& type : switch_models()) tables.push_back(app::parameter_table(type));
  std::string of_language = netlist_page(), of_devices = devices_page();
  for (const app::ReferenceTable& table : tables) {
    CAPTURE(table.name);
    const std::string mark = fmt::format("<!-- table: {} -->\n", table.name);
    std::string& page = of_devices.find(mark) == std::string::npos ? of_language : of_devices;
    const std::size_t found = page.find(mark);
    REQUIRE(found != std::string::npos);
    const std::size_t begin = found + mark.size(), end = page.find("\n\n", begin - 1) + 1;
    const std::string text = app::as_markdown(table);
    if (std::getenv("MEMSPICE_WRITE_EXPECTED") != nullptr)
      page.replace(begin, end - begin, text);
    else
      CHECK(page.substr(begin, end - begin) == text);
  }
  if (std::getenv("MEMSPICE_WRITE_EXPECTED") == nullptr) return;
  write_bytes(page_path("netlist.md"), of_language);
  write_bytes(page_path("devices.md"), of_devices);
}

TEST_CASE("every deck of the netlist reference runs without an error or a warning") {
  const TemporaryFolder folder;
  int decks = 0;
  for (const Example& example : examples())
    if (!example.file.empty()) write_bytes(folder.file(example.file), example.text);
  for (const Example& example : examples()) {
    if (!example.file.empty()) continue;
    CAPTURE(example.text);
    write_bytes(folder.file("example.cir"), example.text);
    const CommandOutcome outcome = run_command(folder, "$MEMSPICE example.cir -o example.raw");
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    ++decks;
  }
  CHECK(decks >= 20);
}

TEST_CASE("the netlist reference has an example of every element, card and waveform") {
  const std::set<std::string> words = first_words();
  for (const CardDescription& card : card_descriptions())
    CHECK_MESSAGE(words.contains(std::string(card.name)), card.name);
  const auto used = [&](char letter) {
    return std::ranges::any_of(words, [letter](const std::string& word) { return word.front() == letter; });
  };
  for (const ElementDescription& element : element_descriptions())
    CHECK_MESSAGE(used(element.letter), element.name);
  const std::shared_ptr<const Catalogue> catalogue = standard_catalogue();
  for (const auto& type : catalogue->types()) CHECK_MESSAGE(used(type->letter), type->name);
  std::string all;
  for (const Example& example : examples()) all += to_lower(example.text);
  for (const Waveform& waveform : waveforms())
    CHECK_MESSAGE(all.find(' ' + std::string(waveform.name)) != std::string::npos, waveform.name);
}

TEST_CASE("functions give what their examples in the reference say") {
  for (const Function& function : functions()) {
    CAPTURE(function.name);
    const std::string example(function.example), result(function.result);
    CHECK(example.starts_with(std::string(function.name) + '('));
    const auto run =
        run_deck(fmt::format("B1 a 0 V={{{}}}\nR1 a 0 1\n.options reltol=1e-8\n.tran 0.5 1\n", example));
    CHECK(is_result(run["v(a)"].back(), result));  // at 1 s
    const bool of_circuit = function.kind == Function::Kind::derivative ||
                            function.kind == Function::Kind::integral ||
                            function.kind == Function::Kind::slope;
    if (!of_circuit) CHECK(is_result(number(example), result));
  }
}

TEST_CASE("the examples of options are read without a warning") {
  for (const OptionRow& row : option_rows()) {
    const OptionDescription& option = row.description;
    CAPTURE(option.name);
    CHECK(option.example.starts_with(option.name));
    const Circuit circuit = memspice::testing::circuit_of(
        fmt::format("V1 a 0 SIN(0 1 1k)\nR1 a 0 1\n.options {}\n.tran 0.1m 1m\n", option.example));
    CHECK(circuit.warnings.empty());
  }
}

TEST_CASE("the netlist reference names the packages of Xyce and what has no effect") {
  const std::string text = netlist_page();
  const auto check = [&](std::string_view name) {
    CAPTURE(name);
    CHECK(text.find('`' + std::string(name) + '`') != std::string::npos);
  };
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

TEST_CASE("the page of dialects names every card of other simulators and says how it is met") {
  const std::string text = read_bytes(page_path("dialects.md"));
  const std::size_t errors = text.find("Errors, because"), warnings = text.find("Warnings, because");
  REQUIRE(errors < warnings);
  for (const std::string_view name : card_names(card_table(standard_analyses()))) {
    const ForeignCard* card = find_foreign_card(name);
    if (!card) continue;
    CAPTURE(name);
    const std::size_t at = text.find('`' + std::string(name) + '`', errors);
    CHECK(at != std::string::npos);
    CHECK((at > warnings) == card->harmless);
  }
}
