#include "base/wildcard.hpp"

#include <cstddef>

#include "base/characters.hpp"

namespace memspice {

bool matches(std::string_view pattern, std::string_view name) {
  std::size_t i = 0;
  std::size_t j = 0;
  std::size_t star =
      std::string_view::npos;  // the last `*` seen, and how much of the name it has taken so far
  std::size_t taken = 0;
  while (i < name.size()) {
    if (j < pattern.size() && pattern[j] == '*') {
      star = j++;
      taken = i;
    } else if (j < pattern.size() && (pattern[j] == '?' || lower(pattern[j]) == lower(name[i]))) {
      ++i;
      ++j;
    } else if (star != std::string_view::npos) {
      j = star + 1;
      i = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', j) == std::string_view::npos;
}

}  // namespace memspice
