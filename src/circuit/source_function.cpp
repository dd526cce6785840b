#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "circuit/noise_waveforms.hpp"
#include "memspice/circuit.hpp"

namespace memspice {
namespace {

// Corners closer than this part of a period are one corner: their times differ only by rounding.
constexpr double same_corner = 1e-12;

// Not given, or 0, which SPICE takes for not given.
void give(double& value, double default_value) {
  if (std::isnan(value) || value == 0) value = default_value;
}

struct Pulse {
  double v1, v2, td, tr, tf, pw, per, cycles;
  Pulse(const std::array<double, 7>& v, double count)
      : v1(v[0]), v2(v[1]), td(v[2]), tr(v[3]), tf(v[4]), pw(v[5]), per(v[6]), cycles(count) {}

  double begin(double period) const { return td + period * per; }
  // The period that contains t; -1 before the first.
  double period(double t) const {
    if (t < td) return -1;
    const double k = std::floor((t - td) / per);  // off by one when the quotient was rounded
    if (begin(k + 1) <= t) return k + 1;
    return begin(k) > t ? k - 1 : k;
  }
  std::array<double, 4> corners() const { return {0, tr, tr + pw, tr + pw + tf}; }

  double value(double t, double inside) const {
    const double k = period(inside);
    if (k < 0 || k >= cycles) return v1;  // no count: never
    const double s = inside - begin(k);   // chooses the piece
    const double u = t - begin(k);        // evaluates it
    if (s < tr) return v1 + (v2 - v1) * (u / tr);
    if (s < tr + pw) return v2;
    if (s < tr + pw + tf) return v2 + (v1 - v2) * ((u - tr - pw) / tf);
    return v1;
  }

  double next_breakpoint(double t) const {
    if (t < td) return td;
    for (double k = period(t);; ++k) {
      if (k >= cycles) return begin(cycles) > t ? begin(cycles) : infinity;
      for (const double corner : corners()) {
        if (corner > per * (1 - same_corner)) break;  // it is the next period's first corner, or cut off
        if (const double time = begin(k) + corner; time > t) return time;
      }
    }
  }
};

struct PiecewiseLinear {
  std::span<const std::pair<double, double>> points;
  double delay;
  double repeat_from;

  double first() const { return points.front().first; }
  double last() const { return points.back().first; }
  double length() const { return last() - repeat_from; }  // of a repetition; NaN: none
  // How many times the waveform has been repeated at local time t.
  double repetitions(double t) const {
    if (!(length() > 0) || t < last()) return 0;
    const double k = std::floor((t - repeat_from) / length());  // off by one when the quotient was rounded
    if (last() + k * length() <= t) return k + 1;
    return last() + (k - 1) * length() > t ? k - 1 : k;
  }
  auto after(double t) const {
    return std::upper_bound(points.begin(), points.end(), t,
                            [](double time, const auto& point) { return time < point.first; });
  }

  double value(double t, double inside) const {
    const double shift = delay + repetitions(inside - delay) * (length() > 0 ? length() : 0);
    const auto right = after(inside - shift);
    if (right == points.begin()) return points.front().second;
    const auto left = right - 1;
    if (right == points.end()) return left->second;
    const double slope = (right->second - left->second) / (right->first - left->first);
    return left->second + slope * (t - shift - left->first);
  }

  // The sum shift + time may round to t itself, so that the search has to look at the sums.
  double first_corner(std::size_t begin, double shift, double t) const {
    const auto point =
        std::upper_bound(points.begin() + static_cast<std::ptrdiff_t>(begin), points.end(), t,
                         [shift](double time, const auto& p) { return time < shift + p.first; });
    return point == points.end() ? infinity : shift + point->first;
  }

  double next_breakpoint(double t) const {
    const double k = repetitions(t - delay);
    if (k <= 1)  // the first pass has the points before repeat_from too
      if (const double corner = first_corner(0, delay, t); corner < infinity) return corner;
    if (!(length() > 0)) return infinity;
    // A repetition begins where the one before it ended, so its own first point is no corner.
    const auto begin = static_cast<std::size_t>(after(repeat_from) - points.begin());
    for (double repetition = std::max(1.0, k - 1);; ++repetition)
      if (const double corner = first_corner(begin, delay + repetition * length(), t); corner < infinity)
        return corner;
  }
};

}  // namespace

void SourceFunction::scale(double factor) {
  const auto scale_values = [&](std::initializer_list<std::size_t> which) {
    for (const std::size_t i : which) values[i] *= factor;
  };
  switch (kind) {
    case Kind::pulse:
    case Kind::sine:
    case Kind::exponential:
    case Kind::frequency_modulation:
      return scale_values({0, 1});
    case Kind::amplitude_modulation:
      return scale_values({0});
    case Kind::noise:
      return scale_values({0, 3, 4});
    case Kind::random_steps:
      return scale_values({3, 4});
    case Kind::piecewise_linear:
      for (auto& point : points) point.second *= factor;
  }
}

void SourceFunction::resolve(double step, double stop) {
  // A transient without a step still needs a finite rise time where the deck gives none.
  if (!(step > 0)) step = 1e-3 * stop;
  auto& v = values;
  const auto zero_unless_given = [&v](std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; ++i)
      if (std::isnan(v[i])) v[i] = 0;
  };
  switch (kind) {
    case Kind::pulse:
      zero_unless_given(0, 3);
      give(v[3], step);
      give(v[4], step);
      give(v[5], stop);
      give(v[6], stop);
      break;
    case Kind::sine:
      give(v[2], 1 / stop);
      zero_unless_given(0, 6);
      break;
    case Kind::exponential:
      zero_unless_given(0, 2);
      give(v[2], step);
      give(v[3], step);
      give(v[4], v[2] + step);
      give(v[5], step);
      break;
    case Kind::piecewise_linear:
      break;
    case Kind::frequency_modulation:
      give(v[2], 1 / stop);
      give(v[4], 1 / stop);
      zero_unless_given(0, 7);
      break;
    case Kind::amplitude_modulation:
      zero_unless_given(0, 6);
      break;
    case Kind::noise:
    case Kind::random_steps:
      if (kind == Kind::random_steps && std::isnan(v[3])) v[3] = 1;
      zero_unless_given(0, 7);
      points = kind == Kind::noise ? transient_noise(v, seed, stop) : memspice::random_steps(v, seed, stop);
      for (auto& point : points) point.second += offset;
      break;
  }
}

double SourceFunction::value(double t, double inside) const {
  return inside < rise ? risen(t, inside) * (t / rise) : risen(t, inside);
}

double SourceFunction::risen(double t, double inside) const {
  const auto& v = values;
  switch (kind) {
    case Kind::pulse:
      return Pulse(v, cycles).value(t, inside);
    case Kind::sine: {
      const auto [vo, amplitude, frequency, td, theta, degrees, unused] = v;
      const double phase = degrees * (std::numbers::pi / 180);
      if (inside < td) return vo + amplitude * std::sin(phase);
      if (inside >= td + cycles / frequency) return vo;
      const double u = t - td;
      return vo + amplitude * std::sin(2 * std::numbers::pi * frequency * u + phase) * std::exp(-theta * u);
    }
    case Kind::exponential: {
      const auto [v1, v2, td1, tau1, td2, tau2, unused] = v;
      if (inside < td1) return v1;
      const double rise = v1 - (v2 - v1) * std::expm1(-(t - td1) / tau1);
      return inside < td2 ? rise : rise + (v2 - v1) * std::expm1(-(t - td2) / tau2);
    }
    case Kind::frequency_modulation: {
      const auto [vo, amplitude, carrier, index, signal, carrier_degrees, signal_degrees] = v;
      constexpr double turn = 2 * std::numbers::pi;
      constexpr double degree = std::numbers::pi / 180;
      return vo + amplitude * std::sin(turn * carrier * t + carrier_degrees * degree +
                                       index * std::sin(turn * signal * t + signal_degrees * degree));
    }
    case Kind::amplitude_modulation: {
      const auto [amplitude, vo, modulation, carrier, td, degrees, unused] = v;
      if (inside < td) return 0;
      const double u = 2 * std::numbers::pi * (t - td);
      const double phase = degrees * (std::numbers::pi / 180);
      return amplitude * (vo + std::sin(modulation * u + phase)) * std::sin(carrier * u + phase);
    }
    case Kind::piecewise_linear:
    case Kind::noise:
    case Kind::random_steps:
      if (points.empty()) return 0;  // a random one outside of transients, where nothing resolves it
      return PiecewiseLinear{points, delay, repeat_from}.value(t, inside);
  }
  return 0;
}

double SourceFunction::shortest_period() const {
  const auto& v = values;
  double frequency = 0;  // Hz
  if (kind == Kind::sine && v[1] != 0) frequency = v[2];
  if (kind == Kind::frequency_modulation && v[1] != 0) frequency = std::abs(v[2]) + std::abs(v[3] * v[4]);
  if (kind == Kind::amplitude_modulation && v[0] != 0) frequency = std::abs(v[2]) + std::abs(v[3]);
  return 1 / std::abs(frequency);
}

double SourceFunction::next_breakpoint(double t) const {
  return t < rise ? std::min(rise, next_corner(t)) : next_corner(t);
}

double SourceFunction::next_corner(double t) const {
  const auto first_after = [t](double corner) { return corner > t ? corner : infinity; };
  switch (kind) {
    case Kind::pulse:
      return Pulse(values, cycles).next_breakpoint(t);
    case Kind::sine:
      return std::min(first_after(values[3]),
                      std::isnan(cycles) ? infinity : first_after(values[3] + cycles / values[2]));
    case Kind::frequency_modulation:
      return infinity;
    case Kind::amplitude_modulation:
      return first_after(values[4]);
    case Kind::exponential:
      return std::min(first_after(values[2]), first_after(values[4]));
    case Kind::piecewise_linear:
    case Kind::noise:
    case Kind::random_steps:
      return PiecewiseLinear{points, delay, repeat_from}.next_breakpoint(t);
  }
  return infinity;
}

}  // namespace memspice
