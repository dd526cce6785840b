#include "solver/packed_factor.hpp"

#include <cholmod.h>

#include <algorithm>
#include <array>

namespace memspice {

namespace {

using Eight = float __attribute__((vector_size(32), aligned(4), may_alias));

float total(const Eight& v) {
  using Four = PackedFactor::Row;
  const Four four = __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
  const Four two = four + __builtin_shufflevector(four, four, 2, 3, 0, 1);
  return two[0] + two[1];
}

Eight& eight_at(float* place) {
  return *reinterpret_cast<Eight*>(place);
}
const Eight& eight_at(const float* place) {
  return *reinterpret_cast<const Eight*>(place);
}

}  // namespace

void PackedFactor::pack(const cholmod_factor_struct& factor) {
  const auto* first = static_cast<const std::int32_t*>(factor.super);
  const auto* rows_of = static_cast<const std::int32_t*>(factor.pi);
  const auto* values_of = static_cast<const std::int32_t*>(factor.px);
  const auto* row = static_cast<const std::int32_t*>(factor.s);
  const auto* from = static_cast<const double*>(factor.x);
  supernodes_.resize(factor.nsuper);
  rows_.clear();
  inverse_diagonal_.resize(factor.n);
  std::size_t size = 0, tallest = 0;
  for (std::size_t s = 0; s < factor.nsuper; ++s) {
    Supernode& node = supernodes_[s];
    node.first = static_cast<std::uint32_t>(first[s]);
    node.width = static_cast<std::uint32_t>(first[s + 1] - first[s]);
    node.height = static_cast<std::uint32_t>(rows_of[s + 1] - rows_of[s]);
    node.first_row = static_cast<std::uint32_t>(rows_.size());
    node.first_value = size;
    rows_.insert(rows_.end(), row + rows_of[s] + node.width, row + rows_of[s + 1]);
    size += node.width * node.stride();
    tallest = std::max(tallest, node.stride());
  }
  values_.resize(size);
  work_.resize(columns * tallest);
  for (std::size_t s = 0; s < supernodes_.size(); ++s) {
    const Supernode& node = supernodes_[s];
    for (std::size_t j = 0; j < node.width; ++j) {
      const double* column = from + values_of[s] + j * node.height;
      float* to = values_.data() + node.first_value + j * node.stride();
      std::fill_n(to, node.stride(), 0.0F);
      for (std::size_t i = j + 1; i < node.height; ++i) to[i] = static_cast<float>(column[i]);
      inverse_diagonal_[node.first + j] = static_cast<float>(1 / column[j]);
    }
  }
}

/// The two halves of a solve, compiled for several processors.
struct PackedFactor::Solver {
  const PackedFactor& factor;
  std::span<Row> x;
  std::array<float*, columns> w{};  // right sides of the supernode under way

  void load(const Supernode& node, bool below) {
    const std::uint32_t* rows = factor.rows_.data() + node.first_row;
    for (std::size_t i = 0; i < node.width; ++i)
      for (std::size_t c = 0; c < columns; ++c) w[c][i] = x[node.first + i][c];
    for (std::size_t i = node.width; i < node.height; ++i)
      for (std::size_t c = 0; c < columns; ++c) w[c][i] = below ? x[rows[i - node.width]][c] : 0;
    for (std::size_t i = node.height; i < node.stride(); ++i)
      for (std::size_t c = 0; c < columns; ++c) w[c][i] = 0;
  }
  void store(const Supernode& node) {
    for (std::size_t i = 0; i < node.width; ++i) x[node.first + i] = Row{w[0][i], w[1][i], w[2][i], 0};
  }

  /// Two columns at a time: half the passes over w. Numbers at and above the diagonal are 0, so that vectors
  /// may begin there; what they do to w[j + 1] is overwritten.
  void lower(const Supernode& node) {
    const std::size_t stride = node.stride();
    const float* inverse = factor.inverse_diagonal_.data() + node.first;
    const float* a = factor.values_.data() + node.first_value;
    load(node, false);
    std::size_t j = 0;
    for (; j + 1 < node.width; j += 2, a += 2 * stride) {
      const float* b = a + stride;
      std::array<float, columns> u{}, v{};
      for (std::size_t c = 0; c < columns; ++c) {
        u[c] = w[c][j] * inverse[j];
        v[c] = (w[c][j + 1] - u[c] * a[j + 1]) * inverse[j + 1];
      }
      for (std::size_t i = (j + 2) / vector * vector; i < stride; i += vector) {
        const Eight of_a = eight_at(a + i), of_b = eight_at(b + i);
        eight_at(w[0] + i) -= of_a * u[0] + of_b * v[0];
        eight_at(w[1] + i) -= of_a * u[1] + of_b * v[1];
        eight_at(w[2] + i) -= of_a * u[2] + of_b * v[2];
      }
      for (std::size_t c = 0; c < columns; ++c) {
        w[c][j] = u[c];
        w[c][j + 1] = v[c];
      }
    }
    if (j < node.width) {
      std::array<float, columns> u{};
      for (std::size_t c = 0; c < columns; ++c) u[c] = w[c][j] * inverse[j];
      for (std::size_t i = (j + 1) / vector * vector; i < stride; i += vector) {
        const Eight of_a = eight_at(a + i);
        for (std::size_t c = 0; c < columns; ++c) eight_at(w[c] + i) -= of_a * u[c];
      }
      for (std::size_t c = 0; c < columns; ++c) w[c][j] = u[c];
    }
    store(node);
    const std::uint32_t* rows = factor.rows_.data() + node.first_row;
    for (std::size_t i = node.width; i < node.height; ++i)
      x[rows[i - node.width]] += Row{w[0][i], w[1][i], w[2][i], 0};
  }

  void upper(const Supernode& node) {
    const std::size_t stride = node.stride();
    const float* inverse = factor.inverse_diagonal_.data() + node.first;
    const float* values = factor.values_.data() + node.first_value;
    load(node, true);
    std::size_t j = node.width;
    for (; j >= 2; j -= 2) {  // columns j - 2 and j - 1
      const float* a = values + (j - 2) * stride;
      const float* b = a + stride;
      std::array<float, columns> y{};
      for (std::size_t c = 0; c < columns; ++c) {
        y[c] = w[c][j - 1];
        w[c][j - 1] = 0;  // row j - 1 of a is taken when its unknown is known
      }
      Eight of_a[columns]{}, of_b[columns]{};
      for (std::size_t i = j / vector * vector; i < stride; i += vector) {
        const Eight p = eight_at(a + i), q = eight_at(b + i);
        for (std::size_t c = 0; c < columns; ++c) {
          of_a[c] += p * eight_at(w[c] + i);
          of_b[c] += q * eight_at(w[c] + i);
        }
      }
      for (std::size_t c = 0; c < columns; ++c) {
        const float v = (y[c] - total(of_b[c])) * inverse[j - 1];
        w[c][j - 1] = v;
        w[c][j - 2] = (w[c][j - 2] - total(of_a[c]) - v * a[j - 1]) * inverse[j - 2];
      }
    }
    if (j == 1) {
      for (std::size_t c = 0; c < columns; ++c) {
        Eight sum{};
        for (std::size_t i = 0; i < stride; i += vector) sum += eight_at(values + i) * eight_at(w[c] + i);
        w[c][0] = (w[c][0] - total(sum)) * inverse[0];
      }
    }
    store(node);
  }

  void solve() {
    for (const Supernode& node : factor.supernodes_) lower(node);
    for (std::size_t s = factor.supernodes_.size(); s-- > 0;) upper(factor.supernodes_[s]);
  }
};

void PackedFactor::solve(std::span<Row> x) {
  const std::size_t tallest = work_.size() / columns;
  Solver solver{*this, x, {work_.data(), work_.data() + tallest, work_.data() + 2 * tallest}};
#ifdef __x86_64__
  static const bool wide = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  // For processors of the last ten years: eight numbers in a register, and fused multiplications.
  struct Wide {
    [[gnu::target("avx2,fma"), gnu::flatten]] static void solve(Solver& solver) { solver.solve(); }
  };
  if (wide) return Wide::solve(solver);
#endif
  solver.solve();
}

}  // namespace memspice
