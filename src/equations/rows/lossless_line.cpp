#include "equations/rows/lossless_line.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

namespace {

// In tolerances of a wave. A jump becomes a corner of the run when it arrives, unless no error test would see
// it; a change of slope, measured by what it makes within a delay, is left to the error test while that can
// pass it in a step. A lumped line smears both.
constexpr double negligible_jump = 1e-2;
constexpr double small_corner = 1000;
constexpr double lumped_corner = 1;
constexpr double history_error = 3e-2;  // what the history may add to the integrator's error,
constexpr double lumping_error = 1e-1;  // and lumping
constexpr double missed = 3;            // a wave that narrow may be stepped over

}  // namespace

LosslessLine::LosslessLine(const TransmissionLine& line, double reltol, double scale)
    : delay_(line.delay), reltol_(reltol), scale_(scale) {}

double LosslessLine::scale() const {
  return std::max({from_[0].largest(), from_[1].largest(), scale_});
}

double LosslessLine::delayed(std::uint32_t port, double t, bool from_above) const {
  return from_[1 - port].at(t - delay_, from_above, rounding(t));
}

double LosslessLine::rounding(double t) const {
  return std::min(2e-12 * std::abs(t), 1e-3 * delay_);
}

void LosslessLine::residual(std::uint32_t port, double t, bool from_above, const double* x,
                            const double* slope, double* b, double* stages_of_b) const {
  const double* c = x + stage(port, 1) - 1;
  const double* rate = slope + stage(port, 1) - 1;
  const double here = x[arriving(port)];
  if (!now_.lumped) {
    *b = here - delayed(port, t, from_above);
    for (std::uint32_t k = 1; k <= stages; ++k) stages_of_b[k - 1] = c[k];
    return;
  }
  const double there = x[leaving(1 - port)];
  const double mean = here - c[1] - c[2] - c[3];
  *b = delay_ * (slope[arriving(port)] - rate[1] - rate[2] - rate[3]) + here - there;
  stages_of_b[0] = delay_ * rate[1] + 3 * (there + here - 2 * mean);
  stages_of_b[1] = delay_ * rate[2] - 5 * (there - here + 2 * c[1]);
  stages_of_b[2] = delay_ * rate[3] + 7 * (there + here - 2 * (mean + c[2]));
}

void LosslessLine::begin(double t, const std::array<double, 2>& from, double* x) {
  for (std::uint32_t port = 0; port < 2; ++port) {
    from_[port].begin(t, from[port]);
    x[leaving(port)] = x[arriving(1 - port)] = from[port];
    for (std::uint32_t k = 1; k <= stages; ++k) x[stage(port, k)] = 0;
  }
  now_.busy_until = t;
  now_.lumped = now_.to_be_lumped = true;
}

bool LosslessLine::jumps(std::uint32_t port, double t, const double* x, const double* slope, double tolerance,
                         double corner) const {
  const double value = x[leaving(port)];
  const LineHistory::Jump jump = from_[port].jump(t, value, slope[leaving(port)]);
  const double allowed = std::max(tolerance, now_.part * reltol_ * std::abs(value));
  return jump.value > negligible_jump * allowed || jump.slope * delay_ > corner * allowed;
}

void LosslessLine::note_scale(const double* x) {
  for (const std::uint32_t port : {0u, 1u}) scale_ = std::max(scale_, std::abs(x[leaving(port)]));
}

void LosslessLine::note(double t, const double* x, const double* slope) {
  for (std::uint32_t port = 0; port < 2; ++port) {
    from_[port].add(t, x[leaving(port)], slope[leaving(port)]);
    from_[port].forget(t - 2 * delay_);
  }
}

bool LosslessLine::note_corner(double t, const double* x, const double* slope, double tolerance) {
  const double error = std::min(this->tolerance(), now_.part * tolerance);
  const bool jump = jumps(0, t, x, slope, error, small_corner) || jumps(1, t, x, slope, error, small_corner);
  note(t, x, slope);
  if (jump) now_.busy_until = t + delay_;
  return jump;
}

int LosslessLine::pieces(const double* middle, double t, const double* x, const double* slope) const {
  double bend = 0;
  for (std::uint32_t port = 0; port < 2; ++port)
    bend = std::max(bend, from_[port].bend(middle[leaving(port)], t, x[leaving(port)], slope[leaving(port)]));
  constexpr double most = 8;
  const double needed = std::pow(bend / (history_error * tolerance()), 0.25);  // cubics err with h⁴
  return static_cast<int>(std::ceil(std::clamp(needed, 1.0, most)));
}

bool LosslessLine::meets_jump(double t, const double* x, const double* slope) const {
  return now_.lumped && (jumps(0, t, x, slope, tolerance(), lumped_corner) ||
                         jumps(1, t, x, slope, tolerance(), lumped_corner));
}

double LosslessLine::calm_step(double t, double wanted) const {
  if (now_.lumped) return wanted;
  for (const LineHistory& wave : from_)
    wanted = wave.calm_step(t - delay_, wanted, missed * tolerance(), rounding(t + wanted));
  return wanted;
}

bool LosslessLine::decide(double t, double step, bool in_the_way, const double* x) {
  constexpr double short_step = 1.0 / 3;  // of the delay: sees what lumping is too coarse for
  const double allowed = lumping_error * tolerance();
  const auto is_wrong = [&](std::uint32_t port) {
    return std::abs(x[arriving(port)] - delayed(port, t, false)) > allowed;
  };
  if (now_.lumped) {
    now_.to_be_lumped = step > short_step * delay_ || !(is_wrong(0) || is_wrong(1));
  } else {
    now_.to_be_lumped = in_the_way && t >= now_.busy_until && from_[0].cubic(t, delay_, allowed) &&
                        from_[1].cubic(t, delay_, allowed);
  }
  return now_.to_be_lumped != now_.lumped;
}

void LosslessLine::change(double t, double* x) {
  for (std::uint32_t port = 0; port < 2 && now_.to_be_lumped && !now_.lumped; ++port) {
    const auto wave = from_[1 - port].cubic(t, delay_, infinity);
    std::ranges::copy(*wave, x + stage(port, 1));
  }
  now_.lumped = now_.to_be_lumped;
}

void LosslessLine::correct(double t, const double* x, const double* slope) {
  for (std::uint32_t port = 0; port < 2; ++port)
    from_[port].correct(t, x[leaving(port)], slope[leaving(port)]);
}

}  // namespace memspice
