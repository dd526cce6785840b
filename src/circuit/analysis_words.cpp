#include "circuit/analysis_words.hpp"

#include <algorithm>
#include <array>

#include "base/characters.hpp"

namespace memspice {
namespace {

// In the order of AnalysisKind.
constexpr std::array<std::string_view, 7> words{"op", "tran", "dc", "ac", "tf", "sens", "noise"};

}  // namespace

std::optional<AnalysisKind> find_analysis(std::string_view word) {
  const auto found = std::ranges::find_if(words, [&](std::string_view w) { return same_word(word, w); });
  if (found == words.end()) return std::nullopt;
  return static_cast<AnalysisKind>(found - words.begin());
}

std::string_view analysis_word(AnalysisKind kind) {
  return words[static_cast<std::size_t>(kind)];
}

}  // namespace memspice
