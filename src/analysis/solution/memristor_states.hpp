#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "equations/equation_system.hpp"

namespace memspice {

/// Where the states of memristors stand in y, given the memristors' names (in Circuit::element_names).
std::vector<std::size_t> state_indices(const EquationSystem& system, std::span<const std::uint32_t> names);

}  // namespace memspice
