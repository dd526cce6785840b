#include "solver/packed_factor.hpp"

#include <cholmod.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

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

/// Gives back the pages between two places, whose numbers are not needed any more, and returns from where on
/// there are numbers.
double* discard(double* first, double* last) {
#ifdef __linux__
  constexpr std::uintptr_t at_once = 1U << 20;
  const std::uintptr_t begin = (reinterpret_cast<std::uintptr_t>(first) + at_once - 1) / at_once * at_once;
  const std::uintptr_t end = reinterpret_cast<std::uintptr_t>(last) / at_once * at_once;
  if (end <= begin) return first;
  madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  return reinterpret_cast<double*>(end);
#else
  return last;
#endif
}

}  // namespace

void PackedFactor::pack(const cholmod_factor_struct& factor) {
  const auto* first = static_cast<const std::int32_t*>(factor.super);
  const auto* rows_of = static_cast<const std::int32_t*>(factor.pi);
  const auto* values_of = static_cast<const std::int32_t*>(factor.px);
  const auto* row = static_cast<const std::int32_t*>(factor.s);
  auto* from = static_cast<double*>(factor.x);
  const bool is_new = supernodes_.empty();
  size_ = factor.n;
  supernodes_.resize(factor.nsuper);
  inverse_diagonal_.resize(size_);
  std::size_t size = 0;
  for (std::size_t s = 0; is_new && s < factor.nsuper; ++s) {
    Supernode& node = supernodes_[s];
    node.first = static_cast<std::uint32_t>(first[s]);
    node.width = static_cast<std::uint32_t>(first[s + 1] - first[s]);
    node.height = static_cast<std::uint32_t>(rows_of[s + 1] - rows_of[s]);
    node.first_row = static_cast<std::uint32_t>(rows_.size());
    node.first_value = size;
    rows_.insert(rows_.end(), row + rows_of[s] + node.width, row + rows_of[s + 1]);
    size += node.entries();
    tallest_ = std::max(tallest_, node.stride());
  }
  if (is_new) {
    values_ = std::make_unique_for_overwrite<float[]>(size);
    find_branches();
  }
  double* kept = from;  // two copies of a large factor are not to stand side by side
  for (std::size_t s = 0; s < supernodes_.size(); ++s) {
    const Supernode& node = supernodes_[s];
    for (std::size_t j = 0; j < node.width; ++j) {
      const double* column = from + values_of[s] + j * node.height;
      float* to = values_.get() + node.first_value + j * node.stride();
      std::fill_n(to, node.stride(), 0.0F);
      for (std::size_t i = j + 1; i < node.height; ++i) to[i] = static_cast<float>(column[i]);
      inverse_diagonal_[node.first + j] = static_cast<float>(1 / column[j]);
    }
    kept = discard(kept, from + values_of[s + 1]);
  }
}

/// The heaviest branches are split until none has more than a part of all; then the tree has enough for any
/// team, and little is left of its trunk. Supernodes are in postorder.
void PackedFactor::find_branches() {
  constexpr std::size_t least = 1000000, parts = 24;  // entries of factors that are shared out
  std::vector<std::size_t> weight(supernodes_.size());
  std::vector<std::uint32_t> begin(supernodes_.size()), supernode_of(size_);
  for (std::uint32_t s = 0; s < supernodes_.size(); ++s)
    std::fill_n(supernode_of.begin() + supernodes_[s].first, supernodes_[s].width, s);
  std::size_t all = 0;
  for (std::uint32_t s = 0; s < supernodes_.size(); ++s) begin[s] = s;
  for (std::uint32_t s = 0; s < supernodes_.size(); ++s) {
    all += supernodes_[s].entries();
    weight[s] += supernodes_[s].entries();
    if (supernodes_[s].height == supernodes_[s].width) continue;
    const std::uint32_t parent = supernode_of[rows_[supernodes_[s].first_row]];
    weight[parent] += weight[s];
    begin[parent] = std::min(begin[parent], begin[s]);
  }
  for (std::uint32_t s = static_cast<std::uint32_t>(supernodes_.size()); s-- > 0;) {
    if (all < least || weight[s] > all / parts) {
      trunk_.push_back(s);
      continue;
    }
    branches_.push_back({begin[s], s + 1, 0, 0});
    s = begin[s];
  }
  std::ranges::reverse(trunk_);
  std::ranges::reverse(branches_);
  for (Branch& branch : branches_) detach(branch);
}

/// What a branch does to rows outside it is known by its root: every such row is below the root too.
void PackedFactor::detach(Branch& branch) {
  const Supernode& root = supernodes_[branch.end - 1];
  const std::uint32_t end = root.first + root.width;
  branch.first_outer = static_cast<std::uint32_t>(outer_rows_.size());
  const auto below = rows_.begin() + root.first_row;
  outer_rows_.insert(outer_rows_.end(), below, below + (root.height - root.width));
  branch.end_outer = static_cast<std::uint32_t>(outer_rows_.size());
  const auto outer = std::span(outer_rows_).subspan(branch.first_outer);
  for (std::uint32_t s = branch.first; s < branch.end; ++s) {
    const Supernode& node = supernodes_[s];
    for (std::uint32_t i = node.first_row; i < node.first_row + node.height - node.width; ++i) {
      if (rows_[i] < end) continue;
      const auto place = std::ranges::lower_bound(outer, rows_[i]) - outer.begin();
      rows_[i] = static_cast<std::uint32_t>(size_ + branch.first_outer) + static_cast<std::uint32_t>(place);
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
    const float* a = factor.values_.get() + node.first_value;
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
    const float* values = factor.values_.get() + node.first_value;
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

  /// The same of a narrow supernode, of W columns: all right sides of a row stand in one register, and rows
  /// are neither gathered nor scattered column by column.
  template <std::size_t W>
  void lower_narrow(const Supernode& node) {
    const std::size_t stride = node.stride();
    const float* inverse = factor.inverse_diagonal_.data() + node.first;
    const float* a = factor.values_.get() + node.first_value;
    Row* own = x.data() + node.first;
    std::array<Row, W> u;
    for (std::size_t j = 0; j < W; ++j) {
      Row sum = own[j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[k * stride + j] * u[k];
      own[j] = u[j] = sum * inverse[j];
    }
    const std::uint32_t* rows = factor.rows_.data() + node.first_row;
    for (std::size_t i = W; i < node.height; ++i) {
      Row sum = x[rows[i - W]];
      for (std::size_t j = 0; j < W; ++j) sum -= a[j * stride + i] * u[j];
      x[rows[i - W]] = sum;
    }
  }
  template <std::size_t W>
  void upper_narrow(const Supernode& node) {
    const std::size_t stride = node.stride();
    const float* inverse = factor.inverse_diagonal_.data() + node.first;
    const float* a = factor.values_.get() + node.first_value;
    Row* own = x.data() + node.first;
    std::array<Row, W> sum;
    for (std::size_t j = 0; j < W; ++j) sum[j] = own[j];
    const std::uint32_t* rows = factor.rows_.data() + node.first_row;
    for (std::size_t i = W; i < node.height; ++i) {
      const Row below = x[rows[i - W]];
      for (std::size_t j = 0; j < W; ++j) sum[j] -= a[j * stride + i] * below;
    }
    for (std::size_t j = W; j-- > 0;) {
      own[j] = sum[j] * inverse[j];
      for (std::size_t k = 0; k < j; ++k) sum[k] -= a[k * stride + j] * own[j];
    }
  }

  /// Solves with a supernode, by its width. The widths of narrow ones are known when this is compiled.
  void solve(const Supernode& node, bool up) {
    if (!solve_narrow(node, up, std::make_index_sequence<8>())) up ? upper(node) : lower(node);
  }
  template <std::size_t... W>
  bool solve_narrow(const Supernode& node, bool up, std::index_sequence<W...>) {
    return ((node.width == W + 1 && (up ? upper_narrow<W + 1>(node) : lower_narrow<W + 1>(node), true)) ||
            ...);
  }

  void lower(const Branch& branch) {
    std::fill(outer(branch).begin(), outer(branch).end(), Row{});
    for (std::uint32_t s = branch.first; s < branch.end; ++s) solve(factor.supernodes_[s], false);
  }
  void upper(const Branch& branch) {
    const std::span<Row> outer_x = outer(branch);
    for (std::size_t i = 0; i < outer_x.size(); ++i)
      outer_x[i] = x[factor.outer_rows_[branch.first_outer + i]];
    for (std::uint32_t s = branch.end; s-- > branch.first;) solve(factor.supernodes_[s], true);
  }
  /// Between the branches' two halves.
  void trunk() {
    for (std::size_t i = 0; i < factor.outer_rows_.size(); ++i)
      x[factor.outer_rows_[i]] += x[factor.size_ + i];
    for (const std::uint32_t s : factor.trunk_) solve(factor.supernodes_[s], false);
    for (std::size_t i = factor.trunk_.size(); i-- > 0;) solve(factor.supernodes_[factor.trunk_[i]], true);
  }
  [[nodiscard]] std::span<Row> outer(const Branch& branch) const {
    return x.subspan(factor.size_ + branch.first_outer, branch.end_outer - branch.first_outer);
  }
  void do_part(const Branch* branch, bool up) {
    if (branch == nullptr) return trunk();
    if (up) return upper(*branch);
    lower(*branch);
  }
};

void PackedFactor::solve(std::span<Row> x, Team& team) {
  const auto do_part = [&](const Branch* branch, bool up) {
    const auto work = std::make_unique_for_overwrite<float[]>(columns * tallest_);
    Solver solver{*this, x, {work.get(), work.get() + tallest_, work.get() + 2 * tallest_}};
#ifdef __x86_64__
    static const bool wide = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    // For processors of the last ten years: eight numbers in a register, and fused multiplications.
    struct Wide {
      [[gnu::target("avx2,fma"), gnu::flatten]] static void do_part(Solver& solver, const Branch* branch,
                                                                    bool up) {
        solver.do_part(branch, up);
      }
    };
    if (wide) return Wide::do_part(solver, branch, up);
#endif
    solver.do_part(branch, up);
  };
  team.share(branches_.size(), [&](std::size_t part) { do_part(&branches_[part], false); });
  do_part(nullptr, false);
  team.share(branches_.size(), [&](std::size_t part) { do_part(&branches_[part], true); });
}

}  // namespace memspice
