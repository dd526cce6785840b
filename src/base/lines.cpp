#include "base/lines.hpp"

#include <cstring>

#include "base/characters.hpp"

namespace memspice {

const char* line_end(const char* at, const char* end) {
  const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
  return found ? static_cast<const char*>(found) : end;
}

bool is_comment_line(const char* at, const char* end) {
  return *at == '*' || *at == '$' || begins_comment(at, end);
}

std::string_view first_word(std::string_view line) {
  std::size_t n = 0;
  while (n < line.size() && character_class(line[n]) == CharacterClass::word) ++n;
  return line.substr(0, n);
}

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  return line;
}

}  // namespace memspice
