#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

/// The decks of tests/decks/conformance/: each runs in memspice and in the real ngspice, and what both write
/// is compared; what no ngspice can run is compared with closed forms. tests/decks/conformance/README.md
/// describes them.
namespace conformance {

/// The difference that a deck may show, relative to the range, unless its head says otherwise.
inline constexpr double default_bound = 1e-4;

/// A deck and what its head says.
struct Deck {
  std::filesystem::path path;
  std::filesystem::path peer;  // what ngspice runs: the deck itself or its twin; empty: nothing
  std::string name;            // "elements/coupled_inductors"
  std::string what;            // the title
  double bound = default_bound;
  std::vector<std::pair<std::string, std::string>> map;  // vectors named differently by ngspice
  std::vector<std::string> ignore;                       // patterns of vectors that are not compared
  std::vector<std::string> claims;
};

/// What came out.
struct Outcome {
  double worst = 0;                   // largest difference relative to the range
  std::string where;                  // the vector, measure or claim that shows it
  std::vector<std::string> failures;  // empty: the deck holds
};

/// All decks below a folder, by name. Throws std::invalid_argument for a head that cannot be understood.
std::vector<Deck> find_decks(const std::filesystem::path& folder);

/// "ngspice", "ngspice, twin", "closed form", or two of them.
std::string compared_with(const Deck& deck);

/// Runs memspice and ngspice on the deck in a folder of its own. May be called from several threads.
Outcome run(const Deck& deck);

/// Runs all of them, `threads` at a time; outcomes in the decks' order.
std::vector<Outcome> run_all(const std::vector<Deck>& decks, unsigned threads);

/// A line of the table in docs/conformance.md.
struct Row {
  std::string deck, what, compared;
  double worst = 0;
};
std::string table(const std::vector<Row>& rows);
/// Throws std::invalid_argument for a line that is none.
std::vector<Row> read_table(const std::string& text);

}  // namespace conformance
