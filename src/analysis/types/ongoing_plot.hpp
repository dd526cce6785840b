#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "memspice/waveform.hpp"

namespace memspice {

/// Where a plot may have been begun by a run that another one goes on from.
class OngoingPlot final : public WaveformSink {
 public:
  OngoingPlot(WaveformSink& sink, bool open) : sink_(sink), open_(open) {}
  void begin_plot(const PlotInfo& plot) override {
    if (!std::exchange(open_, true)) sink_.begin_plot(plot);
  }
  void row(std::span<const double> values) override {
    if (closed_)
      ++lost_;
    else
      sink_.row(values);
  }
  void end_plot() override { sink_.end_plot(); }
  void commit(std::string_view) override {}

  /// For a while rows are lost.
  void close() { closed_ = true; }
  /// How many were.
  std::size_t open() {
    closed_ = false;
    return std::exchange(lost_, 0);
  }

 private:
  WaveformSink& sink_;
  bool open_;
  bool closed_ = false;
  std::size_t lost_ = 0;
};

}  // namespace memspice
