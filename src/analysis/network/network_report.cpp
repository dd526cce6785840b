#include "analysis/network/network_report.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "analysis/network/network_files.hpp"
#include "analysis/types/analysis_run.hpp"
#include "base/stopwatch.hpp"
#include "netlist/cards/card_options.hpp"
#include "network/branch_network.hpp"
#include "network/folding.hpp"
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

template <class Value>
void take(NetworkReport& report, std::string name, Finding<Value> finding, std::optional<Value>& value) {
  value = finding.value;
  if (!value) report.reasons.emplace_back(std::move(name), std::move(finding.reason));
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
  const FoldedNetwork folded = fold(elements);
  NetworkReport report;
  report.nodes = folded.node_count();
  report.branches = folded.branch_count();
  report.memristors = folded.memristor_count;
  report.resistors = folded.resistive_count - folded.memristor_count;
  report.voltage_sources = static_cast<std::size_t>(std::ranges::count(folded.kinds, BranchKind::source));
  report.current_sources = static_cast<std::size_t>(std::ranges::count(folded.kinds, BranchKind::driven));

  const Blocks blocks = find_blocks(folded.node_count(), folded.branches);
  report.components = blocks.components;
  report.loops = report.branches + report.components - report.nodes;
  report.bridges = blocks.bridges;
  report.blocks = blocks.count;
  take(report, "log_spanning_trees", log_spanning_trees(folded.node_count(), folded.branches),
       report.log_spanning_trees);
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

  if (!card.file.empty()) write_network_files(card.file, circuit, elements, folded, blocks, report);
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
