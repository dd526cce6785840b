#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "memspice/waveform.hpp"

/// The claims that the decks of netlists/ make in their heads: netlists/README.md describes the language.
namespace claims {

/// What a run left behind, as far as a claim can speak of it.
struct Run {
  int exit_code = 0;
  std::string messages;   // standard error
  memspice::Plot plot;    // the last one
  nlohmann::json report;  // of --report
};

/// The texts after `* claim:` in a deck, in order.
std::vector<std::string> claims_of(std::string_view deck);

/// Empty when the claim holds for this run; otherwise what was found instead. Throws std::invalid_argument
/// for a claim that cannot be understood or speaks of something that is not there. `deviation` becomes the
/// largest difference between the sides of an `=`, relative to the right side's range over the run (its
/// magnitude where it is constant), if that is larger than what it holds.
std::string objection(const std::string& claim, const Run& run, double* deviation = nullptr);

}  // namespace claims
