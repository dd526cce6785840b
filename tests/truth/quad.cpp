#include "truth/quad.hpp"

namespace memspice::truth {

QuadMatrix operator*(const QuadMatrix& a, const QuadMatrix& b) {
  QuadMatrix result(a.rows, b.columns);
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t k = 0; k < a.columns; ++k) {
      const Quad factor = a(i, k);
      if (factor == 0) continue;
      for (std::size_t j = 0; j < b.columns; ++j)
        if (b(k, j) != 0) result(i, j) += factor * b(k, j);
    }
  return result;
}

QuadMatrix operator+(QuadMatrix a, const QuadMatrix& b) {
  for (std::size_t i = 0; i < a.values.size(); ++i) a.values[i] += b.values[i];
  return a;
}

QuadMatrix operator-(QuadMatrix a, const QuadMatrix& b) {
  for (std::size_t i = 0; i < a.values.size(); ++i) a.values[i] -= b.values[i];
  return a;
}

QuadMatrix transposed(const QuadMatrix& a) {
  QuadMatrix result(a.columns, a.rows);
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t j = 0; j < a.columns; ++j) result(j, i) = a(i, j);
  return result;
}

QuadVector operator*(const QuadMatrix& a, const QuadVector& x) {
  QuadVector result(a.rows, Quad(0));
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t j = 0; j < a.columns; ++j)
      if (x[j] != 0) result[i] += a(i, j) * x[j];
  return result;
}

QuadMatrix solve(QuadMatrix a, QuadMatrix b) {
  const std::size_t n = a.rows;
  for (std::size_t i = 0; i < n; ++i) {  // rows of one size, so that pivots compare
    Quad largest = 0;
    for (std::size_t j = 0; j < n; ++j) largest = std::max(largest, absolute(a(i, j)));
    if (largest == 0) throw std::domain_error("singular");
    for (std::size_t j = 0; j < n; ++j) a(i, j) /= largest;
    for (std::size_t j = 0; j < b.columns; ++j) b(i, j) /= largest;
  }
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (absolute(a(i, k)) > absolute(a(pivot, k))) pivot = i;
    if (a(pivot, k) == 0) throw std::domain_error("singular");
    for (std::size_t j = 0; j < n; ++j) std::swap(a(k, j), a(pivot, j));
    for (std::size_t j = 0; j < b.columns; ++j) std::swap(b(k, j), b(pivot, j));
    for (std::size_t i = k + 1; i < n; ++i) {
      const Quad factor = a(i, k) / a(k, k);
      if (factor == 0) continue;
      for (std::size_t j = k; j < n; ++j) a(i, j) -= factor * a(k, j);
      for (std::size_t j = 0; j < b.columns; ++j) b(i, j) -= factor * b(k, j);
    }
  }
  for (std::size_t j = 0; j < b.columns; ++j)
    for (std::size_t i = n; i-- > 0;) {
      for (std::size_t k = i + 1; k < n; ++k) b(i, j) -= a(i, k) * b(k, j);
      b(i, j) /= a(i, i);
    }
  return b;
}

namespace {

Quad rounded(Quad x) {
  // Far more than 2^62 turns or octaves never occur.
  const Quad half = x < 0 ? Quad(-0.5) : Quad(0.5);
  return static_cast<Quad>(static_cast<long long>(x + half));
}

// e^x for |x| < 1
Quad small_exponential(Quad x) {
  Quad sum = 1;
  Quad term = 1;
  for (int k = 1; k < 40; ++k) sum += (term *= x / k);
  return sum;
}

Quad real_exponential(Quad x) {
  if (x < -11000) return 0;
  const Quad octaves = rounded(x / Quad(0.6931471805599453));
  // ln 2 = 0.6931471803691238 (exact in few bits) + rest, in extended precision
  const Quad ln2 = Quad(0x1.62e42fefa39efp-1) + Quad(0x1.abc9e3b39803fp-56) + Quad(0x1.7b57a079a1934p-111);
  Quad result = small_exponential(x - octaves * ln2);
  auto count = static_cast<long>(octaves);
  Quad base = count < 0 ? Quad(0.5) : Quad(2);
  for (count = std::labs(count); count > 0; count /= 2, base *= base)
    if (count % 2) result *= base;
  return result;
}

}  // namespace

std::pair<Quad, Quad> exponential(Quad sigma, Quad omega, Quad t) {
  const Quad size = real_exponential(sigma * t);
  const Quad angle = omega * t;
  if (angle == 0) return {size, Quad(0)};
  const Quad quarter =
      Quad(0x1.921fb54442d18p0) + Quad(0x1.1a62633145c07p-54) + Quad(-0x1.f1976b7ed8fbcp-110);
  const Quad quarters = rounded(angle / quarter);
  const Quad x = angle - quarters * quarter;
  Quad cosine = 1;
  Quad sine = x;
  Quad even = 1;
  Quad odd = x;
  for (int k = 1; k < 18; ++k) {
    cosine += (even *= -x * x / ((2 * k - 1) * (2 * k)));
    sine += (odd *= -x * x / ((2 * k) * (2 * k + 1)));
  }
  switch (static_cast<long long>(quarters) & 3) {
    case 0:
      return {size * cosine, size * sine};
    case 1:
      return {-size * sine, size * cosine};
    case 2:
      return {-size * cosine, -size * sine};
    default:
      return {size * sine, -size * cosine};
  }
}

Exponential::Exponential(const QuadMatrix& a, Quad span) : quantum_(span) {
  Quad norm = 0;
  for (std::size_t i = 0; i < a.rows; ++i) {
    Quad sum = 0;
    for (std::size_t j = 0; j < a.columns; ++j) sum += absolute(a(i, j));
    norm = std::max(norm, sum);
  }
  int halvings = 0;
  for (; halvings < 62 || (norm * quantum_ > 0.01 && halvings < 120); ++halvings) quantum_ /= 2;
  const std::size_t n = a.rows;
  QuadMatrix step = a;
  for (Quad& value : step.values) value *= quantum_;
  QuadMatrix power = QuadMatrix::identity(n);
  QuadMatrix term = power;
  for (int k = 1; k < 16; ++k) {
    term = term * step;
    for (Quad& value : term.values) value /= k;
    power = power + term;
  }
  powers_.push_back(power);
  for (int k = 0; k < halvings; ++k) powers_.push_back(powers_.back() * powers_.back());
}

QuadVector Exponential::apply(Quad t, QuadVector x) const {
  Quad rest = t;
  Quad step = quantum_;
  for (std::size_t k = 1; k < powers_.size(); ++k) step *= 2;
  for (std::size_t k = powers_.size(); k-- > 0; step /= 2) {
    if (rest < step * (k == 0 ? Quad(0.5) : Quad(1))) continue;
    x = powers_[k] * x;
    rest -= step;
  }
  return x;
}

}  // namespace memspice::truth
