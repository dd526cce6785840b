#include "solver/laplacian_preconditioner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "solver/cholmod.hpp"
#include "solver/free_memory.hpp"
#include "solver/row_neighbours.hpp"

namespace memspice {

namespace {

constexpr std::size_t small_laplacian = 5000;   // rows: a factor is always affordable
constexpr std::size_t large_laplacian = 20000;  // rows: to order an expander is not
constexpr double most_fill = 150;  // entries of a factor, by branch: more cost more than iterations

/// The largest number of rows at one distance from the first row of their component, as a part of all rows:
/// in a plane or a box a vanishing part, in an expander a third or so. Ground joins nothing: it is
/// eliminated.
double widest_level(std::size_t rows, std::span<const std::uint32_t> plus,
                    std::span<const std::uint32_t> minus) {
  const RowNeighbours joined(rows, plus, minus);
  std::vector<bool> seen(rows, false);
  std::vector<std::uint32_t> level, next;
  std::size_t widest = 0;
  for (std::uint32_t first = 1; first < rows; ++first) {
    if (seen[first]) continue;
    seen[first] = true;
    for (level.assign(1, first); !level.empty(); level.swap(next)) {
      widest = std::max(widest, level.size());
      next.clear();
      for (const std::uint32_t row : level) {
        for (std::uint32_t e = joined.begin[row]; e < joined.begin[row + 1]; ++e) {
          if (seen[joined.row[e]]) continue;
          seen[joined.row[e]] = true;
          next.push_back(joined.row[e]);
        }
      }
    }
  }
  return static_cast<double>(widest) / static_cast<double>(rows);
}

}  // namespace

LaplacianPreconditioner::LaplacianPreconditioner(std::size_t rows, std::span<const std::uint32_t> plus,
                                                 std::span<const std::uint32_t> minus, Choice choice,
                                                 Team& team) {
  constexpr double expander = 0.05;
  const auto branches = static_cast<double>(plus.size());
  bool wants_factor = choice == Choice::factor;
  if (choice != Choice::automatic) {
    reason_ = "asked for";
  } else if (!has_cholmod()) {
    reason_ = "built without CHOLMOD";
  } else if (rows > large_laplacian && branches > 1.2 * static_cast<double>(rows)) {
    const double widest = widest_level(rows, plus, minus);
    wants_factor = widest < expander;
    if (!wants_factor)
      reason_ = fmt::format("{:.0f} % of the nodes at one distance from the first", 100 * widest);
  } else {
    wants_factor = true;
  }
  if (wants_factor) {
    factor_ = std::make_unique<KeptFactor>(rows, plus, minus, team);
    const double entries = factor_->entries();
    const bool fills = (rows > small_laplacian && entries > most_fill * branches) || !factor_->fits();
    if (reason_.empty())
      reason_ = fmt::format("a factor {} {}", fills ? "would have" : "of",
                            describe_factor(entries, KeptFactor::bytes_per_entry));
    if (choice == Choice::automatic && fills) factor_.reset();
  }
  if (!factor_) gradients_ = std::make_unique<LaplacianGradients>(rows, plus, minus, team);
}

}  // namespace memspice
