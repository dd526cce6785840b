#pragma once

#include <memspice/waveform.hpp>
#include <vector>

#include "waveform/byte_reader.hpp"
#include "waveform/read_pieces.hpp"

namespace memspice {

/// Every plot of a raw file, as ngspice, LTspice, Xyce and memspice write it. Throws FileError. `take` gets
/// the rows, where it is not empty.
std::vector<Plot> read_raw(ByteReader& reader, const PieceTaker& take);

/// Plots from tables of text: a line of names, then lines of numbers, separated by commas, semicolons, tabs
/// or blanks, as memspice, Xyce, LTspice's export, ngspice's wrdata (with `wr_vecnames`) and spreadsheets
/// write them. `re(x)` beside `im(x)` is a complex vector; an empty line followed by names begins a further
/// plot. Throws FileError. `take` gets the rows, where it is not empty.
std::vector<Plot> read_tables(ByteReader& reader, const PieceTaker& take);

}  // namespace memspice
