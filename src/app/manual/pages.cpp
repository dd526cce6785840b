#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/manual/manual.hpp"
#include "app/manual/reference.hpp"
#include "base/characters.hpp"
#include "memspice/device.hpp"

namespace memspice::app {

namespace {

/// Text for roff: no line begins a request, hyphens stay hyphens; what stands between backquotes is bold.
std::string roff(std::string_view text) {
  std::string result;
  bool bold = false, line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) result += "\\&";
    line_begins = c == '\n';
    if (c == '`') {
      bold = !bold;
      result += bold ? "\\fB" : "\\fR";
    } else if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  return result;
}

std::string capitals(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), upper);
  return result;
}

std::string title(std::string_view name, int section, std::string_view what) {
  return fmt::format(".TH {} {} \"\" \"memspice {}\"\n.SH NAME\n{} \\- {}\n", capitals(name), section,
                     MEMSPICE_VERSION, name, roff(what));
}

/// As it is, line for line.
std::string verbatim(std::string_view text) {
  return fmt::format(".nf\n{}\n.fi\n", roff(text));
}

std::string option_entries(const CLI::App& command) {
  std::string text;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty() || option->get_positional()) continue;
    text += fmt::format(".TP\n{}\n{}\n",
                        roff(fmt::format("`{}` {}", option->get_name(false, true), option->get_type_name())),
                        roff(option->get_description()));
  }
  return text;
}

std::string entries(const ReferenceTable& table) {
  std::string text;
  for (const std::vector<std::string>& row : table.rows) {
    if (!row.front().empty()) text += fmt::format(".TP\n{}\n", roff(row.front()));
    std::vector<std::string> cells;
    for (std::size_t i = 1; i < row.size(); ++i) {
      if (row[i].empty()) continue;
      const std::string& column = table.columns[i].title;
      const bool named = !column.empty() && column != "form";
      cells.push_back(named ? fmt::format("{}: {}", column, row[i]) : row[i]);
    }
    for (const std::string& cell : cells) text += roff(cell) + "\n.br\n";
  }
  return text;
}

}  // namespace

std::string program_page(const CLI::App& app) {
  std::string text = title("memspice", 1, "circuits with memristors, simulated and cross-checked");
  text += ".SH SYNOPSIS\n";
  text += roff("`memspice` deck.cir [-o out.raw] [options]") + "\n";
  for (const CLI::App* command : app.get_subcommands({}))
    text += ".br\n" + roff(fmt::format("`memspice {}` …", command->get_name())) + "\n";
  text += ".SH DESCRIPTION\n" +
          roff(
              "memspice reads a netlist in the language of SPICE, integrates its equations and writes "
              "waveforms that "
              "ngspice reads too. memspice-deck(5) lists what a netlist may have; the whole documentation is "
              "on the "
              "pages that are installed with it.") +
          "\n";
  text += ".SH OPTIONS\n" + option_entries(app);
  for (const CLI::App* command : app.get_subcommands({})) {
    text += fmt::format(".SH \"memspice {}\"\n{}\n", command->get_name(), roff(command->get_description()));
    text += option_entries(*command);
    if (const std::string footer = command->get_footer(); !footer.empty()) text += ".PP\n" + verbatim(footer);
  }
  text += ".SH EXAMPLES AND EXIT CODES\n" + verbatim(app.get_footer());
  return text + ".SH SEE ALSO\nmemspice-deck(5), ngspice(1)\n";
}

std::string deck_page(const Catalogue& catalogue) {
  std::string text = title("memspice-deck", 5, "the language of memspice's netlists");
  text +=
      ".SH DESCRIPTION\n" +
      roff(
          "A deck is a text: the title in its first line, then a card a line. `+` begins a line that goes on "
          "with "
          "the card before, `*` a comment. Numbers have scale factors (T G Meg k m u n p f); values may be "
          "{expressions} of parameters.") +
      "\n";
  const auto section = [&](std::string_view name, const ReferenceTable& table) {
    text += fmt::format(".SH {}\n{}", name, entries(table));
  };
  section("ELEMENTS", element_table(catalogue));
  section("WAVEFORMS", waveform_table());
  section("CARDS", card_table());
  for (const ReferenceTable& table : expression_tables()) section("EXPRESSIONS", table);
  section("OPTIONS", option_table());
  return text + ".SH SEE ALSO\nmemspice(1)\n";
}

}  // namespace memspice::app
