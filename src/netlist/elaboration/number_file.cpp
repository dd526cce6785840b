#include "netlist/elaboration/number_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/characters.hpp"
#include "base/number.hpp"
#include "base/utf16.hpp"
#include "netlist/elaboration/data_file.hpp"

namespace memspice {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

bool is_separator(char c) {
  return is_blank(c) || c == ',' || c == ';' || c == '\n';
}

// A word of the file in a message; nothing of one that a hostile deck may have named to read its secrets.
std::string shown(std::string_view word) {
  constexpr std::size_t longest = 12;
  const bool plain =
      std::ranges::all_of(word, [](char c) { return is_letter(c) || is_digit(c) || c == '.'; });
  if (plain && word.size() <= longest) return fmt::format("'{}'", word);
  return fmt::format("a text of {} characters", word.size());
}

}  // namespace

void fail_in_file(std::string_view at, const FileNumbers& file, std::size_t line, const std::string& what,
                  std::string_view holds) {
  throw Problem{at, fmt::format("{}:{}: {}", file.path, line, what),
                fmt::format("the file holds {}; '*', '#' and ';' begin comments", holds)};
}

FileNumbers file_numbers(CardContext& card, std::string_view holds) {
  DataFile file = open_data_file(card);
  const std::string_view at = file.at;
  constexpr std::size_t piece = 1 << 16;
  std::string text;
  for (std::size_t size = 0; !file.stream.eof(); text.resize(size)) {
    text.resize(size + piece);
    size += file.read(text.data() + size, piece);
  }
  text = utf8_text(std::move(text));
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());

  FileNumbers read{.path = file.path};
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
    const std::string_view word = std::string_view(text).substr(begin, i - begin);
    const std::optional<double> value = signed_number(word);
    if (!value) fail_in_file(at, read, read.lines, "expected a number, not " + shown(word), holds);
    read.numbers.push_back({*value, word.front() == '+', read.lines});
  }
  return read;
}

}  // namespace memspice
