#pragma once

#include <memspice/waveform.hpp>
#include <string_view>

namespace memspice {

/// The quantity as raw files spell it.
std::string_view quantity_name(Quantity quantity);

/// The quantity of a raw file's spelling, any case; LTspice's device_current and the like included. What is
/// unknown is `notype`.
Quantity quantity_of(std::string_view name);

/// What the name of a vector says about it: `v(out)` a voltage, `i(r1)` a current; for files that store no
/// types.
Quantity quantity_of_vector(std::string_view vector);

/// The unit a value of this quantity is printed with; empty for notype.
std::string_view quantity_unit(Quantity quantity);

}  // namespace memspice
