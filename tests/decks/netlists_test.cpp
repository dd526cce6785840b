#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "decks/claims.hpp"
#include "support/places.hpp"
#include "support/program.hpp"

namespace {

std::vector<std::filesystem::path> decks() {
  std::vector<std::filesystem::path> found;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(memspice::testing::project_folder() + "/netlists"))
    if (entry.path().extension() == ".cir") found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

claims::Run run_deck(const std::filesystem::path& deck) {
  const TemporaryFolder folder;
  const CommandOutcome outcome = run_command(
      folder,
      fmt::format("timeout 60 \"$MEMSPICE\" '{}' -o out.raw --report out.json --quiet", deck.string()));
  claims::Run run;
  run.exit_code = outcome.code;
  run.messages = outcome.err;
  if (!std::filesystem::exists(folder.file("out.raw"))) return run;
  run.plot = memspice::read_waveforms(folder.file("out.raw")).back();
  run.report = nlohmann::json::parse(read_bytes(folder.file("out.json")));
  return run;
}

}  // namespace

TEST_CASE("every deck of netlists/ does what it claims") {
  const auto all = decks();
  REQUIRE(all.size() >= 15);
  for (const std::filesystem::path& deck : all) {
    const std::vector<std::string> claims = claims::claims_of(read_bytes(deck));
    CHECK_MESSAGE(!claims.empty(), deck.string(), " claims nothing");
    const claims::Run run = run_deck(deck);
    const bool may_fail =
        std::ranges::any_of(claims, [](const std::string& claim) { return claim.starts_with("exit "); });
    CHECK_MESSAGE((may_fail || run.exit_code == 0), deck.string(), ": exit code ", run.exit_code, ": ",
                  run.messages);
    for (const std::string& claim : claims) {
      std::string found;
      try {
        found = claims::objection(claim, run);
      } catch (const std::invalid_argument& error) {
        found = error.what();
      }
      CHECK_MESSAGE(found.empty(), deck.string(), ": claim '", claim, "' is wrong: ", found);
    }
  }
}
