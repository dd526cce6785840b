#pragma once

#include <cstdio>
#include <memory>
#include <memspice/waveform.hpp>
#include <span>
#include <vector>

#include "base/archive.hpp"

namespace memspice {

/// Keeps rows until it is known whether they are the ones that are wanted: in memory, and what is too much
/// for that in a temporary file without a name.
///
/// Life cycle: fill it like any sink, one plot at a time; release() into another sink, or destroy it.
class HeldRows : public WaveformSink {
 public:
  void begin_plot(const PlotInfo& plot) override;
  void row(std::span<const double> values) override;
  void end_plot() override {}
  void commit(std::string_view) override {}

  /// Gives everything to `sink`, once. Throws FileError.
  void release(WaveformSink& sink);
  /// What it holds, written or read. Throws FileError.
  void exchange(Archive& archive);
  /// Numbers in all rows.
  [[nodiscard]] std::size_t size() const { return spilled_ + values_.size(); }

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void spill();

  std::vector<PlotInfo> plots_;
  std::vector<std::size_t> rows_;  // of each plot
  std::vector<double> values_;     // those behind the spilled ones
  std::size_t spilled_ = 0;
  std::unique_ptr<std::FILE, CloseFile> file_;
};

}  // namespace memspice
