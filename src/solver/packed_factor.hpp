#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "solver/team.hpp"

struct cholmod_factor_struct;

namespace memspice {

/// A supernodal Cholesky factor L in single precision, packed to be solved for three right sides at once: a
/// quarter of the bytes of three solves in double precision. Rows are in the order of the factor.
///
/// Large factors are solved in branches of their elimination tree, which know each other through the rows
/// below them only; what these receive each branch keeps by itself, so that sums have one order.
class PackedFactor {
 public:
  static constexpr std::size_t columns = 3;
  /// One row of the right sides; the fourth number is idle.
  using Row = float __attribute__((vector_size(16)));

  /// Copies a numeric factor, whose numbers are lost.
  void pack(const cholmod_factor_struct& factor);
  [[nodiscard]] bool empty() const { return supernodes_.empty(); }
  /// Of x: the rows of the factor, and behind them work.
  [[nodiscard]] std::size_t rows() const { return size_ + outer_rows_.size(); }
  /// Solves L Lᵗ x = b in place, for `rows()` rows.
  void solve(std::span<Row> x, Team& team);

 private:
  struct Supernode {
    std::uint32_t first = 0;      // column
    std::uint32_t width = 0;      // columns
    std::uint32_t height = 0;     // rows of each, the columns' own included
    std::uint32_t first_row = 0;  // in rows_: of those below the columns' own
    std::size_t first_value = 0;
    [[nodiscard]] std::size_t stride() const { return (height + vector - 1) / vector * vector; }
    [[nodiscard]] std::size_t entries() const { return width * stride(); }
  };
  /// A branch of the tree: supernodes one after the other. Rows outside it stand in x behind the others.
  struct Branch {
    std::uint32_t first = 0, end = 0;              // supernodes
    std::uint32_t first_outer = 0, end_outer = 0;  // in outer_rows_
  };
  static constexpr std::size_t vector = 8;  // numbers side by side
  struct Solver;

  void find_branches();
  void detach(Branch& branch);

  std::size_t size_ = 0;
  std::vector<Supernode> supernodes_;
  std::vector<Branch> branches_;           // disjoint
  std::vector<std::uint32_t> trunk_;       // supernodes that are in none, in their order
  std::vector<std::uint32_t> outer_rows_;  // which rows of x those behind them stand for
  std::vector<std::uint32_t> rows_;
  std::size_t tallest_ = 0;  // supernode
  // Column by column, each as long as its supernode's stride; what is not below the diagonal is 0.
  std::unique_ptr<float[]> values_;
  std::vector<float> inverse_diagonal_;
};

}  // namespace memspice
