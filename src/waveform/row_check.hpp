#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <memspice/waveform.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/archive.hpp"

namespace memspice {

/// How many numbers a row of this plot has.
inline std::size_t row_width(const PlotInfo& plot) {
  return plot.vectors.size() * (plot.complex ? 2 : 1);
}

inline void check_row(std::string_view plot, std::size_t width, std::size_t values) {
  if (values == width) return;
  throw std::logic_error(
      fmt::format("a row of {} numbers where the plot '{}' has {} (please report)", values, plot, width));
}
inline void check_row(const PlotInfo& plot, std::size_t values) {
  check_row(plot.name, row_width(plot), values);
}

/// What a file needs to know of the plot that is being written: not a million names of vectors.
struct OpenPlot {
  explicit OpenPlot(const PlotInfo& plot) : name(plot.name), complex(plot.complex), width(row_width(plot)) {}
  /// To be filled.
  OpenPlot() = default;
  void exchange(Archive& archive) {
    archive.text(name);
    archive(complex);
    archive(width);
  }
  void check_row(std::size_t values) const { memspice::check_row(name, width, values); }

  std::string name;
  bool complex = false;
  std::size_t width = 0;  // numbers of a row
};

}  // namespace memspice
