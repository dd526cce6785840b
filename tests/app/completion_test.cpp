#include <doctest/doctest.h>

#include "support/program.hpp"

// What shells offer behind the words that stand there already, asked of the shells that are here.

namespace {

/// What bash offers for the last of the words.
std::string offered_by_bash(const TemporaryFolder& folder, const std::string& words) {
  const CommandOutcome outcome = run_command(
      folder, "$MEMSPICE --completion-for=bash >completion; bash -c 'source ./completion; COMP_WORDS=(" +
                  words + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _memspice; echo \"${COMPREPLY[*]}\"'");
  CHECK(outcome.err.empty());
  return outcome.out.substr(0, outcome.out.find('\n'));
}

}  // namespace

TEST_CASE("bash completes commands, options, families and the words that an option takes") {
  const TemporaryFolder folder;
  const auto offers = [&](const std::string& words) { return offered_by_bash(folder, words); };
  CHECK(offers("memspice gen") == "generate");
  CHECK(offers("memspice generate sc") == "scale-free");
  CHECK(offers("memspice generate grid \"\"").empty());
  CHECK(offers("memspice generate grid --source \"\"") == "sin dc pulse telegraph none");
  CHECK(offers("memspice generate grid --control v") == "voltage");
  CHECK(offers("memspice deck.cir --format \"\"") == "raw ascii csv tsv hdf5");
  CHECK(offers("memspice --format = \"=\"") == "raw ascii csv tsv hdf5");
  CHECK(offers("memspice deck.cir --format = t") == "tsv");
  CHECK(offers("memspice plot out.raw --log x") == "x xy");
  CHECK(offers("memspice convert deck.cir --to x") == "xyce");
  CHECK(offers("memspice compare --rel") == "--reltol");
  CHECK(offers("memspice deck.cir -o \"\"").empty());  // files, which bash knows
}

TEST_CASE("zsh and fish read their completions") {
  const TemporaryFolder folder;
  for (const std::string shell : {"zsh", "fish"}) {
    CommandOutcome outcome = run_command(folder, "$MEMSPICE --completion-for=" + shell + " >file");
    CHECK(outcome.code == 0);
    if (run_command(folder, "command -v " + shell).code != 0) continue;
    outcome = run_command(folder, shell + " -n file");
    CHECK_MESSAGE(outcome.code == 0, outcome.err);
  }
  if (run_command(folder, "command -v fish").code != 0) return;
  const std::string ask = "HOME=$PWD fish -c 'source ./file; complete -C \"memspice ";
  CHECK(run_command(folder, ask + "generate sc\"'").out.starts_with("scale-free"));
  CHECK(run_command(folder, ask + "generate grid --source tele\"'").out.starts_with("telegraph"));
  CHECK(run_command(folder, ask + "deck.cir --format hd\"'").out.starts_with("hdf5"));
}
