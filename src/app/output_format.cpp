#include "app/output_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/usage_error.hpp"
#include "waveform/ascii.hpp"
#include "waveform/byte_reader.hpp"
#include "waveform/hdf5/hdf5_sink.hpp"
#include "waveform/raw_header.hpp"

namespace memspice::app {

namespace {

// What a program that goes by the suffix would take a raw file for.
constexpr std::string_view foreign_suffixes[] = {
    // pictures and documents
    ".png", ".svg", ".pdf", ".jpg", ".jpeg", ".gif", ".eps", ".ps", ".html", ".htm", ".md", ".tex",
    // data of other kinds
    ".json", ".xml", ".yaml", ".yml", ".toml", ".nc", ".mat", ".npy", ".npz", ".pkl", ".parquet", ".feather",
    ".arrow", ".xls", ".xlsx", ".ods", ".vcd", ".fst", ".fsdb", ".tr0", ".ac0", ".sw0", ".psf", ".prn",
    ".csd",
    // compressed
    ".gz", ".bz2", ".xz", ".zst", ".zip", ".tar",
    // decks and what stands beside them
    ".cir", ".sp", ".spi", ".spice", ".net", ".ckt", ".cki", ".lib", ".inc", ".mod", ".sub", ".asc", ".log",
    ".py"};

}  // namespace

WaveformFormat output_format(const std::string& path, std::string_view word) {
  const std::string suffix = lower_case(std::filesystem::path(path).extension().string());
  if (word == "hdf5" || (word.empty() && (suffix == ".h5" || suffix == ".hdf5" || suffix == ".hdf"))) {
    if (has_hdf5()) return WaveformFormat::hdf5;
    throw UsageError(
        fmt::format("'{}' would be an HDF5 file, which this memspice was built without", path),
        "build it where libhdf5 is (on Debian: apt-get install libhdf5-dev), or write .raw or .csv");
  }
  if (word == "raw") return WaveformFormat::raw_binary;
  if (word == "ascii") return WaveformFormat::raw_ascii;
  if (word == "csv") return WaveformFormat::csv;
  if (word == "tsv") return WaveformFormat::tsv;
  if (suffix == ".csv") return WaveformFormat::csv;
  if (suffix == ".tsv" || suffix == ".tab") return WaveformFormat::tsv;
  if (std::ranges::find(foreign_suffixes, suffix) != std::end(foreign_suffixes))
    throw UsageError(
        fmt::format("'{}' promises a format that memspice does not write its waveforms in", path),
        fmt::format("'.raw', '.csv', '.tsv' and '.h5' are written; --format {} writes that under any name",
                    fmt::join(format_words, "|")));
  return WaveformFormat::raw_binary;
}

std::string_view written_format(const std::string& path) {
  ByteReader reader(path);
  if (starts_raw_header(reader.peek(16))) return "raw";
  const auto names = reader.line();
  return names && names->find('\t') != std::string_view::npos ? "tsv" : "csv";
}

}  // namespace memspice::app
