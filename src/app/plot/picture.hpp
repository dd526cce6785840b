#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace memspice::app {

/// A line of a panel, or its bars. Values in the vectors' units.
struct DrawnCurve {
  std::string label;
  std::vector<double> x;
  std::vector<double> y;     // as many; NaN lifts the pen
  std::uint32_t colour = 0;  // 0xrrggbb
  bool of_many = false;      // one of a family that its colour tells apart: it has no place in the legend
};

struct PictureAxis {
  std::string name;  // "time", "v(out)"
  std::string unit;  // "s"; empty: none
  bool log = false;
  double low = 0;  // what is shown
  double high = 1;
};

struct Panel {
  PictureAxis x;
  PictureAxis y;
  std::vector<DrawnCurve> curves;
  bool bars = false;  // a histogram: x are the middles of its bars, all equally wide
};

/// What is drawn, whatever draws it: panels one above the other.
struct Picture {
  std::string title;
  std::vector<Panel> panels;
};

/// A factor of a unit: 1e-3 is "m".
struct UnitPrefix {
  double factor = 1;
  const char* letter = "";
};

/// The prefix with which the values of an axis have one to three digits in front of the point. 1 on
/// logarithmic axes and where there is no unit that could take one.
UnitPrefix prefix_of(const PictureAxis& axis);
/// "time / ms", "w".
std::string title_of(const PictureAxis& axis);

/// "32.1 mV", "1.5k" without a unit.
std::string value_text(double value, const std::string& unit, int digits = 4);

struct Tick {
  double value = 0;  // in the axis' unit
  std::string label;
};
/// About `most` round values on a linear axis, the decades of a logarithmic one.
std::vector<Tick> ticks_of(const PictureAxis& axis, int most);

/// Sets the ranges of all axes to what their curves cover and a little more.
void fit_ranges(Picture& picture);

}  // namespace memspice::app
