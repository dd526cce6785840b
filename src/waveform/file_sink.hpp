#pragma once

#include <memory>
#include <memspice/waveform.hpp>
#include <string>

#include "base/archive.hpp"

namespace memspice {

/// A sink that is one file.
class FileSink : public WaveformSink {
 public:
  /// Where the rows are after commit(): a partial result does not take the place of a complete one.
  [[nodiscard]] virtual std::string path() const = 0;
  /// Brings the rows so far into the temporary file.
  virtual void flush() = 0;
  /// What has been written so far, which is made lasting; or, before anything is written, goes on with what
  /// another process has left (OutputFile::exchange).
  virtual void exchange(Archive& archive) = 0;
  /// Whether there is a temporary file that another process could go on with.
  [[nodiscard]] virtual bool can_go_on() const = 0;
};

/// As open_sink().
std::unique_ptr<FileSink> open_file_sink(const std::string& path, WaveformFormat format, SinkOptions options);

}  // namespace memspice
