#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

struct cholmod_factor_struct;

namespace memspice {

/// A supernodal Cholesky factor L in single precision, packed to be solved for three right sides at once: a
/// quarter of the bytes of three solves in double precision. Rows are in the order of the factor.
class PackedFactor {
 public:
  static constexpr std::size_t columns = 3;
  /// One row of the right sides; the fourth number is idle.
  using Row = float __attribute__((vector_size(16)));

  /// Copies a numeric factor; the copy stands alone.
  void pack(const cholmod_factor_struct& factor);
  [[nodiscard]] bool empty() const { return supernodes_.empty(); }
  /// Solves L Lᵗ x = b in place.
  void solve(std::span<Row> x);

 private:
  struct Supernode {
    std::uint32_t first = 0;      // column
    std::uint32_t width = 0;      // columns
    std::uint32_t height = 0;     // rows of each, the columns' own included
    std::uint32_t first_row = 0;  // in rows_: of those below the columns' own
    std::size_t first_value = 0;
    [[nodiscard]] std::size_t stride() const { return (height + vector - 1) / vector * vector; }
  };
  static constexpr std::size_t vector = 8;  // numbers side by side
  struct Solver;

  std::vector<Supernode> supernodes_;
  std::vector<std::uint32_t> rows_;
  // Column by column, each as long as its supernode's stride; what is not below the diagonal is 0.
  std::vector<float> values_;
  std::vector<float> inverse_diagonal_;
  std::vector<float> work_;  // [right side][row of a supernode]
};

}  // namespace memspice
