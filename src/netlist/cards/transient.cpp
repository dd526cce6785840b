#include "netlist/cards/transient.hpp"

#include <fmt/format.h>

namespace memspice {

void check_row_distance(double distance, double span, Problem problem) {
  constexpr double most = 1e9;
  if (!(distance > 0 && span / distance > most)) return;
  problem.message =
      fmt::format("rows {:g} s apart are {:g} rows, more than a file can hold", distance, span / distance);
  throw problem;
}

}  // namespace memspice
