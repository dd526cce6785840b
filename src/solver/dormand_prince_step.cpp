#include "solver/dormand_prince_step.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/cvode.hpp"

namespace memspice {

namespace {

namespace tableau = dormand_prince;

constexpr double stiff_step = 1;  // times the rate at which nearby solutions approach each other

}  // namespace

DormandPrinceStep::DormandPrinceStep(OdeProblem& problem)
    : problem_(problem),
      size_(problem.size()),
      rates_(size_ * tableau::extended_stages),
      start_(size_),
      y_(size_),
      stage_(size_),
      last_stage_(size_),
      held_(size_, false) {
  for (auto& term : terms_) term.resize(size_);
}

void DormandPrinceStep::set_out(double t, std::span<const double> y, std::span<const double> rates,
                                const std::vector<bool>& held) {
  begin_ = time_ = t;
  std::ranges::copy(y, y_.begin());
  start_ = y_;
  std::ranges::copy(rates, rates_.begin());
  std::ranges::copy(rates, rates_.begin() + static_cast<std::ptrdiff_t>(tableau::stages * size_));
  held_ = held;
  extended_ = false;
}

void DormandPrinceStep::go_on() {
  begin_ = time_;
  std::swap(start_, y_);
  std::ranges::copy(rate(tableau::stages), rates_.begin());
}

double DormandPrinceStep::try_length(double length, double tolerance) {
  extended_ = false;
  for (int stage = 1; stage <= tableau::stages; ++stage)
    if (!evaluate(stage, length)) return std::numeric_limits<double>::infinity();
  return error(length, tolerance);
}

// Leaves the point at which the stage was evaluated in stage_, for the last two in last_stage_ and y_.
bool DormandPrinceStep::evaluate(int stage, double length) {
  const auto index = static_cast<std::size_t>(stage);
  auto& point = stage == tableau::stages ? y_ : stage == tableau::stages - 1 ? last_stage_ : stage_;
  std::ranges::copy(start_, point.begin());
  for (int j = 0; j < stage; ++j) {
    const double factor = length * tableau::weight[index][static_cast<std::size_t>(j)];
    if (factor == 0) continue;
    const auto slope = rate(j);
    for (std::size_t k = 0; k < size_; ++k) point[k] += factor * slope[k];
  }
  for (std::size_t k = 0; k < size_; ++k)
    if (held_[k]) point[k] = start_[k];
  ++evaluations_;
  return problem_.rates(begin_ + tableau::node[index] * length, point,
                        std::span(rates_).subspan(index * size_, size_));
}

double DormandPrinceStep::error(double length, double tolerance) const {
  double largest = 0;
  for (std::size_t k = 0; k < size_; ++k) {
    if (held_[k]) continue;
    double fifth = 0, third = 0;
    for (std::size_t j = 0; j < tableau::stages; ++j) {
      fifth += tableau::error_5[j] * rates_[j * size_ + k];
      third += tableau::error_3[j] * rates_[j * size_ + k];
    }
    const double allowed = tolerance * (1 + std::max(std::abs(start_[k]), std::abs(y_[k])));
    const double both = std::hypot(fifth, 0.1 * third);
    const double share = both > 0 ? std::abs(length) * fifth * fifth / (both * allowed) : 0;
    if (!(share <= largest)) largest = share;
  }
  return largest;
}

// Hairer's test: the rate λ at which nearby solutions approach each other, from the last two
// tableau::stages, which stand at the same time. The method is stable up to λh = 6, but loses its
// order, and so the length of its steps, above 1 already.
bool DormandPrinceStep::stiff(double length) const {
  double product = 0, square = 0;
  for (std::size_t k = 0; k < size_; ++k) {
    if (held_[k]) continue;
    const double distance = y_[k] - last_stage_[k];
    product -= (rate(tableau::stages)[k] - rate(tableau::stages - 1)[k]) * distance;
    square += distance * distance;
  }
  return square > 0 && length * product > stiff_step * square;
}

DormandPrinceStep::Range DormandPrinceStep::rates(std::size_t k) const {
  Range range{rates_[k], rates_[k]};
  for (std::size_t j = 1; j <= tableau::stages; ++j) {
    range.lowest = std::min(range.lowest, rates_[j * size_ + k]);
    range.highest = std::max(range.highest, rates_[j * size_ + k]);
  }
  return range;
}

void DormandPrinceStep::extend() {
  const double length = time_ - begin_;
  bool exists = true;
  for (int stage = tableau::stages + 1; stage < tableau::extended_stages; ++stage)
    exists = evaluate(stage, length) && exists;
  for (std::size_t k = 0; k < size_; ++k) {
    const double change = y_[k] - start_[k];
    terms_[0][k] = change;
    terms_[1][k] = held_[k] ? 0 : length * rates_[k] - change;
    terms_[2][k] = held_[k] ? 0 : 2 * change - length * (rate(tableau::stages)[k] + rates_[k]);
    for (std::size_t n = 0; n < tableau::dense.size(); ++n) {
      double sum = 0;
      for (std::size_t j = 0; j < tableau::extended_stages; ++j)
        sum += tableau::dense[n][j] * rates_[j * size_ + k];
      terms_[3 + n][k] = held_[k] || !exists ? 0 : length * sum;
    }
  }
  extended_ = true;
}

double DormandPrinceStep::polynomial(double share, int derivative, std::size_t k) const {
  // Nested: value and slope of x₆, x (…), (1 - x) (…) from the inside out.
  double value = 0, slope = 0;
  for (std::size_t n = terms_.size(); n-- > 0;) {
    const bool rising = n % 2 == 0;
    const double factor = rising ? share : 1 - share;
    value += terms_[n][k];
    slope = (rising ? 1 : -1) * value + factor * slope;
    value *= factor;
  }
  return derivative == 0 ? start_[k] + value : slope / (time_ - begin_);
}

double DormandPrinceStep::interpolate(double t, int derivative, std::size_t k) {
  if (t == time_) return derivative == 0 ? y_[k] : held_[k] ? 0 : rate(tableau::stages)[k];
  if (t == begin_) return derivative == 0 ? start_[k] : held_[k] ? 0 : rates_[k];
  if (!extended_) extend();
  return polynomial((t - begin_) / (time_ - begin_), derivative, k);
}

}  // namespace memspice
