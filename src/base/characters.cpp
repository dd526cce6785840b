#include "base/characters.hpp"

#include <algorithm>
#include <cstring>

namespace memspice {
namespace {

const char* find_line_end(const char* at, const char* end) {
  const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
  return found ? static_cast<const char*>(found) : end;
}

// From a line end to behind the `+` that continues the card.
const char* next_continuation(const char* at, const char* end) {
  while (at != end) {
    ++at;
    while (at != end && is_blank(*at)) ++at;
    if (at != end && *at == '+') return at + 1;
    at = find_line_end(at, end);
  }
  return end;
}

// PSpice's names of nodes: $N_0001, $G_VCC, $D_HI.
bool is_dollar_name(const char* at, const char* end) {
  return end - at > 2 && at[2] == '_' && is_letter(at[1]);
}

}  // namespace

void append_lower(std::string& out, std::string_view text) {
  const std::size_t begin = out.size();
  out.resize(begin + text.size());
  std::transform(text.begin(), text.end(), out.begin() + static_cast<std::ptrdiff_t>(begin), lower);
}

std::string to_lower(std::string_view text) {
  std::string out;
  append_lower(out, text);
  return out;
}

bool same_word(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size() && std::equal(text.begin(), text.end(), lower_case.begin(),
                                                        [](char a, char b) { return lower(a) == b; });
}

bool begins_comment(const char* at, const char* end) {
  switch (*at) {
    case ';':
      return true;
    case '/':
      return at + 1 != end && at[1] == '/';
    case '$':
      return at + 1 == end || character_class(at[1]) == CharacterClass::blank || at[1] == '\n';
    default:
      return false;
  }
}

const char* skip_blanks(const char* at, const char* end) {
  const char* const begin = at;
  while (at != end) {
    if (is_blank(*at)) {
      ++at;
    } else if (*at == '$' && at != begin && !is_dollar_name(at, end)) {
      at = find_line_end(at, end);
    } else if (*at == '\n') {
      at = next_continuation(at, end);
    } else if (begins_comment(at, end)) {
      at = find_line_end(at, end);
    } else {
      break;
    }
  }
  return at;
}

}  // namespace memspice
