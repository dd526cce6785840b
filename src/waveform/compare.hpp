#pragma once

#include <cstddef>
#include <memspice/waveform.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace memspice {

struct CompareOptions {
  double reltol = 1e-3;                                       // of the first vector's range
  double abstol = 1e-12;                                      // in the vector's unit
  std::vector<std::pair<std::string, std::string>> map = {};  // name in the first file, name in the second
  std::vector<std::string> ignore = {};                       // names not to compare, with `*` and `?`
};

/// How far two vectors are apart over the common range of their scales, on the union of both grids with
/// linear interpolation between the points. At a jump (a repeated scale value) left is compared with left,
/// right with right. Complex vectors: the magnitude of the complex difference.
struct VectorDifference {
  std::string first;   // the vector's name in the first file
  std::string second;  // and in the second
  Quantity quantity = Quantity::notype;
  double range = 0;      // largest minus smallest value of the first; its magnitude where it is constant
  double maximum = 0;    // largest absolute difference; infinite where only one of the two is a number
  double where = 0;      // the scale's value there
  double rms = 0;        // over the scale (trapezoidal), so that crowded points do not weigh more
  double tolerance = 0;  // abstol + reltol * range

  [[nodiscard]] bool within() const { return maximum <= tolerance; }
  [[nodiscard]] double relative_maximum() const { return ratio(maximum); }
  [[nodiscard]] double relative_rms() const { return ratio(rms); }

 private:
  [[nodiscard]] double ratio(double difference) const { return difference == 0 ? 0 : difference / range; }
};

/// What a scale covers; several blocks where a sweep restarts.
struct ScaleRange {
  double from = 0;
  double to = 0;
  std::size_t points = 0;
  std::size_t blocks = 0;
};

struct PlotDifference {
  std::string name;
  std::string scale;  // empty for plots without one (an operating point), which are compared row by row
  Quantity scale_quantity = Quantity::notype;
  ScaleRange first;
  ScaleRange second;
  std::string first_mark;  // why its rows end early, where the file says so
  std::string second_mark;
  bool every_sweep = true;                // of both files is as long as the other's
  ScaleRange common;                      // `points` of the union of both grids
  std::vector<VectorDifference> vectors;  // worst first, in units of the tolerance
  std::vector<std::string> only_first;    // vectors that the other plot lacks
  std::vector<std::string> only_second;

  /// Whether neither covers more than both have, but for a first step and the rounding of the last point: of
  /// a run that ended early, or of a sweep less, only a part has been compared. Never where a file says that
  /// its rows end early.
  [[nodiscard]] bool covers_all() const;
};

struct Comparison {
  std::vector<PlotDifference> plots;
  std::vector<std::string> only_first;  // plots that the other file lacks
  std::vector<std::string> only_second;

  [[nodiscard]] std::size_t vectors() const;
  [[nodiscard]] std::size_t exceeding() const;
  [[nodiscard]] bool has_all_plots() const { return only_first.empty() && only_second.empty(); }
  /// Every plot, and neither file has one that the other lacks.
  [[nodiscard]] bool covers_all() const;
  /// The worst of all vectors; null when there is none.
  [[nodiscard]] const VectorDifference* worst() const;
};

/// The two files cannot be compared as asked: nothing in common, or a name that does not exist.
class CompareError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Compares plot by plot: plots of the same name in their order, then the remaining ones in theirs.
/// Throws CompareError.
Comparison compare(const std::vector<Plot>& first, const std::vector<Plot>& second,
                   const CompareOptions& options);

}  // namespace memspice
