#include <fmt/format.h>

#include "netlist/cards/sweeps.hpp"

namespace memspice {

void read_dc(CardContext& card) {
  DcCard read;
  read.where = card.where;
  do {
    card.reader.skip_commas();
    const std::string_view at = card.reader.peek().text;
    Sweep added = sweep(card, ".dc");
    for (const Sweep& known : read.sweeps)
      if (known.target == added.target && known.label() == added.label())
        throw Problem{at, fmt::format("'{}' is swept twice", added.label())};
    read.sweeps.push_back(std::move(added));
    card.reader.skip_commas();
  } while (!card.reader.at_end());
  check_combinations(card, read.sweeps);
  card.circuit.analyses.emplace_back(std::move(read));
}

}  // namespace memspice
