#include "equations/node_equations.hpp"

#include <algorithm>
#include <array>

namespace memspice {

namespace {

/// A symmetric matrix is factorised several times as fast: sums of islands' equations, which are not
/// symmetric, are made where that does not matter yet.
constexpr std::size_t most_rows_without_symmetry = 1000;

bool sums_islands(const Unknowns& unknowns) {
  return unknowns.mode() == EquationMode::transient &&
         (!unknowns.auxiliary().empty() || unknowns.rows() <= most_rows_without_symmetry);
}

LinearForm form_at(const Unknowns& unknowns, const EvaluationPoint& at, double c) {
  return {.coefficient = c,
          .holds_states = at.hold_states,
          .modes = unknowns.auxiliary().modes().changes(),
          .has_factors = false};
}

/// At any point: the pattern does not depend on it.
EntryLists auxiliary_entries(Unknowns& unknowns) {
  EntryLists lists;
  EntrySink collect(lists);
  const std::vector<double> nothing(std::max(unknowns.size(), unknowns.circuit().node_names.size()), 0.0);
  unknowns.auxiliary().entries({.y = nothing.data(),
                                .derivative = nothing.data(),
                                .hold = unknowns.mode() == EquationMode::operating_point,
                                .offset = nothing,
                                .source_voltage = nothing,
                                .source_current = nothing},
                               collect);
  return lists;
}

}  // namespace

NodeEquations::NodeEquations(Unknowns& unknowns)
    : unknowns_(unknowns),
      cut_rows_(unknowns.circuit(), unknowns.auxiliary(), unknowns.forest()),
      islands_(unknowns.circuit(), unknowns.forest(), cut_rows_.replaced(), sums_islands(unknowns)),
      right_side_(unknowns.rows(), 0.0) {}

void NodeEquations::make_matrix() {
  const EntryLists auxiliary = auxiliary_entries(unknowns_);
  matrix_ = std::make_unique<NodeMatrix>(unknowns_.rows() - 1, pattern(auxiliary), is_symmetric());
  const auto scratch = static_cast<std::uint32_t>(matrix_->nonzeros());
  const auto slot = [&](std::uint32_t row, std::uint32_t column) {
    return row == 0 || column == 0 ? scratch : matrix_->slot(row - 1, column - 1);
  };
  for (const EquationGroup& group : unknowns_.groups()) {
    const Wiring& wiring = group.population->wiring;
    const std::size_t branches = group.devices->type->branches.size();
    std::vector<std::uint32_t>& slots = slots_.devices.emplace_back();
    slots.reserve(group.population->count() * branches * branches * 4);
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      const std::size_t number_at = slots.size();
      if (branches > 1) slots.push_back(0);
      for (std::uint32_t pair = 0; pair < branches * branches; ++pair) {
        const std::size_t i = k * branches + pair / branches, j = k * branches + pair % branches;
        const std::array places{slot(wiring.plus[i], wiring.plus[j]), slot(wiring.plus[i], wiring.minus[j]),
                                slot(wiring.minus[i], wiring.plus[j]),
                                slot(wiring.minus[i], wiring.minus[j])};
        if (branches == 1) {
          slots.insert(slots.end(), places.begin(), places.end());
          continue;
        }
        for (std::uint32_t p = 0; p < places.size(); ++p) {
          if (places[p] == scratch) continue;
          ++slots[number_at];
          slots.insert(slots.end(), {2 * pair + (p == 1 || p == 2 ? 1u : 0u), places[p]});
        }
      }
    }
  }
  for (const MatrixEntry& entry : auxiliary.entries)
    slots_.auxiliary.push_back(slot(entry.row, entry.column));
  for (const TapRow& tap : unknowns_.auxiliary().sets().taps.rows()) {
    TapSlots slots;
    for_each_end(tap, [&](std::uint32_t row) { slots.slots.push_back(slot(tap.row, row)); });
    slots.by_unknown.resize(unknowns_.groups()[tap.group].devices->type->unknowns.size());
    tap_slots_.push_back(std::move(slots));
  }
  cut_rows_.attach(*matrix_);
  islands_.attach(*matrix_);
  for (std::uint32_t row = 0; row + 1 < unknowns_.potentials(); ++row)
    slots_.diagonal.push_back(matrix_->slot(row, row));
}

template <class Visit>
void NodeEquations::for_each_end(const TapRow& tap, Visit&& visit) const {
  const Wiring& wiring = tap.population->wiring;
  const std::size_t branches = unknowns_.groups()[tap.group].devices->type->branches.size();
  for (std::size_t b = tap.tap.instance * branches; b < (tap.tap.instance + 1) * branches; ++b) {
    visit(wiring.plus[b]);
    visit(wiring.minus[b]);
  }
}

bool NodeEquations::is_symmetric() const {
  return unknowns_.circuit().options.solver != LinearSolver::klu && unknowns_.auxiliary().empty() &&
         islands_.empty() && std::ranges::all_of(unknowns_.groups(), [](const EquationGroup& group) {
           return group.devices->type->branches.size() == 1;
         });
}

NodeEquations::Pairs NodeEquations::pattern(const EntryLists& auxiliary) const {
  Pairs edges;
  const auto join = [&](std::uint32_t row, std::uint32_t column) {
    if (row != 0 && column != 0 && row != column)
      edges.emplace_back(std::min(row, column) - 1, std::max(row, column) - 1);
  };
  for (const EquationGroup& group : unknowns_.groups()) {
    const Wiring& wiring = group.population->wiring;
    const std::size_t branches = group.devices->type->branches.size();
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
  for (const MatrixEntry& entry : auxiliary.entries) join(entry.row, entry.column);
  for (const TapRow& tap : unknowns_.auxiliary().sets().taps.rows())
    for_each_end(tap, [&](std::uint32_t row) { join(tap.row, row); });
  cut_rows_.for_each_entry(join);
  islands_.add_entries(edges);
  return edges;
}

void NodeEquations::assemble(bool open_at_dc) {
  double* values = matrix_->values().data();
  for (std::size_t g = 0; g < slots_.devices.size(); ++g) {
    const EquationGroup& group = unknowns_.groups()[g];
    if (group.devices->type->open_at_dc == open_at_dc)
      group.population->assemble(slots_.devices[g].data(), values);
  }
}

bool NodeEquations::is_of(const EvaluationPoint& at, double c, const HeldPotentials& held) const {
  LinearForm wanted = form_at(unknowns_, at, c);
  wanted.has_factors = true;
  return !held.any() && form_ == wanted;
}

bool NodeEquations::begin(const EvaluationPoint& at, double c, const HeldPotentials& held) {
  if (!matrix_) make_matrix();
  if (kept_.wanted && !kept_.here) {
    kept_.here = true;
    if (!kept_.matrix) kept_.matrix = matrix_->twin();
    matrix_.swap(kept_.matrix);
    kept_.taps.clear();
    for (const TapSlots& slots : tap_slots_) kept_.taps.push_back(slots.by_unknown);
    for (const EquationGroup& group : unknowns_.groups()) group.population->keep_linearisation();
    kept_.form = form_;
    kept_.sums_islands = sums_islands_;
  }
  form_ = form_at(unknowns_, at, c);
  const std::span<double> values = matrix_->values();
  std::ranges::fill(values, 0.0);
  // What joins potentials to ground for a while stands in no island's sum.
  sums_islands_ = !islands_.empty() && !held.any();
  for (const EquationGroup& group : unknowns_.groups())
    if (!group.population->linearise(at, c)) return false;
  assemble(false);
  return true;
}

void NodeEquations::add_auxiliary(const EvaluationPoint& at, const AuxiliaryPoint& rows_at) {
  EntrySink add(matrix_->values().data(), slots_.auxiliary.data(), form_.coefficient);
  unknowns_.auxiliary().entries(rows_at, add);
  linearise_taps(at);
}

void NodeEquations::linearise_taps(const EvaluationPoint& at) {
  const std::span<double> values = matrix_->values();
  std::vector<double> by_voltage;
  for (std::size_t i = 0; i < tap_slots_.size(); ++i) {
    const TapRow& tap = unknowns_.auxiliary().sets().taps.rows()[i];
    TapSlots& slots = tap_slots_[i];
    by_voltage.assign(slots.slots.size() / 2, 0.0);
    tap.population->tap(at, form_.coefficient, tap.tap, by_voltage.data(), slots.by_unknown.data());
    tap.population->condense_tap(tap.tap.instance, slots.by_unknown.data(), by_voltage.data());
    for (std::size_t b = 0; b < by_voltage.size(); ++b) {
      values[slots.slots[2 * b]] -= by_voltage[b];
      values[slots.slots[2 * b + 1]] += by_voltage[b];
    }
  }
}

bool NodeEquations::finish(const HeldPotentials& held) {
  const std::span<double> values = matrix_->values();
  if (sums_islands_) islands_.sum_entries(values);
  assemble(true);
  cut_rows_.entries(values);
  if (sums_islands_) islands_.place_entries(values);
  held.entries(slots_.diagonal, values);
  const bool factorised = matrix_->factorise();
  form_.has_factors = factorised && !held.any();
  return factorised;
}

void NodeEquations::solve(double* b, double scale) {
  const std::size_t rows = unknowns_.rows();
  std::copy_n(b, rows, right_side_.begin());
  for (const EquationGroup& group : unknowns_.groups())
    if (!group.devices->type->open_at_dc) group.population->condense(b, right_side_.data());
  if (sums_islands_) islands_.sum_right_side(right_side_);
  for (const EquationGroup& group : unknowns_.groups())
    if (group.devices->type->open_at_dc) group.population->condense(b, right_side_.data());
  cut_rows_.restore(b, right_side_.data());
  if (sums_islands_) islands_.place_right_side(right_side_);
  for (std::size_t i = 0; i < tap_slots_.size(); ++i) {
    const TapRow& tap = unknowns_.auxiliary().sets().taps.rows()[i];
    right_side_[tap.row] +=
        tap.population->tap_response(tap.tap.instance, tap_slots_[i].by_unknown.data(), b);
  }
  matrix_->solve(right_side_.data() + 1);
  std::copy_n(right_side_.begin() + 1, rows - 1, b + 1);
  for (const EquationGroup& group : unknowns_.groups()) group.population->recover(b, b, scale);
  if (scale != 1) {
    for (std::size_t i = 0; i < rows; ++i) b[i] *= scale;
  }
}

void NodeEquations::keep() {
  kept_.wanted = true;
  kept_.here = false;
}

void NodeEquations::return_to_kept() {
  kept_.wanted = false;
  if (!kept_.here) return;
  kept_.here = false;
  matrix_.swap(kept_.matrix);
  for (std::size_t i = 0; i < tap_slots_.size(); ++i) tap_slots_[i].by_unknown = kept_.taps[i];
  for (const EquationGroup& group : unknowns_.groups()) group.population->return_to_linearisation();
  form_ = kept_.form;
  sums_islands_ = kept_.sums_islands;
}

MatrixStatistics NodeEquations::statistics() const {
  MatrixStatistics sum = matrix_ ? matrix_->statistics() : MatrixStatistics();
  if (!kept_.matrix) return sum;
  const MatrixStatistics& other = kept_.matrix->statistics();
  sum.factorisations += other.factorisations;
  sum.pivotings += other.pivotings;
  sum.solves += other.solves;
  return sum;
}

}  // namespace memspice
