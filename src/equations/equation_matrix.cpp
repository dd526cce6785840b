// The node matrix: its pattern, its entries, and solutions with the devices' unknowns condensed.

#include <algorithm>

#include "equations/equation_group.hpp"

namespace memspice {

template <class Visit>
void EquationSystem::for_each_end(const TapRow& tap, Visit&& visit) const {
  const Wiring& wiring = tap.population->wiring;
  const std::size_t branches = circuit_.groups[tap.group].type->branches.size();
  for (std::size_t b = tap.tap.instance * branches; b < (tap.tap.instance + 1) * branches; ++b) {
    visit(wiring.plus[b]);
    visit(wiring.minus[b]);
  }
}

void EquationSystem::build_matrix() {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  bool symmetric = auxiliary_.empty() && islands_->empty();
  const auto join = [&](std::uint32_t row, std::uint32_t column) {
    if (row != 0 && column != 0 && row != column)
      edges.emplace_back(std::min(row, column) - 1, std::max(row, column) - 1);
  };
  for (const Group& group : groups_) {
    const Wiring& wiring = group.population->wiring;
    const std::size_t branches = group.devices->type->branches.size();
    symmetric &= branches == 1;
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      for (std::size_t i = k * branches; i < (k + 1) * branches; ++i) {
        for (std::size_t j = k * branches; j < (k + 1) * branches; ++j) {
          for (const std::uint32_t row : {wiring.plus[i], wiring.minus[i]}) {
            for (const std::uint32_t column : {wiring.plus[j], wiring.minus[j]})
              if (row != 0 && column != 0 && row < column) edges.emplace_back(row - 1, column - 1);
          }
        }
      }
    }
  }
  // The pattern of the auxiliary entries does not depend on the point.
  const std::vector<double> nothing(std::max(size_, circuit_.node_names.size()), 0.0);
  const AuxiliaryPoint origin{.y = nothing.data(),
                              .derivative = nothing.data(),
                              .hold = hold_,
                              .offset = nothing,
                              .source_voltage = nothing,
                              .source_current = nothing};
  EntryLists lists;
  EntrySink collect(lists);
  auxiliary_.entries(origin, collect);
  for (const MatrixEntry& entry : lists.entries) join(entry.row, entry.column);
  for (const TapRow& tap : auxiliary_.sets().taps.rows())
    for_each_end(tap, [&](std::uint32_t row) { join(tap.row, row); });
  cut_rows_->for_each_entry(join);
  islands_->add_entries(edges);
  const std::size_t nodes = rows() - 1;
  matrix_ = std::make_unique<NodeMatrix>(nodes, std::move(edges), symmetric);
  const auto scratch = static_cast<std::uint32_t>(matrix_->nonzeros());
  const auto slot = [&](std::uint32_t row, std::uint32_t column) {
    return row == 0 || column == 0 ? scratch : matrix_->slot(row - 1, column - 1);
  };
  for (Group& group : groups_) {
    const Wiring& wiring = group.population->wiring;
    const std::size_t branches = group.devices->type->branches.size();
    group.slots.reserve(group.population->count() * branches * branches * 4);
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      for (std::size_t i = k * branches; i < (k + 1) * branches; ++i) {
        for (std::size_t j = k * branches; j < (k + 1) * branches; ++j) {
          group.slots.push_back(slot(wiring.plus[i], wiring.plus[j]));
          group.slots.push_back(slot(wiring.plus[i], wiring.minus[j]));
          group.slots.push_back(slot(wiring.minus[i], wiring.plus[j]));
          group.slots.push_back(slot(wiring.minus[i], wiring.minus[j]));
        }
      }
    }
  }
  for (const MatrixEntry& entry : lists.entries) auxiliary_slots_.push_back(slot(entry.row, entry.column));
  for (const TapRow& tap : auxiliary_.sets().taps.rows()) {
    TapSlots slots;
    for_each_end(tap, [&](std::uint32_t row) { slots.slots.push_back(slot(tap.row, row)); });
    slots.by_unknown.resize(circuit_.groups[tap.group].type->unknowns.size());
    tap_slots_.push_back(std::move(slots));
  }
  cut_rows_->attach(*matrix_);
  islands_->attach(*matrix_);
  for (std::uint32_t row = 0; row + 1 < potentials(); ++row)
    diagonal_slots_.push_back(matrix_->slot(row, row));
  node_rhs_.assign(nodes + 1, 0.0);
}

bool EquationSystem::linearise(double t, const double* y, const double* derivative, double c) {
  if (keeping_ && !kept_) {
    kept_ = true;
    if (!other_matrix_) other_matrix_ = matrix_->twin();
    matrix_.swap(other_matrix_);
    kept_taps_.clear();
    for (const TapSlots& slots : tap_slots_) kept_taps_.push_back(slots.by_unknown);
    for (Group& group : groups_) group.population->keep_linearisation();
    kept_coefficient_ = coefficient_;
    kept_sums_islands_ = sums_islands_;
  }
  coefficient_ = c;
  const EvaluationPoint at = point(t, y, derivative, kappa(c));
  const std::span<double> values = matrix_->values();
  std::ranges::fill(values, 0.0);
  // What joins potentials to ground for a while stands in no island's sum.
  sums_islands_ = !islands_->empty() && gmin_ == 0 && loose_reference_.empty();
  const auto assemble = [&](Group& group) { group.population->assemble(group.slots.data(), values.data()); };
  for (Group& group : groups_) {
    if (!group.population->linearise(at, c)) return false;
    if (!group.devices->type->open_at_dc) assemble(group);
  }
  if (!auxiliary_.empty()) {
    EntrySink add(values.data(), auxiliary_slots_.data(), c);
    auxiliary_.entries(auxiliary_point(t, y, derivative), add);
    linearise_taps(at, c);
  }
  if (sums_islands_) islands_->sum_entries(values);
  for (Group& group : groups_)
    if (group.devices->type->open_at_dc) assemble(group);
  cut_rows_->entries(values);
  if (sums_islands_) islands_->place_entries(values);
  if (gmin_ != 0) {
    for (const std::uint32_t slot : diagonal_slots_) values[slot] += gmin_;
  }
  for (std::size_t k = 0; k < loose_reference_.size(); ++k) values[diagonal_slots_[loose_[k] - 1]] += 1;
  return matrix_->factorise();
}

void EquationSystem::linearise_taps(const EvaluationPoint& at, double c) {
  const std::span<double> values = matrix_->values();
  std::vector<double> by_voltage;
  for (std::size_t i = 0; i < tap_slots_.size(); ++i) {
    const TapRow& tap = auxiliary_.sets().taps.rows()[i];
    TapSlots& slots = tap_slots_[i];
    by_voltage.assign(slots.slots.size() / 2, 0.0);
    tap.population->tap(at, c, tap.tap, by_voltage.data(), slots.by_unknown.data());
    tap.population->condense_tap(tap.tap.instance, slots.by_unknown.data(), by_voltage.data());
    for (std::size_t b = 0; b < by_voltage.size(); ++b) {
      values[slots.slots[2 * b]] -= by_voltage[b];
      values[slots.slots[2 * b + 1]] += by_voltage[b];
    }
  }
}

bool EquationSystem::solve(double* b, double scale) {
  const std::size_t rows = this->rows();
  std::copy_n(b, rows, node_rhs_.begin());
  for (const Group& group : groups_)
    if (!group.devices->type->open_at_dc) group.population->condense(b, node_rhs_.data());
  if (sums_islands_) islands_->sum_right_side(node_rhs_);
  for (const Group& group : groups_)
    if (group.devices->type->open_at_dc) group.population->condense(b, node_rhs_.data());
  cut_rows_->restore(b, node_rhs_.data());
  if (sums_islands_) islands_->place_right_side(node_rhs_);
  for (std::size_t i = 0; i < tap_slots_.size(); ++i) {
    const TapRow& tap = auxiliary_.sets().taps.rows()[i];
    node_rhs_[tap.row] += tap.population->tap_response(tap.tap.instance, tap_slots_[i].by_unknown.data(), b);
  }
  matrix_->solve(node_rhs_.data() + 1);
  std::copy_n(node_rhs_.begin() + 1, rows - 1, b + 1);
  for (const Group& group : groups_) group.population->recover(b, b, scale);
  if (scale != 1) {
    for (std::size_t i = 0; i < rows; ++i) b[i] *= scale;
  }
  return true;
}

}  // namespace memspice
