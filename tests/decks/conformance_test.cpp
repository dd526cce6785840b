#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <regex>

#include "decks/conformance.hpp"
#include "decks/ngspice_listing.hpp"
#include "support/places.hpp"
#include "waveform/ngspice.hpp"

namespace {

using namespace conformance;

constexpr std::string_view measured = "Measured on ";

std::string processor() {
  static const std::regex line("model name\\s*: ([^\n]*[^\n ])");
  std::smatch match;
  const std::string text = read_bytes("/proc/cpuinfo");
  return std::regex_search(text, match, line) ? match[1].str() : "an unknown processor";
}

/// Where in docs/conformance.md the generated part begins and what stands before it.
std::string head_of(const std::string& page) {
  return page.substr(0, page.find(measured));
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%F", std::gmtime(&now));
  return text.data();
}

}  // namespace

// docs/conformance.md lists every deck and the difference measured once. To measure anew, run this test with
// MEMSPICE_WRITE_EXPECTED=1 in the environment; with MEMSPICE_DECKS=text it runs only the decks whose names
// contain the text and says what it found.
TEST_CASE("memspice agrees with ngspice and with closed forms on every deck of the conformance suite") {
  if (!ngspice_found()) return;
  const std::filesystem::path root = memspice::testing::project_folder();
  std::vector<Deck> decks = find_decks(root / "tests/decks/conformance");
  const char* const wanted = std::getenv("MEMSPICE_DECKS");
  if (wanted != nullptr)
    std::erase_if(decks, [&](const Deck& deck) { return deck.name.find(wanted) == std::string::npos; });
  const std::vector<Outcome> outcomes = run_all(decks, 2);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < decks.size(); ++i) {
    rows.push_back({decks[i].name, decks[i].what, compared_with(decks[i]), outcomes[i].worst});
    for (const std::string& failure : outcomes[i].failures) FAIL_CHECK(decks[i].name << ": " << failure);
    if (wanted != nullptr)
      MESSAGE(fmt::format("{}: {:.1e}, {}", decks[i].name, outcomes[i].worst, outcomes[i].where));
  }
  if (wanted != nullptr) return;
  const std::string page = (root / "docs/conformance.md").string();
  const std::string text = read_bytes(page);
  REQUIRE(text.find(measured) != std::string::npos);
  if (std::getenv("MEMSPICE_WRITE_EXPECTED") != nullptr) {
    write_bytes(page,
                fmt::format("{}{}{}, {}:\n\n{}", head_of(text), measured, today(), processor(), table(rows)));
    return;
  }
  std::map<std::string, Row> recorded;
  for (const Row& row : read_table(text.substr(text.find("\n\n", text.find(measured)) + 2)))
    recorded.emplace(row.deck, row);
  CHECK(recorded.size() == decks.size());
  for (const Row& row : rows) {
    CAPTURE(row.deck);
    REQUIRE_MESSAGE(recorded.contains(row.deck), "docs/conformance.md does not list " << row.deck);
    const Row& before = recorded[row.deck];
    CHECK(before.what == row.what);
    CHECK(before.compared == row.compared);
    CHECK(row.worst <= std::max(10 * before.worst, 1e-6));
  }
}

TEST_CASE("the table of conformance reads back as it was written") {
  const std::vector<Row> rows{{"a/b", "ors: a || b", "ngspice, twin; closed form", 2.5e-7},
                              {"c/d", "nothing", "ngspice", 0}};
  const std::vector<Row> back = read_table(table(rows));
  REQUIRE(back.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(back[i].deck == rows[i].deck);
    CHECK(back[i].what == rows[i].what);
    CHECK(back[i].compared == rows[i].compared);
    CHECK(back[i].worst == rows[i].worst);
  }
  CHECK_THROWS_AS(read_table("| deck |\n|---|\n| a | b |\n"), std::invalid_argument);
}

TEST_CASE("measures and harmonics are read from what ngspice prints") {
  const std::string listing =
      "rise                =  3.5e-05 targ=  4.7e-05 trig=  1.2e-05\nlate  =  failed\n"
      "Error: measure  slope failed:\n"
      "Fourier analysis for v(o):\n  No. Harmonics: 3, THD: 12 %, Gridsize: 200\n\n"
      "Harmonic Frequency   Magnitude   Phase\n-------- ---------\n"
      " 0       0           0.5 0 0 0\n 1       1000        2 90 1 0\n\n 2 3 4 5\n";
  CHECK(ngspice_listing::measure(listing, "rise") == 3.5e-5);
  CHECK(std::isnan(ngspice_listing::measure(listing, "late").value()));
  CHECK(std::isnan(ngspice_listing::measure(listing, "slope").value()));
  CHECK_FALSE(ngspice_listing::measure(listing, "ris").has_value());
  const auto harmonics = ngspice_listing::harmonics(listing, "v(o)");
  REQUIRE(harmonics.size() == 2);
  CHECK(harmonics[0] == 0.5);
  CHECK(std::abs(harmonics[1] - std::complex<double>(0, 2)) <= 1e-12);
  CHECK(ngspice_listing::harmonics(listing, "v(p)").empty());
}
