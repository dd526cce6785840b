#include "network/flow/potential_frame.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace memspice::network {

bool PotentialFrame::spans(double tau) const {
  return count_ > 0 && tau >= std::ranges::min(instants()) && tau <= std::ranges::max(instants());
}

void PotentialFrame::add(std::span<const double> tau, std::span<const double> p) {
  const std::size_t rows = p.size() / instants_at_once;
  difference_.resize(rows * most);
  std::ranges::copy(tau, tau_.begin() + static_cast<std::ptrdiff_t>(count_));
  std::array<Products, instants_at_once> inverse{};
  for (std::size_t c = 0; c < tau.size(); ++c)
    for (std::size_t i = 0; i < count_ + c; ++i) inverse[c][i] = 1 / (tau[c] - tau_[i]);
  for (std::size_t row = 0; row < rows; ++row) {
    double* differences = difference_.data() + row * most;
    for (std::size_t c = 0; c < tau.size(); ++c) {
      double next = p[row * instants_at_once + c];
      for (std::size_t i = 0; i < count_ + c; ++i) next = (next - differences[i]) * inverse[c][i];
      differences[count_ + c] = next;
    }
  }
  count_ += tau.size();
  find_reach();
}

void PotentialFrame::find_reach() {
  constexpr int looked_at = 64;
  const auto [least, largest] = std::ranges::minmax(instants());
  reach_ = {};
  for (int i = 0; i <= looked_at; ++i) {
    const Products products = products_at(least + (largest - least) * i / looked_at);
    for (std::size_t k = 0; k < count_; ++k) reach_[k] = std::max(reach_[k], std::abs(products[k]));
  }
}

PotentialFrame::Products PotentialFrame::products_at(double tau) const {
  Products products{};
  double product = 1;
  for (std::size_t i = 0; i < count_; ++i) {
    products[i] = product;
    product *= tau - tau_[i];
  }
  return products;
}

double PotentialFrame::value(double tau, std::size_t row) const {
  const Products products = products_at(tau);
  double sum = 0;
  for (std::size_t i = 0; i < count_; ++i) sum += products[i] * difference_[row * most + i];
  return sum;
}

void PotentialFrame::find(const Instants& tau, std::span<double> p) const {
  std::array<Instants, most> products{};
  for (std::size_t c = 0; c < instants_at_once; ++c) {
    if (!spans(tau[c])) continue;
    const Products of = products_at(tau[c]);
    for (std::size_t i = 0; i < count_; ++i) products[i][c] = of[i];
  }
  for (std::size_t row = 0; row * instants_at_once < p.size(); ++row)
    for (std::size_t i = 0; i < count_; ++i)
      for (std::size_t c = 0; c < instants_at_once; ++c)
        p[row * instants_at_once + c] += products[i][c] * difference_[row * most + i];
}

double PotentialFrame::error_through(std::span<const double> values) const {
  constexpr std::size_t fewest = 6;  // terms that tell how they fall off
  if (count_ < fewest) return infinity;
  Products term{};
  for (std::size_t k = 0; k < count_; ++k) {
    term[k] = values[k];
    for (std::size_t i = 0; i < k; ++i) term[k] = (term[k] - term[i]) / (tau_[k] - tau_[i]);
  }
  for (std::size_t k = 0; k < count_; ++k) term[k] = std::abs(term[k]) * reach_[k];
  // Pairs of them are compared, since one alone may be small by chance, as every other one of an even
  // function is; and the slowest fall counts: a large constant or slope says nothing of what a ripple upon it
  // does, and a parabola, too, hides no more than the first pair.
  constexpr double more = 2;  // that the next terms add up to
  const auto pair = [&](std::size_t k) { return std::max(term[k], term[k + 1]); };
  const std::size_t last = count_ - 2;
  if (pair(last) == 0) return 0;
  double ratio = std::sqrt(term[last + 1] / term[last - 1]);
  for (std::size_t k = 1; k + 2 <= last; ++k)
    ratio = std::max(ratio, std::pow(pair(last) / pair(k), 1.0 / static_cast<double>(last - k)));
  ratio = std::min(ratio, 1.0);
  return more * ratio * std::max({term[last + 1], term[last] * ratio, term[last - 1] * ratio * ratio});
}

std::vector<std::size_t> PotentialFrame::choose(std::span<const double> tau, std::size_t count) const {
  constexpr double too_near = 1e-4;
  std::vector<double> known(instants().begin(), instants().end());
  std::vector<std::size_t> chosen;
  while (chosen.size() < count) {
    double most_worth = 0;
    std::size_t best = tau.size();
    for (std::size_t i = 0; i < tau.size(); ++i) {
      double worth = known.empty() ? tau[i] : 1, nearest = 1;
      for (const double at : known) {
        worth *= std::abs(tau[i] - at);
        nearest = std::min(nearest, std::abs(tau[i] - at));
      }
      if (nearest < too_near || worth <= most_worth) continue;
      most_worth = worth;
      best = i;
    }
    if (best == tau.size()) break;
    chosen.push_back(best);
    known.push_back(tau[best]);
  }
  return chosen;
}

}  // namespace memspice::network
