#pragma once

#include <string>
#include <string_view>

namespace memspice::convert {

/// A word for a shell, in quotes where it needs them; `otherwise` for a name that has no place in a line.
std::string shell_word(const std::string& name, const std::string& otherwise);
/// A file's name without folder and suffix, what might mean something to anyone replaced by `_`.
std::string plain_stem(std::string_view path, std::string_view otherwise);

}  // namespace memspice::convert
