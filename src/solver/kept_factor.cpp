#include "solver/kept_factor.hpp"

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include "solver/cholmod.hpp"
#include "solver/free_memory.hpp"
#include "solver/packed_factor.hpp"

namespace memspice {

namespace {

constexpr std::size_t columns = PackedFactor::columns;
constexpr std::size_t rows_at_once = 32768;  // by one of a team
constexpr std::size_t small = 20000;  // rows: up to here METIS orders no better than AMD, and takes longer

}  // namespace

struct KeptFactor::Parts {
  Team& team;
  std::size_t size;  // without ground
  Cholmod cholmod;
  cholmod_sparse* matrix = nullptr;
  cholmod_factor* factor = nullptr;
  // Of every branch: its places in the matrix's values, or the place behind the last.
  std::vector<std::int32_t> plus_place, minus_place, joint_place;
  PackedFactor packed;
  std::vector<PackedFactor::Row> x;

  Parts(std::size_t rows, Team& helpers) : team(helpers), size(rows - 1) {
    cholmod.common.supernodal = CHOLMOD_SUPERNODAL;
    // Narrow supernodes are solved as fast as wide ones, so that few zeros are worth being kept among their
    // entries (a grid of 100²: a fifth fewer numbers than as CHOLMOD would have it).
    cholmod.common.nrelax[0] = 2;
    cholmod.common.nrelax[1] = 5;
    cholmod.common.nrelax[2] = 32;
    cholmod.common.zrelax[0] = 0.5;
    cholmod.common.zrelax[1] = 0.15;
    cholmod.common.zrelax[2] = 0.05;
    cholmod.common.nmethods = 1;
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() {
    cholmod.call.free_factor(&factor, &cholmod.common);
    cholmod.call.free_sparse(&matrix, &cholmod.common);
  }

  void build(std::span<const std::uint32_t> plus, std::span<const std::uint32_t> minus);
};

/// The upper triangle by columns: of column j the rows i < j and the diagonal.
void KeptFactor::Parts::build(std::span<const std::uint32_t> plus, std::span<const std::uint32_t> minus) {
  struct Entry {
    std::uint64_t key;  // column, row
    std::uint32_t branch;
  };
  std::vector<Entry> entries;
  entries.reserve(plus.size());
  for (std::uint32_t k = 0; k < plus.size(); ++k) {
    if (plus[k] == 0 || minus[k] == 0 || plus[k] == minus[k]) continue;
    const std::uint64_t low = std::min(plus[k], minus[k]) - 1, high = std::max(plus[k], minus[k]) - 1;
    entries.push_back({high << 32 | low, k});
  }
  std::ranges::sort(entries, {}, &Entry::key);
  matrix =
      cholmod.call.allocate_sparse(size, size, entries.size() + size, 1, 1, 1, CHOLMOD_REAL, &cholmod.common);
  if (matrix == nullptr) throw std::bad_alloc();
  auto* begin = static_cast<std::int32_t*>(matrix->p);
  auto* row = static_cast<std::int32_t*>(matrix->i);
  std::vector<std::int32_t> diagonal(size);
  joint_place.assign(plus.size(), -1);
  std::int32_t place = 0;
  std::size_t next = 0;
  for (std::size_t j = 0; j < size; ++j) {
    begin[j] = place;
    for (std::uint64_t last = ~std::uint64_t{0}; next < entries.size() && entries[next].key >> 32 == j;
         ++next) {
      if (entries[next].key != last) row[place++] = static_cast<std::int32_t>(entries[next].key);
      last = entries[next].key;
      joint_place[entries[next].branch] = place - 1;
    }
    diagonal[j] = place;
    row[place++] = static_cast<std::int32_t>(j);
  }
  begin[size] = place;
  const auto place_of = [&](std::uint32_t r) { return r == 0 ? -1 : diagonal[r - 1]; };
  plus_place.reserve(plus.size());
  minus_place.reserve(plus.size());
  for (std::size_t k = 0; k < plus.size(); ++k) {
    const bool loop = plus[k] == minus[k];
    plus_place.push_back(loop ? -1 : place_of(plus[k]));
    minus_place.push_back(loop ? -1 : place_of(minus[k]));
  }
  std::fill_n(static_cast<double*>(matrix->x), place, 1.0);
  cholmod.common.method[0].ordering = size > small ? CHOLMOD_METIS : CHOLMOD_AMD;
  factor = cholmod.call.analyze(matrix, &cholmod.common);
  if (factor == nullptr && cholmod.common.status != CHOLMOD_TOO_LARGE) throw std::bad_alloc();
}

KeptFactor::KeptFactor(std::size_t rows, std::span<const std::uint32_t> plus,
                       std::span<const std::uint32_t> minus, Team& team)
    : parts_(std::make_unique<Parts>(rows, team)) {
  parts_->build(plus, minus);
}

KeptFactor::~KeptFactor() = default;

double KeptFactor::entries() const {
  return parts_->cholmod.common.lnz;
}

bool KeptFactor::fits() const {
  return parts_->factor != nullptr && entries() * bytes_per_entry <= free_memory();
}

double KeptFactor::flops() const {
  return parts_->cholmod.common.fl;
}

bool KeptFactor::factorise(std::span<const double> conductance) {
  Parts& p = *parts_;
  if (p.packed.empty()) require_memory_for_factor(entries(), bytes_per_entry);
  if (p.factor == nullptr) throw std::bad_alloc();
  auto* x = static_cast<double*>(p.matrix->x);
  std::fill_n(x, static_cast<const std::int32_t*>(p.matrix->p)[p.size], 0.0);
  for (std::size_t k = 0; k < conductance.size(); ++k) {
    if (p.plus_place[k] >= 0) x[p.plus_place[k]] += conductance[k];
    if (p.minus_place[k] >= 0) x[p.minus_place[k]] += conductance[k];
    if (p.joint_place[k] >= 0) x[p.joint_place[k]] -= conductance[k];
  }
  p.cholmod.call.factorize(p.matrix, p.factor, &p.cholmod.common);
  if (p.cholmod.common.status == CHOLMOD_OUT_OF_MEMORY) throw std::bad_alloc();
  if (p.cholmod.common.status != CHOLMOD_OK || p.factor->minor < p.size) return false;
  p.packed.pack(*p.factor);
  p.x.resize(p.packed.rows());
  // The numbers in double precision are made anew, where they are.
  p.cholmod.call.change_factor(CHOLMOD_PATTERN, 1, 1, 0, 0, p.factor, &p.cholmod.common);
  return true;
}

void KeptFactor::solve(std::span<const double> right, std::span<double> x) {
  Parts& p = *parts_;
  const auto* order = static_cast<const std::int32_t*>(p.factor->Perm);
  p.team.share_ranges(p.size, rows_at_once, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const double* from = right.data() + (static_cast<std::size_t>(order[i]) + 1) * columns;
      p.x[i] = PackedFactor::Row{static_cast<float>(from[0]), static_cast<float>(from[1]),
                                 static_cast<float>(from[2]), 0};
    }
  });
  p.packed.solve(p.x, p.team);
  std::fill_n(x.begin(), columns, 0.0);
  p.team.share_ranges(p.size, rows_at_once, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      double* to = x.data() + (static_cast<std::size_t>(order[i]) + 1) * columns;
      for (std::size_t c = 0; c < columns; ++c) to[c] = p.x[i][c];
    }
  });
}

}  // namespace memspice
