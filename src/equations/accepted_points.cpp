#include <algorithm>
#include <cmath>

#include "equations/equation_group.hpp"
#include "equations/equation_system.hpp"

// What goes on next to a step of the integrator: the path of bounded states, and points whose equations are
// solved once more.

namespace memspice {

namespace {

constexpr double voltage_rounding = 4 * 2.2e-16;  // of a difference of voltages, relative

}  // namespace

void EquationSystem::begin_path(double t, const double* y, const double* derivative) {
  following_ = true;
  path_time_ = t;
  for (Group& group : groups_) group.population->begin_path(y, derivative);
}

void EquationSystem::advance_path(double t, const double* y, const double* derivative) {
  const EvaluationPoint at = point(t, y, derivative, 1);
  for (Group& group : groups_) group.population->advance_path(at);
  path_time_ = t;
}

void EquationSystem::return_to_path(double* y) const {
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    std::size_t i = first_unknown_[g];
    for (const PathPoint& point : groups_[g].population->path()) y[i++] = point.free;
  }
}

void EquationSystem::project(double t, double* y, const double* derivative) const {
  const EvaluationPoint at = point(t, y, derivative, 1);
  for (const Group& group : groups_) group.population->project(at, y);
}

void EquationSystem::begin_lines(double* y, const double* derivative, bool use_initial_conditions) {
  const AuxiliaryPoint at = auxiliary_point(0, y, derivative);
  for (RowSet* set : auxiliary_.sets().all) set->begin(at, use_initial_conditions, y);
}

void EquationSystem::note_lines(double t, const double* y, const double* derivative) {
  const AuxiliaryPoint at = auxiliary_point(t, y, derivative);
  for (RowSet* set : auxiliary_.sets().all) set->note(at);
}

void EquationSystem::note_corner_of_lines(double t, const double* y, const double* derivative) {
  const AuxiliaryPoint at = auxiliary_point(t, y, derivative);
  for (RowSet* set : auxiliary_.sets().all) set->note_corner(at, weights_);
}

void EquationSystem::find_largest_currents(double t, const double* y, const double* derivative) {
  largest_current_.assign(rows(), 0.0);
  largest_conductance_.assign(rows(), 0.0);
  const EvaluationPoint at = point(t, y, derivative, 1);
  for (const Group& group : groups_)
    group.population->largest_currents(at, largest_current_.data(), largest_conductance_.data());
  if (!auxiliary_.empty())
    auxiliary_.largest_currents(auxiliary_point(t, y, derivative), largest_current_.data());
  const auto note = [&](std::uint32_t row, double current) {
    largest_current_[row] = std::max(largest_current_[row], std::abs(current));
  };
  sources_.for_each_current([&](std::uint32_t plus, std::uint32_t minus, double current) {
    note(plus, current);
    note(minus, current);
  });
}

void EquationSystem::note_currents(double t, const double* y, const double* derivative) {
  find_largest_currents(t, y, derivative);
  note_currents();
}

void EquationSystem::note_currents() {
  if (weights_.wants_scale()) weights_.note_currents(largest_current_);
}

double EquationSystem::largest_voltage(const double* y) const {
  double largest = 0;
  for (NodeId node = 1; node < sources_.offset().size(); ++node)
    largest = std::max(largest, std::abs(voltage(node, y)));
  return largest;
}

void EquationSystem::leave_out_rounding(const double* y, double* residual) const {
  const double noise = voltage_rounding * largest_voltage(y);
  weights_.for_each_charge_or_flux([&](std::size_t unknown) {
    if (std::abs(residual[unknown]) <= noise) residual[unknown] = 0;
  });
  cut_rows_->leave_out_rounding(residual);
}

double EquationSystem::kirchhoff_excess(double t, const double* y, const double* derivative) {
  constexpr double part = 1e-10;
  constexpr double least = 1e-19;  // A
  balance_.resize(size_);
  if (!residual(t, y, derivative, kappa(matrix_->coefficient()), balance_.data())) return infinity;
  find_largest_currents(t, y, derivative);
  const double noise = voltage_rounding * largest_voltage(y);
  double excess = 0;
  const auto compare = [&](double sum, double largest, double conductance) {
    excess = std::max(excess, std::abs(sum) / (part * largest + noise * conductance + least));
  };
  cut_rows_->for_each_own([&](std::uint32_t row, double sum, double largest) {
    compare(balance_[row], largest, 0);
    balance_[row] = sum;
  });
  for (std::size_t i = 1; i < potentials(); ++i)
    compare(balance_[i], largest_current_[i], largest_conductance_[i]);
  return excess;
}

}  // namespace memspice
