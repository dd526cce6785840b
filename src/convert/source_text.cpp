#include "convert/source_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace memspice::convert {

namespace {

using Kind = SourceFunction::Kind;
using Points = std::vector<std::pair<double, double>>;

constexpr std::size_t points_per_line = 8;

/// Strictly ascending from t >= 0: what every simulator takes as it stands.
bool is_ascending(const SourceFunction& function) {
  if (function.points.empty()) return false;
  if (function.delay != 0 || !std::isnan(function.repeat_from) || function.points.front().first < 0)
    return false;
  return std::ranges::adjacent_find(function.points, [](const auto& a, const auto& b) {
           return a.first >= b.first;
         }) == function.points.end();
}

/// The corners from 0 to the stop time, whatever delays and repetitions make them.
Points sampled(const SourceFunction& function, double stop) {
  const double ramp = 1e-6 * stop;
  Points points;
  double next = function.next_breakpoint(0);
  points.emplace_back(0, function.value(0, 0.5 * std::min(next, stop)));
  for (double t = next, previous = 0; t <= stop; previous = t, t = next) {
    next = function.next_breakpoint(t);
    const double after = t + 0.5 * (std::min(next, 2 * stop) - t);
    const double left = function.value(t, 0.5 * (previous + t));
    const double right = function.value(t, after);
    points.emplace_back(t, left);
    if (std::abs(right - left) > 1e-12 * (std::abs(right) + std::abs(left))) {
      const double end = t + std::min(ramp, 1e-3 * (next - t));
      points.emplace_back(end, function.value(end, after));
    }
    if (points.size() > most_points) break;
  }
  if (points.back().first < stop) points.emplace_back(stop, function.value(stop, stop));
  return points;
}

std::string values_text(std::string_view name, std::span<const double> values) {
  return fmt::format("{}({})", name, fmt::join(values, " "));
}

}  // namespace

std::optional<std::string> waveform_text(SourceFunction function, const TimeBase& time) {
  function.resolve(time.step, time.stop);
  const std::span<const double> values(function.values);
  switch (function.kind) {
    case Kind::pulse:
      if (!std::isnan(function.cycles)) break;
      return values_text("PULSE", values.first(7));
    case Kind::sine:
      if (!std::isnan(function.cycles)) return std::nullopt;
      return values_text("SIN", values.first(6));
    case Kind::exponential:
      return values_text("EXP", values.first(6));
    case Kind::frequency_modulation:
      return values_text("SFFM", values.first(7));
    case Kind::amplitude_modulation:
      if (values[5] == 0) return values_text("AM", values.first(5));
      return fmt::format("AM({} {})", fmt::join(values.first(6), " "), values[5]);  // ngspice uses the 7th
    case Kind::piecewise_linear:
    case Kind::noise:
    case Kind::random_steps:
      break;
  }
  const Points points = is_ascending(function) ? function.points : sampled(function, time.stop);
  if (points.size() > most_points && !is_ascending(function)) return std::nullopt;
  std::string text = "PWL(";
  for (std::size_t i = 0; i < points.size(); ++i) {
    const char* separator = i == 0 ? "" : i % points_per_line == 0 ? "\n+ " : " ";
    text += fmt::format("{}{} {}", separator, points[i].first, points[i].second);
  }
  return text + ")";
}

}  // namespace memspice::convert
