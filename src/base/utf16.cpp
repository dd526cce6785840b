#include "base/utf16.hpp"

#include <algorithm>
#include <cstdint>

namespace memspice {

namespace {

void append_utf8(std::string& text, std::uint32_t code) {
  const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

std::uint32_t utf16_unit(std::string_view bytes, std::size_t at, bool big_endian) {
  const auto low = static_cast<unsigned char>(bytes[at + (big_endian ? 1 : 0)]);
  const auto high = static_cast<unsigned char>(bytes[at + (big_endian ? 0 : 1)]);
  return low | static_cast<std::uint32_t>(high) << 8;
}

/// Whether text begins as UTF-16 without a mark does: most letters have a zero there, and none a zero here.
bool has_zeros_at(std::string_view text, std::size_t place) {
  constexpr std::size_t looked_at = 256;  // bytes: less than the head of an LTspice waveform file
  const std::size_t units = std::min(looked_at, text.size()) / 2;
  std::size_t zeros = 0;
  for (std::size_t i = 0; i < units; ++i) {
    zeros += text[2 * i + place] == '\0' ? 1 : 0;
    if (text[2 * i + 1 - place] == '\0') return false;
  }
  return units > 1 && 2 * zeros > units;
}

bool is_within(std::uint32_t unit, std::uint32_t first) {
  return unit >= first && unit < first + 0x400;
}

}  // namespace

std::string utf8_of_utf16(std::string_view bytes, bool big_endian) {
  constexpr std::uint32_t high = 0xD800, low = 0xDC00;  // surrogates
  std::string text;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    std::uint32_t code = utf16_unit(bytes, i, big_endian);
    if (is_within(code, high) && i + 3 < bytes.size()) {
      if (const std::uint32_t next = utf16_unit(bytes, i + 2, big_endian); is_within(next, low)) {
        code = 0x10000 + ((code - high) << 10) + (next - low);
        i += 2;
      }
    }
    append_utf8(text, code);
  }
  return text;
}

std::string utf8_text(std::string bytes) {
  const bool big_mark = bytes.starts_with("\xfe\xff");
  if (big_mark || bytes.starts_with("\xff\xfe"))
    return utf8_of_utf16(std::string_view(bytes).substr(2), big_mark);
  for (const bool big_endian : {false, true})
    if (has_zeros_at(bytes, big_endian ? 0 : 1)) return utf8_of_utf16(bytes, big_endian);
  return bytes;
}

}  // namespace memspice
