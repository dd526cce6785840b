#include "netlist/elaboration/data_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace memspice {
namespace {

namespace fs = std::filesystem;

bool lies_below(const fs::path& folder, const fs::path& path) {
  const auto [end, unused] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

}  // namespace

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
  if (!card.deck.safe_folder.empty() && !lies_below(card.deck.safe_folder, fs::weakly_canonical(path, error)))
    throw Problem{at, fmt::format("'{}' is outside the deck's folder", at),
                  "--safe allows only files below it"};
  DataFile file{at, path.string(), std::ifstream(path, std::ios::binary)};
  if (!file.stream || fs::is_directory(path, error))
    throw Problem{at, fmt::format("cannot read '{}': {}", file.path,
                                  fs::is_directory(path, error) ? "it is a folder" : std::strerror(errno))};
  if (std::ranges::find(card.circuit.origin.data_files, file.path) == card.circuit.origin.data_files.end())
    card.circuit.origin.data_files.push_back(file.path);
  return file;
}

}  // namespace memspice
