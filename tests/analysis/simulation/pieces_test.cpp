// A transient in pieces against the same transient in one: on every deck of netlists/.
#include <algorithm>
#include <bit>
#include <filesystem>

#include "support/places.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

/// The decks of netlists/ with a .tran card, as circuits with nothing but that.
struct PieceDeck {
  std::string name;
  Circuit circuit;
  std::vector<Plot> plots;  // of run()
};

std::vector<PieceDeck> piece_decks() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(testing::project_folder() + "/netlists"))
    if (entry.path().extension() == ".cir") paths.push_back(entry.path());
  std::ranges::sort(paths);
  std::vector<PieceDeck> decks;
  for (const std::filesystem::path& path : paths) {
    Circuit circuit = elaborate(parse_file(path.string()));
    std::erase_if(circuit.analyses, [](const AnalysisCard& card) { return !card.get_if<TransientCard>(); });
    if (circuit.analyses.empty()) continue;
    circuit.analyses.erase(circuit.analyses.begin() + 1, circuit.analyses.end());
    circuit.repetitions.steps.clear();
    circuit.repetitions.temperatures.clear();
    circuit.repetitions.monte_carlo.reset();
    std::erase_if(circuit.observers,  // would make runs anew
                  [](const ObserverCard& card) { return card.get_if<OmegaCard>() != nullptr; });
    circuit.before_analyses.clear();
    circuit.after_analyses.clear();
    circuit.outputs.prints.clear();
    circuit.outputs.measures.clear();
    circuit.outputs.fouriers.clear();
    MemorySink sink;
    if (run(circuit, sink).outcome() != Outcome::complete) continue;
    decks.push_back({path.filename().string(), std::move(circuit), sink.plots()});
  }
  return decks;
}

const std::vector<PieceDeck>& all_piece_decks() {
  static const std::vector<PieceDeck> decks = piece_decks();
  return decks;
}

bool same_piece_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// Whether two plots have the same bits.
bool same_rows(const Plot& a, const Plot& b) {
  if (a.columns.size() != b.columns.size()) return false;
  for (std::size_t i = 0; i < a.columns.size(); ++i)
    if (!std::ranges::equal(a.columns[i], b.columns[i], same_piece_bits)) return false;
  return true;
}

/// Those of .functional and .invariants stand in rows only.
bool is_reading(const std::string& vector) {
  return !vector.starts_with("lyapunov") && !vector.starts_with("gradient") && !vector.starts_with("drift");
}

bool is_chaotic(const PieceDeck& deck) {
  return deck.name == "chua.cir";
}

/// Runs to the end in pieces that end anywhere, looking at all vectors after each.
void run_in_pieces(Simulation& simulation, testing::Random& random, int pieces) {
  for (int i = 0; i < pieces && !simulation.is_done(); ++i) {
    if (random.below(3) == 0) {
      simulation.step();
    } else {
      const double part = random.coin() ? random.uniform(0, 1) : random.logarithmic(1e-6, 1);
      const double end = simulation.stop_time();
      simulation.run_until(std::min(end, simulation.time() + part * (end - simulation.time())));
    }
    for (const VectorInfo& vector : simulation.vectors())
      if (is_reading(vector.name)) simulation[vector.name];
    if (random.below(4) == 0) CHECK_FALSE(simulation.state().bytes.empty());
  }
  CHECK(simulation.run());
}

}  // namespace

TEST_CASE("a run in random pieces, looked at and saved on the way, has the rows of one run to the bit") {
  testing::Random random(7);
  CHECK(all_piece_decks().size() > 20);
  for (const PieceDeck& deck : all_piece_decks()) {
    CAPTURE(deck.name);
    MemorySink sink;
    Simulation simulation(deck.circuit, {.sink = &sink});
    run_in_pieces(simulation, random, 12);
    const AnalysisReport report = simulation.finish();
    CHECK(report.outcome == Outcome::complete);
    REQUIRE(sink.plots().size() == 1);
    CHECK(same_rows(sink.plots()[0], deck.plots[0]));
  }
}

TEST_CASE(
    "a run that is saved anywhere, restored in a fresh simulation and gone on with agrees with one run") {
  testing::Random random(11);
  for (const PieceDeck& deck : all_piece_decks()) {
    CAPTURE(deck.name);
    Simulation first(deck.circuit);
    first.run_until(random.uniform(0.05, 0.95) * first.stop_time());
    const SimulationState state = first.state();
    Simulation second(deck.circuit);
    second.restore(state);
    CHECK(second.time() == first.time());
    for (const VectorInfo& vector : first.vectors()) {
      if (!is_reading(vector.name)) continue;
      CAPTURE(vector.name);
      CHECK(std::abs(second[vector.name] - first[vector.name]) <= 1e-6 * std::abs(first[vector.name]) + 1e-9);
    }
    if (is_chaotic(deck)) {  // what a restart rounds has grown to everything at the end: a little later then
      const double soon = first.time() + 0.005 * first.stop_time();
      first.run_until(soon);
      second.run_until(soon);
    } else {
      second.run();
    }
    const Plot& whole = deck.plots[0];
    for (const VectorInfo& vector : whole.vectors) {
      if (!is_reading(vector.name)) continue;
      const std::span<const double> values = whole[vector.name];
      const auto [low, high] = std::ranges::minmax(values);
      CAPTURE(vector.name);
      const double expected = is_chaotic(deck) ? first[vector.name] : values.back();
      CHECK(std::abs(second[vector.name] - expected) <=
            50 * deck.circuit.options.reltol * (high - low) + 1e-12);
    }
  }
}
