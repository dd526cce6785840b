#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "memspice/circuit.hpp"

namespace memspice {

/// A device's own seed: from that of the circuit, the run of .mc and the device's name.
std::uint64_t device_seed(const Circuit& circuit, std::string_view name);

/// Normal numbers, mean 0 and deviation 1, of interval `number` of a device.
void device_draws(std::uint64_t seed, std::uint64_t number, std::span<double> draws);

}  // namespace memspice
