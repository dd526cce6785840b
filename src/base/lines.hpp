#pragma once

#include <string_view>

namespace memspice {

/// The end of the line that `at` is in: its line feed, or `end`.
const char* line_end(const char* at, const char* end);
/// Whether the whole line, from its first character that is no blank, is a comment.
bool is_comment_line(const char* at, const char* end);
/// The characters up to a blank or a mark.
std::string_view first_word(std::string_view line);
std::string_view trimmed(std::string_view line);

}  // namespace memspice
