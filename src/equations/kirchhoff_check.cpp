#include "equations/kirchhoff_check.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

namespace {

constexpr double voltage_rounding = 4 * 2.2e-16;  // of a difference of voltages, relative

}  // namespace

bool KirchhoffCheck::evaluate(double t, const double* y, const double* derivative) {
  const std::size_t rows = system_.unknowns().rows();
  balance_.resize(system_.size());
  std::fill_n(balance_.begin(), rows, 0.0);
  largest_current_.assign(rows, 0.0);
  largest_conductance_.assign(rows, 0.0);
  system_.points().go_to(t);
  const double kappa = system_.points().kappa(system_.matrix().coefficient());
  const EvaluationPoint at = system_.points().of_devices(t, y, derivative, kappa);
  for (const EquationGroup& group : system_.unknowns().groups())
    group.population->residual(at, balance_.data(), largest_current_.data(), largest_conductance_.data());
  if (!system_.auxiliary().empty())
    system_.auxiliary().largest_currents(system_.points().of_rows(t, y, derivative), largest_current_.data());
  const auto note = [&](std::uint32_t row, double current) {
    largest_current_[row] = std::max(largest_current_[row], std::abs(current));
  };
  system_.sources().for_each_current([&](std::uint32_t plus, std::uint32_t minus, double current) {
    note(plus, current);
    note(minus, current);
  });
  return finish_residual(system_, t, y, derivative, balance_.data());
}

void KirchhoffCheck::note_currents(double t, const double* y, const double* derivative) {
  evaluate(t, y, derivative);
  note_currents();
}

void KirchhoffCheck::note_currents() {
  if (system_.error_weights().wants_scale()) system_.error_weights().note_currents(largest_current_);
}

double KirchhoffCheck::excess(double t, const double* y, const double* derivative) {
  constexpr double part = 1e-10;
  constexpr double least = 1e-19;  // A
  if (!evaluate(t, y, derivative)) return infinity;
  const double noise = voltage_rounding * system_.points().largest_voltage(y);
  double excess = 0;
  const auto compare = [&](double sum, double largest, double conductance) {
    excess = std::max(excess, std::abs(sum) / (part * largest + noise * conductance + least));
  };
  system_.matrix().cut_rows().for_each_own([&](std::uint32_t row, double sum, double largest) {
    compare(balance_[row], largest, 0);
    balance_[row] = sum;
  });
  for (std::size_t i = 1; i < system_.unknowns().potentials(); ++i)
    compare(balance_[i], largest_current_[i], largest_conductance_[i]);
  return excess;
}

void leave_out_rounding(EquationSystem& system, const double* y, double* residual) {
  const double noise = voltage_rounding * system.points().largest_voltage(y);
  system.error_weights().for_each_charge_or_flux([&](std::size_t unknown) {
    if (std::abs(residual[unknown]) <= noise) residual[unknown] = 0;
  });
  system.matrix().cut_rows().leave_out_rounding(residual);
}

}  // namespace memspice
