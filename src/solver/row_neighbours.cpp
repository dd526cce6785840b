#include "solver/row_neighbours.hpp"

#include <numeric>

namespace memspice {

RowNeighbours::RowNeighbours(std::size_t rows, std::span<const std::uint32_t> plus,
                             std::span<const std::uint32_t> minus)
    : begin(rows + 1, 0) {
  const auto joins = [&](std::size_t k) { return plus[k] != 0 && minus[k] != 0 && plus[k] != minus[k]; };
  for (std::size_t k = 0; k < plus.size(); ++k) {
    if (!joins(k)) continue;
    ++begin[plus[k] + 1];
    ++begin[minus[k] + 1];
  }
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  row.resize(begin.back());
  branch.resize(begin.back());
  std::vector<std::uint32_t> place(begin.begin(), begin.end() - 1);
  const auto add = [&](std::uint32_t at, std::uint32_t other, std::size_t k) {
    row[place[at]] = other;
    branch[place[at]++] = static_cast<std::uint32_t>(k);
  };
  for (std::size_t k = 0; k < plus.size(); ++k) {
    if (!joins(k)) continue;
    add(plus[k], minus[k], k);
    add(minus[k], plus[k], k);
  }
}

}  // namespace memspice
