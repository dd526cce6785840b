#pragma once

#include <map>
#include <memspice/waveform.hpp>
#include <optional>
#include <string>

#include "waveform/file_sink.hpp"
#include "waveform/output_file.hpp"
#include "waveform/row_check.hpp"

namespace memspice {

/// Raw files as ngspice writes them, binary or ASCII, plot after plot. The point count of the plot being
/// written is brought up to date at every flush, so that even a killed run leaves a readable temporary file.
/// Behind the date stands why the rows end early. Plots of one name are numbered from the second on.
class RawSink final : public FileSink {
 public:
  RawSink(const std::string& path, bool ascii, SinkOptions options);
  void begin_plot(const PlotInfo& plot) override;
  void row(std::span<const double> values) override;
  void end_plot() override;
  void commit(std::string_view mark = {}) override;
  [[nodiscard]] std::string path() const override { return file_.path(); }
  void flush() override;
  void exchange(Archive& archive) override;
  [[nodiscard]] bool can_go_on() const override { return file_.can_go_on(); }

 private:
  void ascii_row(std::span<const double> values);
  void write_point_count();
  std::string numbered(const std::string& name);
  void write_remark(std::uint64_t offset, std::string_view remark);

  OutputFile file_;
  bool ascii_;
  SinkOptions options_;
  std::optional<OpenPlot> plot_;  // the one being written
  std::map<std::string, std::size_t> plots_of_name_;
  std::uint64_t points_ = 0;
  std::uint64_t points_offset_ = 0;
  std::uint64_t values_offset_ = 0;
  std::uint64_t remark_offset_ = 0;  // 0: no plot yet
  std::uint64_t first_remark_offset_ = 0;
};

}  // namespace memspice
