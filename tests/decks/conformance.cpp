#include "decks/conformance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <complex>
#include <limits>
#include <nlohmann/json.hpp>
#include <numbers>
#include <optional>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "decks/claims.hpp"
#include "decks/ngspice_listing.hpp"
#include "support/program.hpp"
#include "waveform/compare.hpp"

namespace conformance {

namespace {

namespace fs = std::filesystem;
using memspice::Plot;
using memspice::Quantity;

constexpr std::string_view twin_suffix = ".ngspice.cir";

/// Below this a vector's range is rounding: ngspice itself leaves 1e-12 S between nodes.
double smallest_range(Quantity quantity) {
  if (quantity == Quantity::voltage) return 1e-6;
  if (quantity == Quantity::current) return 1e-9;
  return 0;
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

void read_directive(Deck& deck, const std::string& key, const std::string& text, bool& alone) {
  const auto refuse = [&](const char* form) {
    throw std::invalid_argument(
        fmt::format("{}: '* {}: {}' has to be '* {}: {}'", deck.name, key, text, key, form));
  };
  static const std::regex bound(R"((\S+), because .+)"), reason("because .+"), pair(R"((\S+) = (\S+))");
  std::smatch match;
  if (key == "bound") {
    if (!std::regex_match(text, match, bound)) refuse("3e-4, because …");
    deck.bound = std::stod(match[1]);
  } else if (key == "alone") {
    if (!std::regex_match(text, reason)) refuse("because …");
    alone = true;
  } else if (key == "map") {
    if (!std::regex_match(text, match, pair)) refuse("name = ngspice's name");
    deck.map.emplace_back(match[1], match[2]);
  } else {
    const std::size_t end = text.find(", because ");
    if (end == std::string::npos) refuse("patterns, because …");
    for (const std::string& word : words(text.substr(0, end))) deck.ignore.push_back(word);
  }
}

Deck read_deck(const fs::path& path, const fs::path& folder) {
  Deck deck;
  deck.path = path;
  deck.name = fs::relative(path, folder).replace_extension().generic_string();
  const std::string text = read_bytes(path.string());
  deck.what = text.substr(0, text.find_first_of("\r\n"));
  deck.claims = claims::claims_of(text);
  static const std::regex directive(R"((?:^|\n)\* *(bound|alone|map|ignore): *([^\r\n]*[^\r\n ]))");
  bool alone = false;
  for (std::sregex_iterator it(text.begin(), text.end(), directive), end; it != end; ++it)
    read_directive(deck, (*it)[1], (*it)[2], alone);
  const fs::path twin = fs::path(path).replace_extension("").string() + std::string(twin_suffix);
  if (fs::exists(twin))
    deck.peer = twin;
  else if (!alone)
    deck.peer = path;
  if (alone && (!deck.peer.empty() || deck.claims.empty()))
    throw std::invalid_argument(deck.name + ": a deck that runs alone has claims and no twin");
  return deck;
}

/// Notes a difference and objects where it is too large; NaN is.
void note(Outcome& outcome, const Deck& deck, double difference, const std::string& what) {
  if (!(difference <= deck.bound))
    outcome.failures.push_back(fmt::format("{}: {:.2e} of the range", what, difference));
  if (difference > outcome.worst || std::isnan(difference)) {
    outcome.worst = std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
    outcome.where = what;
  }
}

double largest(const std::vector<Plot>& plots, const std::string& plot_name, const std::string& vector) {
  double result = 0;
  for (const Plot& plot : plots) {
    const std::size_t column = plot.find(vector);
    if (plot.name != plot_name || column == Plot::npos) continue;
    for (const double value : plot.columns[column]) result = std::max(result, std::abs(value));
  }
  return result;
}

using Columns = std::vector<std::vector<double>>;

void append(Columns& columns, const Columns& more) {
  for (std::size_t k = 0; k < columns.size(); ++k)
    columns[k].insert(columns[k].end(), more.at(k).begin(), more.at(k).end());
}

/// ngspice runs a sweep as a loop of runs, each a plot; memspice writes one plot for all.
void join_plots(std::vector<Plot>& theirs, const std::vector<Plot>& ours) {
  const auto count = [](const std::vector<Plot>& plots, const std::string& name) {
    // The second one of a name is called `Transient Analysis 2` in memspice's files.
    return std::ranges::count_if(
        plots, [&](const Plot& plot) { return plot.name == name || plot.name.starts_with(name + " "); });
  };
  for (std::size_t i = 1; i < theirs.size();) {
    Plot& before = theirs[i - 1];
    if (before.name != theirs[i].name || count(ours, before.name) != 1) {
      ++i;
      continue;
    }
    append(before.columns, theirs[i].columns);
    append(before.imaginary, theirs[i].imaginary);
    theirs.erase(theirs.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

/// Nodes and sources that ngspice adds: branches, code models, and of `E1 … VALUE=` the node e1_int1 and the
/// source be1.
bool of_ngspice_itself(const std::string& vector, const std::vector<std::string>& all) {
  if (vector.find_first_of("#$") != std::string::npos) return true;
  if (vector.ends_with("_int1)")) return true;
  return vector.starts_with("i(b") &&
         std::ranges::find(all, "v(" + vector.substr(3, vector.size() - 4) + "_int1)") != all.end();
}

void compare_waveforms(Outcome& outcome, const Deck& deck, const std::vector<Plot>& ours,
                       std::vector<Plot> theirs) {
  join_plots(theirs, ours);
  const memspice::Comparison comparison =
      memspice::compare(ours, theirs, {.map = deck.map, .ignore = deck.ignore});
  for (const std::string& plot : comparison.only_first)
    outcome.failures.push_back(fmt::format("ngspice has no plot '{}'", plot));
  for (const std::string& plot : comparison.only_second)
    outcome.failures.push_back(fmt::format("memspice has no plot '{}'", plot));
  for (const memspice::PlotDifference& plot : comparison.plots) {
    for (const std::string& vector : plot.only_second)
      if (deck.peer == deck.path && !of_ngspice_itself(vector, plot.only_second))
        outcome.failures.push_back(fmt::format("memspice has no vector '{}' in '{}'", vector, plot.name));
    for (const memspice::VectorDifference& vector : plot.vectors) {
      if (vector.maximum == 0) continue;
      const double range = std::max(
          {vector.range, smallest_range(vector.quantity), 1e-3 * largest(ours, plot.name, vector.first)});
      note(outcome, deck, vector.maximum / range,
           fmt::format("{} in '{}' at {:.6g}", vector.first, plot.name, vector.where));
    }
  }
}

void compare_measures(Outcome& outcome, const Deck& deck, const nlohmann::json& measures,
                      const std::string& listing) {
  for (const nlohmann::json& measure : measures) {
    const std::string name = measure.at("name");
    const std::optional<double> expected = ngspice_listing::measure(listing, name);
    if (!expected) {
      outcome.failures.push_back(fmt::format("ngspice measured no '{}'", name));
      continue;
    }
    const bool failed = measure.at("value").is_null();
    if (failed != std::isnan(*expected))
      outcome.failures.push_back(
          fmt::format("'{}' failed in {} only", name, failed ? "memspice" : "ngspice"));
    if (failed || std::isnan(*expected)) continue;
    const double value = measure.at("value");
    const double size = std::max({std::abs(value), std::abs(*expected), smallest_range(Quantity::current)});
    note(outcome, deck, std::abs(value - *expected) / size,
         fmt::format(".measure {}: {:.9g} instead of {:.9g}", name, value, *expected));
  }
}

/// Harmonics relative to the largest one, in magnitude and phase.
void compare_harmonics(Outcome& outcome, const Deck& deck, const nlohmann::json& fourier,
                       const std::string& listing) {
  for (const nlohmann::json& table : fourier) {
    const std::string vector = table.at("vector");
    const auto expected = ngspice_listing::harmonics(listing, vector);
    const nlohmann::json& harmonics = table.at("harmonics");
    if (expected.empty() || harmonics.size() != expected.size()) {
      outcome.failures.push_back(
          fmt::format("{} harmonics of {} instead of {}", harmonics.size(), vector, expected.size()));
      continue;
    }
    double size = 0;
    for (const std::complex<double>& harmonic : expected) size = std::max(size, std::abs(harmonic));
    for (std::size_t k = 0; k < expected.size(); ++k) {
      const double phase = harmonics[k].at("phase").get<double>() * std::numbers::pi / 180;
      const std::complex<double> value =
          harmonics[k].at("magnitude").get<double>() * std::complex<double>(std::cos(phase), std::sin(phase));
      note(outcome, deck, std::abs(value - expected[k]) / size, fmt::format("harmonic {} of {}", k, vector));
    }
  }
}

void check_claims(Outcome& outcome, const Deck& deck, const claims::Run& run) {
  for (const std::string& claim : deck.claims) {
    double deviation = 0;
    std::string found;
    try {
      found = claims::objection(claim, run, &deviation);
    } catch (const std::invalid_argument& error) {
      found = error.what();
    }
    if (!found.empty()) outcome.failures.push_back(fmt::format("claim '{}' is wrong: {}", claim, found));
    if (deviation > outcome.worst) {
      outcome.worst = deviation;
      outcome.where = "claim '" + claim + "'";
    }
  }
}

/// What ngspice wrote: with -r, or by a `write out.raw` of its own `.control` block.
bool run_ngspice_on(const Deck& deck, const TemporaryFolder& folder, Outcome& outcome) {
  const bool controls = read_bytes(deck.peer.string()).find("\n.control") != std::string::npos;
  const CommandOutcome ran =
      run_command(folder, fmt::format("timeout 60 ngspice -b {} '{}' </dev/null",
                                      controls ? "" : "-r out.raw", deck.peer.string()));
  if (ran.code == 0 && fs::exists(folder.file("out.raw"))) return true;
  outcome.failures.push_back(fmt::format("ngspice ended with {}:\n{}{}", ran.code, ran.out, ran.err));
  return false;
}

}  // namespace

std::vector<Deck> find_decks(const fs::path& folder) {
  std::vector<Deck> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string file = entry.path().filename().string();
    if (file.ends_with(".cir") && !file.ends_with(twin_suffix))
      found.push_back(read_deck(entry.path(), folder));
  }
  std::ranges::sort(found, {}, &Deck::name);
  return found;
}

std::string compared_with(const Deck& deck) {
  std::string text = deck.peer.empty() ? "" : deck.peer == deck.path ? "ngspice" : "ngspice, twin";
  if (!deck.claims.empty()) text += text.empty() ? "closed form" : "; closed form";
  return text;
}

Outcome run(const Deck& deck) {
  Outcome outcome;
  const TemporaryFolder ours;
  const CommandOutcome ran = run_command(
      ours,
      fmt::format("timeout 60 \"$MEMSPICE\" '{}' -o out.raw --report out.json --quiet", deck.path.string()));
  claims::Run facts;
  facts.exit_code = ran.code;
  facts.messages = ran.err;
  const bool may_fail =
      std::ranges::any_of(deck.claims, [](const std::string& claim) { return claim.starts_with("exit "); });
  if (!fs::exists(ours.file("out.raw")) || (ran.code != 0 && !may_fail)) {
    outcome.failures.push_back(fmt::format("memspice ended with {}: {}", ran.code, ran.err));
    return outcome;
  }
  const std::vector<Plot> plots = memspice::read_waveforms(ours.file("out.raw"));
  facts.plot = plots.back();
  facts.report = nlohmann::json::parse(read_bytes(ours.file("out.json")));
  check_claims(outcome, deck, facts);
  if (deck.peer.empty()) return outcome;
  const TemporaryFolder theirs;
  if (!run_ngspice_on(deck, theirs, outcome)) return outcome;
  try {
    compare_waveforms(outcome, deck, plots, memspice::read_waveforms(theirs.file("out.raw")));
  } catch (const std::runtime_error& error) {
    outcome.failures.emplace_back(error.what());
  }
  const nlohmann::json none = nlohmann::json::array();
  const nlohmann::json measures = facts.report.value("measures", none);
  const nlohmann::json fourier = facts.report.value("fourier", none);
  if (measures.empty() && fourier.empty()) return outcome;
  // ngspice prints nothing of the kind while it writes a raw file: a second run.
  const std::string command = fmt::format("timeout 60 ngspice -b '{}' </dev/null", deck.peer.string());
  const CommandOutcome again = run_command(theirs, command);
  compare_measures(outcome, deck, measures, again.out + again.err);
  compare_harmonics(outcome, deck, fourier, again.out);
  return outcome;
}

std::vector<Outcome> run_all(const std::vector<Deck>& decks, unsigned threads) {
  std::vector<Outcome> outcomes(decks.size());
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> pool;
  for (unsigned k = 0; k < threads; ++k)
    pool.emplace_back([&] {
      for (std::size_t i = next++; i < decks.size(); i = next++) {
        try {
          outcomes[i] = run(decks[i]);
        } catch (const std::exception& error) {
          outcomes[i].failures.emplace_back(error.what());
        }
      }
    });
  pool.clear();
  return outcomes;
}

std::string table(const std::vector<Row>& rows) {
  std::string text = "| deck | what | compared with | worst difference |\n|---|---|---|---|\n";
  for (const Row& row : rows) {
    std::string what = row.what;
    for (std::size_t at = what.find('|'); at != std::string::npos; at = what.find('|', at + 2))
      what.insert(at, "\\");
    text += fmt::format("| {} | {} | {} | {:.1e} |\n", row.deck, what, row.compared, row.worst);
  }
  return text;
}

std::vector<Row> read_table(const std::string& text) {
  std::vector<Row> rows;
  static const std::regex line(R"(\| (\S+) \| (.*) \| ([a-z;, ]+) \| (\S+) \|)");
  std::istringstream stream(text);
  std::string content;
  for (int number = 0; std::getline(stream, content); ++number) {
    if (number < 2) continue;
    std::smatch match;
    if (!std::regex_match(content, match, line))
      throw std::invalid_argument("no line of the table: " + content);
    Row row{match[1], match[2], match[3], std::stod(match[4])};
    for (std::size_t at = row.what.find("\\|"); at != std::string::npos; at = row.what.find("\\|", at))
      row.what.erase(at, 1);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace conformance
