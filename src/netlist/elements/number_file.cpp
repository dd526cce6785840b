#include "netlist/elements/number_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/characters.hpp"
#include "base/number.hpp"

namespace memspice {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

bool is_separator(char c) {
  return is_blank(c) || c == ',' || c == ';' || c == '\n';
}

/// A signed number; what is wrong goes to `problem`.
double number_at(std::string_view word, std::string& problem) {
  const bool negative = word.front() == '-';
  const std::string_view digits = word.substr(negative || word.front() == '+' ? 1 : 0);
  const std::optional<Number> number = read_number(digits);
  if (!number || number->length != digits.size() || !std::isfinite(number->value)) {
    problem = fmt::format("expected a number, not '{}'", word);
    return 0;
  }
  return negative ? -number->value : number->value;
}

bool lies_below(const fs::path& folder, const fs::path& path) {
  const auto [end, unused] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

}  // namespace

void fail_in_file(std::string_view at, const FileNumbers& file, std::size_t line, const std::string& what,
                  std::string_view holds) {
  throw Problem{at, fmt::format("{}:{}: {}", file.path, line, what),
                fmt::format("the file holds {}; '*', '#' and ';' begin comments", holds)};
}

FileNumbers file_numbers(CardContext& card, std::string_view holds) {
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
  std::ifstream file(path, std::ios::binary);
  if (!file || fs::is_directory(path, error))
    throw Problem{at, fmt::format("cannot read '{}': {}", path.string(),
                                  fs::is_directory(path, error) ? "it is a folder" : std::strerror(errno))};
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  if (std::ranges::find(card.circuit.origin.data_files, path.string()) ==
      card.circuit.origin.data_files.end())
    card.circuit.origin.data_files.push_back(path.string());

  FileNumbers read{.path = path.string()};
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\n') ++read.lines;
    const bool line_start = i == 0 || text[i - 1] == '\n';
    if (text[i] == '#' || (line_start && (text[i] == '*' || text[i] == ';'))) {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    if (is_separator(text[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < text.size() && !is_separator(text[i])) ++i;
    std::string problem;
    const std::string_view word = std::string_view(text).substr(begin, i - begin);
    const double value = number_at(word, problem);
    if (!problem.empty()) fail_in_file(at, read, read.lines, problem, holds);
    read.numbers.push_back({value, word.front() == '+', read.lines});
  }
  return read;
}

}  // namespace memspice
