#include "app/point_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "app/plot/points.hpp"
#include "base/number.hpp"
#include "base/usage_error.hpp"

namespace memspice::app {

namespace {

constexpr const char* point_hint = "write --points 1:3, or --points r=1k:r=2k";

/// The pieces of a text between delimiters.
std::vector<std::string_view> pieces(std::string_view text, char delimiter) {
  std::vector<std::string_view> found;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(delimiter, begin), text.size());
    found.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return found;
}

double number_of(std::string_view word) {
  const std::optional<double> number = signed_number(word);
  if (!number) throw UsageError(fmt::format("'{}' is no number", word), point_hint);
  return *number;
}

bool has_values(const Plot& plot, const PointRows& rows, std::string_view point) {
  return std::ranges::all_of(pieces(point, ','), [&](std::string_view pair) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos)
      throw UsageError(fmt::format("'{}' is neither the number of a point nor its values", point),
                       point_hint);
    const double wanted = number_of(pair.substr(equals + 1));
    const std::size_t vector = plot.find(pair.substr(0, equals));
    constexpr double rounding = 1e-9;  // of a value that a sweep has added up to
    return vector != Plot::npos &&
           std::abs(plot.columns[vector][rows.begin] - wanted) <= rounding * std::abs(wanted);
  });
}

const PointRows* find_point(const Plot& plot, const PlotLayout& layout, std::string_view point) {
  if (layout.points.size() < 2) return nullptr;
  if (point.find('=') == std::string_view::npos) {
    const double number = number_of(point);
    if (!(number >= 1 && number == std::floor(number)))
      throw UsageError(fmt::format("'{}' is no number of a point: the first one is 1", point), point_hint);
    return number > static_cast<double>(layout.points.size())
               ? nullptr
               : &layout.points[static_cast<std::size_t>(number) - 1];
  }
  const auto found = std::ranges::find_if(
      layout.points, [&](const PointRows& rows) { return has_values(plot, rows, point); });
  return found == layout.points.end() ? nullptr : &*found;
}

Plot rows_of(const Plot& plot, const PlotLayout& layout, const PointRows& rows) {
  Plot part;
  static_cast<PlotInfo&>(part) = {plot.title, plot.name, plot.complex, {}};
  part.mark = plot.mark;
  const auto cut = [&](const std::vector<double>& column) {
    return std::vector<double>(column.begin() + static_cast<std::ptrdiff_t>(rows.begin),
                               column.begin() + static_cast<std::ptrdiff_t>(rows.end));
  };
  for (std::size_t i = 0; i < plot.vectors.size(); ++i) {
    if (std::ranges::find(layout.point_values, i) != layout.point_values.end()) continue;
    part.vectors.push_back(plot.vectors[i]);
    part.columns.push_back(cut(plot.columns[i]));
    if (plot.complex) part.imaginary.push_back(cut(plot.imaginary[i]));
  }
  return part;
}

[[noreturn]] void fail_unknown_point(const std::vector<Plot>& plots, std::string_view point,
                                     const std::string& file) {
  constexpr std::size_t most = 8;
  std::string hint = "it has no plot of several points";
  for (const Plot& plot : plots) {
    const PlotLayout layout = points_of(plot);
    if (layout.points.size() < 2) continue;
    hint = fmt::format("it has {}: ", layout.points.size());
    for (std::size_t i = 0; i < std::min(most, layout.points.size()); ++i)
      hint += fmt::format("{}{}", i == 0 ? "" : ", ", layout.points[i].label);
    if (layout.points.size() > most) hint += ", …";
    break;
  }
  throw UsageError(fmt::format("'{}' has no point '{}'", file, point), hint);
}

}  // namespace

std::pair<std::string, std::string> point_pair(std::string_view text) {
  const std::vector<std::string_view> both = pieces(text, ':');
  if (both.size() > 2) throw UsageError(fmt::format("'{}' names more than two points", text), point_hint);
  return {std::string(both.front()), std::string(both.back())};
}

std::vector<Plot> at_point(std::vector<Plot> plots, std::string_view point, const std::string& file) {
  std::vector<Plot> parts;
  const std::vector<Plot> joined = join_points(std::move(plots));
  for (const Plot& plot : joined) {
    const PlotLayout layout = points_of(plot);
    if (const PointRows* rows = find_point(plot, layout, point))
      parts.push_back(rows_of(plot, layout, *rows));
  }
  if (parts.empty()) fail_unknown_point(joined, point, file);
  return parts;
}

}  // namespace memspice::app
