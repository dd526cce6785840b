#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "netlist/cards/spacing.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Reads one sweep: what is swept and its values. `card_name` is how messages call the card. Throws Problem.
Sweep sweep(CardContext& card, std::string_view card_name);
/// Throws Problem when there are too many combinations of the values of these sweeps.
void check_combinations(CardContext& card, const std::vector<Sweep>& sweeps);

/// The card .step, or what stands behind the word sweep of an analysis.
void read_step(CardContext& card);

/// Takes the word dec, oct, lin or list.
std::optional<Spacing> accept_spacing(CardReader& reader);
/// Whether the values are those of a file: file=name comes next.
[[nodiscard]] bool at_swept_file(const CardReader& reader);
/// Reads it. Throws Problem.
std::vector<double> swept_file(CardContext& card);

}  // namespace memspice
