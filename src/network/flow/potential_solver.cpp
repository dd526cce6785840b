#include "network/flow/potential_solver.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "base/interruption.hpp"

namespace memspice::network {

namespace {

constexpr std::size_t instants = instants_at_once;
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

// Three instants; the fourth number is idle. Functions take and give them by reference, as nothing but
// registers of the baseline processor may be passed between those compiled for others.
using Lane = double __attribute__((vector_size(32)));

void read(const double* p, Lane& x) {
  x = Lane{p[0], p[1], p[2], 0};
}

void add_to(double* p, const Lane& x) {
  for (std::size_t c = 0; c < instants; ++c) p[c] += x[c];
}

void read_difference(const double* p, const double* q, Lane& x) {
  x = Lane{p[0] - q[0], p[1] - q[1], p[2] - q[2], 0};
}

#ifdef __x86_64__
template <class Pass>
[[gnu::target("avx2,fma"), gnu::flatten]] void make_wide(const Pass& pass) {
  pass();
}
const bool potentials_have_wide = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif

/// Calls pass(), compiled for the processor's widest lanes.
template <class Pass>
void make(const Pass& pass) {
#ifdef __x86_64__
  if (potentials_have_wide) return make_wide(pass);
#endif
  pass();
}

/// The values of a sum of sources.
void read_sources(const SourceSums& sums, std::size_t branch,
                  const std::vector<PotentialSolver::Values>& waves, Lane& values) {
  const double constant = sums.constant[branch];
  values = Lane{constant, constant, constant, 0};
  for (const SourceSums::Term& term : sums.of(branch)) {
    const PotentialSolver::Values& wave = waves[term.wave];
    values += term.factor * Lane{wave[0], wave[1], wave[2], 0};
  }
}

/// How much of each of three fields is to be added at an instant, from what the currents of the instant and
/// those of the fields do with each other: by Cholesky's factor L D Lᵀ. Fields that are nearly sums of those
/// before them are left out.
std::array<double, instants> parts_of_fields(const std::array<std::array<double, instants>, instants>& matrix,
                                             std::array<double, instants> x) {
  constexpr double nearly = 1e-10;
  std::array<std::array<double, instants>, instants> l{};
  std::array<double, instants> d{};
  for (std::size_t i = 0; i < instants; ++i) {
    d[i] = matrix[i][i];
    for (std::size_t j = 0; j < i; ++j) {
      double sum = matrix[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= l[i][k] * l[j][k] * d[k];
      l[i][j] = d[j] > 0 ? sum / d[j] : 0;
      d[i] -= l[i][j] * l[i][j] * d[j];
      x[i] -= l[i][j] * x[j];
    }
    if (!(d[i] > nearly * matrix[i][i])) d[i] = 0;
  }
  for (std::size_t i = instants; i-- > 0;) {
    x[i] = d[i] > 0 ? x[i] / d[i] : 0;
    for (std::size_t k = i + 1; k < instants && d[i] > 0; ++k) x[i] -= l[k][i] * x[k];
  }
  return x;
}

}  // namespace

PotentialSolver::PotentialSolver(const FlowNetwork& network, LaplacianPreconditioner& inverse)
    : network_(network), inverse_(inverse) {}

/// Calls visit(plus, minus, conductances, sums of EMFs, branch) with the rows' places in vectors.
template <class Visit>
void PotentialSolver::for_each_branch(const Given& given, const Visit& visit) const {
  const auto place = [](std::uint32_t row) { return std::size_t{row} * instants; };
  const std::size_t count = network_.memristors.size();
  for (std::size_t k = 0; k < count; ++k) {
    const double* g = given.conductance.data() + k;
    const Lane conductance{g[0], g[count], g[2 * count], 0};
    visit(place(network_.memristors.plus[k]), place(network_.memristors.minus[k]), conductance,
          network_.memristor_emf, k);
  }
  for (std::size_t k = 0; k < network_.resistors.size(); ++k) {
    const double g = network_.resistor_conductance[k];
    const Lane conductance{g, g, g, 0};
    visit(place(network_.resistors.plus[k]), place(network_.resistors.minus[k]), conductance,
          network_.resistor_emf, k);
  }
}

/// Calls visit(plus, minus, currents) with the currents that are injected.
template <class Visit>
void PotentialSolver::for_each_injection(const Given& given, const Visit& visit) const {
  for (std::size_t k = 0; k < network_.injections.size(); ++k) {
    Lane current{};
    read_sources(network_.injected, k, given.waves, current);
    visit(std::size_t{network_.injections.plus[k]} * instants,
          std::size_t{network_.injections.minus[k]} * instants, current);
  }
}

/// Currents that enter the rows, less those that leave. Returns how large the largest is beside what rounding
/// makes of its sum.
PotentialSolver::Values PotentialSolver::find_residual(const Given& given,
                                                       std::span<const double> potential) {
  std::ranges::fill(residual_, 0.0);
  std::ranges::fill(magnitude_, 0.0);
  const auto flow = [&](std::size_t plus, std::size_t minus, const Lane& current, const Lane& magnitude) {
    add_to(residual_.data() + plus, -current);
    add_to(residual_.data() + minus, current);
    add_to(magnitude_.data() + plus, magnitude);
    add_to(magnitude_.data() + minus, magnitude);
  };
  make([&] {
    for_each_branch(
        given, [&](std::size_t plus, std::size_t minus, const Lane& g, const SourceSums& emf, std::size_t k) {
          Lane from{}, to{}, e{};
          read(potential.data() + plus, from);
          read(potential.data() + minus, to);
          read_sources(emf, k, given.waves, e);
          const Lane magnitude = g * ((from < 0 ? -from : from) + (to < 0 ? -to : to) + (e < 0 ? -e : e));
          flow(plus, minus, g * (from - to + e), magnitude);
        });
    for_each_injection(given, [&](std::size_t plus, std::size_t minus, const Lane& current) {
      flow(plus, minus, current, current < 0 ? -current : current);
    });
  });
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
  make([&] {
    for_each_branch(given,
                    [&](std::size_t plus, std::size_t minus, const Lane& g, const SourceSums&, std::size_t) {
                      Lane current{};
                      read_difference(direction_.data() + plus, direction_.data() + minus, current);
                      current *= g;
                      add_to(answer_.data() + plus, current);
                      add_to(answer_.data() + minus, -current);
                    });
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

void PotentialSolver::approach(const Given& given, std::span<const double> fields,
                               std::span<double> potential) const {
  // Σ g u_i u_j of the fields, the lower triangle, and Σ -i u_i of the currents that there are.
  std::array<std::array<Lane, instants>, instants> matrix{};
  std::array<Lane, instants> right{};
  const auto add_right = [&](const Lane& u, const Lane& current) {
    for (std::size_t i = 0; i < instants; ++i) right[i] -= u[i] * current;
  };
  make([&] {
    for_each_branch(
        given, [&](std::size_t plus, std::size_t minus, const Lane& g, const SourceSums& emf, std::size_t k) {
          Lane u{}, v{}, e{};
          read_difference(fields.data() + plus, fields.data() + minus, u);
          read_difference(potential.data() + plus, potential.data() + minus, v);
          read_sources(emf, k, given.waves, e);
          add_right(u, g * (v + e));
          for (std::size_t i = 0; i < instants; ++i)
            for (std::size_t j = 0; j <= i; ++j) matrix[i][j] += (u[i] * u[j]) * g;
        });
    for_each_injection(given, [&](std::size_t plus, std::size_t minus, const Lane& current) {
      Lane u{};
      read_difference(fields.data() + plus, fields.data() + minus, u);
      add_right(u, current);
    });
  });
  std::array<Values, instants> part{};
  for (std::size_t c = 0; c < instants; ++c) {
    std::array<Values, instants> products{};
    Values sums{};
    for (std::size_t i = 0; i < instants; ++i) {
      sums[i] = right[i][c];
      for (std::size_t j = 0; j <= i; ++j) products[i][j] = matrix[i][j][c];
    }
    part[c] = parts_of_fields(products, sums);
  }
  for (std::size_t row = 0; row < potential.size(); row += instants)
    for (std::size_t c = 0; c < instants; ++c)
      for (std::size_t i = 0; i < instants; ++i) potential[row + c] += part[c][i] * fields[row + i];
}

void PotentialSolver::solve(const Given& given, const Measure& measure, std::span<double> potential) {
  constexpr double best_reduction = 0.3;  // by a step, that is counted on
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
