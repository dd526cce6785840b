#pragma once

#include <memspice/waveform.hpp>
#include <vector>

#include "waveform/byte_reader.hpp"
#include "waveform/read_pieces.hpp"

namespace memspice {

/// Every plot of a raw file, as ngspice, LTspice, Xyce and memspice write it. Throws FileError. `take` gets
/// the rows, where it is not empty.
std::vector<Plot> read_raw(ByteReader& reader, const PieceTaker& take);

}  // namespace memspice
