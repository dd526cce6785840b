#pragma once

#include <memspice/waveform.hpp>
#include <vector>

#include "waveform/byte_reader.hpp"

namespace memspice {

/// Every plot of a raw file, as ngspice, LTspice, Xyce and memspice write it. Throws FileError.
std::vector<Plot> read_raw(ByteReader& reader);

}  // namespace memspice
