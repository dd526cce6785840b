#include "solver/thin_factor.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace memspice {

namespace {

constexpr std::int32_t no_parent = -1;
constexpr double rounding = 1e-14;       // what is left of a diagonal entry: a smaller pivot is none
constexpr std::size_t most_entries = 3;  // of L, a row, below the diagonal: a path has two

/// Rows of a graph eliminated round by round: in each one as many as have few neighbours and are no
/// neighbours of each other. So the rows of a round do not need each other in a solution, and of a path of n
/// rows there are log2(n) rounds. AMD would go from one end to the other: half the entries, each of which
/// waits for the one before.
class Elimination {
 public:
  /// The pattern of a symmetric matrix, by columns.
  Elimination(std::span<const std::int32_t> columns, std::span<const std::int32_t> rows)
      : neighbours_(columns.size() - 1), degree_(neighbours_.size()), eliminated_(neighbours_.size(), 0) {
    for (std::size_t i = 0; i < neighbours_.size(); ++i) {
      for (std::int32_t e = columns[i]; e < columns[i + 1]; ++e)
        if (rows[e] != static_cast<std::int32_t>(i)) neighbours_[i].push_back(rows[e]);
      degree_[i] = neighbours_[i].size();
    }
  }

  /// The rows in the order of their elimination; not all of them when there are too many entries in L.
  std::vector<std::int32_t> order() {
    constexpr std::size_t few = 8;  // a round takes no less than that part of what is left
    std::vector<std::int32_t> left(neighbours_.size());
    std::iota(left.begin(), left.end(), 0);
    std::size_t most_neighbours = 2;
    std::vector<std::size_t> round_of_neighbour(neighbours_.size(), 0);
    for (std::size_t round = 1; !left.empty(); ++round) {
      const std::size_t before = order_.size();
      for (const std::int32_t i : left) {
        if (degree_[i] > most_neighbours || round_of_neighbour[i] == round) continue;
        eliminate(i);
        if (entries_ > most_entries * neighbours_.size()) return std::move(order_);
        for (const std::int32_t j : neighbours_[i]) round_of_neighbour[j] = round;
      }
      std::erase_if(left, [&](std::int32_t i) { return eliminated_[i] != 0; });
      if ((order_.size() - before) * few < left.size()) ++most_neighbours;
    }
    return std::move(order_);
  }

 private:
  /// Joins all neighbours of i with each other.
  void eliminate(std::int32_t i) {
    eliminated_[i] = 1;
    order_.push_back(i);
    forget_eliminated(i);
    const std::vector<std::int32_t>& around = neighbours_[i];
    entries_ += around.size();
    for (const std::int32_t j : around) --degree_[j];
    for (std::size_t a = 0; a < around.size(); ++a)
      for (std::size_t b = a + 1; b < around.size(); ++b) join(around[a], around[b]);
  }

  void forget_eliminated(std::int32_t i) {
    std::erase_if(neighbours_[i], [&](std::int32_t j) { return eliminated_[j] != 0; });
  }

  void join(std::int32_t a, std::int32_t b) {
    if (neighbours_[a].size() > neighbours_[b].size()) std::swap(a, b);
    forget_eliminated(a);
    if (std::ranges::find(neighbours_[a], b) != neighbours_[a].end()) return;
    neighbours_[a].push_back(b);
    neighbours_[b].push_back(a);
    ++degree_[a];
    ++degree_[b];
  }

  std::vector<std::vector<std::int32_t>> neighbours_;  // of each row, with some that are eliminated
  std::vector<std::size_t> degree_;                    // without those
  std::vector<std::uint8_t> eliminated_;
  std::vector<std::int32_t> order_;
  std::size_t entries_ = 0;  // of L so far
};

/// The elimination tree: which column the first entry below the diagonal of each column of L stands for.
template <class Rows>
std::vector<std::int32_t> elimination_tree(const Rows& rows) {
  std::vector<std::int32_t> parent(rows.size(), no_parent), root(rows.size());
  std::iota(root.begin(), root.end(), 0);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const auto row = static_cast<std::int32_t>(k);
    for (const auto& entry : rows[k]) {
      for (std::int32_t i = entry.column; i != row;) {
        const std::int32_t next = root[i];
        root[i] = row;
        if (next == i) parent[i] = row;
        i = next == i ? row : next;
      }
    }
  }
  return parent;
}

}  // namespace

ThinFactor::ThinFactor(std::span<const std::int32_t> columns, std::span<const std::int32_t> rows,
                       std::span<const double> values)
    : columns_of_a_(columns), rows_of_a_(rows), values_(values) {
  // A tree has three entries a row, both triangles and the diagonal; few meshes more leave its factors thin.
  constexpr double most_entries_of_a = 3.25;
  const auto size = static_cast<double>(columns.size() - 1);
  if (static_cast<double>(rows.size()) > most_entries_of_a * size) return;
  order_ = Elimination(columns, rows).order();
  thin_ = order_.size() == columns.size() - 1;
  if (thin_) find_pattern();
}

ThinFactor::Rows ThinFactor::permuted(std::span<const std::int32_t> order) const {
  std::vector<std::int32_t> position(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) position[order[i]] = static_cast<std::int32_t>(i);
  Rows rows(order.size());
  for (std::size_t column = 0; column < order.size(); ++column)
    for (std::int32_t e = columns_of_a_[column]; e < columns_of_a_[column + 1]; ++e)
      if (const std::int32_t row = position[rows_of_a_[e]]; row > position[column])
        rows[row].push_back({position[column], e});
  return rows;
}

void ThinFactor::find_pattern() {
  const Rows rows = permuted(order_);
  const std::vector<std::int32_t> parent = elimination_tree(rows);
  const std::size_t size = rows.size();
  begin_.assign(size + 1, 0);
  begin_of_row_.assign(1, 0);
  begin_of_pattern_.assign(1, 0);
  std::vector<std::int32_t> seen(size, no_parent);
  for (std::size_t k = 0; k < size; ++k) {
    const auto row = static_cast<std::int32_t>(k);
    seen[k] = row;
    const auto first = static_cast<std::ptrdiff_t>(pattern_.size());
    for (const Entry& entry : rows[k]) {
      entries_.push_back(entry);
      for (std::int32_t i = entry.column; seen[i] != row; i = parent[i]) {
        seen[i] = row;
        pattern_.push_back(i);
        ++begin_[i + 1];
      }
    }
    std::sort(pattern_.begin() + first, pattern_.end());
    begin_of_row_.push_back(static_cast<std::int32_t>(entries_.size()));
    begin_of_pattern_.push_back(static_cast<std::int32_t>(pattern_.size()));
    const std::int32_t a = order_[k];
    const auto place =
        std::lower_bound(rows_of_a_.begin() + columns_of_a_[a], rows_of_a_.begin() + columns_of_a_[a + 1], a);
    diagonal_of_a_.push_back(static_cast<std::int32_t>(place - rows_of_a_.begin()));
  }
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  rows_of_l_.resize(pattern_.size());
  l_.resize(pattern_.size());
  diagonal_.resize(size);
  inverse_.resize(size);
  filled_.resize(size);
  work_.assign(size, 0.0);
}

double ThinFactor::flops() const {
  double sum = 0;
  for (std::size_t j = 0; j < order_.size(); ++j) {
    const double entries = begin_[j + 1] - begin_[j] + 1;
    sum += entries * entries;
  }
  return sum;
}

/// Row by row: row k of L solves L D x = (row k of A) with the rows above.
bool ThinFactor::factorise() {
  std::copy(begin_.begin(), begin_.end() - 1, filled_.begin());
  for (std::size_t k = 0; k < order_.size(); ++k) {
    for (std::int32_t e = begin_of_row_[k]; e < begin_of_row_[k + 1]; ++e)
      work_[entries_[e].column] = values_[entries_[e].from];
    double pivot = values_[diagonal_of_a_[k]];
    const double least = rounding * pivot;
    for (std::int32_t e = begin_of_pattern_[k]; e < begin_of_pattern_[k + 1]; ++e) {
      const std::int32_t column = pattern_[e];
      const double x = std::exchange(work_[column], 0.0);
      for (std::int32_t i = begin_[column]; i < filled_[column]; ++i) work_[rows_of_l_[i]] -= l_[i] * x;
      const std::int32_t place = filled_[column]++;
      rows_of_l_[place] = static_cast<std::int32_t>(k);
      l_[place] = x * inverse_[column];
      pivot -= l_[place] * x;
    }
    if (!(pivot > 0 && pivot > least)) {
      std::ranges::fill(work_, 0.0);
      return false;
    }
    diagonal_[k] = pivot;
    inverse_[k] = 1 / pivot;
  }
  return true;
}

double ThinFactor::log_determinant() const {
  double sum = 0;
  for (const double pivot : diagonal_) sum += std::log(pivot);
  return sum;
}

void ThinFactor::solve(double* b) {
  const std::size_t size = order_.size();
  double* x = work_.data();
  for (std::size_t i = 0; i < size; ++i) x[i] = b[order_[i]];
  for (std::size_t j = 0; j < size; ++j) {
    const double value = x[j];
    for (std::int32_t e = begin_[j]; e < begin_[j + 1]; ++e) x[rows_of_l_[e]] -= l_[e] * value;
  }
  for (std::size_t i = 0; i < size; ++i) x[i] *= inverse_[i];
  for (std::size_t j = size; j-- > 0;) {
    double value = x[j];
    for (std::int32_t e = begin_[j]; e < begin_[j + 1]; ++e) value -= l_[e] * x[rows_of_l_[e]];
    x[j] = value;
  }
  for (std::size_t i = 0; i < size; ++i) b[order_[i]] = x[i];
  std::ranges::fill(work_, 0.0);
}

}  // namespace memspice
