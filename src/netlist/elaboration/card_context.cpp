#include "netlist/elaboration/card_context.hpp"

#include <fmt/format.h>

namespace memspice {

double CardContext::multiplier() {
  const std::string_view value_at = reader.peek().text;
  const double given = value(CardReader::Blanks::allowed);
  if (given <= 0) throw Problem{value_at, fmt::format("m must be greater than 0, not {:g}", given)};
  if (given != 1 && scope.multiplier != 1) elaboration.dialect.name_difference(value_at, nested_copies);
  return given;
}

}  // namespace memspice
