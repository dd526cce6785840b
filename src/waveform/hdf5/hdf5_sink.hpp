#pragma once

#include <memory>
#include <string>

#include "waveform/file_sink.hpp"

namespace memspice {

/// Whether libhdf5 was there when memspice was built.
[[nodiscard]] bool has_hdf5();

/// Writes HDF5: a group a plot, named as the plot, with the datasets `values` (rows × vectors; complex ones
/// as {r, i}), `names` and `units` (vectors), and the attributes `title` and `state` ("complete", or why the
/// rows end early). Rows go to the file in blocks of a megabyte, or of one row. Throws FileError, also where
/// the library cannot be loaded. Another process cannot go on with such a file.
std::unique_ptr<FileSink> open_hdf5_sink(const std::string& path);

}  // namespace memspice
