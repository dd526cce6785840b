#pragma once

#include <string_view>

namespace memspice {

/// Whether a whole name fits a pattern, in any case of its letters: `*` stands for any characters, `?` for
/// one.
bool matches(std::string_view pattern, std::string_view name);

}  // namespace memspice
