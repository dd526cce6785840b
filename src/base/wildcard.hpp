#pragma once

#include <string_view>

namespace memspice {

/// Whether a text is a pattern: `*` stands for any characters, `?` for one.
[[nodiscard]] inline bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}
/// Whether a whole name fits a pattern, in any case of its letters.
bool matches(std::string_view pattern, std::string_view name);

}  // namespace memspice
