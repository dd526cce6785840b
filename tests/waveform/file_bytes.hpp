#pragma once

#include <cstring>
#include <initializer_list>
#include <memspice/error.hpp>
#include <memspice/waveform.hpp>
#include <string>
#include <string_view>

#include "waveform/temporary_folder.hpp"

/// The bytes of numbers as a binary raw file holds them.
template <class Real>
std::string bytes_of(std::initializer_list<Real> values) {
  std::string bytes(values.size() * sizeof(Real), '\0');
  std::memcpy(bytes.data(), values.begin(), bytes.size());
  return bytes;
}

inline std::string as_utf16(std::string_view ascii) {
  std::string bytes;
  for (const char c : ascii) {
    bytes += c;
    bytes += '\0';
  }
  return bytes;
}

/// What reading a file of these bytes gives.
inline std::vector<memspice::Plot> read_back(const std::string& bytes) {
  const TemporaryFolder folder;
  write_bytes(folder.file("file"), bytes);
  return memspice::read_waveforms(folder.file("file"));
}

/// The message of reading a file of these bytes, without its beginning `cannot read '<path>': `.
inline std::string read_error(const std::string& bytes) {
  const TemporaryFolder folder;
  write_bytes(folder.file("file"), bytes);
  const std::string start = "cannot read '" + folder.file("file") + "': ";
  try {
    memspice::read_waveforms(folder.file("file"));
  } catch (const memspice::FileError& error) {
    const std::string message = error.what();
    return message.starts_with(start) ? message.substr(start.size()) : "unexpected: " + message;
  }
  return "no error";
}
