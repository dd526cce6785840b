#pragma once

#include <cstdint>
#include <memspice/waveform.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "waveform/byte_reader.hpp"

namespace memspice {

/// What the text before a raw file's data says.
struct RawHeader {
  PlotInfo plot;
  std::string mark;          // why memspice's rows end early, or empty
  std::uint64_t points = 0;  // 0 also when the writer was killed before it knew
  bool ascii = false;
  bool utf16 = false;         // LTspice's encoding of the header, and of ASCII values
  bool ltspice = false;       // traces are float32 unless `doubles`; times carry a mark in the sign bit
  bool unfinished = false;    // a killed memspice's file, which may hold more points than it says
  bool continued = false;     // memspice's file: a further plot follows
  bool ends_early = false;    // and the last one is not complete
  bool doubles = false;       // `Flags: double`
  bool column_order = false;  // `Flags: fastaccess`
  bool unpadded = false;      // a vector shorter than the others takes no room in the later points
  double offset = 0;          // LTspice: to be added to every time
  std::vector<std::uint64_t> lengths;  // per vector, from `dims=`; 0: as many values as there are points
};

/// Reads a header up to and including `Binary:` or `Values:`; nothing at the end of the file. `title` is the
/// one of the plot before, which Xyce writes once for all plots. Throws FileError.
std::optional<RawHeader> read_raw_header(ByteReader& reader, const std::string& title);

/// How memspice's files say in which state they are: behind the date.
inline constexpr std::string_view unfinished_remark = "unfinished";
inline constexpr std::string_view continued_remark = "continued";
inline constexpr std::string_view early_end_remark = "continued to an early end";  // of the first plot
/// `No. Points: 68` has room for so many digits, by which memspice knows its own files.
inline constexpr std::size_t points_width = 20;

/// True when these bytes begin a plot's header, in ASCII or UTF-16.
bool starts_raw_header(std::string_view bytes);
/// True when these bytes, the last ones of a file, are the first ones of such a header.
bool is_cut_header(std::string_view bytes);

}  // namespace memspice
