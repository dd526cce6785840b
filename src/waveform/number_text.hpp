#pragma once

#include <charconv>
#include <cstddef>
#include <string_view>

namespace memspice {

constexpr std::size_t number_text_size = 32;  // room that the longest of the spellings below needs

/// The shortest spelling that reads back as the same number. Returns the end.
inline char* write_shortest(char* out, double value) {
  return std::to_chars(out, out + number_text_size, value).ptr;
}

/// As C's `%.15e`, ngspice's spelling in ASCII raw files. Returns the end.
inline char* write_scientific(char* out, double value) {
  return std::to_chars(out, out + number_text_size, value, std::chars_format::scientific, 15).ptr;
}

inline char* write_integer(char* out, std::size_t value) {
  return std::to_chars(out, out + number_text_size, value).ptr;
}

/// Reads a whole text as a number, in any C library's spelling (`+1e-3`, `-nan`, `1.#INF`). What is too small
/// or too large for a double becomes zero or infinity.
bool read_number(std::string_view text, double& value);

}  // namespace memspice
