#include "equations/cut_rows.hpp"

#include <map>

namespace memspice {

CutRows::CutRows(const Circuit& circuit, const AuxiliaryRows& auxiliary, const PotentialForest& forest) {
  const std::vector<std::uint32_t>& group_of = auxiliary.cut_sets().group_of;
  if (auxiliary.cut_sets().inductors.empty()) return;
  std::map<std::uint32_t, Row> by_group;
  std::vector<std::uint32_t> ends(forest.rows(), 0);  // of elements of cut sets, by row
  const auto add = [&](NodeId plus, NodeId minus, std::uint32_t index, std::vector<Term> Row::*terms) {
    if (group_of[plus] == group_of[minus]) return;
    for (const auto& [node, sign] : {std::pair{plus, 1.0}, std::pair{minus, -1.0}}) {
      if (group_of[node] == group_of[ground]) continue;
      (by_group[group_of[node]].*terms).push_back({index, sign});
      ++ends[forest.row(node)];
    }
  };
  for (const AuxiliaryRows::Inductor& inductor : auxiliary.inductors())
    add(inductor.plus, inductor.minus, inductor.row, &Row::inductors);
  for (std::uint32_t i = 0; i < circuit.current_sources.size(); ++i)
    add(circuit.current_sources[i].plus, circuit.current_sources[i].minus, i, &Row::sources);
  // The node whose own equation goes is left with the rounding of the sum: better where currents are large.
  for (NodeId node = 0; node < group_of.size(); ++node) {
    if (group_of[node] == group_of[ground]) continue;
    Row& row = by_group.at(group_of[node]);
    if (ends[forest.row(node)] > ends[row.row]) row.row = forest.row(node);
  }
  for (auto& [group, row] : by_group) rows_.push_back(std::move(row));
}

void CutRows::attach(const NodeMatrix& matrix) {
  for (Row& row : rows_) {
    row.all_slots = matrix.slots_of_row(row.row - 1);
    for (const Term& term : row.inductors) row.slots.push_back(matrix.slot(row.row - 1, term.index - 1));
  }
}

void CutRows::residual(const double* y, std::span<const double> source_current, double* r) const {
  for (const Row& row : rows_) {
    double sum = 0;
    for (const Term& term : row.inductors) sum += term.sign * y[term.index];
    for (const Term& term : row.sources) sum += term.sign * source_current[term.index];
    r[row.row] = sum;
  }
}

void CutRows::entries(std::span<double> values) const {
  for (const Row& row : rows_) {
    for (const std::uint32_t slot : row.all_slots) values[slot] = 0;
    for (std::size_t k = 0; k < row.slots.size(); ++k) values[row.slots[k]] += row.inductors[k].sign;
  }
}

}  // namespace memspice
