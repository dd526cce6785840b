#pragma once

#include <string_view>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Where a table's points stand in it, columns counted from 0.
struct ReferenceColumns {
  std::size_t scale = 0;
  std::size_t value = 0;
};

/// The text of the file whose name comes next on the card. Throws Problem.
struct ReferenceFile {
  std::string_view at;  // its name on the card
  std::string path;     // as messages call it
  std::string text;
};
ReferenceFile reference_file(CardContext& card);

/// The points of a table, places ascending. A first line may name the columns and a last one say that it is
/// the last, as in Xyce's files; '*', '#' and ';' begin comments. Throws Problem.
std::vector<std::pair<double, double>> reference_points(const ReferenceFile& file, ReferenceColumns columns);

}  // namespace memspice
