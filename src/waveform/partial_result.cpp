#include "waveform/partial_result.hpp"

#include <algorithm>
#include <fstream>
#include <memspice/error.hpp>

#include "waveform/byte_reader.hpp"
#include "waveform/raw_header.hpp"

namespace memspice {
namespace {

// The line stands at the end, a reason is at most a line.
bool table_says_incomplete(const std::filesystem::path& path) {
  constexpr std::streamoff longest = 1024;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.tellg();
  if (size <= 0) return false;
  file.seekg(std::max<std::streamoff>(0, size - longest));
  std::string end(static_cast<std::size_t>(std::min(size, longest)), '\0');
  if (!file.read(end.data(), static_cast<std::streamsize>(end.size())) || end.size() < 2) return false;
  const std::size_t line = end.rfind('\n', end.size() - 2);
  return line != std::string::npos && std::string_view(end).substr(line + 1).starts_with(incomplete_line);
}

}  // namespace

bool says_incomplete(const std::filesystem::path& path) {
  try {
    ByteReader reader(path.string());
    if (!starts_raw_header(reader.peek(16))) return table_says_incomplete(path);
    const auto header = read_raw_header(reader, {});
    return header && (header->ends_early || !header->mark.empty());
  } catch (const FileError&) {
    return false;
  }
}

std::filesystem::path partial_name(const std::filesystem::path& path) {
  std::filesystem::path name = path.stem();
  name += ".partial";
  name += path.extension();
  return name;
}

void commit_result(OutputFile& file, std::string_view mark) {
  if (!mark.empty() && file.target().exists() && !says_incomplete(file.target().place()))
    file.commit_as(partial_name(file.target().place()));
  else
    file.commit();
}

}  // namespace memspice
