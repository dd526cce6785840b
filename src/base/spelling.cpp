#include "base/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace memspice {
namespace {

// Insertions, deletions, substitutions and swaps of neighbours that make one word of the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t longest = 64;  // longer names are generated, not misspelt
  if (word.size() > longest) return {};
  std::size_t best = std::max<std::size_t>(1, word.size() / 3);
  std::size_t best_prefix = 0;  // decides between equally near words; nothing in common is no likeness
  std::string_view nearest;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > longest) continue;
    const std::size_t difference =
        candidate.size() > word.size() ? candidate.size() - word.size() : word.size() - candidate.size();
    if (difference > best) continue;
    const std::size_t distance = edit_distance(word, candidate);
    const std::size_t same = common_prefix(word, candidate);
    if (distance >= candidate.size() || distance > best || (distance == best && same <= best_prefix))
      continue;
    best = distance;
    best_prefix = same;
    nearest = candidate;
  }
  return nearest.empty() ? std::string() : fmt::format("did you mean '{}'?", nearest);
}

std::string with_article(std::string_view noun) {
  const bool vowel = std::string_view("aeiou").find(noun.front()) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

std::string list(const std::vector<std::string_view>& words, std::string_view last_separator) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? fmt::format(" {} ", last_separator) : std::string(", ");
    out += words[i];
  }
  return out;
}

std::string with_dots(std::string_view name) {
  std::string dotted(name);
  std::ranges::replace(dotted, ':', '.');
  return dotted;
}

}  // namespace memspice
