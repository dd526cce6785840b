#pragma once

#include <filesystem>
#include <memory>
#include <memspice/waveform.hpp>
#include <string>
#include <vector>

#include "waveform/file_sink.hpp"

namespace memspice {

/// One file per analysis, for readers that know one plot a file: `out.raw` becomes `out.transient.raw`,
/// `out.operating-point.raw`, and the second transient `out.transient-2.raw`. All of them appear at commit().
class SeparateSink : public WaveformSink {
 public:
  SeparateSink(std::string path, WaveformFormat format, SinkOptions options)
      : path_(std::move(path)), format_(format), options_(options) {}

  /// Opens the analysis's file: throws FileError when its folder cannot be written.
  void begin_plot(const PlotInfo& plot) override;
  void row(std::span<const double> values) override;
  void end_plot() override;
  /// The mark goes into the last file, that of the analysis that ended early.
  void commit(std::string_view mark = {}) override;

  /// As FileSink's, of all files.
  void flush();
  void exchange(Archive& archive);
  [[nodiscard]] bool can_go_on() const { return format_ != WaveformFormat::hdf5; }

  /// The files, in the order of the analyses; after commit() where they are then.
  [[nodiscard]] std::vector<std::string> paths() const;
  /// The same as it was asked for.
  [[nodiscard]] const std::vector<std::string>& asked() const { return paths_; }

 private:
  [[nodiscard]] std::string path_of(const PlotInfo& plot) const;
  [[nodiscard]] bool is_ours(const std::filesystem::path& path) const;

  std::string path_;
  WaveformFormat format_;
  SinkOptions options_;
  std::vector<std::string> paths_;  // that were asked for
  std::vector<std::unique_ptr<FileSink>> files_;
};

}  // namespace memspice
