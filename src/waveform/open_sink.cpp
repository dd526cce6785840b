#include <memspice/waveform.hpp>

#include "waveform/csv_sink.hpp"
#include "waveform/file_sink.hpp"
#include "waveform/hdf5/hdf5_sink.hpp"
#include "waveform/raw_sink.hpp"

namespace memspice {

std::unique_ptr<FileSink> open_file_sink(const std::string& path, WaveformFormat format,
                                         SinkOptions options) {
  if (format == WaveformFormat::csv) return std::make_unique<CsvSink>(path, ',');
  if (format == WaveformFormat::tsv) return std::make_unique<CsvSink>(path, '\t');
  if (format == WaveformFormat::hdf5) return open_hdf5_sink(path);
  return std::make_unique<RawSink>(path, format == WaveformFormat::raw_ascii, options);
}

std::unique_ptr<WaveformSink> open_sink(const std::string& path, WaveformFormat format, SinkOptions options) {
  return open_file_sink(path, format, options);
}

}  // namespace memspice
