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

inline std::string chosen(Random& random, const std::vector<Choice>& choices) {
  std::string text;
  for (const auto& [parameters, low, high] : choices) {
    const double value = low > 0 ? random.logarithmic(low, high) : random.uniform(low, high);
    if (random.below(3) == 0) text += fmt::format(fmt::runtime(std::string(" ") + parameters), value);
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
