#include "network/flow/residual_minimiser.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/interruption.hpp"

namespace memspice::network {

namespace {

constexpr std::size_t columns = FluxPass::K;

/// In eight sums, which are computed side by side.
template <class A, class B>
double dot_of(const A* a, const B* b, std::size_t size) {
  constexpr std::size_t sums = 8;
  std::array<double, sums> sum{};
  std::size_t i = 0;
  for (; i + sums <= size; i += sums)
    for (std::size_t s = 0; s < sums; ++s) sum[s] += double{a[i + s]} * double{b[i + s]};
  for (; i < size; ++i) sum[0] += double{a[i]} * double{b[i]};
  return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

template <class Number>
std::vector<Number> joined(std::span<const Number> a, std::span<const Number> b) {
  std::vector<Number> all;
  all.reserve(a.size() + b.size());
  all.insert(all.end(), a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

}  // namespace

ResidualMinimiser::ResidualMinimiser(const FlowNetwork& network, FluxPass& pass, Choice choice, Team& team)
    : network_(network),
      pass_(pass),
      team_(team),
      inverse_(network.rows, joined<std::uint32_t>(network.memristors.plus, network.resistors.plus),
               joined<std::uint32_t>(network.memristors.minus, network.resistors.minus), choice, team),
      direction_(kept),
      answer_(kept),
      answer_norm_(kept, 0.0) {}

bool ResidualMinimiser::factorise(std::span<const double> conductance) {
  const std::vector<double> conductances = joined<double>(conductance, network_.resistor_conductance);
  age_.renew();
  if (inverse_.has_factor()) ++statistics_.factorisations;
  return inverse_.factorise(conductances);
}

/// Part by part, the same parts for any team.
template <class A, class B>
double ResidualMinimiser::dot(const A& a, const B& b) {
  constexpr std::size_t part = 65536;
  sums_.assign((a.size() + part - 1) / part, 0.0);
  team_.share_ranges(a.size(), part, [&](std::size_t first, std::size_t last) {
    sums_[first / part] = dot_of(a.data() + first, b.data() + first, last - first);
  });
  return std::accumulate(sums_.begin(), sums_.end(), 0.0);
}

std::span<const double> ResidualMinimiser::foresee(std::span<const double> residual) {
  new_direction_.resize(residual.size());
  inverse_.solve(residual, new_direction_);
  return new_direction_;
}

bool ResidualMinimiser::solve(std::span<double> residual, std::span<double> x, double reduction) {
  std::ranges::fill(x, 0.0);
  new_answer_.resize(x.size());
  double first = 0;
  for (int iteration = 0;; ++iteration) {
    const std::size_t slot = static_cast<std::size_t>(iteration) % kept;
    std::vector<double>& z = new_direction_;
    std::vector<double>& y = new_answer_;
    if (iteration > 0) inverse_.solve(residual, z);
    const double size = std::sqrt(dot(z, z));
    if (iteration == 0) first = size;
    if (!std::isfinite(size)) return false;
    if (size == 0) return true;
    if (iteration > 0 && size <= reduction * first) {
      for_all([&](std::size_t i) { x[i] += z[i]; });
      age_.note_excess(iteration - 2);
      return true;
    }
    if (iteration == most_iterations) {
      age_.note_excess(iteration);
      return false;
    }
    interruption_point();
    ++statistics_.iterations;
    pass_.multiply(z, y);
    const std::size_t others = std::min<std::size_t>(static_cast<std::size_t>(iteration), kept);
    for (std::size_t o = 0; o < others; ++o) {
      if (o == slot) continue;
      const double along = dot(y, answer_[o]) / answer_norm_[o];
      for_all([&](std::size_t i) {
        y[i] -= along * double{answer_[o][i]};
        z[i] -= along * double{direction_[o][i]};
      });
    }
    answer_norm_[slot] = dot(y, y);
    if (!(answer_norm_[slot] > 0)) return false;
    const double length = dot(residual, y) / answer_norm_[slot];
    direction_[slot].resize(z.size());
    answer_[slot].resize(y.size());
    for_all([&](std::size_t i) {
      x[i] += length * z[i];
      residual[i] -= length * y[i];
      direction_[slot][i] = static_cast<float>(z[i]);
      answer_[slot][i] = static_cast<float>(y[i]);
    });
  }
}

}  // namespace memspice::network
