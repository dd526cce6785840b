#include "solver/dormand_prince.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/cvode.hpp"

namespace memspice {

namespace {

namespace tableau = dormand_prince;

constexpr double safety = 0.9;
constexpr double most_growth = 5;
constexpr double most_shrinking = 0.2;
constexpr double domain_shrinking = 0.25;
constexpr double first_change = 1e-3;  // of the fastest unknown, in the very first step
constexpr double stiff_step = 1;       // times the rate at which nearby solutions approach each other
constexpr int most_calm_steps = 6;     // between those that count as stiff

}  // namespace

DormandPrince::DormandPrince(OdeProblem& problem, double tolerance, double longest_step)
    : problem_(problem),
      size_(problem.size()),
      tolerance_(tolerance),
      longest_step_(longest_step),
      rates_(size_ * tableau::extended_stages),
      start_(size_),
      y_(size_),
      stage_(size_),
      last_stage_(size_),
      held_(size_, false) {
  for (auto& term : terms_) term.resize(size_);
}

void DormandPrince::start(double t, std::span<const double> y, std::span<const double> rates,
                          const std::vector<bool>& held, double end, double first) {
  ++statistics_.starts;
  begin_ = time_ = t;
  end_ = end;
  std::ranges::copy(y, y_.begin());
  start_ = y_;
  std::ranges::copy(rates, rate(0).begin());
  std::ranges::copy(rates, rate(tableau::stages).begin());
  held_ = held;
  stiff_steps_ = calm_steps_ = 0;
  extended_ = false;
  last_size_ = 0;
  failure_.clear();
  if (next_length_ == 0) {
    double fastest = 0;
    for (std::size_t k = 0; k < size_; ++k)
      if (!held_[k]) fastest = std::max(fastest, std::abs(rates[k]));
    next_length_ = std::min(longest_step_, fastest > 0 ? first_change / fastest : longest_step_);
  }
  next_length_ = std::min(next_length_, first);
}

bool DormandPrince::step() {
  begin_ = time_;
  std::swap(start_, y_);
  std::ranges::copy(rate(tableau::stages), rate(0).begin());
  return attempt(next_length_);
}

bool DormandPrince::retry(double length) {
  --statistics_.steps;
  ++statistics_.rejected_steps;
  return attempt(length);
}

bool DormandPrince::attempt(double length) {
  double growth = most_growth;
  length = std::min(length, longest_step_);
  for (;;) {
    const double expected = length;
    // No tiny rest is left before the end.
    const double rest = end_ - begin_;
    if (length >= rest * (1 - 1e-3)) length = rest;
    if (length <= shortest_step * std::abs(begin_) && length < rest) {
      failure_ = "its steps have shrunk to nothing";
      time_ = begin_;
      return false;
    }
    extended_ = false;
    bool exists = true;
    for (int stage = 1; stage <= tableau::stages && exists; ++stage) exists = evaluate(stage, length);
    const double size = exists ? error(length) : std::numeric_limits<double>::infinity();
    if (size <= 1) {
      double factor = safety * std::pow(size, -1.0 / 8);
      // Where steps must become shorter and shorter (Gustafsson).
      if (last_size_ > 0)
        factor *= std::min(1.0, length / last_length_ * std::pow(last_size_ / size, 1.0 / 8));
      factor = std::clamp(factor, most_shrinking, growth);
      last_size_ = size;
      last_length_ = length;
      // What the end of the piece has cut short says nothing against longer steps.
      next_length_ = length < expected ? std::max(expected, length * factor) : length * factor;
      time_ = length == rest ? end_ : begin_ + length;
      ++statistics_.steps;
      note_stiffness(length);
      return true;
    }
    ++statistics_.rejected_steps;
    growth = 1;
    length *= exists && std::isfinite(size) ? std::max(most_shrinking, safety * std::pow(size, -1.0 / 8))
                                            : domain_shrinking;
  }
}

// Leaves the point at which the stage was evaluated in stage_, for the last two in last_stage_ and y_.
bool DormandPrince::evaluate(int stage, double length) {
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
  ++statistics_.rate_evaluations;
  return problem_.rates(begin_ + tableau::node[index] * length, point, rate(stage));
}

double DormandPrince::error(double length) const {
  double largest = 0;
  for (std::size_t k = 0; k < size_; ++k) {
    if (held_[k]) continue;
    double fifth = 0, third = 0;
    for (std::size_t j = 0; j < tableau::stages; ++j) {
      fifth += tableau::error_5[j] * rates_[j * size_ + k];
      third += tableau::error_3[j] * rates_[j * size_ + k];
    }
    const double allowed = tolerance_ * (1 + std::max(std::abs(start_[k]), std::abs(y_[k])));
    const double both = std::hypot(fifth, 0.1 * third);
    const double share = both > 0 ? std::abs(length) * fifth * fifth / (both * allowed) : 0;
    if (!(share <= largest)) largest = share;
  }
  return largest;
}

// Hairer's test: the rate λ at which nearby solutions approach each other, from the last two
// tableau::stages, which stand at the same time. The method is stable up to λh = 6, but loses its
// order, and so the length of its steps, above 1 already.
void DormandPrince::note_stiffness(double length) {
  double product = 0, square = 0;
  for (std::size_t k = 0; k < size_; ++k) {
    if (held_[k]) continue;
    const double distance = y_[k] - last_stage_[k];
    product -= (rate(tableau::stages)[k] - rate(tableau::stages - 1)[k]) * distance;
    square += distance * distance;
  }
  if (square > 0 && length * product > stiff_step * square) {
    calm_steps_ = 0;
    ++stiff_steps_;
  } else if (++calm_steps_ >= most_calm_steps) {
    stiff_steps_ = 0;
  }
}

DormandPrince::Range DormandPrince::rates(std::size_t k) const {
  Range range{rates_[k], rates_[k]};
  for (std::size_t j = 1; j <= tableau::stages; ++j) {
    range.lowest = std::min(range.lowest, rates_[j * size_ + k]);
    range.highest = std::max(range.highest, rates_[j * size_ + k]);
  }
  return range;
}

void DormandPrince::extend() {
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

double DormandPrince::polynomial(double share, int derivative, std::size_t k) const {
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

double DormandPrince::interpolate(double t, int derivative, std::size_t k) {
  if (t == time_) return derivative == 0 ? y_[k] : held_[k] ? 0 : rate(tableau::stages)[k];
  if (t == begin_) return derivative == 0 ? start_[k] : held_[k] ? 0 : rates_[k];
  if (!extended_) extend();
  return polynomial((t - begin_) / (time_ - begin_), derivative, k);
}

void DormandPrince::interpolate(double t, int derivative, std::span<double> y) {
  for (std::size_t k = 0; k < size_; ++k) y[k] = interpolate(t, derivative, k);
}

}  // namespace memspice
