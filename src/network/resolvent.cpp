#include "network/resolvent.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <cstdint>
#include <tuple>

#include "base/interruption.hpp"
#include "network/incidence.hpp"
#include "solver/dense_eigenvalues.hpp"

namespace memspice::network {

namespace {

using Eigen::MatrixXd;

constexpr double cancelled_resistances = 1e-14;  // reciprocal condition

MatrixXd loop_resistances(const SparseMatrix& cycles, std::span<const double> resistance) {
  const Eigen::Map<const Eigen::VectorXd> diagonal(resistance.data(),
                                                   static_cast<Eigen::Index>(resistance.size()));
  return SparseMatrix(SparseMatrix(cycles * diagonal.asDiagonal()) * cycles.transpose());
}

bool same_signs(std::span<const double> values) {
  return std::ranges::all_of(values, [&](double value) { return (value < 0) == (values[0] < 0); });
}

}  // namespace

Finding<std::vector<std::complex<double>>> resolvent_spectrum(std::size_t node_count,
                                                              std::span<const GraphBranch> branches,
                                                              std::span<const double> base,
                                                              std::span<const double> resistance) {
  const std::vector<std::uint8_t> ranks(branches.size(), 0);
  const SpanningForest forest(node_count, branches, ranks);
  const std::size_t loops = forest.chords().size();
  if (loops == 0) return {std::vector<std::complex<double>>{}, {}};
  if (loops > most_resolvent_loops)
    return {{},
            fmt::format("a dense matrix of {} loops is over the limit of {}", loops, most_resolvent_loops)};
  const SparseMatrix cycles = cycle_matrix(forest);
  const MatrixXd at_zero = loop_resistances(cycles, base);
  const MatrixXd now = loop_resistances(cycles, resistance);
  interruption_point();
  Eigen::VectorXcd found;
  if (same_signs(resistance)) {
    const double sign = resistance[0] < 0 ? -1 : 1;
    found = definite_eigenvalues(sign * at_zero, sign * now);
  } else {
    const Eigen::PartialPivLU<MatrixXd> factors(now);
    const bool zero_pivot = (factors.matrixLU().diagonal().array() == 0).any();
    if (zero_pivot || !(factors.rcond() > cancelled_resistances))
      return {{}, "positive and negative resistances cancel, A R A^t is singular"};
    found = dense_eigenvalues(factors.solve(at_zero), false).values;
  }
  std::vector<std::complex<double>> values(found.begin(), found.end());
  std::ranges::sort(values, {}, [](std::complex<double> value) {
    return std::tuple(value.real(), std::abs(value.imag()), value.imag());
  });
  return {std::move(values), {}};
}

}  // namespace memspice::network
