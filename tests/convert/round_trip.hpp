#pragma once

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "support/program.hpp"

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
