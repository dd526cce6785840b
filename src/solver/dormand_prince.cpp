#include "solver/dormand_prince.hpp"

#include <algorithm>
#include <cmath>

#include "base/interruption.hpp"
#include "solver/cvode.hpp"

namespace memspice {

namespace {

constexpr double safety = 0.9;
constexpr double most_growth = 5;
constexpr double most_shrinking = 0.2;
constexpr double domain_shrinking = 0.25;
constexpr double first_change = 1e-3;  // of the fastest unknown, in the very first step
constexpr int most_calm_steps = 6;     // between those that count as stiff

}  // namespace

DormandPrince::DormandPrince(OdeProblem& problem, double tolerance, double longest_step)
    : step_(problem), tolerance_(tolerance), longest_step_(longest_step) {}

void DormandPrince::start(double t, std::span<const double> y, std::span<const double> rates,
                          const std::vector<bool>& held, double end, double first) {
  ++statistics_.starts;
  end_ = end;
  step_.set_out(t, y, rates, held);
  stiff_steps_ = calm_steps_ = 0;
  last_size_ = 0;
  failure_.clear();
  if (next_length_ == 0) {
    double fastest = 0;
    for (std::size_t k = 0; k < rates.size(); ++k)
      if (!held[k]) fastest = std::max(fastest, std::abs(rates[k]));
    next_length_ = std::min(longest_step_, fastest > 0 ? first_change / fastest : longest_step_);
  }
  next_length_ = std::min(next_length_, first);
}

bool DormandPrince::step() {
  step_.go_on();
  return attempt(next_length_);
}

bool DormandPrince::retry(double length) {
  --statistics_.steps;
  ++statistics_.rejected_steps;
  return attempt(length);
}

bool DormandPrince::attempt(double length) {
  double growth = most_growth;
  const double begin = step_.begin();
  length = std::min(length, longest_step_);
  for (;;) {
    const double expected = length;
    // No tiny rest is left before the end.
    const double rest = end_ - begin;
    if (length >= rest * (1 - 1e-3)) length = rest;
    if (length <= shortest_step * std::abs(begin) && length < rest) {
      failure_ = "its steps have shrunk to nothing";
      step_.end_at(begin);
      return false;
    }
    interruption_point();
    const double size = step_.try_length(length, tolerance_);
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
      step_.end_at(length == rest ? end_ : begin + length);
      ++statistics_.steps;
      note_stiffness(length);
      return true;
    }
    ++statistics_.rejected_steps;
    growth = 1;
    length *=
        std::isfinite(size) ? std::max(most_shrinking, safety * std::pow(size, -1.0 / 8)) : domain_shrinking;
  }
}

void DormandPrince::note_stiffness(double length) {
  if (step_.stiff(length)) {
    calm_steps_ = 0;
    ++stiff_steps_;
  } else if (++calm_steps_ >= most_calm_steps) {
    stiff_steps_ = 0;
  }
}

DormandPrince::Statistics DormandPrince::statistics() const {
  Statistics sum = statistics_;
  sum.rate_evaluations = step_.evaluations();
  return sum;
}

void DormandPrince::interpolate(double t, int derivative, std::span<double> y) {
  for (std::size_t k = 0; k < y.size(); ++k) y[k] = step_.interpolate(t, derivative, k);
}

}  // namespace memspice
