#include "app/plot/points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <span>

#include "app/plot/picture.hpp"
#include "app/plot/point_cuts.hpp"

namespace memspice::app {

namespace {

/// "Transient Analysis" of "Transient Analysis 3": a file counts its plots of one name.
std::string_view uncounted(std::string_view name) {
  const std::size_t end = name.find_last_not_of("0123456789");
  return end == std::string_view::npos || name[end] != ' ' ? name : name.substr(0, end);
}

void cut_at(PlotLayout& layout, std::span<const std::size_t> starts, std::size_t rows) {
  for (std::size_t i = 0; i < starts.size(); ++i)
    layout.points.push_back(
        {.begin = starts[i], .end = i + 1 < starts.size() ? starts[i + 1] : rows, .label = {}});
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

std::size_t point_value_count(const Plot& plot, std::size_t begin) {
  std::size_t end = begin;
  while (end < plot.vectors.size() && names_point_value(plot.vectors[end].name)) ++end;
  return end - begin;
}

/// Where a row is a point: `run r v(out)`, with the points' values in columns [begin, end).
PlotLayout layout_of_rows(const Plot& plot, std::size_t begin, std::size_t end) {
  PlotLayout layout;
  // What changes most often runs within a point.
  std::vector<bool> first(plot.rows());
  if (!first.empty()) first[0] = true;
  std::size_t most = 0;
  for (std::size_t vector = begin; vector < end; ++vector) {
    std::size_t changes = 0;
    for (std::size_t i = 1; i < plot.rows(); ++i)
      changes += plot.columns[vector][i] != plot.columns[vector][i - 1];
    if (changes > most || layout.scale == PlotLayout::none) {
      layout.scale = vector;
      most = changes;
    }
  }
  for (std::size_t vector = begin; vector < end; ++vector) {
    if (vector == layout.scale) continue;
    layout.point_values.push_back(vector);
    for (std::size_t i = 1; i < plot.rows(); ++i)
      if (plot.columns[vector][i] != plot.columns[vector][i - 1]) first[i] = true;
  }
  layout.draws = layout.scale != PlotLayout::none && plot.vectors[layout.scale].name == "run";
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < plot.rows(); ++i)
    if (first[i]) starts.push_back(i);
  cut_at(layout, starts, plot.rows());
  label_points(layout, plot);
  return layout;
}

bool is_of_rows(const Plot& plot) {
  return plot.name.starts_with("Operating Point") || plot.vectors[0].name == "run";
}

PlotLayout layout_of_points(const Plot& plot, const PointCuts& cuts) {
  PlotLayout layout{.scale = 0, .point_values = {}, .points = {}, .draws = false};
  for (std::size_t vector = 1; vector <= cuts.values; ++vector) layout.point_values.push_back(vector);
  cut_at(layout, cuts.starts, plot.rows());
  label_points(layout, plot);
  return layout;
}

PointCuts cuts_of(const Plot& plot) {
  const std::size_t values = point_value_count(plot, 1);
  const std::vector<std::span<const double>> columns(
      plot.columns.begin(), plot.columns.begin() + static_cast<std::ptrdiff_t>(1 + values));
  const Quantity scale = plot.vectors[0].quantity;
  return cut_points(columns, scale == Quantity::time || scale == Quantity::frequency);
}

}  // namespace

PlotLayout points_of(const Plot& plot) {
  if (plot.vectors.empty()) return {};
  if (!is_of_rows(plot)) return layout_of_points(plot, cuts_of(plot));
  PlotLayout layout;
  layout.point_values.resize(point_value_count(plot, 0));
  std::iota(layout.point_values.begin(), layout.point_values.end(), 0);
  std::vector<std::size_t> starts(plot.rows());
  std::iota(starts.begin(), starts.end(), 0);
  cut_at(layout, starts, plot.rows());
  label_points(layout, plot);
  return layout;
}

PlotLayout layout_of(const Plot& plot) {
  if (plot.vectors.empty()) return {};
  if (is_of_rows(plot)) return layout_of_rows(plot, 0, point_value_count(plot, 0));
  const PointCuts cuts = cuts_of(plot);
  const bool of_rows = plot.rows() > 1 && cuts.starts.size() == plot.rows() && cuts.values > 0;
  if (!of_rows) return layout_of_points(plot, cuts);
  PlotLayout layout = layout_of_rows(plot, 1, 1 + cuts.values);
  layout.point_values.insert(layout.point_values.begin(), 0);  // one frequency, one value of a source
  return layout;
}

std::vector<Plot> join_points(std::vector<Plot> plots) {
  const auto same_vectors = [](const Plot& a, const Plot& b) {
    return uncounted(a.name) == uncounted(b.name) && a.complex == b.complex &&
           std::ranges::equal(a.vectors, b.vectors, {}, &VectorInfo::name, &VectorInfo::name);
  };
  // A source's value has the quantity of a scale: the title tells that it is a point's.
  const auto of_point = [](const Plot& plot) {
    return plot.vectors.size() > 1 &&
           std::ranges::any_of(plot.vectors.begin(), plot.vectors.begin() + 2, [&](const VectorInfo& vector) {
             return names_point_value(vector.name) &&
                    (vector.quantity == Quantity::notype ||
                     plot.title.find(fmt::format(": {}=", vector.name)) != std::string::npos);
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
