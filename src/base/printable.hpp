#pragma once

#include <string>
#include <string_view>

namespace memspice {

/// The text as a terminal may show it: control characters but line feed and tab, which could move the cursor,
/// change colours or answer as if typed, become `\x1b`. C1 characters, which UTF-8 spells in two bytes, too.
std::string printable(std::string text);

}  // namespace memspice
