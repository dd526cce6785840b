#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace memspice::app {

/// Where the points of .step, .mc, .temp or a nested sweep begin in the rows of a plot.
struct PointCuts {
  std::vector<std::size_t> starts;  // the first row of each; empty: there are no rows
  std::size_t values = 0;           // so many of the columns behind the scale hold values of the points
};

/// Whether a vector of this name may hold values of points: `r`, `run`, `r_load`; not `v(out)`,
/// `@r1[resistance]` nor `onoise_spectrum`.
bool names_point_value(std::string_view name);

/// Finds the points by the rows alone, as no format marks them. columns[0] is the scale, and the vectors
/// whose names may be those of values follow. A value may change only where the scale begins anew: what does
/// so in the middle of a sweep is no value of a point, and where the values change a point begins, however
/// short it is. Where none changes, as in other simulators' files, the scale has to tell: it falls (`rises`:
/// of time and frequency), or it turns and jumps, as a sweep may go down, and back.
PointCuts cut_points(std::span<const std::span<const double>> columns, bool rises);

}  // namespace memspice::app
