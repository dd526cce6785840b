#pragma once

#include <string>
#include <string_view>

#include "app/plot/picture.hpp"

namespace memspice::app {

struct PictureSize {
  int width = 900;  // pixels
  int height = 0;   // 0: by the number of panels
};

/// The picture as a script for gnuplot 5.2 or later, data included. `terminal` is what gnuplot writes: svg,
/// pngcairo, pdfcairo, sixelgd; empty: who runs the script says it.
std::string gnuplot_script(const Picture& picture, std::string_view terminal, PictureSize size = {});

/// Whether there is a gnuplot on the path.
bool has_gnuplot();
/// What gnuplot writes to its standard output. Throws FileError where there is no gnuplot, with what to do
/// about it, or where it fails, with what it said.
std::string run_gnuplot(const std::string& script);

}  // namespace memspice::app
