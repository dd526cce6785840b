#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "app/generate/generate_arguments.hpp"
#include "base/usage_error.hpp"
#include "generate/build.hpp"
#include "generate/deck_writer.hpp"
#include "memspice/error.hpp"
#include "support/random.hpp"

namespace memspice::testing {

/// Arguments of `memspice generate` for a passive network that is hard on `.omega`: any family, every source,
/// up to 100 V, Roff/Ron from 10 to 1e6, fast decay and growth, states that start at bounds, both controls.
/// `scale`: 1 for up to 60 memristors.
inline app::GenerateArguments brutal_network(std::uint64_t seed, double scale) {
  Random random(seed);
  const auto pick = [&](const std::vector<std::string>& choices) {
    return choices[random.below(static_cast<std::uint32_t>(choices.size()))];
  };
  const auto whole = [&](double low, double high) {
    return static_cast<int>(low + (random.uniform(low, high + 1) - low) * scale);
  };
  const auto spread = [&](double middle, double factor) {
    return random.coin() ? fmt::format("{:.3g}", middle)
                         : fmt::format("{:.3g}:{:.3g}:log", middle / factor, middle * factor);
  };
  app::GenerateArguments a;
  a.family = pick({"ring", "complete", "grid", "torus", "ladder", "random", "regular", "small-world",
                   "scale-free", "crossbar", "nanowire"});
  if (a.family == "grid" || a.family == "crossbar")
    a.size = fmt::format("{}x{}", whole(2, 6), whole(2, 6));
  else if (a.family == "torus")
    a.size = fmt::format("{}x{}", whole(3, 5), whole(3, 5));
  else if (a.family == "nanowire")
    a.size = std::to_string(whole(20, 50));
  else if (a.family == "complete")
    a.size = std::to_string(whole(3, 9));
  else
    a.size = std::to_string(whole(6, 24));
  a.seed = std::to_string(seed);
  a.source = pick({"sin", "dc", "pulse", "telegraph"});
  const double amplitude = random.logarithmic(0.1, 100);
  a.amplitude = pick({fmt::format("-{0:.3g}:{0:.3g}", amplitude), fmt::format("{:.3g}", amplitude),
                      fmt::format("{:.3g}:{:.3g}:normal", amplitude, amplitude / 4)});
  const double frequency = random.logarithmic(0.1, 100);
  if (a.source == "sin" || a.source == "pulse") a.frequency = spread(frequency, 2);
  if (a.source == "sin" && random.coin()) a.phase = "0:360";
  const double ron = random.logarithmic(1e-3, 1e3);
  a.ron = spread(ron, 3);
  a.roff = fmt::format("{:.4g}", 3 * ron * random.logarithmic(10, 1e6));
  if (random.coin()) a.alpha = pick({"0.1", "-1", "1", "-20", "20", "100", "-5:5"});
  a.beta = spread(random.logarithmic(1e-3, 1), 3);
  a.w0 = pick({"0", "1", "0.5", "0:1", "0.3:0.7"});
  a.polarity = pick({"1", "-1", "mixed", "mixed:0.3"});
  if (random.below(3) == 0) a.control = "voltage";
  a.cards = {".omega"};
  return a;
}

/// Its deck; empty for nanowires that do not reach from side to side.
inline std::string deck_of(const app::GenerateArguments& arguments) {
  std::string deck;
  try {
    const generate::Specification specification = app::specification_of(arguments);
    generate::write_deck(specification, generate::build(specification),
                         [&](std::string_view text) { deck += text; });
  } catch (const UsageError&) {
    return {};
  }
  return deck;
}

}  // namespace memspice::testing
