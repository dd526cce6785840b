#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/program.hpp"
#include "support/random.hpp"

namespace memspice::testing {

/// Parameters that a card has or has not, all with one value: " rs={}". Between two positive bounds every
/// factor of ten is equally likely.
struct Choice {
  const char* text;
  double low = 0;
  double high = 0;
};

/// Whether a card has one of the parameters already: it cannot have it twice.
inline bool has_one_of(const std::string& card, std::string_view parameters) {
  for (std::size_t end = parameters.find('='); end != std::string_view::npos;
       end = parameters.find('=', end + 1)) {
    const std::size_t blank = parameters.rfind(' ', end);
    const std::size_t begin = blank == std::string_view::npos ? 0 : blank + 1;
    const std::string name(parameters.substr(begin, end + 1 - begin));
    if (card.find(' ' + name) != std::string::npos || card.find('(' + name) != std::string::npos) return true;
  }
  return false;
}

/// What a card has behind `given`.
inline std::string chosen(Random& random, const std::vector<Choice>& choices, const std::string& given = {}) {
  std::string text;
  for (const auto& [parameters, low, high] : choices) {
    const double value = low > 0 ? random.logarithmic(low, high) : random.uniform(low, high);
    if (random.below(3) == 0 && !has_one_of(given + text, parameters))
      text += fmt::format(fmt::runtime(std::string(" ") + parameters), value);
  }
  return text;
}

/// The message when a deck of these cards is converted.
inline std::string refusal(const std::string& body, const std::string& peer) {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "a deck\n" + body);
  const CommandOutcome outcome =
      run_command(folder, "$MEMSPICE convert -q deck.cir --to " + peer + " -o peer.cir");
  CHECK(outcome.code == 2);
  CHECK_FALSE(std::filesystem::exists(folder.file("peer.cir")));
  return outcome.err;
}

}  // namespace memspice::testing
