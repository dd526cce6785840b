#include "app/checkpoint/checkpoint_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memspice/error.hpp>
#include <span>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "base/archive.hpp"
#include "base/fingerprint.hpp"

namespace memspice::app {

namespace {

constexpr std::string_view beginning = "memspice checkpoint\n";
constexpr std::uint32_t format = 1;

void exchange(Archive& archive, CheckpointPlace& place) {
  archive.maybe(place.analysis);
  archive(place.at);
}

void exchange(Archive& archive, SavedRun& saved) {
  archive(saved.circuit);
  archive.text(saved.output);
  archive(saved.every);
  archive.each(saved.places, [&](CheckpointPlace& place) { exchange(archive, place); });
  exchange(archive, saved.last);
  archive.list(saved.run);
  archive.list(saved.outputs);
}

[[noreturn]] void refuse_checkpoint(const std::string& path, const std::string& reason, int error = 0) {
  throw FileError(fmt::format("cannot go on from '{}': {}", path, reason), path, error);
}

std::vector<std::byte> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code error;
  if (file && !std::filesystem::is_regular_file(path, error)) refuse_checkpoint(path, "it is no file");
  if (const int reason = errno; !file)
    refuse_checkpoint(path, std::generic_category().message(reason), reason);
  const std::vector<char> text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

}  // namespace

void write_checkpoint(const std::string& path, SavedRun& saved) {
  Archive archive;
  std::uint32_t number = format;
  std::string version = MEMSPICE_VERSION;
  archive(number);
  archive.text(version);
  exchange(archive, saved);
  const std::vector<std::byte> bytes = archive.take();
  const std::uint64_t checksum = fingerprint_of(bytes);
  OutputFile file(path);
  file.write(beginning);
  file.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  file.write({reinterpret_cast<const char*>(&checksum), sizeof(checksum)});
  file.commit();
}

SavedRun read_checkpoint(const std::string& path) {
  const std::vector<std::byte> bytes = bytes_of(path);
  std::uint64_t checksum = 0;
  if (bytes.size() < beginning.size() + sizeof(checksum) ||
      std::memcmp(bytes.data(), beginning.data(), beginning.size()) != 0)
    refuse_checkpoint(path, "it is no checkpoint of memspice");
  std::span<const std::byte> all = std::span(bytes).subspan(beginning.size());
  const auto body = all.first(all.size() - sizeof(checksum));
  std::memcpy(&checksum, all.last(sizeof(checksum)).data(), sizeof(checksum));
  if (fingerprint_of(body) != checksum) refuse_checkpoint(path, "it is damaged, or not all of it is there");
  SavedRun saved;
  try {
    Archive archive(body);
    std::uint32_t number = 0;
    std::string version;
    archive(number);
    if (number != format)
      refuse_checkpoint(path, fmt::format("it has format {}, this version reads format {}", number, format));
    archive.text(version);
    if (version != MEMSPICE_VERSION)
      refuse_checkpoint(path,
                        fmt::format("memspice {} has written it, and this is {}", version, MEMSPICE_VERSION));
    exchange(archive, saved);
    if (!archive.at_end()) refuse_checkpoint(path, "there is more in it than belongs there");
  } catch (const std::invalid_argument& error) {
    refuse_checkpoint(path, error.what());
  }
  return saved;
}

}  // namespace memspice::app
