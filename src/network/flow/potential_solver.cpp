#include "network/flow/potential_solver.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "base/interruption.hpp"

namespace memspice::network {

namespace {

constexpr std::size_t instants = PotentialSolver::columns;
constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double rounding = 2;         // times epsilon, of what a residual is the sum of
constexpr double most_at_once = 1e-9;  // what one run of conjugate gradients reduces residuals by
constexpr double no_current = 1e-25;   // A: the factor's numbers end at 1e-38
constexpr int most_corrections = 12;
constexpr int most_gradient_steps = 60;

std::array<double, instants> products(std::span<const double> a, std::span<const double> b) {
  std::array<double, instants> sum{};
  for (std::size_t i = 0; i < a.size(); i += instants)
    for (std::size_t c = 0; c < instants; ++c) sum[c] += a[i + c] * b[i + c];
  return sum;
}

std::array<double, instants> largest_of(std::span<const double> a) {
  std::array<double, instants> largest{};
  for (std::size_t i = 0; i < a.size(); i += instants)
    for (std::size_t c = 0; c < instants; ++c) largest[c] = std::max(largest[c], std::abs(a[i + c]));
  return largest;
}

/// The values of a sum of sources.
PotentialSolver::Values values_of(const SourceSums& sums, std::size_t branch,
                                  const std::vector<PotentialSolver::Values>& waves) {
  PotentialSolver::Values values{};
  values.fill(sums.constant[branch]);
  for (const SourceSums::Term& term : sums.of(branch))
    for (std::size_t c = 0; c < instants; ++c) values[c] += term.factor * waves[term.wave][c];
  return values;
}

}  // namespace

PotentialSolver::PotentialSolver(const FlowNetwork& network, LaplacianPreconditioner& inverse)
    : network_(network), inverse_(inverse) {}

/// Calls visit(plus, minus, conductances, sums of EMFs, branch) with the rows' places in vectors.
template <class Visit>
void PotentialSolver::for_each_branch(const Given& given, Visit&& visit) const {
  const auto place = [](std::uint32_t row) { return std::size_t{row} * instants; };
  const std::size_t count = network_.memristors.size();
  for (std::size_t k = 0; k < count; ++k) {
    const double* g = given.conductance.data() + k;
    visit(place(network_.memristors.plus[k]), place(network_.memristors.minus[k]),
          Values{g[0], g[count], g[2 * count]}, network_.memristor_emf, k);
  }
  for (std::size_t k = 0; k < network_.resistors.size(); ++k) {
    const double g = network_.resistor_conductance[k];
    visit(place(network_.resistors.plus[k]), place(network_.resistors.minus[k]), Values{g, g, g},
          network_.resistor_emf, k);
  }
}

/// Currents that enter the rows, less those that leave. Returns how large the largest is beside what rounding
/// makes of its sum.
PotentialSolver::Values PotentialSolver::find_residual(const Given& given,
                                                       std::span<const double> potential) {
  std::ranges::fill(residual_, 0.0);
  std::ranges::fill(magnitude_, 0.0);
  for_each_branch(
      given, [&](std::size_t plus, std::size_t minus, const Values& g, const SourceSums& emf, std::size_t k) {
        const Values e = values_of(emf, k, given.waves);
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
    const Values current = values_of(network_.injected, k, given.waves);
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
  for (std::size_t i = instants; i < residual_.size(); i += instants)
    for (std::size_t c = 0; c < instants; ++c) {
      const double size = std::abs(residual_[i + c]);
      if (size > 0) excess[c] = std::max(excess[c], size / (epsilon * magnitude_[i + c]));
    }
  return excess;
}

/// answer = (Laplacian) direction.
void PotentialSolver::multiply(const Given& given) {
  std::ranges::fill(answer_, 0.0);
  for_each_branch(given,
                  [&](std::size_t plus, std::size_t minus, const Values& g, const SourceSums&, std::size_t) {
                    for (std::size_t c = 0; c < instants; ++c) {
                      const double current = g[c] * (direction_[plus + c] - direction_[minus + c]);
                      answer_[plus + c] += current;
                      answer_[minus + c] -= current;
                    }
                  });
  std::fill_n(answer_.begin(), instants, 0.0);
}

/// Conjugate gradients on the residual, with a preconditioner that need not be the same all along. Before
/// each step goes_on(squares of the preconditioned residuals) says which columns are to take it. True: none
/// was.
template <class GoesOn>
bool PotentialSolver::descend(const Given& given, std::span<double> potential, GoesOn&& goes_on) {
  Values size{};
  for (int iteration = 0; iteration <= most_gradient_steps; ++iteration) {
    interruption_point();
    inverse_.solve(residual_, preconditioned_);
    ++iterations_;
    const Values next = products(residual_, preconditioned_);
    Values growth{};
    if (iteration > 0) {
      const Values old = products(before_, preconditioned_);
      for (std::size_t c = 0; c < instants; ++c) growth[c] = size[c] > 0 ? (next[c] - old[c]) / size[c] : 0;
    }
    size = next;
    const std::array<bool, instants> active = goes_on(size);
    if (std::ranges::none_of(active, std::identity())) return true;
    for (std::size_t i = 0; i < direction_.size(); i += instants)
      for (std::size_t c = 0; c < instants; ++c)
        direction_[i + c] = preconditioned_[i + c] + (iteration == 0 ? 0 : growth[c] * direction_[i + c]);
    multiply(given);
    const Values curvature = products(direction_, answer_);
    Values step{};
    for (std::size_t c = 0; c < instants; ++c)
      if (active[c] && curvature[c] > 0) step[c] = size[c] / curvature[c];
    before_ = residual_;
    for (std::size_t i = 0; i < residual_.size(); i += instants)
      for (std::size_t c = 0; c < instants; ++c) {
        potential[i + c] += step[c] * direction_[i + c];
        residual_[i + c] -= step[c] * answer_[i + c];
      }
  }
  return false;
}

void PotentialSolver::resize(std::size_t size) {
  for (std::vector<double>* work :
       {&residual_, &before_, &magnitude_, &preconditioned_, &direction_, &answer_})
    work->resize(size);
}

void PotentialSolver::solve(const Given& given, const Measure& measure, std::span<double> potential) {
  constexpr double best_reduction = 0.1;  // by a step, that is counted on
  resize(potential.size());
  static_cast<void>(find_residual(given, potential));
  const Values size = largest_of(residual_);
  double before = 0;
  // What the factor makes of the residual is what the potentials lack, up to its age: that leaves as much of
  // it as a step has left before.
  const bool found = descend(given, potential, [&](const Values&) {
    const double lacking = measure(preconditioned_);
    const double left = before > 0 ? std::clamp(2 * lacking / before, best_reduction, 1.0) : 1;
    before = lacking;
    std::array<bool, instants> active{};
    for (std::size_t c = 0; c < instants; ++c) active[c] = left * lacking > 1 && size[c] > no_current;
    return active;
  });
  if (!found) return solve(given, potential);
  for (std::size_t i = 0; i < potential.size(); ++i) potential[i] += preconditioned_[i];
}

void PotentialSolver::solve(const Given& given, double tolerance, std::span<double> potential) {
  const Measure measure = [&](std::span<const double> error) {
    return std::ranges::max(largest_of(error)) / tolerance;
  };
  solve(given, measure, potential);
}

void PotentialSolver::solve(const Given& given, std::span<double> potential) {
  resize(potential.size());
  Values smallest{};
  smallest.fill(std::numeric_limits<double>::infinity());
  for (int correction = 0; correction < most_corrections; ++correction) {
    const Values excess = find_residual(given, potential);
    const Values size = largest_of(residual_);
    Values reduction{}, first{};
    bool settled = true;
    for (std::size_t c = 0; c < instants; ++c) {
      // Where it no longer falls it is rounding, whatever the sum says.
      const bool goes_on = excess[c] > rounding && size[c] < 0.5 * smallest[c] && size[c] > no_current;
      reduction[c] = goes_on ? std::max(most_at_once, 0.5 / excess[c]) : 1;
      smallest[c] = size[c];
      settled &= !goes_on;
    }
    if (settled) return;
    bool begins = true;
    const bool found = descend(given, potential, [&](const Values& square) {
      if (std::exchange(begins, false)) first = square;
      std::array<bool, instants> active{};
      for (std::size_t c = 0; c < instants; ++c)
        active[c] = reduction[c] < 1 && square[c] > first[c] * reduction[c] * reduction[c];
      return active;
    });
    if (!found) continue;
    for (std::size_t i = 0; i < potential.size(); i += instants)
      for (std::size_t c = 0; c < instants; ++c)
        if (reduction[c] < 1) potential[i + c] += preconditioned_[i + c];
  }
}

}  // namespace memspice::network
