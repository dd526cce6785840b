#include "app/plot/point_cuts.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::app {

namespace {

using Column = std::span<const double>;

/// Whether a sweep turns at row i and goes back by more than a step.
bool jumps_back(Column scale, std::size_t i) {
  if (i < 2) return false;
  const double step = scale[i] - scale[i - 1];
  const double before = scale[i - 1] - scale[i - 2];
  return step * before < 0 && std::abs(step) > 1.5 * std::abs(before);
}

bool may_begin(Column scale, bool rises, std::size_t i) {
  if (rises && scale[i] != scale[i - 1]) return scale[i] < scale[i - 1];
  return scale[i] == scale[0] || (!rises && jumps_back(scale, i));
}

/// Points of the same values in succession: the sweep of rows [begin, end) is one of `size` rows, repeated.
bool repeats(Column scale, std::size_t begin, std::size_t end, std::size_t size) {
  if ((end - begin) % size != 0) return false;
  for (std::size_t i = begin + size; i < end; ++i)
    if (scale[i] != scale[i - size]) return false;
  return true;
}

void cut_repeated(Column scale, std::vector<bool>& first) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < first.size(); ++i)
    if (first[i]) starts.push_back(i);
  if (starts.size() < 2) return;
  starts.push_back(scale.size());
  std::size_t size = scale.size();
  for (std::size_t k = 1; k < starts.size(); ++k) size = std::min(size, starts[k] - starts[k - 1]);
  for (std::size_t k = 1; k < starts.size(); ++k) {
    if (!repeats(scale, starts[k - 1], starts[k], size)) continue;
    for (std::size_t i = starts[k - 1]; i < starts[k]; i += size) first[i] = true;
  }
}

}  // namespace

bool names_point_value(std::string_view name) {
  return name.find_first_of("(@#") == std::string_view::npos && !name.starts_with("onoise_") &&
         !name.starts_with("inoise_");
}

PointCuts cut_points(std::span<const std::span<const double>> columns, bool rises) {
  const Column scale = columns.front();
  const std::size_t rows = scale.size();
  if (rows == 0) return {};
  std::vector<bool> first(rows);
  std::size_t values = 0;
  for (const Column column : columns.subspan(1)) {
    bool of_points = true;
    for (std::size_t i = 1; i < rows && of_points; ++i)
      of_points = column[i] == column[i - 1] || may_begin(scale, rises, i);
    if (!of_points) break;
    for (std::size_t i = 1; i < rows; ++i)
      if (column[i] != column[i - 1]) first[i] = true;
    ++values;
  }
  const bool told = std::ranges::find(first, true) != first.end();
  first[0] = true;
  for (std::size_t i = 1; i < rows; ++i) {
    if (rises && scale[i] < scale[i - 1]) first[i] = true;
    if (!rises && !told && jumps_back(scale, i)) first[i] = true;
  }
  if (!rises && told) cut_repeated(scale, first);
  PointCuts cuts;
  for (std::size_t i = 0; i < rows; ++i)
    if (first[i]) cuts.starts.push_back(i);
  if (cuts.starts.size() > 1) cuts.values = values;
  return cuts;
}

}  // namespace memspice::app
