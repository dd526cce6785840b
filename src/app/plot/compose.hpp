#pragma once

#include <memspice/waveform.hpp>
#include <string>
#include <vector>

#include "app/plot/picture.hpp"

namespace memspice::app {

/// The plots of a file, or of a run.
struct PlotSource {
  std::string name;  // as messages and legends call it
  std::vector<Plot> plots;
};

/// What is to be drawn of them.
struct PlotWish {
  std::vector<std::string> vectors;  // names, patterns, expressions; none: all vectors
  std::string x;                     // an expression; empty: the scale
  bool log_x = false;
  bool log_y = false;
  bool histogram = false;  // of the last value of each point
  std::string plot;        // number from 1, or the beginning of a plot's name; empty: the first that fits
};

struct Composition {
  Picture picture;
  std::vector<std::string> remarks;  // on what is not drawn
};

/// Chooses the plot, reads the vectors and sorts them into panels, one a unit. Throws UsageError.
Composition compose(const std::vector<PlotSource>& sources, const PlotWish& wish);

}  // namespace memspice::app
