#include "deck/foreign_file.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/characters.hpp"
#include "base/lines.hpp"
#include "base/number.hpp"
#include "base/problem.hpp"

namespace memspice {

namespace {

/// The first words of a line.
std::vector<std::string_view> words_of(std::string_view line, std::size_t most) {
  std::vector<std::string_view> words;
  while (words.size() < most) {
    line = trimmed(line);
    if (line.empty()) break;
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

/// `0,1.5e-3,2` or the same with tabs, semicolons or blanks: two numbers at least.
bool is_row_of_numbers(std::string_view line) {
  std::size_t count = 0;
  for (constexpr std::string_view separators = " \t,;"; !trimmed(line).empty(); ++count) {
    line.remove_prefix(std::min(line.find_first_not_of(separators), line.size()));
    const std::string_view field = line.substr(0, line.find_first_of(separators));
    const std::optional<double> number = signed_number(field);
    if (!number || field.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return false;
    line.remove_prefix(field.size());
  }
  return count > 1;
}

}  // namespace

void refuse_foreign_file(std::string_view text) {
  const std::string_view first = text.substr(0, text.find_first_of("\r\n"));
  const std::string_view second = text.substr(std::min(text.find('\n'), text.size() - 1) + 1);
  if (first.starts_with("Version 4") && second.starts_with("SHEET "))
    throw Problem{first, "this is a schematic of LTspice, not its netlist",
                  "in LTspice View > SPICE Netlist shows it; `ltspice -netlist file.asc` writes file.net"};
  if (first.starts_with("Title:") && text.substr(0, 1000).find("\nPlotname:") != std::string_view::npos)
    throw Problem{first, "this is a waveform file, not a deck",
                  "memspice info, plot and view show it, memspice compare compares two of them"};
  if (text.starts_with("\x89HDF\r\n"))
    throw Problem{first.substr(0, 0), "this is an HDF5 file, not a deck",
                  "h5py, MATLAB and the like read it"};
  if (text.starts_with("\x1f\x8b") || text.starts_with("PK\x03\x04"))
    throw Problem{first.substr(0, 0), "this file is compressed", "unpack it: gunzip, unzip"};
  if (is_row_of_numbers(second.substr(0, second.find_first_of("\r\n"))))
    throw Problem{first, "this is a table of numbers, not a deck", "memspice info, plot and view show it"};
  if (const std::size_t end = text.find('\r');
      end < text.size() - 1 && text.find('\n') == std::string_view::npos)
    throw Problem{text.substr(end, 1), "the lines end with CR only, as on old Macintoshes",
                  "end them with LF or CRLF"};
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos)
    throw Problem{text.substr(zero, 1), "this is not a text file: it holds a zero byte"};
}

std::string_view element_in_title(std::string_view title) {
  constexpr std::string_view letters = "rclvidqmjyeghfk";
  const std::vector<std::string_view> words = words_of(title, 4);
  if (words.size() < 4 || words[0].size() < 2 || !is_digit(words[0][1]) ||
      letters.find(lower(words[0][0])) == std::string_view::npos)
    return {};
  const bool value = signed_number(words[3]).has_value() || same_word(words[3], "dc") ||
                     same_word(words[3], "ac") || same_word(words[3].substr(0, 4), "sin(") ||
                     same_word(words[3].substr(0, 6), "pulse(");
  return value ? words[0] : std::string_view();
}

}  // namespace memspice
