#pragma once

#include <string_view>
#include <vector>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Reads the value of a device's parameter behind its `name =` and stores it. Throws Problem.
void assign(CardContext& card, const DeviceType& type, std::vector<double>& values,
            std::vector<std::string_view>& given_at, DeviceType::Card on = DeviceType::Card::element);

/// Stores a value that stands at `at`. Throws Problem when it is out of range or given twice.
void store(const DeviceType& type, std::size_t parameter, double value, std::string_view at,
           std::vector<double>& values, std::vector<std::string_view>& given_at);

/// Whether a number comes next: a list of values goes on.
[[nodiscard]] bool at_value(const CardReader& reader);

}  // namespace memspice
