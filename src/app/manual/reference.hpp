#pragma once

#include <memspice/device.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "app/console/text_table.hpp"

namespace memspice::app {

/// A table of the language, made from the tables that read decks: printed by `memspice --help-…`, and in
/// docs/netlist.md, where a test keeps it. What is typed stands between backquotes in its cells.
struct ReferenceTable {
  std::string name;  // of its place in docs/netlist.md or docs/devices.md: `<!-- table: name -->`
  std::vector<TextColumn> columns;
  std::vector<std::vector<std::string>> rows;
};

ReferenceTable element_table(const Catalogue& catalogue);
ReferenceTable waveform_table();
ReferenceTable card_table();
ReferenceTable option_table();
/// Operators, constants, functions and quantities of the running simulation.
std::vector<ReferenceTable> expression_tables();
/// The parameters of a device or of a switch's model.
ReferenceTable parameter_table(const DeviceType& type);

/// For a terminal; every line begins with `indent`.
std::string as_text(const ReferenceTable& table, std::string_view indent = "");
std::string as_markdown(const ReferenceTable& table);

}  // namespace memspice::app
