#pragma once

#include <vector>

#include "memspice/waveform.hpp"

namespace memspice::app {

/// Prints the columns that .print asks for to standard output, row by row, and passes everything on to
/// another sink (or to none).
class PrintSink final : public WaveformSink {
 public:
  explicit PrintSink(WaveformSink* next) : next_(next) {}
  void begin_plot(const PlotInfo& plot) override;
  void row(std::span<const double> values) override;
  void end_plot() override;
  void commit(std::string_view mark) override;

 private:
  WaveformSink* next_;
  std::vector<std::size_t> columns_;
};

}  // namespace memspice::app
