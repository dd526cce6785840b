#pragma once

#include <memspice/waveform.hpp>
#include <optional>
#include <string>
#include <vector>

#include "waveform/file_sink.hpp"
#include "waveform/output_file.hpp"
#include "waveform/row_check.hpp"

namespace memspice {

/// Values separated by commas or tabs with one line of names, numbers in the shortest spelling that reads
/// back exactly. Complex vectors take two columns, `re(v(out))` and `im(v(out))`; the frequency takes one.
/// Further plots follow after an empty line, each with its own names.
class CsvSink final : public FileSink {
 public:
  CsvSink(const std::string& path, char delimiter);
  void begin_plot(const PlotInfo& plot) override;
  void row(std::span<const double> values) override;
  void end_plot() override;
  void commit(std::string_view mark = {}) override;
  [[nodiscard]] std::string path() const override { return file_.path(); }
  void flush() override;
  void exchange(Archive& archive) override;
  [[nodiscard]] bool can_go_on() const override { return file_.can_go_on(); }

 private:
  OutputFile file_;
  char delimiter_;
  std::optional<OpenPlot> plot_;     // the one being written
  std::vector<std::size_t> chosen_;  // which of a row's numbers become columns
};

}  // namespace memspice
