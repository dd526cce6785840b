#pragma once

#include <string>
#include <string_view>

namespace memspice {

/// Bytes of UTF-16 as UTF-8; an odd one at the end is left out. Surrogates without their other half become
/// what their numbers say.
std::string utf8_of_utf16(std::string_view bytes, bool big_endian = false);

/// Text of a file as UTF-8. UTF-16 is known by its mark of byte order, which goes, or by the zeros that
/// letters of ASCII leave at every other byte, as in files of LTspice; all else stays as it is.
std::string utf8_text(std::string bytes);

}  // namespace memspice
