#include "analysis/output/measure_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/characters.hpp"
#include "base/number.hpp"
#include "netlist/elaboration/data_file.hpp"

namespace memspice {
namespace {

bool separates(char c) {
  return is_blank(c) || c == ',' || c == '\r';
}

/// The word in a column; empty: the line is shorter.
std::string_view column_of(std::string_view line, std::size_t column) {
  std::size_t i = 0;
  for (;; --column) {
    while (i < line.size() && separates(line[i])) ++i;
    const std::size_t begin = i;
    while (i < line.size() && !separates(line[i])) ++i;
    if (column == 0 || begin == line.size()) return line.substr(begin, i - begin);
  }
}

}  // namespace

ReferenceFile reference_file(CardContext& card) {
  DataFile file = open_data_file(card);
  ReferenceFile read{file.at, file.path, {}};
  constexpr std::size_t piece = 1 << 16;
  for (std::size_t size = 0; !file.stream.eof(); read.text.resize(size)) {
    read.text.resize(size + piece);
    size += file.read(read.text.data() + size, piece);
  }
  return read;
}

std::vector<std::pair<double, double>> reference_points(const ReferenceFile& file, ReferenceColumns columns) {
  std::vector<std::pair<double, double>> points;
  std::size_t number = 0, left_out = 0;  // lines; the one that holds no numbers
  const auto fail = [&](std::size_t line, std::string_view what) {
    throw Problem{
        file.at, fmt::format("{}:{}: {}", file.path, line, what),
        fmt::format("the file holds a table, whose columns {} and {} are asked for; the first column is 0",
                    columns.scale, columns.value)};
  };
  for (std::size_t begin = 0; begin < file.text.size();) {
    const std::size_t end = std::min(file.text.find('\n', begin), file.text.size());
    const std::string_view line = std::string_view(file.text).substr(begin, end - begin);
    begin = end + 1;
    ++number;
    const std::string_view first = column_of(line, 0);
    if (first.empty() || first.front() == '*' || first.front() == '#' || first.front() == ';') continue;
    if (left_out > 0) fail(left_out, "expected numbers");
    const std::optional<double> x = signed_number(column_of(line, columns.scale));
    const std::optional<double> y = signed_number(column_of(line, columns.value));
    if (!x || !y) {
      if (!points.empty())
        left_out = number;  // right where it is the last one
      else if (signed_number(first))
        fail(number, "this line has no number in one of the columns");
      continue;
    }
    if (!points.empty() && *x <= points.back().first) fail(number, "the places do not ascend");
    points.emplace_back(*x, *y);
  }
  if (points.empty()) fail(std::max<std::size_t>(number, 1), "there are no numbers");
  return points;
}

}  // namespace memspice
