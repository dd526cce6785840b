#include "app/plot/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace memspice::app {

namespace {

constexpr std::array<UnitPrefix, 11> unit_prefixes{{{1e-18, "a"},
                                                    {1e-15, "f"},
                                                    {1e-12, "p"},
                                                    {1e-9, "n"},
                                                    {1e-6, "µ"},
                                                    {1e-3, "m"},
                                                    {1, ""},
                                                    {1e3, "k"},
                                                    {1e6, "M"},
                                                    {1e9, "G"},
                                                    {1e12, "T"}}};

/// The largest prefix not above a value.
UnitPrefix prefix_for(double largest) {
  const UnitPrefix* found = &unit_prefixes[0];
  for (const UnitPrefix& each : unit_prefixes)
    if (largest >= each.factor * (1 - 1e-9)) found = &each;
  return *found;
}

bool takes_prefix(const std::string& unit) {
  return !unit.empty() && unit != "dB" && unit != "°" && unit != "rad";
}

std::string decade_label(double value, const std::string& unit) {
  if (!takes_prefix(unit)) return fmt::format("{:g}", value);
  const UnitPrefix prefix = prefix_for(value);
  return fmt::format("{:g}{}", value / prefix.factor, prefix.letter);
}

std::vector<Tick> decades_of(const PictureAxis& axis, int most) {
  const double first = std::ceil(std::log10(axis.low) - 1e-9),
               last = std::floor(std::log10(axis.high) + 1e-9);
  const double step = std::max(1.0, std::ceil((last - first) / most));
  std::vector<Tick> ticks;
  for (double decade = first; decade <= last; decade += step)
    ticks.push_back({std::pow(10, decade), decade_label(std::pow(10, decade), axis.unit)});
  return ticks;
}

struct Extent {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void add(const std::vector<double>& values, bool log) {
    for (const double value : values)
      if (std::isfinite(value) && (!log || value > 0)) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
  }
};

void fit_axis(PictureAxis& axis, Extent extent, double margin) {
  if (!(extent.low <= extent.high))
    extent = axis.log ? Extent{.low = 0.1, .high = 10} : Extent{.low = 0, .high = 1};
  if (axis.log) {
    const double ratio = extent.low < extent.high ? std::pow(extent.high / extent.low, margin) : 2;
    axis.low = extent.low / ratio;
    axis.high = extent.high * ratio;
    return;
  }
  double width = extent.high - extent.low;
  // What differs by rounding alone is a constant.
  const double size = std::max(std::abs(extent.low), std::abs(extent.high));
  if (width <= 1e-9 * size || width == 0) {
    const double room = size > 0 ? 0.1 * size : 1;
    axis.low = extent.low - room;
    axis.high = extent.high + room;
    return;
  }
  axis.low = extent.low - margin * width;
  axis.high = extent.high + margin * width;
}

}  // namespace

UnitPrefix prefix_of(const PictureAxis& axis) {
  if (axis.log || !takes_prefix(axis.unit)) return {};
  const double largest = std::max(std::abs(axis.low), std::abs(axis.high));
  // Up to 960 mV are better told as 0.96 V.
  return largest > 0 ? prefix_for(largest * 1.05) : UnitPrefix{};
}

std::string title_of(const PictureAxis& axis) {
  if (axis.unit.empty()) return axis.name;
  return fmt::format("{} / {}{}", axis.name, prefix_of(axis).letter, axis.unit);
}

std::string value_text(double value, const std::string& unit, int digits) {
  const bool plain = !unit.empty() && !takes_prefix(unit);
  const UnitPrefix prefix =
      plain || value == 0 || !std::isfinite(value) ? UnitPrefix{} : prefix_for(std::abs(value));
  return fmt::format("{:.{}g}{}{}{}", value / prefix.factor, digits, unit.empty() ? "" : " ", prefix.letter,
                     unit);
}

std::vector<Tick> ticks_of(const PictureAxis& axis, int most) {
  if (axis.log) {
    std::vector<Tick> decades = decades_of(axis, most);
    if (decades.size() > 1) return decades;
  }
  const double factor = prefix_of(axis).factor;
  const double low = axis.low / factor, high = axis.high / factor;
  double step = std::pow(10, std::floor(std::log10((high - low) / most)));
  for (const double nice : {1.0, 2.0, 5.0, 10.0})
    if ((high - low) / (nice * step) <= most) {
      step *= nice;
      break;
    }
  std::vector<Tick> ticks;
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; ++k) {
    const double value = k == 0 ? 0 : k * step;
    if (axis.log && value <= 0) continue;
    const double digits = std::abs(value) / step;  // a tick is told from its neighbour
    ticks.push_back(
        {value * factor, fmt::format("{:.{}g}", value,
                                     std::max(3, static_cast<int>(std::ceil(std::log10(digits + 1))) + 1))});
  }
  return ticks;
}

void fit_ranges(Picture& picture) {
  for (Panel& panel : picture.panels) {
    Extent x, y;
    for (const DrawnCurve& curve : panel.curves) {
      x.add(curve.x, panel.x.log);
      y.add(curve.y, panel.y.log);
    }
    if (panel.bars) {
      const std::vector<double>& middles = panel.curves.front().x;
      const double half = middles.size() > 1 ? 0.5 * (middles[1] - middles[0]) : 0.5;
      x.low -= half;
      x.high += half;
      y.low = 0;
    }
    // Loops keep away from the frame; over a scale curves begin and end at it.
    const bool loops = std::ranges::any_of(
        panel.curves, [](const DrawnCurve& curve) { return !std::ranges::is_sorted(curve.x); });
    fit_axis(panel.x, x, panel.bars || loops ? 0.03 : 0);
    fit_axis(panel.y, y, 0.05);
    if (panel.bars) panel.y.low = 0;
  }
}

}  // namespace memspice::app
