#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generate/specification.hpp"

namespace memspice::app {

/// What the command line of `memspice generate` says, word for word.
struct GenerateArguments {
  using Text = std::optional<std::string>;
  std::string family;
  Text size, seed, output;
  Text degree, probability, rewire, links, density, length, rline, rcontact;
  Text source, drive, amplitude, frequency, phase, rate;
  Text ron, roff, alpha, beta, w0, polarity, active, control;
  Text tran, save;
  Text model;
  std::vector<std::string> parameters;  // of the model, name=value
  std::vector<std::string> cards;
  bool compact = false;
  bool quiet = false;
};

/// The first and the last seed: `7` and `1:100`. Throws UsageError.
std::pair<std::uint64_t, std::uint64_t> seeds_of(const GenerateArguments::Text& text);

/// What they mean for the first seed, defaults filled in. UsageError with a message and a hint when they mean
/// nothing.
generate::Specification specification_of(const GenerateArguments& arguments);

}  // namespace memspice::app
