#include <memspice/waveform.hpp>

#include "waveform/byte_reader.hpp"
#include "waveform/raw_header.hpp"
#include "waveform/readers.hpp"

namespace memspice {

std::vector<Plot> read_waveforms(const std::string& path) {
  return read_waveforms_in_pieces(path, nullptr);
}

std::vector<Plot> read_waveforms_in_pieces(const std::string& path, const PieceTaker& take) {
  ByteReader reader(path);
  if (reader.peek(3) == "\xEF\xBB\xBF") reader.skip(3);
  if (reader.peek(2) == "\xFF\xFE") reader.skip(2);
  while (reader.peek(1) == "\n" || reader.peek(1) == "\r") reader.skip(1);
  const std::string_view start = reader.peek(4096);
  if (start.empty()) reader.fail("the file is empty");
  if (starts_raw_header(start)) return read_raw(reader, take);
  if (start.starts_with("\x89HDF\r\n"))
    reader.fail("it is an HDF5 file, which memspice writes for other programs and does not read");
  if (start.find('\0') != std::string_view::npos)
    reader.fail("it is neither a raw file nor a table of numbers");
  return read_tables(reader, take);
}

}  // namespace memspice
