#include <fmt/format.h>

#include <memspice/error.hpp>

#include "waveform/hdf5/hdf5_sink.hpp"

namespace memspice {

bool has_hdf5() {
  return false;
}

std::unique_ptr<FileSink> open_hdf5_sink(const std::string& path) {
  throw FileError(fmt::format("cannot write '{}': this memspice was built without HDF5", path));
}

}  // namespace memspice
