#include "netlist/elaboration/data_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/beneath.hpp"

namespace memspice {
namespace {

namespace fs = std::filesystem;

// The file, open: with --safe what is checked is what is opened.
Descriptor open_for_reading(const CardContext& card, std::string_view at, const fs::path& path) {
  constexpr int to_read = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  const fs::path safe_folder = card.deck.safe_folder;
  if (safe_folder.empty()) return Descriptor(::open(path.c_str(), to_read));
  std::error_code error;
  const fs::path below = fs::weakly_canonical(path, error).lexically_relative(safe_folder);
  Descriptor file = open_beneath(open_folder(safe_folder), below, to_read);
  if (!file.open() && errno == EXDEV)
    throw Problem{at, fmt::format("'{}' is outside the deck's folder", at),
                  "--safe allows only files below it"};
  return file;
}

// Why an open file cannot be read as data, or nothing. A pipe or a device might never end.
std::string trouble_with(const Descriptor& file) {
  struct stat status {};
  if (!file.open() || ::fstat(file.number(), &status) != 0) return std::strerror(errno);
  if (S_ISDIR(status.st_mode)) return "it is a folder";
  return S_ISREG(status.st_mode) ? "" : "it is no regular file";
}

}  // namespace

std::size_t DataFile::read(char* bytes, std::size_t most) {
  stream.read(bytes, static_cast<std::streamsize>(most));
  if (stream.bad()) throw Problem{at, fmt::format("cannot read '{}': {}", path, std::strerror(errno))};
  return static_cast<std::size_t>(stream.gcount());
}

DataFile open_data_file(CardContext& card) {
  const std::string_view at = card.reader.peek().text;
  const bool quoted = card.reader.accept(Token::Kind::string) || card.reader.accept(Token::Kind::expression);
  if (!quoted) card.reader.word("a file name");
  const fs::path folder = fs::path(card.deck.sources->name(card.location(at).file)).parent_path();
  std::error_code error;
  fs::path path = folder / fs::path(at);
  if (at.find('\\') != std::string_view::npos && !fs::exists(path, error)) {  // written on Windows
    std::string slashes(at);
    std::ranges::replace(slashes, '\\', '/');
    path = folder / slashes;
  }
  const Descriptor opened = open_for_reading(card, at, path);
  DataFile file{at, path.string(), {}};
  std::string trouble = trouble_with(opened);
  if (trouble.empty()) {
    struct stat status {};
    if (::fstat(opened.number(), &status) == 0)
      spend(card.elaboration, Resource::bytes, static_cast<double>(status.st_size), at);
    file.stream.open(fmt::format("/dev/fd/{}", opened.number()), std::ios::binary);
    if (!file.stream) trouble = std::strerror(errno);
  }
  if (!trouble.empty()) throw Problem{at, fmt::format("cannot read '{}': {}", file.path, trouble)};
  if (std::ranges::find(card.circuit.origin.data_files, file.path) == card.circuit.origin.data_files.end())
    card.circuit.origin.data_files.push_back(file.path);
  return file;
}

}  // namespace memspice
