// Points of a PWL waveform from a file.

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "circuit/elaborator.hpp"
#include "deck/characters.hpp"
#include "deck/number.hpp"

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

void Elaborator::read_waveform_file(const PointReader& reader, PointList& list) {
  const std::string_view at = reader_.peek().text;
  const bool quoted = reader_.accept(Token::Kind::string) || reader_.accept(Token::Kind::expression);
  if (!quoted) reader_.word("a file name");
  const fs::path folder = fs::path(deck_.sources->name(location(at).file)).parent_path();
  std::error_code error;
  fs::path path = folder / fs::path(at);
  if (at.find('\\') != std::string_view::npos && !fs::exists(path, error)) {  // written on Windows
    std::string slashes(at);
    std::ranges::replace(slashes, '\\', '/');
    path = folder / slashes;
  }
  if (!deck_.safe_folder.empty() && !lies_below(deck_.safe_folder, fs::weakly_canonical(path, error)))
    throw Problem{at, fmt::format("'{}' is outside the deck's folder", at),
                  "--safe allows only files below it"};
  std::ifstream file(path, std::ios::binary);
  if (!file || fs::is_directory(path, error))
    throw Problem{at, fmt::format("cannot read '{}': {}", path.string(),
                                  fs::is_directory(path, error) ? "it is a folder" : std::strerror(errno))};
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());

  std::size_t line = 1;
  const auto fail = [&](const std::string& what) {
    throw Problem{at, fmt::format("{}:{}: {}", path.string(), line, what),
                  "the file holds pairs of a time (s) and a value; '*', '#' and ';' begin comments"};
  };
  bool has_time = false;
  double time = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\n') ++line;
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
    double value = number_at(word, problem);
    if (!problem.empty()) fail(problem);
    value *= has_time ? reader.value_scale : reader.time_scale;
    if (!has_time && !list.empty()) {
      if (word.front() == '+') value += list.back().first;  // LTspice: since the one before
      if (value < list.back().first)
        fail(fmt::format("the times must not decrease: {:g} follows {:g}", value, list.back().first));
    }
    if (has_time) list.emplace_back(time, value);
    time = value;
    has_time = !has_time;
  }
  if (has_time) fail(fmt::format("the time {:g} has no value", time));
}

}  // namespace memspice
