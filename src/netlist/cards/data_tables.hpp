#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// `.data name parameter … value … .enddata`: values of parameters, a row a point.
struct DataTable {
  std::string_view at;                    // its name in the source
  std::vector<std::string_view> columns;  // parameters
  std::vector<double> values;             // row by row

  [[nodiscard]] std::size_t rows() const { return values.size() / columns.size(); }
};

/// The table of this name. Throws Problem where there is none, or its card is wrong.
DataTable data_table(Elaboration& elaboration, std::string_view name);

/// Takes `data = name`, as .step and HSPICE's sweeps have it, and returns the name; nothing where something
/// else comes next.
std::optional<std::string_view> accept_data(CardReader& reader);

/// What `sweep` behind an analysis asks for is done by all analyses: reads it as .step does. Nothing happens
/// where something else comes next.
void read_sweep_behind(CardContext& card);

/// Of all tables that cards ask for, the number of the row, which is called as the table, and the columns,
/// with the values of the first row.
void append_data_parameters(Elaboration& elaboration, std::vector<ParameterDefinition>& parameters);

}  // namespace memspice
