#include "waveform/raw_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "waveform/ascii.hpp"
#include "waveform/number_text.hpp"
#include "waveform/quantity.hpp"
#include "waveform/text_fields.hpp"

namespace memspice {
namespace {

std::optional<std::uint64_t> read_count(std::string_view text) {
  std::uint64_t count = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return count;
}

constexpr std::uint64_t most_points = 1ull << 62;
constexpr std::size_t date_size = 25;  // `Mon Nov 23 16:26:06  2026`

class HeaderParser {
 public:
  HeaderParser(ByteReader& reader, const std::string& title) : reader_(reader) { header_.plot.title = title; }

  std::optional<RawHeader> parse() {
    const std::string_view first = reader_.peek(2);
    header_.utf16 = first.size() == 2 && first[1] == '\0';
    bool begun = false;
    while (const auto line = reader_.line(header_.utf16)) {
      const std::string_view text = trimmed(*line);
      if (text.empty()) continue;
      begun = true;
      const std::size_t colon = text.find(':');
      if (text.starts_with('.')) continue;  // QSPICE and LTspice add directives here
      if (colon == std::string_view::npos) reader_.fail_at_line("this is no line of a raw file's header");
      const std::string key = lower_case(text.substr(0, colon));
      const std::string value(trimmed(text.substr(colon + 1)));
      if (key == "no. points") own_layout_ = line->size() == colon + 2 + points_width;
      if (key == "binary" || key == "values") {
        header_.ascii = key == "values";
        finish();
        return header_;
      }
      set(key, value);
    }
    if (begun) reader_.fail("the header ends before its 'Binary:' or 'Values:' line");
    return std::nullopt;
  }

 private:
  void set(const std::string& key, const std::string& value) {
    if (key == "title") {
      header_.plot.title = value;
    } else if (key == "date") {
      date_ = value;
    } else if (key == "plotname") {
      header_.plot.name = value;
    } else if (key == "flags") {
      set_flags(lower_case(value));
    } else if (key == "command") {
      const std::string command = lower_case(value);
      header_.ltspice = command.find("ltspice") != std::string::npos;
      own_ = command.find("memspice") != std::string::npos;
    } else if (key == "no. variables") {
      variables_ = read_count(value);
      if (!variables_ || *variables_ == 0)
        reader_.fail_at_line(fmt::format("'{}' is no number of variables", value));
    } else if (key == "no. points") {
      // ngspice writes 0 and Xyce blanks until the run is over.
      const auto points = value.empty() ? 0 : read_count(value);
      if (!points || *points > most_points)
        reader_.fail_at_line(fmt::format("'{}' is no number of points", value));
      header_.points = *points;
    } else if (key == "offset") {
      read_number(value, header_.offset);
    } else if (key == "variables") {
      read_variables(value);
    }
  }

  void take_remark(std::string_view remark) {
    header_.unfinished = remark == unfinished_remark;
    header_.ends_early = remark == early_end_remark;
    header_.continued = header_.ends_early || remark == continued_remark;
    if (!header_.continued) header_.mark = remark;
  }

  void set_flags(const std::string& flags) {
    for (const std::string_view flag : split_blanks(flags)) {
      if (flag == "complex") header_.plot.complex = true;
      if (flag == "double") header_.doubles = true;
      if (flag == "fastaccess") header_.column_order = true;
      if (flag == "unpadded") header_.unpadded = true;
    }
  }

  void read_variables(const std::string& first) {
    if (!variables_) reader_.fail_at_line("'Variables:' comes before 'No. Variables:'");
    if (!first.empty()) read_variable(first);
    while (header_.plot.vectors.size() < *variables_) {
      const auto line = reader_.line(header_.utf16);
      if (!line) reader_.fail("the header ends within its list of variables");
      read_variable(*line);
    }
  }

  // `index name type [grid=3] [dims=4]`, parted by tabs; a name may hold blanks (LTspice, Xyce).
  void read_variable(std::string_view line) {
    const std::size_t number = header_.plot.vectors.size();
    std::vector<std::string_view> fields = split(trimmed(line), '\t');
    if (fields.size() < 2) fields = split_blanks(line);
    if (fields.size() < 2 || !read_count(trimmed(fields[0]))) {
      reader_.fail_at_line(
          fmt::format("expected 'index name type' of variable {} of {}", number, *variables_));
    }
    std::string name = lower_case(trimmed(fields[1]));
    std::replace(name.begin(), name.end(), ' ', '_');
    std::uint64_t length = 0;
    Quantity quantity = Quantity::notype;
    for (std::size_t i = 2; i < fields.size(); ++i) {
      for (const std::string_view word : split_blanks(fields[i])) {
        if (word.starts_with("dims=")) length = read_dimensions(word.substr(5));
        if (word.find('=') == std::string_view::npos) quantity = quantity_of(word);
      }
    }
    if (quantity == Quantity::notype) quantity = quantity_of_vector(name);
    header_.plot.vectors.push_back({name, quantity});
    header_.lengths.push_back(length);
  }

  std::uint64_t read_dimensions(std::string_view text) {
    std::uint64_t product = 1;
    for (const std::string_view factor : split(text, ',')) {
      const auto count = read_count(factor);
      if (!count || *count > UINT32_MAX || product > UINT32_MAX)
        reader_.fail_at_line("a variable with broken 'dims='");
      product *= *count;
    }
    return product;
  }

  void finish() {
    if (header_.plot.vectors.empty()) reader_.fail_at_line("the data begin before any 'Variables:' line");
    header_.ltspice = header_.ltspice || header_.utf16;
    if ((own_ || own_layout_) && date_.size() > date_size)
      take_remark(trimmed(std::string_view(date_).substr(date_size)));
    // A length only counts where ngspice really leaves values out.
    if (!header_.unpadded) std::fill(header_.lengths.begin(), header_.lengths.end(), 0);
  }

  ByteReader& reader_;
  RawHeader header_;
  std::optional<std::uint64_t> variables_;
  std::string date_;
  bool own_ = false;         // the command line says that memspice wrote it
  bool own_layout_ = false;  // the points have the room that memspice gives them: so does this
};

}  // namespace

std::optional<RawHeader> read_raw_header(ByteReader& reader, const std::string& title) {
  return HeaderParser(reader, title).parse();
}

namespace {

// Xyce gives the title only once.
constexpr std::string_view beginnings[] = {"Title:", "Plotname:", {"T\0i\0t\0l\0e\0:\0", 12}};

}  // namespace

bool starts_raw_header(std::string_view bytes) {
  return std::ranges::any_of(beginnings, [&](std::string_view text) { return bytes.starts_with(text); });
}

bool is_cut_header(std::string_view bytes) {
  return std::ranges::any_of(beginnings, [&](std::string_view text) { return text.starts_with(bytes); });
}

}  // namespace memspice
