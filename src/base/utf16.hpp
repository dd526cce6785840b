#pragma once

#include <string>
#include <string_view>

namespace memspice {

/// Bytes of UTF-16 as UTF-8; an odd one at the end is left out. Surrogates without their other half become
/// what their numbers say.
std::string utf8_of_utf16(std::string_view bytes, bool big_endian = false);

}  // namespace memspice
