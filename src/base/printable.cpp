#include "base/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace memspice {
namespace {

// How many bytes at this place are a control character; 0: none.
std::size_t control_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x20 || byte(0) == 0x7f) return byte(0) == '\n' || byte(0) == '\t' ? 0 : 1;
  return text.size() > 1 && byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) < 0xa0 ? 2 : 0;
}

// The length of the UTF-8 sequence that begins here; 1 also where none does.
std::size_t sequence_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
  if (size > text.size()) return 1;
  for (std::size_t i = 1; i < size; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xc0u) != 0x80) return 1;
  return size;
}

}  // namespace

std::string printable(std::string text) {
  const auto is_plain = [](char c) { return (c >= ' ' && c < '\x7f') || c == '\n' || c == '\t'; };
  if (std::ranges::all_of(text, is_plain)) return text;
  std::string escaped;
  std::size_t kept = 0;  // up to here in `escaped`
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    const std::size_t sequence = sequence_size(rest);
    // A byte of 0x80 … 0x9f on its own is one of C1 to a terminal that does not read UTF-8.
    const auto first = static_cast<unsigned char>(rest.front());
    const std::size_t control = sequence == 1 && first >= 0x80 && first < 0xa0 ? 1 : control_size(rest);
    if (control > 0) {
      escaped.append(text, kept, at - kept);
      for (std::size_t i = 0; i < control; ++i)
        escaped += fmt::format("\\x{:02x}", static_cast<unsigned char>(rest[i]));
      kept = at + control;
    }
    at += control > 0 ? control : sequence;
  }
  if (kept == 0) return text;
  escaped.append(text, kept);
  return escaped;
}

}  // namespace memspice
