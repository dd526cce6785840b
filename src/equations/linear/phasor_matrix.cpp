#include "equations/linear/phasor_matrix.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

namespace {

constexpr std::uint32_t eliminated = 0xffffffffu;

/// Inverse of a small row-major matrix, by elimination with row pivoting. False when it is singular.
bool invert(std::size_t n, std::vector<Complex>& a, Complex* inverse) {
  if (n == 1) {
    inverse[0] = 1.0 / a[0];
    return a[0] != 0.0;
  }
  for (std::size_t i = 0; i < n * n; ++i) inverse[i] = i % (n + 1) == 0 ? 1.0 : 0.0;
  for (std::size_t column = 0; column < n; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column + 1; row < n; ++row)
      if (std::abs(a[row * n + column]) > std::abs(a[pivot * n + column])) pivot = row;
    if (a[pivot * n + column] == 0.0) return false;
    const Complex scale = 1.0 / a[pivot * n + column];
    for (std::size_t j = 0; j < n; ++j) {
      std::swap(a[pivot * n + j], a[column * n + j]);
      std::swap(inverse[pivot * n + j], inverse[column * n + j]);
      a[column * n + j] *= scale;
      inverse[column * n + j] *= scale;
    }
    for (std::size_t row = 0; row < n; ++row) {
      if (row == column) continue;
      const Complex factor = a[row * n + column];
      for (std::size_t j = 0; j < n; ++j) {
        a[row * n + j] -= factor * a[column * n + j];
        inverse[row * n + j] -= factor * inverse[column * n + j];
      }
    }
  }
  return true;
}

/// Whether the internal equations have no derivatives: those of a capacitor, not those of a memristor.
bool is_algebraic(const Linearisation::Block& block) {
  const std::size_t width = block.branches + 2 * block.unknowns;
  for (std::size_t i = 0; i < block.unknowns; ++i) {
    const double* row = block.jacobian + (block.branches + i) * width + block.branches + block.unknowns;
    if (std::any_of(row, row + block.unknowns, [](double c) { return c != 0; })) return false;
  }
  return true;
}

}  // namespace

void PhasorMatrix::build(const Linearisation& linear, bool condense) {
  condense_ = condense;
  place_.assign(linear.size(), 0);
  if (condense) {
    for (const Linearisation::Block& block : linear.blocks())
      std::fill_n(place_.begin() + static_cast<std::ptrdiff_t>(block.first_unknown), block.unknowns,
                  eliminated);
  }
  kept_.clear();
  for (std::uint32_t i = 0; i < place_.size(); ++i) {
    if (place_[i] == eliminated) continue;
    place_[i] = static_cast<std::uint32_t>(kept_.size());
    kept_.push_back(i);
  }
  std::vector<SparseLu<Complex>::Position> positions;
  const auto entries = condense ? linear.kept_entries() : std::span<const MatrixEntry>(linear.entries());
  for (const MatrixEntry& entry : entries) positions.emplace_back(place_[entry.row], place_[entry.column]);
  for (const DelayedEntry& entry : linear.delayed())
    positions.emplace_back(place_[entry.row], place_[entry.column]);
  const std::size_t first = positions.size();
  blocks_.clear();
  std::size_t locals = 0;
  for (std::size_t i = 0; condense && i < linear.blocks().size(); ++i) {
    const Linearisation::Block& block = linear.blocks()[i];
    const std::size_t inverse = locals;
    const std::size_t response = inverse + block.unknowns * block.unknowns;
    locals = response + block.unknowns * block.branches;
    blocks_.push_back({inverse, response, positions.size() - first});
    for (std::size_t r = 0; r < block.branches; ++r)
      for (std::size_t c = 0; c < block.branches; ++c)
        for (const std::uint32_t row : {block.plus[r], block.minus[r]})
          for (const std::uint32_t column : {block.plus[c], block.minus[c]})
            positions.emplace_back(row == 0 || column == 0 ? 0 : row, row == 0 || column == 0 ? 0 : column);
  }
  matrix_.emplace(kept_.size(), positions);
  block_slots_.assign(matrix_->slots().begin() + static_cast<std::ptrdiff_t>(first), matrix_->slots().end());
  locals_.assign(locals, Complex{});
  set(linear);
}

void PhasorMatrix::set(const Linearisation& linear) {
  linear_ = &linear;
  g_.assign(matrix_->nonzeros(), 0.0);
  c_.assign(matrix_->nonzeros(), 0.0);
  const std::uint32_t* slot = matrix_->slots().data();
  const auto entries = condense_ ? linear.kept_entries() : std::span<const MatrixEntry>(linear.entries());
  for (const MatrixEntry& entry : entries) {
    g_[*slot] += entry.g;
    c_[*slot++] += entry.c;
  }
  omega_ = 1;  // the admittances of fixed blocks at 1/s are their values by frequency
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    // Decided anew: a state that is held at a bound has no derivative, until it leaves.
    blocks_[i].fixed = is_algebraic(linear.blocks()[i]);
    if (!blocks_[i].fixed) continue;
    if (!eliminate(i)) return build(linear, false);
    add_block(i, [&](std::uint32_t at, Complex y) {
      g_[at] += y.real();
      c_[at] += y.imag();
    });
  }
}

bool PhasorMatrix::factorise(double omega) {
  omega_ = omega;
  // A device whose internal equations have no solution of their own, at 0 Hz: all are left as they are.
  if (!assemble(omega)) {
    build(*linear_, false);
    omega_ = omega;
    assemble(omega);
  }
  return matrix_->factorise();
}

bool PhasorMatrix::assemble(double omega) {
  const std::span<Complex> values = matrix_->values();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = {g_[i], omega * c_[i]};
  const std::size_t first =
      condense_ ? linear_->kept_entries().size() : linear_->entries().size();  // slots of delayed entries
  for (std::size_t i = 0; i < linear_->delayed().size(); ++i) {
    const DelayedEntry& entry = linear_->delayed()[i];
    values[matrix_->slots()[first + i]] += std::polar(entry.g, -omega * entry.delay);
  }
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    if (blocks_[i].fixed) continue;
    if (!eliminate(i)) return false;
    add_block(i, [&](std::uint32_t at, Complex y) { values[at] += y; });
  }
  return true;
}

Complex PhasorMatrix::flow(const Linearisation::Block& block, std::size_t branch, std::size_t unknown) const {
  const double* row = block.jacobian + branch * (block.branches + 2 * block.unknowns) + block.branches;
  return {row[unknown], omega_ * row[block.unknowns + unknown]};
}

bool PhasorMatrix::eliminate(std::size_t i) {
  const Linearisation::Block& block = linear_->blocks()[i];
  const std::size_t nb = block.branches;
  const std::size_t nu = block.unknowns;
  const double* rows = block.jacobian + nb * (nb + 2 * nu);
  d_.resize(nu * nu);
  for (std::size_t j = 0; j < nu; ++j)
    for (std::size_t k = 0; k < nu; ++k)
      d_[j * nu + k] = {rows[j * (nb + 2 * nu) + nb + k], omega_ * rows[j * (nb + 2 * nu) + nb + nu + k]};
  Complex* inverse = locals_.data() + blocks_[i].inverse;
  Complex* response = locals_.data() + blocks_[i].response;
  if (!invert(nu, d_, inverse)) return false;
  for (std::size_t j = 0; j < nu; ++j) {
    for (std::size_t b = 0; b < nb; ++b) {
      Complex sum{};
      for (std::size_t k = 0; k < nu; ++k) sum += inverse[j * nu + k] * rows[k * (nb + 2 * nu) + b];
      response[j * nb + b] = sum;
    }
  }
  return true;
}

template <class Add>
void PhasorMatrix::add_block(std::size_t i, Add&& add) const {
  const Linearisation::Block& block = linear_->blocks()[i];
  const std::size_t nb = block.branches;
  const Complex* response = locals_.data() + blocks_[i].response;
  const std::uint32_t* slot = block_slots_.data() + blocks_[i].slots;
  for (std::size_t r = 0; r < nb; ++r) {
    for (std::size_t c = 0; c < nb; ++c, slot += 4) {
      Complex y = block.jacobian[r * (nb + 2 * block.unknowns) + c];
      for (std::size_t j = 0; j < block.unknowns; ++j) y -= flow(block, r, j) * response[j * nb + c];
      if (block.plus[r] != 0 && block.plus[c] != 0) add(slot[0], y);
      if (block.plus[r] != 0 && block.minus[c] != 0) add(slot[1], -y);
      if (block.minus[r] != 0 && block.plus[c] != 0) add(slot[2], -y);
      if (block.minus[r] != 0 && block.minus[c] != 0) add(slot[3], y);
    }
  }
}

bool PhasorMatrix::solve(std::span<Complex> b) {
  // x inside = d⁻¹ (b - e v): first d⁻¹ b, whose currents the nodes see, then the rest.
  for (std::size_t k = 0; k < blocks_.size(); ++k) {
    const Linearisation::Block& block = linear_->blocks()[k];
    const std::size_t nu = block.unknowns;
    Complex* inside = b.data() + block.first_unknown;
    if (std::all_of(inside, inside + nu, [](Complex z) { return z == 0.0; })) continue;
    const Complex* inverse = locals_.data() + blocks_[k].inverse;
    internal_.assign(nu, Complex{});
    for (std::size_t i = 0; i < nu; ++i)
      for (std::size_t j = 0; j < nu; ++j) internal_[i] += inverse[i * nu + j] * inside[j];
    std::ranges::copy(internal_, inside);
    for (std::size_t i = 0; i < block.branches; ++i) {
      Complex current{};
      for (std::size_t j = 0; j < nu; ++j) current += flow(block, i, j) * inside[j];
      b[block.plus[i]] -= current;
      b[block.minus[i]] += current;
    }
  }
  b[0] = 0;
  condensed_.resize(kept_.size());
  for (std::size_t i = 0; i < kept_.size(); ++i) condensed_[i] = b[kept_[i]];
  if (!matrix_->solve(condensed_)) return false;
  for (std::size_t i = 0; i < kept_.size(); ++i) b[kept_[i]] = condensed_[i];
  for (std::size_t k = 0; k < blocks_.size(); ++k) {
    const Linearisation::Block& block = linear_->blocks()[k];
    const Complex* response = locals_.data() + blocks_[k].response;
    Complex* inside = b.data() + block.first_unknown;
    for (std::size_t i = 0; i < block.unknowns; ++i)
      for (std::size_t j = 0; j < block.branches; ++j)
        inside[i] -= *response++ * (b[block.plus[j]] - b[block.minus[j]]);
  }
  return true;
}

bool PhasorMatrix::solve_transposed(std::span<Complex> b) {
  // λ inside = d⁻ᵀ (c - flowᵀ λ), and the nodes see -eᵀ d⁻ᵀ c.
  for (std::size_t k = 0; k < blocks_.size(); ++k) {
    const Linearisation::Block& block = linear_->blocks()[k];
    const Complex* response = locals_.data() + blocks_[k].response;
    const Complex* inside = b.data() + block.first_unknown;
    for (std::size_t i = 0; i < block.unknowns; ++i) {
      for (std::size_t j = 0; j < block.branches; ++j) {
        const Complex sum = *response++ * inside[i];
        b[block.plus[j]] -= sum;
        b[block.minus[j]] += sum;
      }
    }
  }
  b[0] = 0;
  condensed_.resize(kept_.size());
  for (std::size_t i = 0; i < kept_.size(); ++i) condensed_[i] = b[kept_[i]];
  if (!matrix_->solve_transposed(condensed_)) return false;
  for (std::size_t i = 0; i < kept_.size(); ++i) b[kept_[i]] = condensed_[i];
  for (std::size_t k = 0; k < blocks_.size(); ++k) {
    const Linearisation::Block& block = linear_->blocks()[k];
    const std::size_t nu = block.unknowns;
    const Complex* inverse = locals_.data() + blocks_[k].inverse;
    Complex* inside = b.data() + block.first_unknown;
    for (std::size_t i = 0; i < block.branches; ++i) {
      const Complex lambda = b[block.plus[i]] - b[block.minus[i]];
      for (std::size_t j = 0; j < nu; ++j) inside[j] -= flow(block, i, j) * lambda;
    }
    internal_.assign(nu, Complex{});
    for (std::size_t i = 0; i < nu; ++i)
      for (std::size_t j = 0; j < nu; ++j) internal_[i] += inverse[j * nu + i] * inside[j];
    std::ranges::copy(internal_, inside);
  }
  return true;
}

}  // namespace memspice
