#include "equations/cut_rows.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace memspice {

std::vector<std::uint32_t> resistive_ends(const Circuit& circuit, const PotentialForest& forest) {
  std::vector<std::uint32_t> ends(forest.rows(), 0);
  for (const DeviceGroup& group : circuit.groups) {
    const DeviceType& type = *group.type;
    if (type.open_at_dc || type.short_at_dc) continue;
    for (std::size_t first = 0; first < group.nodes.size(); first += type.terminals.size()) {
      for (const auto& branch : type.branches)
        for (const auto terminal : branch) ++ends[forest.row(group.nodes[first + terminal])];
    }
  }
  return ends;
}

CutRows::CutRows(const Circuit& circuit, const AuxiliaryRows& auxiliary, const PotentialForest& forest) {
  const std::vector<std::uint32_t>& group_of = auxiliary.cut_sets().group_of;
  if (auxiliary.cut_sets().inductors.empty()) return;
  std::map<std::uint32_t, Row> by_group;
  std::vector<std::uint32_t> ends(forest.rows(), 0);  // of elements of cut sets, by row
  const auto add = [&](NodeId plus, NodeId minus, std::uint32_t index, std::vector<Term> Row::*terms) {
    if (group_of[plus] == group_of[minus]) return;
    for (const auto& [node, sign] : {std::pair{plus, 1.0}, std::pair{minus, -1.0}}) {
      if (group_of[node] == group_of[ground]) continue;
      (by_group[group_of[node]].*terms).push_back({index, sign, forest.row(node)});
      ++ends[forest.row(node)];
    }
  };
  for (const CoupledInductors::Inductor& inductor : auxiliary.sets().inductors.inductors())
    add(inductor.ends.plus, inductor.ends.minus, inductor.row, &Row::inductors);
  for (std::uint32_t i = 0; i < circuit.current_sources.size(); ++i)
    add(circuit.current_sources[i].plus, circuit.current_sources[i].minus, i, &Row::sources);
  // The node whose own equation goes is left with the rounding of the sum: better where resistances make
  // rounding of their own, or else currents are large.
  const std::vector<std::uint32_t> resistive = resistive_ends(circuit, forest);
  const auto suits = [&](std::uint32_t row) { return std::pair(resistive[row], ends[row]); };
  for (NodeId node = 0; node < group_of.size(); ++node) {
    if (group_of[node] == group_of[ground]) continue;
    Row& row = by_group.at(group_of[node]);
    if (row.row == 0 || suits(forest.row(node)) > suits(row.row)) row.row = forest.row(node);
  }
  for (auto& [group, row] : by_group) rows_.push_back(std::move(row));
}

std::vector<std::uint32_t> CutRows::replaced() const {
  std::vector<std::uint32_t> rows;
  for (const Row& row : rows_) rows.push_back(row.row);
  return rows;
}

void CutRows::attach(const NodeMatrix& matrix) {
  for (Row& row : rows_) {
    row.all_slots = matrix.slots_of_row(row.row - 1);
    for (const Term& term : row.inductors) row.slots.push_back(matrix.slot(row.row - 1, term.index - 1));
  }
}

void CutRows::residual(const double* y, std::span<const double> source_current, double* r) {
  for (Row& row : rows_) {
    // Not rounded: what large currents leave of the sum small ones can carry.
    long double sum = 0;
    double smallest = infinity;
    row.largest = 0;
    const auto add = [&](double current) {
      sum += current;
      row.largest = std::max(row.largest, std::abs(current));
    };
    for (const Term& term : row.inductors) {
      add(term.sign * y[term.index]);
      smallest = std::min(smallest, std::abs(y[term.index]));
    }
    for (const Term& term : row.sources) add(term.sign * source_current[term.index]);
    row.rounding = std::numeric_limits<double>::epsilon() * smallest;
    row.own = std::exchange(r[row.row], static_cast<double>(sum));
  }
}

void CutRows::balance(double* y) const {
  for (const Row& row : rows_) {
    const auto here = std::ranges::find(row.inductors, row.row, &Term::row);
    if (here != row.inductors.end()) y[here->index] -= here->sign * row.own;
  }
}

void CutRows::entries(std::span<double> values) const {
  for (const Row& row : rows_) {
    for (const std::uint32_t slot : row.all_slots) values[slot] = 0;
    for (std::size_t k = 0; k < row.slots.size(); ++k) values[row.slots[k]] += row.inductors[k].sign;
  }
}

}  // namespace memspice
