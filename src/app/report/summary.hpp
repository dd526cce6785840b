#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/archive.hpp"
#include "memspice/simulate.hpp"

namespace memspice::app {

/// Passes rows on to another sink (or to none) and keeps first, last, smallest and largest value (of complex
/// vectors their magnitudes) of the first vectors of each plot, for the table that ends a run.
class SummarySink final : public WaveformSink {
 public:
  explicit SummarySink(WaveformSink* next) : next_(next) {}
  void begin_plot(const PlotInfo& plot) override;
  void row(std::span<const double> values) override;
  void end_plot() override;
  void commit(std::string_view mark) override;

  /// What it has kept so far, written or read.
  void exchange(Archive& archive);

  /// The tables of the first plots, for people.
  [[nodiscard]] std::string table() const;

 private:
  static constexpr std::size_t all_vectors = 20;   // up to here every vector is in the table
  static constexpr std::size_t most_vectors = 12;  // of a longer list
  struct Range {
    double first = 0, last = 0, smallest = 0, largest = 0;  // of complex values the magnitudes
    double real = 0, imaginary = 0;                         // of the first one
  };
  struct Summary {
    PlotInfo plot;  // vectors: the first ones only
    std::size_t vectors = 0;
    std::size_t rows = 0;
    std::vector<Range> ranges;
  };
  WaveformSink* next_;
  std::vector<Summary> summaries_;
};

/// One paragraph for people: steps, rows, seconds, what .omega found.
std::string describe(const AnalysisReport& report, bool verbose);
/// "10 points", "2 of 10 points failed", "interrupted after 3 of 10 points".
std::string summary_of(const std::vector<PointReport>& points);
/// What failed, of many points the first ones; empty when nothing did.
std::string describe_failures(const RunReport& report, const std::string& deck);
/// What .network found, as a table.
std::string describe(const NetworkReport& report);
/// The states of a fixed point, or of many the first ones.
std::string describe(const FixedPointReport& report);
/// The eigenvalues as a table, the oscillations by period, and what the closed form says.
std::string describe(const EigenReport& report);

}  // namespace memspice::app
