#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace memspice {

/// What branches join each row to, row by row: of row r the places begin[r] … begin[r + 1] - 1, in the order
/// of the branches. Row 0 is ground: branches that lead there, and loops, are left out.
struct RowNeighbours {
  std::vector<std::uint32_t> begin;
  std::vector<std::uint32_t> row, branch;

  /// `rows`: ground's included; branch k lies between the rows plus[k] and minus[k].
  RowNeighbours(std::size_t rows, std::span<const std::uint32_t> plus, std::span<const std::uint32_t> minus);
};

}  // namespace memspice
