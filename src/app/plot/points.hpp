#pragma once

#include <memspice/waveform.hpp>
#include <string>
#include <vector>

namespace memspice::app {

/// The rows of one point of .step, .mc or .temp.
struct PointRows {
  std::size_t begin = 0;  // rows [begin, end)
  std::size_t end = 0;
  std::string label;  // "r=2k run=3": the values that differ between points; empty: there is one point
};

/// How the rows of a plot belong together.
struct PlotLayout {
  static constexpr std::size_t none = Plot::npos;
  std::size_t scale = none;               // the vector that runs within a point; none: a row is all there is
  std::vector<std::size_t> point_values;  // vectors that are the same within a point
  std::vector<PointRows> points;          // in the order of the file
  bool draws = false;                     // every row is a draw of .mc
};

/// How a picture takes the rows, cut into points as cut_points() does. Where each point is one row, they are
/// a curve over the value that changes from row to row.
PlotLayout layout_of(const Plot& plot);

/// The same for who asks for one point: a row may be one, and of operating points no vector is the scale.
PlotLayout points_of(const Plot& plot);

/// Plots of one analysis at several points (--plot-per-step) as one; others as they are.
std::vector<Plot> join_points(std::vector<Plot> plots);

}  // namespace memspice::app
