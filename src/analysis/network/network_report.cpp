#include "analysis/network/network_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "analysis/network/network_files.hpp"
#include "analysis/types/analysis_run.hpp"
#include "base/interruption.hpp"
#include "base/stopwatch.hpp"
#include "netlist/cards/card_options.hpp"
#include "network/branch_network.hpp"
#include "network/folding.hpp"
#include "network/incidence.hpp"
#include "network/projector.hpp"
#include "network/resolvent.hpp"
#include "network/topology.hpp"

namespace memspice {

namespace {

using network::Blocks;
using network::BranchKind;
using network::BranchNetwork;
using network::EffectiveMemory;
using network::Finding;
using network::FoldedNetwork;
using network::Minor;
using network::ProjectorFacts;
using network::SpanningForest;

template <class Value>
void take(NetworkReport& report, std::string name, Finding<Value> finding, std::optional<Value>& value) {
  value = finding.value;
  if (!value) report.reasons.emplace_back(std::move(name), std::move(finding.reason));
}

bool is_listed(const FoldedNetwork& folded) {
  return folded.branch_count() <= NetworkReport::most_listed_branches;
}

std::string name_of(const Circuit& circuit, const BranchNetwork& elements, const FoldedNetwork& folded,
                    std::uint32_t branch) {
  return std::string(circuit.element_names[elements.names[folded.elements[branch]]]);
}

void add_tree_response(NetworkReport& report, const Circuit& circuit, const BranchNetwork& elements,
                       const FoldedNetwork& folded, const SpanningForest& forest) {
  constexpr std::size_t most_entries = 10'000'000;
  NetworkReport::TreeResponse& found = report.tree_response;
  found.columns = forest.chords().size();
  found.rows = folded.branch_count() - found.columns;
  const std::size_t entries = cycle_entries(forest, most_entries);
  if (entries <= most_entries) {
    found.entries = entries - found.columns;  // the cycles' without their chords
  } else {
    report.reasons.emplace_back(
        "tree_response.entries",
        fmt::format("the fundamental cycles have more than {} entries", most_entries));
  }
  if (!is_listed(folded)) return;
  const network::TreeResponse response = tree_response(forest);
  for (const auto k : response.tree) found.tree.push_back(name_of(circuit, elements, folded, k));
  for (const auto k : response.chord) found.chords.push_back(name_of(circuit, elements, folded, k));
  found.matrix.assign(found.rows, std::vector<int>(found.columns, 0));
  for (Eigen::Index column = 0; column < response.matrix.outerSize(); ++column) {
    for (network::SparseMatrix::InnerIterator entry(response.matrix, column); entry; ++entry)
      found.matrix[static_cast<std::size_t>(entry.row())][static_cast<std::size_t>(column)] =
          static_cast<int>(entry.value());
  }
}

double norm(const std::vector<double>& values) {
  return std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0));
}

Finding<NetworkReport::SourceSplit> source_split_of(const Circuit& circuit, const BranchNetwork& elements,
                                                    const FoldedNetwork& folded, const Minor& resistive) {
  std::vector<double> values;
  for (const auto& source : elements.sources) values.push_back(source.dc);
  const std::vector<double> emf = resistive_emfs(folded, values);
  network::SourceSplit split{emf, emf};
  // Without sources there is nothing that a factorisation, the expensive step, could tell.
  if (std::ranges::any_of(emf, [](double s) { return s != 0; })) {
    try {
      split = network::split_sources(resistive.node_count, resistive.branches, emf);
    } catch (const SimulationError& error) {
      return {{}, error.what()};
    }
  }
  NetworkReport::SourceSplit found{norm(emf), norm(split.driving), norm(split.gauge), {}};
  for (std::uint32_t k = 0; is_listed(folded) && k < emf.size(); ++k)
    found.branches.push_back(
        {name_of(circuit, elements, folded, k), emf[k], split.driving[k], split.gauge[k]});
  return {std::move(found), {}};
}

Finding<NetworkReport::Resolvent> resolvent_of(const BranchNetwork& elements, const FoldedNetwork& folded,
                                               const Minor& resistive, std::span<const double> base) {
  std::vector<double> resistance(base.begin(), base.end());
  for (std::size_t k = 0; k < folded.memristor_count; ++k)
    resistance[k] += elements.memristors[k].slope * elements.memristors[k].start;
  auto spectrum = network::resolvent_spectrum(resistive.node_count, resistive.branches, base, resistance);
  if (!spectrum.value) return {{}, std::move(spectrum.reason)};
  const std::size_t ones = base.size() - spectrum.value->size();
  return {NetworkReport::Resolvent{std::move(*spectrum.value), ones}, {}};
}

void read_network(CardContext& card) {
  static constexpr std::array<std::string_view, 1> names{"file"};
  NetworkCard read;
  read.where = card.where;
  std::string_view name;
  while (card_option(card, ".network", names, name)) {
    const std::string_view base = card.reader.peek().text;
    if (!card.reader.accept(Token::Kind::string)) card.reader.word("what the files' names begin with");
    if (base.empty())
      throw Problem{base, "file= is empty", "give what the files' names begin with: file=net"};
    read.file = base;
  }
  add_only_card(card, std::move(read));
}

}  // namespace

NetworkReport run_network(const Circuit& circuit, const NetworkCard& card) {
  const Stopwatch watch;
  const BranchNetwork elements = network::branch_network(circuit, ".network", card.where);
  interruption_point();
  const FoldedNetwork folded = fold(elements);
  NetworkReport report;
  report.nodes = folded.node_count();
  report.branches = folded.branch_count();
  report.memristors = folded.memristor_count;
  report.resistors = folded.resistive_count - folded.memristor_count;
  report.voltage_sources = static_cast<std::size_t>(std::ranges::count(folded.kinds, BranchKind::source));
  report.current_sources = static_cast<std::size_t>(std::ranges::count(folded.kinds, BranchKind::driven));

  interruption_point();
  const Blocks blocks = find_blocks(folded.node_count(), folded.branches);
  report.components = blocks.components;
  report.loops = report.branches + report.components - report.nodes;
  report.bridges = blocks.bridges;
  report.blocks = blocks.count;
  take(report, "log_spanning_trees", log_spanning_trees(folded.node_count(), folded.branches),
       report.log_spanning_trees);
  interruption_point();
  const EffectiveMemory memory = effective_memory(folded);
  report.effective_memory_current = memory.current;
  report.effective_memory_voltage = memory.voltage;

  std::vector<double> resistance;
  for (std::size_t k = 0; k < folded.resistive_count; ++k)
    resistance.push_back(elements.resistance[folded.elements[k]]);
  const Minor resistive = resistive_graph(folded);
  ProjectorFacts facts = projector_facts(resistive.node_count, resistive.branches, resistance);
  take(report, "projector_rank", std::move(facts.rank), report.projector_rank);
  take(report, "projector_symmetric", std::move(facts.symmetric), report.projector_symmetric);

  interruption_point();
  const SpanningForest forest = spanning_forest(folded);
  add_tree_response(report, circuit, elements, folded, forest);
  interruption_point();
  take(report, "source_split", source_split_of(circuit, elements, folded, resistive), report.source_split);
  interruption_point();
  take(report, "resolvent", resolvent_of(elements, folded, resistive, resistance), report.resolvent);

  if (!card.file.empty()) write_network_files(card.file, circuit, elements, folded, forest, blocks, report);
  report.seconds = watch.seconds();
  return report;
}

const AnalysisType& type_of(const NetworkCard*) {
  static constexpr AnalysisType type{
      .card = {.description = {".network", "", "[file=base]", "the graph of a memristive network"},
               .group = CardGroup::network,
               .read = read_network},
      .stage = AnalysisType::Stage::before,
      .check = [](const Circuit& circuit,
                  const AnalysisCard& card) { network::branch_network(circuit, ".network", card.where()); },
      .run =
          [](AnalysisRun& run, const AnalysisCard& card) {
            run.found.network = run_network(run.circuit, card.as<NetworkCard>());
            return Outcome::complete;
          },
  };
  return type;
}

}  // namespace memspice
