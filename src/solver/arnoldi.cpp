#include "solver/arnoldi.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Wuse-after-free"  // g++ 12 sees one inside Spectra that is none
#endif
#include <Spectra/GenEigsSolver.h>

#include <algorithm>

namespace memspice {

namespace {

class Operator {
 public:
  using Scalar = double;
  Operator(std::size_t size, const std::function<void(const double*, double*)>& multiply)
      : size_(static_cast<Eigen::Index>(size)), multiply_(multiply) {}
  [[nodiscard]] Eigen::Index rows() const { return size_; }
  [[nodiscard]] Eigen::Index cols() const { return size_; }
  void perform_op(const double* x, double* y) const { multiply_(x, y); }

 private:
  Eigen::Index size_;
  const std::function<void(const double*, double*)>& multiply_;
};

}  // namespace

std::vector<std::complex<double>> largest_eigenvalues(
    std::size_t size, std::size_t count, const std::function<void(const double* x, double* y)>& multiply) {
  constexpr Eigen::Index most_iterations = 1000;
  constexpr double tolerance = 1e-11;
  Operator matrix(size, multiply);
  const Eigen::Index wanted = std::min(static_cast<Eigen::Index>(count), matrix.rows() - 2);
  Spectra::GenEigsSolver<Operator> solver(matrix, wanted, std::min(matrix.rows(), 4 * wanted + 20));
  solver.init();
  solver.compute(Spectra::SortRule::LargestMagn, most_iterations, tolerance);
  const Eigen::VectorXcd found = solver.eigenvalues();
  return {found.begin(), found.end()};
}

}  // namespace memspice

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
