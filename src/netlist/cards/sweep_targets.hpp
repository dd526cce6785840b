#pragma once

#include <cstddef>
#include <string_view>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

struct SweptParameter {  // of a device; no type: something else is swept
  const DeviceType* type = nullptr;
  std::size_t parameter = 0;
};

/// Reads what a sweep changes. Throws Problem.
SweptParameter sweep_target(CardContext& card, Sweep& sweep);
/// Throws Problem when one of the values, which stand at `at`, is none that it can have.
void check_swept_values(const Sweep& sweep, const SweptParameter& swept, std::string_view at);

}  // namespace memspice
