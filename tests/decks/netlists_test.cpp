#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <stdexcept>

#include "decks/claims.hpp"
#include "decks/ngspice_listing.hpp"
#include "support/places.hpp"
#include "support/program.hpp"
#include "waveform/ngspice.hpp"

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

void check_claims(const std::filesystem::path& deck, const claims::Run& run) {
  for (const std::string& claim : claims::claims_of(read_bytes(deck))) {
    std::string found;
    try {
      found = claims::objection(claim, run);
    } catch (const std::invalid_argument& error) {
      found = error.what();
    }
    CHECK_MESSAGE(found.empty(), deck.string(), ": claim '", claim, "' is wrong: ", found);
  }
}

/// What ngspice makes of the deck with the largest step and the tolerance of its line `* ngspice: tmax …
/// reltol …`; nothing for a deck without that line.
std::optional<claims::Run> run_ngspice_on(const std::filesystem::path& deck) {
  static const std::regex line("\\n\\* ngspice: tmax (\\S+) reltol (\\S+)"), tran("\\n(\\.tran \\S+ \\S+)"),
      options("\\n\\.options[^\\n]*"), measure("\\n\\.measure tran (\\S+)");
  std::string text = read_bytes(deck);
  std::smatch accuracy;
  if (!std::regex_search(text, accuracy, line)) return std::nullopt;
  const std::string largest = accuracy[1],
                    cards = "\n.options reltol=" + accuracy[2].str() + "\n$1 0 " + largest;
  text = std::regex_replace(std::regex_replace(text, options, ""), tran, cards);
  const TemporaryFolder folder;
  claims::Run run;
  run.exit_code = run_ngspice(folder, text, "-r out.raw");
  run.plot = memspice::read_waveforms(folder.file("out.raw")).back();
  // ngspice prints no measures while it writes a raw file: a second run.
  std::sregex_iterator name(text.begin(), text.end(), measure);
  if (name == std::sregex_iterator()) return run;
  run_ngspice(folder, text);
  const std::string listing = read_bytes(folder.file("log"));
  for (; name != std::sregex_iterator(); ++name)
    run.report["measures"].push_back({{"value", ngspice_listing::measure(listing, (*name)[1]).value()}});
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
    check_claims(deck, run);
  }
}

TEST_CASE("ngspice agrees with what decks of netlists/ claim") {
  if (!ngspice_found()) return;
  int count = 0;
  for (const std::filesystem::path& deck : decks()) {
    const auto run = run_ngspice_on(deck);
    if (!run) continue;
    ++count;
    CHECK_MESSAGE(run->exit_code == 0, deck.string());
    check_claims(deck, *run);
  }
  CHECK(count >= 3);
}

TEST_CASE("the characteristic of every device is drawn, and shown in docs/devices.md") {
  const std::string docs = memspice::testing::project_folder() + "/docs/";
  const std::string text = read_bytes(docs + "devices.md");
  int shown = 0;
  for (const std::filesystem::path& deck : decks()) {
    if (deck.parent_path().filename() != "devices") continue;
    const std::string picture = fmt::format("pictures/{}.svg", deck.stem().string());
    CAPTURE(picture);
    CHECK(text.find(picture) != std::string::npos);
    CHECK(read_bytes(deck).find("\n* picture: ") != std::string::npos);
    const std::string drawn = std::filesystem::exists(docs + picture) ? read_bytes(docs + picture) : "";
    CHECK(drawn.find("<polyline") != std::string::npos);
    ++shown;
  }
  CHECK(shown >= 19);
}
