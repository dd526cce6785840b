#pragma once

#include <memory>
#include <memspice/waveform.hpp>
#include <string>

namespace memspice {

/// A sink that is one file.
class FileSink : public WaveformSink {
 public:
  /// Where the rows are after commit(): a partial result does not take the place of a complete one.
  [[nodiscard]] virtual std::string path() const = 0;
};

/// As open_sink().
std::unique_ptr<FileSink> open_file_sink(const std::string& path, WaveformFormat format, SinkOptions options);

}  // namespace memspice
