#include "network/flow/source_moments.hpp"

#include <algorithm>
#include <cmath>

#include "network/flow/legendre.hpp"

namespace memspice::network {

namespace {

constexpr std::size_t rule_nodes = 8;
constexpr double resolved = 0.25;     // of a period, by Gauss' rule and by the polynomials of a step
constexpr double least_of_rough = 3;  // intervals between corners
constexpr std::size_t most_intervals = 4000;

struct Rule {
  std::array<double, rule_nodes> node{}, weight{};
  Rule() { gauss_rule(rule_nodes, node.data(), weight.data()); }
};

/// Time over which a wave varies from t on, between two of its corners, s.
double time_scale(const SourceFunction& function, double t) {
  double scale = function.shortest_period();
  if (function.kind == SourceFunction::Kind::sine && function.values[4] != 0)
    scale = std::min(scale, 2 / std::abs(function.values[4]));
  if (function.kind == SourceFunction::Kind::exponential) {
    const auto since = [&](double delay, double tau) { return t < delay ? infinity : 4 * (tau + t - delay); };
    scale = std::min({scale, since(function.values[2], function.values[3]),
                      since(function.values[4], function.values[5])});
  }
  return scale;
}

}  // namespace

template <std::size_t D>
double SourceMoments<D>::project(double t, double h, std::size_t kept) {
  double ripple = 0;
  for (std::size_t i = 0; i < coefficients_.size(); ++i) {
    const SharedWave& wave = network_.waves[i];
    ripple = std::max(ripple, wave.largest_effect * project(wave.function, t, h, kept, coefficients_[i]));
  }
  return ripple;
}

template <std::size_t D>
double SourceMoments<D>::project(const SourceFunction& function, double t, double h, std::size_t kept,
                                 Coefficients& coefficients) {
  static const Rule rule;
  const double end = t + h;
  bool rough = false;
  ends_.assign(1, t);
  for (double from = t + 1e-13 * h; ends_.size() < most_intervals;) {
    const double corner = std::min(function.next_breakpoint(from), end);
    const bool inside = corner < end - 1e-13 * h;
    rough |= inside;
    const double begin = ends_.back();
    const double longest = resolved * time_scale(function, from);
    rough |= corner - begin > 1.0001 * longest;
    double pieces = std::min(std::ceil((corner - begin) / longest - 1e-9), double(most_intervals));
    // What a polynomial misses of a corner in the middle shows between the corners only.
    if (rough) pieces = std::max(pieces, least_of_rough);
    for (double k = 1; k < pieces; ++k) ends_.push_back(begin + (corner - begin) * (k / pieces));
    ends_.push_back(inside ? corner : end);
    if (!inside) break;
    from = corner;
  }
  coefficients = {};
  sums_.assign(1, 0.0);
  double total = 0;
  for (std::size_t i = 1; i < ends_.size(); ++i) {
    const double length = ends_[i] - ends_[i - 1];
    for (std::size_t m = 0; m < rule_nodes; ++m) {
      const double time = ends_[i - 1] + length * rule.node[m];
      const double value = function.value(time, time) * rule.weight[m] * length / h;
      Coefficients phi{};
      legendre(D - 1, (time - t) / h, phi.data());
      for (std::size_t j = 0; j < D; ++j) coefficients[j] += static_cast<double>(2 * j + 1) * value * phi[j];
      total += value;
    }
    sums_.push_back(total);
  }
  if (!rough) return 0;
  double largest = 0;
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    Coefficients psi{};
    legendre_integrals(kept, (ends_[i] - t) / h, psi.data());
    double rest = sums_[i];
    for (std::size_t j = 0; j <= kept; ++j) rest -= coefficients[j] * psi[j];
    largest = std::max(largest, std::abs(rest));
  }
  return largest * h;
}

template class SourceMoments<5>;

}  // namespace memspice::network
