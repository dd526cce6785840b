#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <memspice/waveform.hpp>
#include <stdexcept>

namespace memspice {

/// How many numbers a row of this plot has.
inline std::size_t row_width(const PlotInfo& plot) {
  return plot.vectors.size() * (plot.complex ? 2 : 1);
}

inline void check_row(const PlotInfo& plot, std::size_t values) {
  if (values == row_width(plot)) return;
  throw std::logic_error(fmt::format("a row of {} numbers where the plot '{}' has {} (please report)", values,
                                     plot.name, row_width(plot)));
}

}  // namespace memspice
