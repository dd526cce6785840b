#pragma once

#include <string>
#include <string_view>

namespace memspice {

/// LTspice's ix(x1:out), the current into a pin of an instance, is that of a source of 0 V in series with the
/// pin: its element is called `x1.x2:out`, as no other one can be.
bool names_pin(std::string_view element);

/// What stands between the parentheses of ix(…), in lower case, as a pattern of such names.
std::string pin_pattern(std::string_view argument);

/// Whether an element that names_pin() is meant by a pattern. The X in front of an instance's name may be
/// left out: LTspice's schematics call XU1 U1.
bool matches_pin(std::string_view pattern, std::string_view element);

}  // namespace memspice
