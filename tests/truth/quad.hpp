#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

namespace memspice::truth {

// Some thirty digits: what a stiff circuit's exponential loses by 60 squarings leaves more than a double's.
#if defined(__SIZEOF_FLOAT128__)
__extension__ using Quad = __float128;
#else
using Quad = long double;
#endif

inline Quad absolute(Quad x) {
  return x < 0 ? -x : x;
}

/// Dense matrix, row by row.
struct QuadMatrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<Quad> values;

  QuadMatrix() = default;
  QuadMatrix(std::size_t r, std::size_t c) : rows(r), columns(c), values(r * c, Quad(0)) {}
  Quad& operator()(std::size_t r, std::size_t c) { return values[r * columns + c]; }
  const Quad& operator()(std::size_t r, std::size_t c) const { return values[r * columns + c]; }
  static QuadMatrix identity(std::size_t n) {
    QuadMatrix result(n, n);
    for (std::size_t i = 0; i < n; ++i) result(i, i) = 1;
    return result;
  }
};

using QuadVector = std::vector<Quad>;

QuadMatrix operator*(const QuadMatrix& a, const QuadMatrix& b);
QuadMatrix operator+(QuadMatrix a, const QuadMatrix& b);
QuadMatrix operator-(QuadMatrix a, const QuadMatrix& b);
QuadMatrix transposed(const QuadMatrix& a);
QuadVector operator*(const QuadMatrix& a, const QuadVector& x);
/// A⁻¹ B, with row scaling and partial pivots. Throws std::domain_error where A is singular.
QuadMatrix solve(QuadMatrix a, QuadMatrix b);

/// e^(σ t) cos(ω t), e^(σ t) sin(ω t)
std::pair<Quad, Quad> exponential(Quad sigma, Quad omega, Quad t);

/// exp(A t) x for many t between 0 and `span`: the powers of two of one small step, once, are all it takes.
class Exponential {
 public:
  Exponential(const QuadMatrix& a, Quad span);
  [[nodiscard]] QuadVector apply(Quad t, QuadVector x) const;

 private:
  Quad quantum_;
  std::vector<QuadMatrix> powers_;  // exp(A quantum 2^k)
};

}  // namespace memspice::truth
