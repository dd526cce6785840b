#include "waveform/readers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "waveform/ascii.hpp"
#include "waveform/number_text.hpp"
#include "waveform/partial_result.hpp"
#include "waveform/quantity.hpp"
#include "waveform/text_fields.hpp"

namespace memspice {
namespace {

constexpr char blank_separated = ' ';

// Splits a line of names: separators within quotes or brackets, as in `v(a,b)` and `{v(a) + 1}`, do not
// count.
std::vector<std::string> split_names(std::string_view line, char separator) {
  std::vector<std::string> names(1);
  int depth = 0;
  bool quoted = false;
  bool was_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool blank = blanks.find(c) != std::string_view::npos;
    const bool doubled = quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"';
    if (c == '"' && !doubled) {
      quoted = !quoted;
      was_quoted = true;
      continue;
    }
    if (doubled) ++i;
    if (!quoted && (c == '(' || c == '{' || c == '[')) ++depth;
    if (!quoted && (c == ')' || c == '}' || c == ']')) --depth;
    const bool separates = c == separator || (separator == blank_separated && blank);
    if (separates && !quoted && depth <= 0) {
      if (separator != blank_separated || !names.back().empty() || was_quoted) names.emplace_back();
      was_quoted = false;
    } else {
      names.back() += c;
    }
  }
  for (std::string& name : names) {
    name = lower_case(trimmed(name));
    std::replace(name.begin(), name.end(), ' ', '_');
  }
  if (names.back().empty()) names.pop_back();
  return names;
}

char find_separator(std::string_view names) {
  for (const char candidate : {',', ';', '\t'}) {
    if (split_names(names, candidate).size() > 1) return candidate;
  }
  return blank_separated;
}

std::string_view unquoted(std::string_view field) {
  field = trimmed(field);
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
    field = field.substr(1, field.size() - 2);
  return field;
}

bool begins_with_number(std::string_view line) {
  double ignored = 0;
  const std::string_view field = line.substr(0, line.find_first_of(",; \t"));
  return read_number(unquoted(field), ignored);
}

// Lines that simulators put around or between the numbers.
bool is_remark(std::string_view line) {
  return line.starts_with('#') || line.starts_with('%') || line.starts_with("End of Xyce") ||
         line.starts_with("Step Information");
}

class TableParser {
 public:
  TableParser(ByteReader& reader, const PieceTaker& take) : reader_(reader), take_(take) {}

  std::vector<Plot> parse() {
    bool after_empty_line = true;
    std::string remark;
    while (const auto raw_line = reader_.line()) {
      const std::string_view line = trimmed(*raw_line);
      // Nobody knows how many digits or names are missing.
      if (!reader_.line_ended() && !line.empty() && !is_remark(line))
        reader_.fail_at_line("the file is cut off within this line, or it wants a line end behind it");
      if (line.empty()) {
        after_empty_line = true;
      } else if (is_remark(line)) {
        remark = line;
      } else if (begins_with_number(line)) {
        if (names_.empty()) begin_table(names_in(remark));
        add_row(*raw_line);
        if (take_ && columns_.front().size() == rows_of_piece) give_rows(false);
        after_empty_line = false;
      } else {
        if (!after_empty_line) fail_no_number(*raw_line);
        give_rows(true);
        begin_table(*raw_line);
        after_empty_line = false;
      }
    }
    give_rows(true);
    if (plots_.empty()) reader_.fail("there is no table in it");
    if (remark.starts_with(incomplete_line)) plots_.back().mark = remark.substr(incomplete_line.size());
    return std::move(plots_);
  }

 private:
  // `# time v(out)`, as gnuplot users write names.
  std::string_view names_in(std::string_view remark) const {
    if (remark.starts_with('#') || remark.starts_with('%')) remark = trimmed(remark.substr(1));
    if (remark.empty())
      reader_.fail_at_line("numbers where a line with the names of the columns was expected");
    return remark;
  }

  void begin_table(std::string_view line) {
    separator_ = find_separator(line);
    names_ = split_names(line, separator_);
    columns_.assign(names_.size(), {});
  }

  [[noreturn]] void fail_no_number(std::string_view line) const {
    reader_.fail_at_line(
        fmt::format("'{}' is not a number", trimmed(line.substr(0, line.find_first_of(",; \t")))));
  }

  void add_row(std::string_view line) {
    std::size_t column = 0;
    for (bool more = true; more;) {
      if (separator_ == blank_separated)
        line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
      const std::size_t end =
          separator_ == blank_separated ? line.find_first_of(blanks) : line.find(separator_);
      const std::string_view field = unquoted(line.substr(0, end));
      more = end != std::string_view::npos;
      line.remove_prefix(more ? end + 1 : line.size());
      // A separator at the end of the line begins no further column.
      if (!more && field.empty() && (separator_ == blank_separated || column == columns_.size())) break;
      if (column < columns_.size()) columns_[column].push_back(number(field));
      ++column;
    }
    if (column == columns_.size()) return;
    reader_.fail_at_line(fmt::format("{} numbers where there are {} names", column, columns_.size()));
  }

  double number(std::string_view field) const {
    double value = std::numeric_limits<double>::quiet_NaN();
    if (!field.empty() && !read_number(field, value)) {
      reader_.fail_at_line(fmt::format("'{}' is not a number", field));
    }
    return value;
  }

  void give_rows(bool table_ends) {
    if (names_.empty()) return;
    // Xyce numbers the lines of its .prn files.
    const std::size_t first = names_.size() > 1 && names_.front() == "index" ? 1 : 0;
    if (names_[first] == "freq") names_[first] = "frequency";
    Plot plot;
    for (std::size_t i = first; i < names_.size(); ++i) {
      const std::string& name = names_[i];
      const bool complex = i + 1 < names_.size() && name.starts_with("re(") && name.ends_with(')') &&
                           names_[i + 1] == "im(" + name.substr(3);
      plot.complex = plot.complex || complex;
      const std::string vector = complex ? name.substr(3, name.size() - 4) : name;
      plot.vectors.push_back({vector, quantity_of_vector(vector)});
      plot.columns.push_back(std::move(columns_[i]));
      plot.imaginary.push_back(complex ? std::move(columns_[++i]) : std::vector<double>());
    }
    for (auto& column : plot.imaginary) column.resize(plot.rows());
    if (!plot.complex) plot.imaginary.clear();
    const Quantity scale = plot.vectors.front().quantity;
    if (scale == Quantity::time) plot.name = "Transient Analysis";
    if (scale == Quantity::frequency) plot.name = "AC Analysis";
    if (take_) {
      take_(plot, !piece_given_);
      for (auto& column : plot.columns) column.clear();
      for (auto& column : plot.imaginary) column.clear();
    }
    piece_given_ = !table_ends;
    columns_.assign(names_.size(), {});
    if (!table_ends) return;
    plots_.push_back(std::move(plot));
    names_.clear();
  }

  static constexpr std::size_t rows_of_piece = 4096;

  ByteReader& reader_;
  const PieceTaker& take_;
  bool piece_given_ = false;  // of the table being read
  std::vector<Plot> plots_;
  char separator_ = ',';
  std::vector<std::string> names_;  // of the table being read
  std::vector<std::vector<double>> columns_;
};

}  // namespace

std::vector<Plot> read_tables(ByteReader& reader, const PieceTaker& take) {
  return TableParser(reader, take).parse();
}

}  // namespace memspice
