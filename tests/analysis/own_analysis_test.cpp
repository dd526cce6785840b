// An analysis that a program brings: a card, its reader and its run, and no line of the library.
#include <doctest/doctest.h>

#include <vector>

#include "analysis/output/analysis_frame.hpp"
#include "analysis/types/analysis_run.hpp"
#include "memspice/circuit.hpp"
#include "memspice/deck.hpp"
#include "memspice/simulate.hpp"
#include "netlist/elaboration/card_context.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

/// `.count`: how many nodes there are.
struct CountCard {
  Location where;
};
const AnalysisType& type_of(const CountCard*);

void read_count(CardContext& card) {
  card.reader.expect_end();
  add_card(card.circuit, CountCard{card.where});
}

AnalysisReport run_count(AnalysisRun& run, const CountCard&) {
  AnalysisReport report;
  report.summary = "nodes counted";
  OutputPlan plan(run.circuit, memspice::type_of<CountCard>(), {}, run.warnings);
  plan.append("nodes", Quantity::notype);
  AnalysisOutput rows(run.circuit, plan, false, run.sink, run.warnings);
  fill_plot(report, rows, [&] {
    rows.row(std::vector{static_cast<double>(run.circuit.node_names.size() - 1)});
    report.statistics.rows = 1;
  });
  return report;
}

const AnalysisType& type_of(const CountCard*) {
  static constexpr AnalysisType type{
      .card = {.description = {".count", "", "", "how many nodes there are"},
               .group = CardGroup::analyses,
               .read = read_count,
               .analysis = &type},
      .plot = "Node Count",
      .run = run_reported<CountCard, run_count>,
  };
  return type;
}

Circuit circuit_with_count(const std::string& cards) {
  static const std::vector<const CardKind*> kinds = [] {
    std::vector<const CardKind*> all(standard_analyses().begin(), standard_analyses().end());
    all.push_back(&memspice::type_of<CountCard>().card);
    return all;
  }();
  return elaborate(parse_text("title\nV1 a 0 1\nR1 a b 1\nR2 b 0 1\n" + cards + ".end\n"),
                   standard_catalogue(), {.analyses = kinds});
}

}  // namespace

TEST_CASE("a program's own analysis is read, run, measured and printed") {
  const Circuit circuit =
      circuit_with_count(".op\n.count\n.measure count n find nodes\n.print count {2*nodes}\n");
  const testing::DeckRun result = testing::run_circuit(circuit);
  REQUIRE(result.report.analyses.size() == 2);
  CHECK(result.report.outcome() == Outcome::complete);
  CHECK(result.analysis().analysis == "count");
  REQUIRE(result.analysis().measures.size() == 1);
  CHECK(result.analysis().measures[0].value == 2);
  REQUIRE(result.analysis().tables.size() == 1);
  CHECK(result.analysis().tables[0].values == std::vector<double>{4});
  CHECK(result.plots.back().name == "Node Count");
}

TEST_CASE("a card of a program's own analysis can be made in code") {
  Circuit circuit = circuit_with_count({});
  circuit.analyses.emplace_back(CountCard{});
  CHECK(circuit.analyses[0].get_if<TransientCard>() == nullptr);
  CHECK_THROWS_AS(static_cast<void>(circuit.analyses[0].as<TransientCard>()), std::logic_error);
  CHECK(testing::run_circuit(circuit).plots.back().columns[0] == std::vector<double>{2});
}
