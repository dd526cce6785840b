#pragma once

#include <string_view>

namespace memspice {

/// Whether a text could be a part of a deck: at least half of its lines, comments and scripts aside, begin as
/// elements or cards do. Messages quote lines of what a deck includes; those of a file of passwords, which a
/// hostile deck names, must not be among them.
bool looks_like_deck(std::string_view text);

}  // namespace memspice
