#include "network/flow/potential_frame.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

bool PotentialFrame::spans(double tau) const {
  const std::span<const double> known = std::span(tau_).first(count_);
  return count_ > 0 && tau >= std::ranges::min(known) && tau <= std::ranges::max(known);
}

void PotentialFrame::add(double tau, std::span<const double> p, std::size_t stride) {
  const std::size_t rows = (p.size() + stride - 1) / stride;
  difference_.resize(rows * most);
  for (std::size_t row = 0; row < rows; ++row) {
    double* differences = difference_.data() + row * most;
    double next = p[row * stride];
    for (std::size_t i = 0; i < count_; ++i) next = (next - differences[i]) / (tau - tau_[i]);
    differences[count_] = next;
  }
  tau_[count_++] = tau;
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
  return sum_of(products_at(tau), row);
}

void PotentialFrame::find(double tau, std::span<double> p, std::size_t stride) const {
  const Products products = products_at(tau);
  for (std::size_t row = 0; row * stride < p.size(); ++row) p[row * stride] = sum_of(products, row);
}

std::vector<std::size_t> PotentialFrame::choose(std::span<const double> tau, std::size_t count) const {
  constexpr double too_near = 1e-4;
  std::vector<double> known(tau_.begin(), tau_.begin() + static_cast<std::ptrdiff_t>(count_));
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
