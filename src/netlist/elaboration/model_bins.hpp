#pragma once

#include <string_view>

#include "memspice/device.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Whether there are bins of this model: `.model n.1 nmos(… lmin= lmax= wmin= wmax=)` and so on, of which an
/// element that names `n` takes the one for its size.
[[nodiscard]] bool has_bins(std::string_view name, const Scope& scope);

/// The name of the bin for the element's l and w, which stand in front of the reader. Throws Problem when
/// there is none.
std::string_view choose_bin(CardContext& card, std::string_view name, const DeviceType& wanted);

}  // namespace memspice
