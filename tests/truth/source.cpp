#include "truth/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace memspice::truth {

namespace {

constexpr double turn = 2 * std::numbers::pi;
constexpr long double pi = std::numbers::pi_v<long double>;

// The points of a piecewise linear waveform up to `stop`: pulses are one.
std::vector<std::pair<double, double>> points(const Source& source, double stop) {
  std::vector<std::pair<double, double>> result;
  const auto& v = source.values;
  if (source.kind == Source::Kind::pwl) {
    for (std::size_t i = 0; i + 1 < v.size(); i += 2) result.emplace_back(v[i], v[i + 1]);
    return result;
  }
  const double low = v[0], high = v[1], delay = v[2], rise = v[3], fall = v[4], width = v[5], period = v[6];
  result.emplace_back(0, low);
  for (double k = 0; delay + k * period <= stop; ++k) {
    const double begin = delay + k * period;
    result.emplace_back(begin, low);
    result.emplace_back(begin + rise, high);
    result.emplace_back(begin + (rise + width), high);
    result.emplace_back(begin + (rise + width + fall), low);
  }
  return result;
}

struct Line {
  double t0, v0, slope;
};

Line line_at(const Source& source, double inside) {
  const auto& v = source.values;
  if (source.kind == Source::Kind::pulse) {
    const double low = v[0], high = v[1], delay = v[2], rise = v[3], fall = v[4], width = v[5], period = v[6];
    if (inside < delay) return {0, low, 0};
    const double begin = delay + std::floor((inside - delay) / period) * period;
    const double u = inside - begin;
    if (u < rise) return {begin, low, (high - low) / rise};
    if (u < rise + width) return {begin, high, 0};
    if (u < rise + width + fall) return {begin + (rise + width), high, (low - high) / fall};
    return {begin, low, 0};
  }
  std::size_t right = 0;
  while (right < v.size() && v[right] <= inside) right += 2;
  if (right == 0) return {0, v[1], 0};
  if (right >= v.size()) return {0, v[v.size() - 1], 0};
  return {v[right - 2], v[right - 1], (v[right + 1] - v[right - 1]) / (v[right] - v[right - 2])};
}

}  // namespace

std::string exact(double value) {
  return fmt::format("{}", value);  // the shortest text that reads back as this very number
}

std::string Source::text() const {
  if (kind == Kind::dc) return "DC " + exact(values[0]);
  static const char* const names[] = {"DC", "SIN", "PULSE", "PWL", "EXP", "SFFM", "AM"};
  std::string result = names[static_cast<int>(kind)];
  for (std::size_t i = 0; i < values.size(); ++i) result += (i ? " " : "(") + exact(values[i]);
  return result + ")";
}

double Source::value(double t, double inside) const {
  const auto& v = values;
  constexpr double degree = std::numbers::pi / 180;
  switch (kind) {
    case Kind::dc:
      return v[0];
    case Kind::sine: {
      const double u = inside < v[3] ? 0 : t - v[3];
      return v[0] + v[1] * std::sin(turn * v[2] * u + v[5] * degree) * std::exp(-v[4] * u);
    }
    case Kind::pulse:
    case Kind::pwl: {
      const Line line = line_at(*this, inside);
      return line.v0 + line.slope * (t - line.t0);
    }
    case Kind::exponential: {
      double result = v[0];
      if (inside >= v[2]) result += (v[1] - v[0]) * (1 - std::exp(-(t - v[2]) / v[3]));
      if (inside >= v[4]) result -= (v[1] - v[0]) * (1 - std::exp(-(t - v[4]) / v[5]));
      return result;
    }
    case Kind::sffm:
      return v[0] + v[1] * std::sin(turn * v[2] * t + v[3] * std::sin(turn * v[4] * t));
    case Kind::am: {
      if (inside < v[4]) return 0;
      const double u = turn * (t - v[4]);
      return v[0] * (v[1] + std::sin(v[2] * u)) * std::sin(v[3] * u);
    }
  }
  return 0;
}

std::vector<double> Source::corners(double stop) const {
  std::vector<double> result;
  const auto& v = values;
  if (kind == Kind::sine) result = {v[3]};
  if (kind == Kind::exponential) result = {v[2], v[4]};
  if (kind == Kind::am) result = {v[4]};
  if (kind == Kind::pulse || kind == Kind::pwl)
    for (const auto& point : points(*this, stop)) result.push_back(point.first);
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  std::erase_if(result, [stop](double t) { return !(t > 0 && t < stop); });
  return result;
}

std::vector<double> Source::sign_changes(double stop) const {
  std::vector<double> result = corners(stop);
  std::vector<double> zeros;
  std::vector<double> ends = result;
  ends.insert(ends.begin(), 0);
  ends.push_back(stop);
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    const double a = ends[i];
    const double b = ends[i + 1];
    const double inside = a + (b - a) / 2;
    if (kind == Kind::pulse || kind == Kind::pwl) {
      const Line line = line_at(*this, inside);
      if (line.slope != 0) zeros.push_back(line.t0 - line.v0 / line.slope);
    } else if (kind == Kind::sine && inside >= values[3]) {
      const double ratio = -values[0] / values[1];
      if (std::abs(ratio) >= 1) continue;
      const double phase = values[5] * std::numbers::pi / 180;
      for (const double angle : {std::asin(ratio), std::numbers::pi - std::asin(ratio)})
        for (double k = std::floor((phase - angle) / turn) - 1;; ++k) {
          const double t = values[3] + (angle + k * turn - phase) / (turn * values[2]);
          if (t > b) break;
          if (t > a) zeros.push_back(t);
        }
    }
  }
  for (const double t : zeros)
    if (t > 0 && t < stop) result.push_back(t);
  std::sort(result.begin(), result.end());
  return result;
}

long double Source::integral(double a, double b) const {
  const double inside = a + (b - a) / 2;
  const auto& v = values;
  const long double length = static_cast<long double>(b) - a;
  if (kind == Kind::dc) return v[0] * length;
  if (kind == Kind::pulse || kind == Kind::pwl) {
    const Line line = line_at(*this, inside);
    const long double middle = a + length / 2;
    return length * (line.v0 + line.slope * (middle - line.t0));
  }
  const long double phase = v[5] * pi / 180;
  if (inside < v[3]) return length * (v[0] + v[1] * std::sin(phase));
  const long double omega = 2 * pi * v[2];
  // cos x - cos y = 2 sin((x + y)/2) sin((y - x)/2), without cancellation
  return v[0] * length + v[1] * 2 / omega *
                             std::sin(omega * ((static_cast<long double>(a) + b) / 2 - v[3]) + phase) *
                             std::sin(omega * length / 2);
}

void Source::scale(double factor) {
  if (kind == Kind::pwl) {
    for (std::size_t i = 1; i < values.size(); i += 2) values[i] *= factor;
    return;
  }
  values[0] *= factor;
  if (kind != Kind::dc && kind != Kind::am) values[1] *= factor;
}

Source::Piece Source::piece(double start, double inside) const {
  Piece result;
  const auto& v = values;
  // amplitude sin(omega (t - t0) + phase) e^(-theta (t - t0)) from `start` on
  const auto add_sine = [&](long double amplitude, long double omega, long double phase, long double theta,
                            long double t0) {
    const long double u = start - t0;
    const long double size = amplitude * std::exp(-theta * u);
    const long double angle = omega * u + phase;
    result.terms.push_back({-theta, omega, size * std::sin(angle), -size * std::cos(angle)});
  };
  switch (kind) {
    case Kind::dc:
      result.constant = v[0];
      break;
    case Kind::sine: {
      const long double phase = v[5] * pi / 180;
      result.constant = v[0];
      if (inside < v[3])
        result.constant += v[1] * std::sin(phase);
      else
        add_sine(v[1], 2 * pi * v[2], phase, v[4], v[3]);
      break;
    }
    case Kind::pulse:
    case Kind::pwl: {
      const Line line = line_at(*this, inside);
      result.slope = line.slope;
      result.constant = line.v0 + line.slope * (static_cast<long double>(start) - line.t0);
      break;
    }
    case Kind::exponential: {
      const long double height = static_cast<long double>(v[1]) - v[0];
      result.constant = v[0];
      if (inside >= v[2]) {
        result.constant += height;
        result.terms.push_back({-1 / static_cast<long double>(v[3]), 0,
                                -height * std::exp(-(start - (long double)v[2]) / v[3]), 0});
      }
      if (inside >= v[4]) {
        result.constant -= height;
        result.terms.push_back({-1 / static_cast<long double>(v[5]), 0,
                                height * std::exp(-(start - (long double)v[4]) / v[5]), 0});
      }
      break;
    }
    case Kind::sffm: {  // Jacobi and Anger: one sine for every Bessel function
      result.constant = v[0];
      const int last = static_cast<int>(30 + 2 * std::abs(v[3]));
      for (int n = -last; n <= last; ++n) {
        long double bessel =
            std::cyl_bessel_j(static_cast<long double>(std::abs(n)), (long double)std::abs(v[3]));
        if ((n % 2 != 0) && ((n < 0) != (v[3] < 0))) bessel = -bessel;
        add_sine(v[1] * bessel, 2 * pi * (v[2] + n * static_cast<long double>(v[4])), 0, 0, 0);
      }
      break;
    }
    case Kind::am: {
      if (inside < v[4]) break;
      const long double carrier = 2 * pi * v[3];
      const long double signal = 2 * pi * v[2];
      add_sine(static_cast<long double>(v[0]) * v[1], carrier, 0, 0, v[4]);
      add_sine(v[0] / 2.0L, carrier - signal, pi / 2, 0, v[4]);
      add_sine(-v[0] / 2.0L, carrier + signal, pi / 2, 0, v[4]);
      break;
    }
  }
  return result;
}

Source random_source(Random& random, double amplitude, double stop, double step, double most_cycles) {
  const double a = amplitude * random.sign();
  const double offset = random.chance(0.5) ? 0 : amplitude * random.uniform(-1, 1);
  const double cycles = random.logarithmic(0.3, most_cycles);
  const double delay = random.chance(0.6) ? 0 : stop * random.uniform(0, 0.4);
  switch (random.below(8)) {
    case 0:
      return {Source::Kind::dc, {a}};
    case 1:
    case 2: {
      const double phase = random.chance(0.5) ? 0 : random.uniform(-180, 180);
      const double damping = random.chance(0.7) ? 0 : random.uniform(0, 5) / stop;
      return {Source::Kind::sine, {offset, a, cycles / stop, delay, damping, phase}};
    }
    case 3:
    case 4: {
      const double period = stop / std::min(cycles, 15.0);
      const auto edge = [&] {
        const double time =
            period * (random.chance(0.5) ? random.logarithmic(1e-7, 1e-3) : random.uniform(0.01, 0.3));
        return random.chance(0.2) && step < 0.3 * period ? step : time;
      };
      const double rise = edge();
      const double fall = edge();
      const double width = (period - rise - fall) * random.uniform(0.05, 0.95);
      return {Source::Kind::pulse, {offset, a, delay, rise, fall, width, period}};
    }
    case 5: {
      Source source{Source::Kind::pwl, {0, random.chance(0.5) ? 0 : offset}};
      const int count = random.between(1, 8);
      double t = 0;
      for (int i = 0; i < count; ++i) {
        const bool jump = t > 0 && random.chance(0.25);
        if (!jump) t += stop * random.uniform(0.02, 1.6 / count);
        source.values.push_back(t);
        source.values.push_back(amplitude * random.uniform(-1, 1));
      }
      return source;
    }
    case 6: {
      const double second = delay + stop * random.uniform(0.05, 0.5);
      return {Source::Kind::exponential,
              {offset, a, delay > 0 ? delay : step, stop * random.logarithmic(1e-4, 1), second,
               stop * random.logarithmic(1e-4, 1)}};
    }
    default: {
      const double signal = cycles / stop * random.uniform(0.05, 0.5);
      if (random.chance(0.5))
        return {Source::Kind::sffm, {offset, a, cycles / stop, random.uniform(0.2, 5), signal}};
      return {Source::Kind::am, {a, random.uniform(-1, 2), signal, cycles / stop, delay}};
    }
  }
}

}  // namespace memspice::truth
