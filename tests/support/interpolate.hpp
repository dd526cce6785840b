#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace memspice::testing {

/// The value at time t, linear between rows and constant outside of them.
inline double interpolate(const std::vector<double>& time, const std::vector<double>& values, double t) {
  const auto after = std::ranges::upper_bound(time, t);
  if (after == time.begin()) return values.front();
  if (after == time.end()) return values.back();
  const auto k = static_cast<std::size_t>(after - time.begin());
  const double part = (t - time[k - 1]) / (time[k] - time[k - 1]);
  return values[k - 1] * (1 - part) + values[k] * part;
}

}  // namespace memspice::testing
