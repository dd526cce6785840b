#include "network/smooth_piece.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

namespace {

constexpr double shortest_run = 1e-12;  // relative to the time: what CVODE can start on

}  // namespace

bool SmoothPiece::FreeFlow::rates(double t, std::span<const double> y, std::span<double> rates) {
  if (!drive.rates(t, y, rates)) return false;
  for (std::size_t k = 0; k < rates.size(); ++k) {
    if (held[k]) rates[k] = 0;
  }
  return true;
}

SmoothPiece::SmoothPiece(Drive& drive, const HeldStates& held, double tolerance, double longest_step)
    : raw_(drive),
      free_(drive, held),
      explicit_(raw_, tolerance, longest_step),
      cvode_(free_, tolerance, tolerance, longest_step),
      work_(drive.size()) {}

void SmoothPiece::start(double t, std::span<const double> states, std::span<const double> rates, double end,
                        double first) {
  explicit_.start(t, states, rates, free_.held.all(), end, first);
  stiff_ = false;
  begin_ = t;
  end_ = end;
}

void SmoothPiece::take_over(std::span<const double> states) {
  const double t = explicit_.time();
  // The end may be so close that CVODE sees no distance: let it run past a little.
  cvode_.start(t, states, std::max(end_, t + shortest_run * std::abs(t)));
  stiff_ = true;
}

void SmoothPiece::step() {
  begin_ = time();
  if (stiff_) {
    if (!cvode_.step()) throw IntegrationError(cvode_.time(), cvode_.failure());
  } else {
    if (!explicit_.step()) throw IntegrationError(explicit_.time(), explicit_.failure());
  }
}

void SmoothPiece::retry(double length) {
  if (!explicit_.retry(length)) throw IntegrationError(explicit_.time(), explicit_.failure());
}

void SmoothPiece::interpolate(double t, int derivative, std::span<double> y) {
  if (stiff_) return cvode_.interpolate(t, derivative, y);
  explicit_.interpolate(t, derivative, y);
}

double SmoothPiece::interpolate(double t, int derivative, std::size_t k) {
  if (!stiff_) return explicit_.interpolate(t, derivative, k);
  cvode_.interpolate(t, derivative, work_);
  return work_[k];
}

Cvode::Statistics SmoothPiece::statistics() const {
  Cvode::Statistics sum = cvode_.statistics();
  const DormandPrince::Statistics steps = explicit_.statistics();
  sum.steps += steps.steps;
  sum.rate_evaluations += steps.rate_evaluations;
  sum.starts += steps.starts;
  return sum;
}

}  // namespace memspice::network
