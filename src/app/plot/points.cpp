#include "app/plot/points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/plot/picture.hpp"

namespace memspice::app {

namespace {

/// `r`, `run`, `temper`: not `v(out)`, nor `onoise_spectrum`.
bool names_point_value(std::string_view name) {
  return name.find_first_of("(@#_") == std::string_view::npos;
}

/// "Transient Analysis" of "Transient Analysis 3": a file counts its plots of one name.
std::string_view uncounted(std::string_view name) {
  const std::size_t end = name.find_last_not_of("0123456789");
  return end == std::string_view::npos || name[end] != ' ' ? name : name.substr(0, end);
}

/// Whether row i begins the scale anew.
bool restarts(const std::vector<double>& scale, std::size_t i) {
  const double step = scale[i] - scale[i - 1];
  if (i < 2) return false;
  const double before = scale[i - 1] - scale[i - 2];
  return step * before < 0 && std::abs(step) > 1.5 * std::abs(before);
}

bool is_monotonic(Quantity scale) {
  return scale == Quantity::time || scale == Quantity::frequency;
}

void cut_at(PlotLayout& layout, const std::vector<bool>& first) {
  for (std::size_t i = 0; i < first.size(); ++i)
    if (first[i]) {
      if (!layout.points.empty()) layout.points.back().end = i;
      layout.points.push_back({.begin = i, .end = first.size(), .label = {}});
    }
}

void label_points(PlotLayout& layout, const Plot& plot) {
  if (layout.points.size() < 2) return;
  for (const std::size_t vector : layout.point_values) {
    const std::vector<double>& values = plot.columns[vector];
    const bool differs = std::ranges::any_of(
        layout.points, [&](const PointRows& rows) { return values[rows.begin] != values[0]; });
    if (!differs) continue;
    for (PointRows& rows : layout.points)
      rows.label += fmt::format("{}{}={}", rows.label.empty() ? "" : " ", plot.vectors[vector].name,
                                value_text(values[rows.begin], ""));
  }
  std::size_t number = 0;
  for (PointRows& rows : layout.points) {
    ++number;
    if (rows.label.empty()) rows.label = fmt::format("sweep {}", number);
  }
}

/// Without a scale of an analysis: `run r v(out)`, a row a point.
PlotLayout layout_of_rows(const Plot& plot) {
  PlotLayout layout;
  std::size_t count = 0;
  while (count < plot.vectors.size() && names_point_value(plot.vectors[count].name)) ++count;
  // What changes most often runs within a point.
  std::vector<bool> first(plot.rows());
  if (!first.empty()) first[0] = true;
  std::size_t most = 0;
  for (std::size_t vector = 0; vector < count; ++vector) {
    std::size_t changes = 0;
    for (std::size_t i = 1; i < plot.rows(); ++i)
      changes += plot.columns[vector][i] != plot.columns[vector][i - 1];
    if (changes > most || layout.scale == PlotLayout::none) {
      layout.scale = vector;
      most = changes;
    }
  }
  for (std::size_t vector = 0; vector < count; ++vector) {
    if (vector == layout.scale) continue;
    layout.point_values.push_back(vector);
    for (std::size_t i = 1; i < plot.rows(); ++i)
      if (plot.columns[vector][i] != plot.columns[vector][i - 1]) first[i] = true;
  }
  layout.draws = layout.scale != PlotLayout::none && plot.vectors[layout.scale].name == "run";
  cut_at(layout, first);
  label_points(layout, plot);
  return layout;
}

bool is_of_rows(const Plot& plot) {
  return plot.name.starts_with("Operating Point") || plot.vectors[0].name == "run";
}

}  // namespace

PlotLayout points_of(const Plot& plot) {
  if (plot.vectors.empty() || !is_of_rows(plot)) return layout_of(plot);
  PlotLayout layout;
  for (std::size_t i = 0; i < plot.vectors.size() && names_point_value(plot.vectors[i].name); ++i)
    layout.point_values.push_back(i);
  cut_at(layout, std::vector<bool>(plot.rows(), true));
  label_points(layout, plot);
  return layout;
}

PlotLayout layout_of(const Plot& plot) {
  if (plot.vectors.empty()) return {};
  if (is_of_rows(plot)) return layout_of_rows(plot);
  PlotLayout layout{.scale = 0, .point_values = {}, .points = {}, .draws = false};
  const std::vector<double>& scale = plot.columns[0];
  std::vector<bool> first(scale.size());
  for (std::size_t i = 1; i < scale.size(); ++i)
    first[i] = is_monotonic(plot.vectors[0].quantity) ? scale[i] < scale[i - 1] : restarts(scale, i);
  if (!first.empty()) first[0] = true;
  const std::size_t cuts = static_cast<std::size_t>(std::ranges::count(first, true));
  for (std::size_t vector = 1; cuts > 1 && vector < plot.vectors.size(); ++vector) {
    if (!names_point_value(plot.vectors[vector].name)) break;
    const std::vector<double>& values = plot.columns[vector];
    bool constant = true;
    for (std::size_t i = 1; i < values.size() && constant; ++i)
      constant = first[i] || values[i] == values[i - 1];
    if (!constant) break;
    layout.point_values.push_back(vector);
  }
  cut_at(layout, first);
  label_points(layout, plot);
  return layout;
}

std::vector<Plot> join_points(std::vector<Plot> plots) {
  const auto same_vectors = [](const Plot& a, const Plot& b) {
    return uncounted(a.name) == uncounted(b.name) && a.complex == b.complex &&
           std::ranges::equal(a.vectors, b.vectors, {}, &VectorInfo::name, &VectorInfo::name);
  };
  const auto of_point = [](const Plot& plot) {
    return plot.vectors.size() > 1 &&
           std::ranges::any_of(plot.vectors.begin(), plot.vectors.begin() + 2, [](const VectorInfo& vector) {
             return names_point_value(vector.name) && vector.quantity == Quantity::notype;
           });
  };
  std::vector<Plot> joined;
  for (Plot& plot : plots) {
    const auto earlier =
        std::ranges::find_if(joined, [&](const Plot& known) { return same_vectors(known, plot); });
    if (earlier == joined.end() || !of_point(plot)) {
      joined.push_back(std::move(plot));
      continue;
    }
    earlier->title = earlier->title.substr(0, earlier->title.rfind(": "));
    for (std::size_t i = 0; i < plot.columns.size(); ++i) {
      earlier->columns[i].insert(earlier->columns[i].end(), plot.columns[i].begin(), plot.columns[i].end());
      if (plot.complex)
        earlier->imaginary[i].insert(earlier->imaginary[i].end(), plot.imaginary[i].begin(),
                                     plot.imaginary[i].end());
    }
  }
  return joined;
}

}  // namespace memspice::app
