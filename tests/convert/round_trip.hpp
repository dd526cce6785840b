#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>
#include <string>

#include "support/program.hpp"
#include "waveform/ngspice.hpp"

/// Converts a deck (given whole) inside the folder: deck.cir becomes peer.cir. What convert warns about is
/// returned.
inline std::string convert_deck(const TemporaryFolder& folder, const std::string& deck,
                                const std::string& peer) {
  write_bytes(folder.file("deck.cir"), deck);
  const CommandOutcome outcome =
      run_command(folder, "$MEMSPICE convert deck.cir --to " + peer + " -o peer.cir");
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  return outcome.err;
}

/// Runs the commands that stand in the head of peer.cir, as a user would; the last one is the comparison.
inline CommandOutcome run_head(const TemporaryFolder& folder) {
  std::istringstream deck(read_bytes(folder.file("peer.cir")));
  std::string commands =
      "memspice() { \"$MEMSPICE\" \"$@\"; }\nngspice() { command ngspice \"$@\" >log 2>&1 </dev/null; }\n";
  for (std::string line; std::getline(deck, line);)
    if (line.starts_with("*   ")) commands += line.substr(4) + "\n";
  return run_command(folder, commands);
}

/// Converts a deck for ngspice, runs both and compares them: what is wrong, and nothing where all vectors are
/// there, `vectors` of them, time left out, and alike within `reltol` of their ranges. Without a reltol as
/// the command in the deck's head says.
inline std::string disagreement(const std::string& body, std::size_t vectors, double reltol = 0,
                                double abstol = 1e-9) {
  if (!ngspice_found()) return {};
  const TemporaryFolder folder;
  convert_deck(folder, "a deck\n" + body, "ngspice");
  CommandOutcome outcome = run_head(folder);
  if (reltol > 0)
    outcome =
        run_command(folder, fmt::format("$MEMSPICE compare deck.raw peer.raw --names peer.cir --reltol {} "
                                        "--abstol {}",
                                        reltol, abstol));
  const std::string same = fmt::format("same: {} vector{} within", vectors, vectors == 1 ? "" : "s");
  if (outcome.code == 0 && outcome.out.find("only in deck.raw") == std::string::npos &&
      outcome.out.find(same) != std::string::npos)
    return {};
  return fmt::format("wanted '{}', found:\n{}{}\nof the deck\n{}\nngspice says\n{}", same, outcome.out,
                     outcome.err, body, read_bytes(folder.file("log")));
}
