#include "analysis/network/network_files.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "base/interruption.hpp"
#include "network/incidence.hpp"
#include "network/projector.hpp"
#include "waveform/number_text.hpp"
#include "waveform/output_file.hpp"

namespace memspice {

namespace {

using network::Blocks;
using network::BranchKind;
using network::BranchNetwork;
using network::FoldedNetwork;
using network::Incidence;
using network::Minor;
using network::SpanningForest;
using network::SparseMatrix;

constexpr std::size_t most_cycle_entries = 10'000'000;  // about 150 MB of text
constexpr std::size_t most_omega_branches = 2000;       // about 80 MB of text

class Writer {
 public:
  Writer(const std::string& base, const Circuit& circuit, const BranchNetwork& elements,
         const FoldedNetwork& folded, const SpanningForest& forest, NetworkReport& report)
      : base_(base),
        circuit_(circuit),
        elements_(elements),
        folded_(folded),
        forest_(forest),
        report_(report) {}

  void edges(const Blocks& blocks) {
    OutputFile file = open(0);
    file.write("branch,from,to,kind,ron,sign,emf,tree,bridge,block\n");
    std::string line;
    for (std::uint32_t k = 0; k < folded_.branch_count(); ++k) {
      line.clear();
      const auto out = std::back_inserter(line);
      const auto [from, to] = folded_.branches[k];
      fmt::format_to(out, "{},{},{},{},", name(folded_.elements[k]), node(from), node(to), kind(k));
      if (k < folded_.resistive_count) {
        const double resistance = elements_.resistance[folded_.elements[k]];
        fmt::format_to(out, "{},{}", std::abs(resistance), resistance < 0 ? -1 : 1);
      } else {
        line += ',';
      }
      line += ',';
      for (const auto& [source, sign] : folded_.emf(k))
        fmt::format_to(out, "{}{}", sign < 0 ? '-' : '+', name(elements_.sources[source].branch));
      fmt::format_to(out, ",{},{},{}\n", forest_.in_tree(k) ? 1 : 0, blocks.bridge[k] ? 1 : 0,
                     blocks.block[k] + 1);
      file.write(line);
    }
    commit(file, 0);
  }

  void incidence() {
    OutputFile file = open(1);
    const Incidence incidence = reduced_incidence(folded_.node_count(), folded_.branches);
    file.write("%%MatrixMarket matrix coordinate integer general\n");
    file.write(
        "% B: 1 where the branch enters the node, -1 where it leaves. One row for each node but one of every "
        "component:\n");
    for (std::size_t row = 0; row < incidence.nodes.size(); ++row)
      file.write(fmt::format("% {} {}\n", row + 1, node(incidence.nodes[row])));
    columns(file, "column");
    file.write(fmt::format("{} {} {}\n", incidence.nodes.size(), folded_.branch_count(),
                           incidence.matrix.nonZeros()));
    for (Eigen::Index k = 0; k < incidence.matrix.outerSize(); ++k) {
      for (SparseMatrix::InnerIterator entry(incidence.matrix, k); entry; ++entry)
        file.write(fmt::format("{} {} {}\n", entry.row() + 1, k + 1, static_cast<int>(entry.value())));
    }
    commit(file, 1);
  }

  void cycles() {
    const std::size_t entries = cycle_entries(forest_, most_cycle_entries);
    if (entries > most_cycle_entries) {
      leave_out(2,
                fmt::format("the fundamental cycles have more than {} entries; rebuild them from the column "
                            "'tree' of {}{}",
                            most_cycle_entries, base_, network_file_endings[0]));
      return;
    }
    OutputFile file = open(2);
    file.write("%%MatrixMarket matrix coordinate integer general\n");
    file.write(
        "% A: one row for each branch outside the spanning tree, the cycle it closes, oriented along it\n");
    columns(file, "column");
    file.write(fmt::format("{} {} {}\n", forest_.chords().size(), folded_.branch_count(), entries));
    for (std::size_t loop = 0; loop < forest_.chords().size(); ++loop) {
      interruption_point();
      for (const auto& [branch, sign] : forest_.cycle(forest_.chords()[loop]))
        file.write(fmt::format("{} {} {}\n", loop + 1, branch + 1, sign));
    }
    commit(file, 2);
  }

  void omega() {
    const Minor graph = resistive_graph(folded_);
    if (graph.branches.size() > most_omega_branches) {
      leave_out(3, fmt::format(
                       "a dense matrix of {} branches is over the limit of {}; Omega = I - B^t (B B^t)^-1 B",
                       graph.branches.size(), most_omega_branches));
      return;
    }
    OutputFile file = open(3);
    const Eigen::MatrixXd omega =
        abandonable([incidence = reduced_incidence(graph.node_count, graph.branches).matrix,
                     ones = std::vector<double>(graph.branches.size(), 1.0)] {
          return network::projector_from_nodes(incidence, ones);
        });
    file.write("%%MatrixMarket matrix array real general\n");
    file.write(
        "% Omega, the orthogonal projector on the cycles of the resistive branches; voltage sources are "
        "contracted, current sources deleted\n");
    columns(file, "row and column");
    file.write(fmt::format("{} {}\n", omega.rows(), omega.cols()));
    for (Eigen::Index k = 0; k < omega.cols(); ++k) {
      interruption_point();
      for (Eigen::Index j = 0; j < omega.rows(); ++j) {
        char* end = write_shortest(file.reserve(number_text_size + 1), omega(j, k));
        *end++ = '\n';
        file.advance(end);
      }
    }
    commit(file, 3);
  }

 private:
  [[nodiscard]] std::string path(std::size_t which) const {
    return base_ + std::string(network_file_endings[which]);
  }
  [[nodiscard]] OutputFile open(std::size_t which) const {
    const Deck* deck = circuit_.origin.deck.get();
    return OutputFile(path(which), {.confined = deck && !deck->safe_folder.empty()});
  }
  void commit(OutputFile& file, std::size_t which) {
    file.commit();
    report_.files.push_back(path(which));
  }
  void leave_out(std::size_t which, std::string reason) {
    report_.left_out.emplace_back(path(which), std::move(reason));
  }
  void columns(OutputFile& file, std::string_view what) const {
    file.write(fmt::format("% {} k is the k-th branch of {}{}\n", what, base_, network_file_endings[0]));
  }

  [[nodiscard]] std::string name(std::uint32_t element) const {
    return circuit_.element_names[elements_.names[element]];
  }
  [[nodiscard]] std::string node(std::uint32_t n) const { return circuit_.node_names[folded_.nodes[n]]; }
  [[nodiscard]] std::string_view kind(std::uint32_t k) const {
    if (k < folded_.memristor_count) return "memristor";
    if (k < folded_.resistive_count) return "resistor";
    return folded_.kinds[k] == BranchKind::source ? "voltage source" : "current source";
  }

  const std::string& base_;
  const Circuit& circuit_;
  const BranchNetwork& elements_;
  const FoldedNetwork& folded_;
  const SpanningForest& forest_;
  NetworkReport& report_;
};

}  // namespace

void write_network_files(const std::string& base, const Circuit& circuit, const BranchNetwork& elements,
                         const FoldedNetwork& folded, const SpanningForest& forest, const Blocks& blocks,
                         NetworkReport& report) {
  Writer writer(base, circuit, elements, folded, forest, report);
  writer.edges(blocks);
  writer.incidence();
  writer.cycles();
  writer.omega();
}

}  // namespace memspice
