#pragma once

#include <optional>
#include <string_view>

namespace memspice::app {

/// A whole argument as a finite number with SPICE's scale factors and an optional sign: `-2.5k`.
std::optional<double> number_of(std::string_view text);

}  // namespace memspice::app
