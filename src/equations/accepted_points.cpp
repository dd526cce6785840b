#include <algorithm>
#include <cmath>

#include "equations/equation_group.hpp"
#include "equations/equation_system.hpp"

// What goes on next to a step of the integrator: the path of bounded states, and points whose equations are
// solved once more.

namespace memspice {

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

void EquationSystem::keep_linearisation() {
  keeping_ = true;
  kept_ = false;
}

void EquationSystem::return_to_linearisation() {
  keeping_ = false;
  if (!kept_) return;
  kept_ = false;
  matrix_.swap(other_matrix_);
  for (std::size_t i = 0; i < tap_slots_.size(); ++i) tap_slots_[i].by_unknown = kept_taps_[i];
  for (Group& group : groups_) group.population->return_to_linearisation();
  coefficient_ = kept_coefficient_;
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
  for (std::size_t i = 0; i < source_current_.size(); ++i) {
    note(current_plus_[i], source_current_[i]);
    note(current_minus_[i], source_current_[i]);
  }
}

void EquationSystem::note_currents(double t, const double* y, const double* derivative) {
  find_largest_currents(t, y, derivative);
  note_currents();
}

void EquationSystem::note_currents() {
  if (weights_.wants_scale()) weights_.note_currents(largest_current_);
}

bool EquationSystem::kirchhoff_holds(double t, const double* y, const double* derivative) {
  constexpr double part = 1e-10;
  constexpr double rounding = 4 * 2.2e-16;
  constexpr double least = 1e-19;  // A
  balance_.resize(size_);
  if (!residual(t, y, derivative, kappa(coefficient_), balance_.data())) return false;
  find_largest_currents(t, y, derivative);
  double highest = 0;
  for (std::size_t i = 1; i < potentials(); ++i) highest = std::max(highest, std::abs(y[i]));
  for (std::size_t i = 1; i < potentials(); ++i) {
    const double allowed = part * largest_current_[i] + least;
    if (std::abs(balance_[i]) <= allowed) continue;
    if (!(std::abs(balance_[i]) <= allowed + rounding * highest * largest_conductance_[i])) return false;
  }
  return true;
}

}  // namespace memspice
