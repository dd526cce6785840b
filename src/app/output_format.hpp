#pragma once

#include <memspice/waveform.hpp>
#include <string>
#include <string_view>

namespace memspice::app {

/// The words of --format.
inline constexpr std::string_view format_words[] = {"raw", "ascii", "csv", "tsv", "hdf5"};

/// The format of a waveform file: the one that `word` names (one of format_words), where it is empty the one
/// of the name's suffix; raw where the suffix says nothing. Throws UsageError for a suffix by which other
/// programs know a format that memspice does not write, where no word overrides it, and for HDF5 where this
/// memspice was built without it.
WaveformFormat output_format(const std::string& path, std::string_view word);

/// What a waveform file is, as a word of --format; "raw" of text too. Throws FileError.
std::string_view written_format(const std::string& path);

}  // namespace memspice::app
