#include "network/flow/potential_solver.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace memspice::network {

namespace {

constexpr std::size_t instants = PotentialSolver::columns;
constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double rounding = 2;         // times epsilon, of what a residual is the sum of
constexpr double most_at_once = 1e-9;  // what one run of conjugate gradients reduces residuals by
constexpr int most_corrections = 12;
constexpr int most_gradient_steps = 60;

std::array<double, instants> products(std::span<const double> a, std::span<const double> b) {
  std::array<double, instants> sum{};
  for (std::size_t i = 0; i < a.size(); i += instants)
    for (std::size_t c = 0; c < instants; ++c) sum[c] += a[i + c] * b[i + c];
  return sum;
}

}  // namespace

PotentialSolver::PotentialSolver(const FlowNetwork& network, ResidualMinimiser& linear)
    : network_(network), linear_(linear) {}

/// Calls visit(plus, minus, conductances, EMFs) with the rows' places in vectors.
template <class Visit>
void PotentialSolver::for_each_branch(const Given& given, Visit&& visit) const {
  const auto place = [](std::uint32_t row) { return std::size_t{row} * instants; };
  for (std::size_t k = 0; k < network_.memristors.size(); ++k) {
    const double* g = given.conductance.data() + k * instants;
    visit(place(network_.memristors.plus[k]), place(network_.memristors.minus[k]), Values{g[0], g[1], g[2]},
          given.memristor_emf.data() + k * instants);
  }
  for (std::size_t k = 0; k < network_.resistors.size(); ++k) {
    const double g = network_.resistor_conductance[k];
    visit(place(network_.resistors.plus[k]), place(network_.resistors.minus[k]), Values{g, g, g},
          given.resistor_emf.data() + k * instants);
  }
}

/// Currents that enter the rows, less those that leave. Returns how large the largest is beside what rounding
/// makes of its sum.
PotentialSolver::Values PotentialSolver::find_residual(const Given& given,
                                                       std::span<const double> potential) {
  std::ranges::fill(residual_, 0.0);
  std::ranges::fill(magnitude_, 0.0);
  for_each_branch(given, [&](std::size_t plus, std::size_t minus, const Values& g, const double* e) {
    for (std::size_t c = 0; c < instants; ++c) {
      const double current = g[c] * (potential[plus + c] - potential[minus + c] + e[c]);
      const double magnitude =
          g[c] * (std::abs(potential[plus + c]) + std::abs(potential[minus + c]) + std::abs(e[c]));
      residual_[plus + c] -= current;
      residual_[minus + c] += current;
      magnitude_[plus + c] += magnitude;
      magnitude_[minus + c] += magnitude;
    }
  });
  for (std::size_t k = 0; k < network_.injections.size(); ++k) {
    const double* current = given.injected.data() + k * instants;
    const std::size_t plus = std::size_t{network_.injections.plus[k]} * instants;
    const std::size_t minus = std::size_t{network_.injections.minus[k]} * instants;
    for (std::size_t c = 0; c < instants; ++c) {
      residual_[plus + c] -= current[c];
      residual_[minus + c] += current[c];
      magnitude_[plus + c] += std::abs(current[c]);
      magnitude_[minus + c] += std::abs(current[c]);
    }
  }
  std::fill_n(residual_.begin(), instants, 0.0);
  Values excess{};
  for (std::size_t i = instants; i < residual_.size(); ++i) {
    const double size = std::abs(residual_[i]);
    if (size > 0) excess[i % instants] = std::max(excess[i % instants], size / (epsilon * magnitude_[i]));
  }
  return excess;
}

/// answer = (Laplacian) direction.
void PotentialSolver::multiply(const Given& given) {
  std::ranges::fill(answer_, 0.0);
  for_each_branch(given, [&](std::size_t plus, std::size_t minus, const Values& g, const double*) {
    for (std::size_t c = 0; c < instants; ++c) {
      const double current = g[c] * (direction_[plus + c] - direction_[minus + c]);
      answer_[plus + c] += current;
      answer_[minus + c] -= current;
    }
  });
  std::fill_n(answer_.begin(), instants, 0.0);
}

/// Conjugate gradients on the residual, column by column to its `reduction`, with a preconditioner that need
/// not be the same all along.
void PotentialSolver::correct(const Given& given, const Values& reduction, std::span<double> potential) {
  Values first{}, size{};
  for (int iteration = 0; iteration <= most_gradient_steps; ++iteration) {
    linear_.precondition(residual_, preconditioned_);
    const Values next = products(residual_, preconditioned_);
    Values growth{};
    if (iteration == 0) {
      first = next;
    } else {
      const Values old = products(before_, preconditioned_);
      for (std::size_t c = 0; c < instants; ++c) growth[c] = size[c] > 0 ? (next[c] - old[c]) / size[c] : 0;
    }
    size = next;
    std::array<bool, instants> active{};
    for (std::size_t c = 0; c < instants; ++c)
      active[c] = reduction[c] < 1 && size[c] > first[c] * reduction[c] * reduction[c];
    if (std::ranges::none_of(active, std::identity())) return;
    for (std::size_t i = 0; i < direction_.size(); ++i)
      direction_[i] = preconditioned_[i] + (iteration == 0 ? 0 : growth[i % instants] * direction_[i]);
    multiply(given);
    const Values curvature = products(direction_, answer_);
    Values step{};
    for (std::size_t c = 0; c < instants; ++c)
      if (active[c] && curvature[c] > 0) step[c] = size[c] / curvature[c];
    before_ = residual_;
    for (std::size_t i = 0; i < residual_.size(); ++i) {
      potential[i] += step[i % instants] * direction_[i];
      residual_[i] -= step[i % instants] * answer_[i];
    }
  }
}

void PotentialSolver::solve(const Given& given, std::span<double> potential) {
  for (std::vector<double>* work :
       {&residual_, &before_, &magnitude_, &preconditioned_, &direction_, &answer_})
    work->resize(potential.size());
  Values smallest{};
  smallest.fill(std::numeric_limits<double>::infinity());
  for (int correction = 0; correction < most_corrections; ++correction) {
    const Values excess = find_residual(given, potential);
    Values size{}, reduction{};
    bool settled = true;
    for (std::size_t i = 0; i < residual_.size(); ++i)
      size[i % instants] = std::max(size[i % instants], std::abs(residual_[i]));
    for (std::size_t c = 0; c < instants; ++c) {
      // Where it no longer falls it is rounding, whatever the sum says.
      const bool goes_on = excess[c] > rounding && size[c] < 0.5 * smallest[c];
      reduction[c] = goes_on ? std::max(most_at_once, 0.1 / excess[c]) : 1;
      smallest[c] = size[c];
      settled &= !goes_on;
    }
    if (settled) return;
    correct(given, reduction, potential);
  }
}

}  // namespace memspice::network
