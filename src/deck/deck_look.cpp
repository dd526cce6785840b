#include "deck/deck_look.hpp"

#include "base/characters.hpp"
#include "base/lines.hpp"

namespace memspice {
namespace {

constexpr std::size_t most_lines = 2000;  // that are looked at

// `R1 a b …`, `.model …`: a name without the marks of other languages, and two words behind an element's.
bool looks_like_card(std::string_view line) {
  if (line.front() == '.') return line.size() > 1 && is_letter(line[1]);
  const std::string_view name = first_word(line);
  if (!is_letter(line.front()) || name.find_first_of(":/@") != std::string_view::npos) return false;
  std::string_view rest = line.substr(name.size());
  if (!rest.empty() && !is_blank(rest.front()) && rest.front() != '(') return false;
  rest = trimmed(rest);
  if (rest.starts_with('=')) return false;  // of a file of settings
  return rest.find_first_of(" \t,(") != std::string_view::npos;
}

}  // namespace

bool looks_like_deck(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const char* const end = text.data() + text.size();
  std::size_t cards = 0, others = 0;
  bool script = false;
  for (const char* at = text.data(); at < end && cards + others < most_lines;) {
    const char* const stop = line_end(at, end);
    const std::string_view line = trimmed({at, static_cast<std::size_t>(stop - at)});
    at = stop == end ? end : stop + 1;
    if (line.empty() || line.front() == '+' || line.front() == '#') continue;
    if (is_comment_line(line.data(), line.data() + line.size())) continue;
    const std::string_view word = first_word(line);
    if (same_word(word, ".control")) script = true;
    if (same_word(word, ".endc")) script = false;
    if (!script) ++(looks_like_card(line) ? cards : others);
  }
  return others <= cards;
}

}  // namespace memspice
