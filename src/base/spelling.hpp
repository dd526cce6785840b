#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace memspice {

/// Calls `visit` with each word of a list of words with blanks between them.
template <class Visit>
void for_each_alias(std::string_view words, Visit visit) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    visit(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

/// Xyce's x1:r1 as x1.r1.
std::string with_dots(std::string_view name);

/// How many names a misspelt one is compared with: a guess must not cost more than the deck.
inline constexpr std::size_t most_candidates = 10'000;

/// "did you mean 'ron'?" when one of the candidates is close to the word; otherwise empty. All in lower case.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

/// "a resistor", "an inductor".
std::string with_article(std::string_view noun);

/// "a, b and c", for messages that list what is possible.
std::string list(const std::vector<std::string_view>& words, std::string_view last_separator = "and");

}  // namespace memspice
