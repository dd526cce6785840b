#pragma once

#include <string>
#include <string_view>

namespace memspice {

/// UTF-8 text in ASCII, because several readers of raw files break on other bytes: accents dropped, Greek
/// letters and units spelled (`µ` → `u`, `Ω` → `Ohm`), the unknown as `?`, control characters as blanks.
std::string to_ascii(std::string_view text);

/// A vector's name as raw files can hold it: ASCII, and `_` for blanks.
std::string to_ascii_name(std::string_view name);

/// ASCII letters in lower case, everything else as it is.
std::string lower_case(std::string_view text);

}  // namespace memspice
