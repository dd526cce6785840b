#include "waveform/readers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "waveform/number_text.hpp"
#include "waveform/raw_header.hpp"
#include "waveform/text_fields.hpp"

namespace memspice {
namespace {

static_assert(std::endian::native == std::endian::little, "raw files hold little-endian numbers");

enum class Number : std::size_t { float32 = 4, float64 = 8, complex128 = 16 };

// How the numbers of one vector lie in a point.
struct Slot {
  Number number;
  std::size_t offset;  // bytes from the beginning of the point
};

template <class Real>
double load(const char* bytes) {
  Real value;
  std::memcpy(&value, bytes, sizeof value);
  return static_cast<double>(value);
}

constexpr std::size_t rows_of_text_piece = 4096;

class RawBody {
 public:
  RawBody(ByteReader& reader, RawHeader header, const PieceTaker& take)
      : reader_(reader), header_(std::move(header)), take_(take) {
    static_cast<PlotInfo&>(plot_) = header_.plot;
    plot_.mark = header_.mark;
    plot_.columns.resize(vectors());
    if (plot_.complex) plot_.imaginary.resize(vectors());
  }

  Plot read() {
    if (header_.ascii) {
      read_ascii();
    } else {
      choose_layout();
      check_size();
      if (!take_) reserve();
      if (header_.column_order) {
        read_columns();
      } else {
        read_binary();
      }
    }
    finish_rows();
    return std::move(plot_);
  }

 private:
  [[nodiscard]] std::size_t vectors() const { return plot_.vectors.size(); }
  [[nodiscard]] bool open_ended() const { return header_.points == 0 || header_.unfinished; }

  // Of all rows, or of those since the last time.
  void finish_rows() {
    if (header_.ltspice && plot_.vectors.front().quantity == Quantity::time)
      for (double& time : plot_.columns.front()) time = std::abs(time) + header_.offset;
    // ngspice leaves garbage beside its frequencies.
    if (plot_.complex && plot_.vectors.front().quantity == Quantity::frequency) {
      std::ranges::fill(plot_.imaginary.front(), 0.0);
    }
    if (!take_) return;
    take_(plot_, taken_ == 0);
    taken_ += std::max<std::size_t>(plot_.rows(), 1);
    for (auto& column : plot_.columns) column.clear();
    for (auto& column : plot_.imaginary) column.clear();
  }

  void lay_out(bool scale_is_double, bool traces_are_double) {
    slots_.clear();
    point_bytes_ = 0;
    for (std::size_t i = 0; i < vectors(); ++i) {
      const bool wide = i == 0 ? scale_is_double : traces_are_double;
      const Number number = plot_.complex ? Number::complex128 : wide ? Number::float64 : Number::float32;
      slots_.push_back({number, point_bytes_});
      point_bytes_ += static_cast<std::size_t>(number);
    }
  }

  // LTspice halves its traces but not its scale, and its old versions do not say when they do not: then the
  // size does. Of no other file a size is a reason to read it so: it may be a cut one.
  void choose_layout() {
    const bool halved = header_.ltspice && !header_.doubles;
    lay_out(true, !halved);
    const auto left = reader_.remaining();
    if (!halved || !left || header_.points == 0 || plot_.complex || header_.unpadded) return;
    lay_out(true, true);
    if (*left / header_.points != point_bytes_ || *left % header_.points != 0) lay_out(true, false);
  }

  // A header's absurd number costs no time where the file's size is known.
  void check_size() const {
    const auto left = reader_.remaining();
    if (!left || open_ended() || header_.unpadded) return;
    const std::uint64_t possible = *left / point_bytes_;
    if (possible < header_.points) fail_truncated(possible, reader_.position() + possible * point_bytes_);
  }

  void reserve() {
    const auto left = reader_.remaining();
    if (!left) return;
    const std::uint64_t possible = *left / point_bytes_;
    const std::uint64_t points = header_.points == 0 ? possible : std::min(header_.points, possible);
    for (auto& column : plot_.columns) column.reserve(points);
    for (auto& column : plot_.imaginary) column.reserve(points);
  }

  void append(std::size_t vector, const char* bytes, std::size_t stride, std::size_t count) {
    std::vector<double>& column = plot_.columns[vector];
    const std::size_t old = column.size();
    column.resize(old + count);
    double* out = column.data() + old;
    switch (slots_[vector].number) {
      case Number::float32:
        for (std::size_t i = 0; i < count; ++i) out[i] = load<float>(bytes + i * stride);
        return;
      case Number::float64:
        for (std::size_t i = 0; i < count; ++i) out[i] = load<double>(bytes + i * stride);
        return;
      case Number::complex128:
        std::vector<double>& imaginary = plot_.imaginary[vector];
        imaginary.resize(old + count);
        for (std::size_t i = 0; i < count; ++i) {
          out[i] = load<double>(bytes + i * stride);
          imaginary[old + i] = load<double>(bytes + i * stride + sizeof(double));
        }
    }
  }

  // How many whole points the block holds before the header of the next plot.
  [[nodiscard]] std::size_t points_before_header(std::string_view block) const {
    const std::size_t points = block.size() / point_bytes_;
    for (std::size_t i = 0; i < points; ++i) {
      if (starts_raw_header(block.substr(i * point_bytes_))) return i;
    }
    return points;
  }

  // A killed memspice counted its points a moment before it wrote the last ones.
  void read_binary() {
    if (header_.unpadded) {
      read_unpadded();
    } else if (open_ended()) {
      read_points(std::nullopt);
    } else {
      read_points(header_.points);
    }
  }

  // As many, or all in front of a further header.
  void read_points(std::optional<std::uint64_t> wanted) {
    const std::uint64_t block_points = std::max<std::size_t>(1, (1u << 18) / point_bytes_);
    while (wanted != 0) {
      const auto asked = static_cast<std::size_t>(std::min(wanted.value_or(block_points), block_points));
      const std::string_view block = reader_.peek(asked * point_bytes_);
      const std::size_t found = wanted ? block.size() / point_bytes_ : points_before_header(block);
      for (std::size_t vector = 0; vector < vectors(); ++vector) {
        append(vector, block.data() + slots_[vector].offset, point_bytes_, found);
      }
      const std::size_t rest = block.size() - found * point_bytes_;
      reader_.skip(found * point_bytes_);
      if (take_) finish_rows();
      if (!wanted && found < asked) {
        if (!starts_raw_header(reader_.peek(12))) reader_.skip(rest);  // the point that was being written
        return;
      }
      if (found < asked) fail_truncated(taken_ + plot_.rows(), reader_.position());
      if (wanted) *wanted -= found;
    }
  }

  [[noreturn]] void fail_truncated(std::uint64_t points, std::uint64_t byte) const {
    reader_.fail_at_byte(fmt::format("the file is cut off after point {} of {}", points, header_.points),
                         byte);
  }

  // ngspice with `nopadding`: a vector that has ended leaves no gap. Here NaN stands for what is missing.
  void read_unpadded() {
    const std::uint64_t longest = std::ranges::count(header_.lengths, 0u) > 0
                                      ? header_.points
                                      : *std::ranges::max_element(header_.lengths);
    for (std::uint64_t point = 0; point < std::min(header_.points, longest); ++point) {
      for (std::size_t vector = 0; vector < vectors(); ++vector) {
        if (!present(vector, point)) {
          append_missing(vector);
          continue;
        }
        const auto size = static_cast<std::size_t>(slots_[vector].number);
        const std::string_view bytes = reader_.peek(size);
        if (bytes.size() < size) fail_truncated(point, reader_.position());
        append(vector, bytes.data(), size, 1);
        reader_.skip(size);
      }
    }
  }

  [[nodiscard]] bool present(std::size_t vector, std::uint64_t point) const {
    return header_.lengths[vector] == 0 || point < header_.lengths[vector];
  }

  void append_missing(std::size_t vector) {
    plot_.columns[vector].push_back(std::numeric_limits<double>::quiet_NaN());
    if (plot_.complex) plot_.imaginary[vector].push_back(std::numeric_limits<double>::quiet_NaN());
  }

  void read_columns() {
    constexpr std::size_t block_points = 1u << 14;
    for (std::size_t vector = 0; vector < vectors(); ++vector) {
      const auto size = static_cast<std::size_t>(slots_[vector].number);
      for (std::uint64_t left = header_.points; left > 0;) {
        const std::size_t asked = static_cast<std::size_t>(std::min<std::uint64_t>(left, block_points));
        const std::string_view block = reader_.peek(asked * size);
        if (block.size() < asked * size) {
          reader_.fail_at_byte(
              fmt::format("the file is cut off within the vector '{}'", plot_.vectors[vector].name),
              reader_.position());
        }
        append(vector, block.data(), size, asked);
        reader_.skip(block.size());
        left -= asked;
      }
    }
  }

  // The words of the file, line by line, until a further header or the end.
  std::optional<std::string_view> next_word() {
    constexpr std::string_view separators = " \t\r,";
    std::size_t begin = rest_of_line_.find_first_not_of(separators);
    while (begin == std::string_view::npos) {
      rest_of_line_ = {};
      if (starts_raw_header(reader_.peek(12))) return std::nullopt;
      const auto line = reader_.line(header_.utf16);
      // Of a last line without an end nobody knows how many digits are missing.
      if (!line || !reader_.line_ended()) return std::nullopt;
      rest_of_line_ = *line;
      begin = rest_of_line_.find_first_not_of(separators);
    }
    const std::size_t end = std::min(rest_of_line_.find_first_of(separators, begin), rest_of_line_.size());
    const std::string_view word = rest_of_line_.substr(begin, end - begin);
    rest_of_line_.remove_prefix(end);
    return word;
  }

  bool next_number(double& value) {
    const auto word = next_word();
    if (!word) return false;
    if (!read_number(*word, value)) reader_.fail_at_line(fmt::format("'{}' is not a number", *word));
    return true;
  }

  bool read_ascii_point(std::uint64_t point, std::vector<double>& values) {
    const auto index = next_word();
    if (!index) return false;
    if (index->find_first_not_of("0123456789") != std::string_view::npos) {
      reader_.fail_at_line(fmt::format("expected the index of point {}, found '{}'", point, *index));
    }
    for (std::size_t vector = 0; vector < vectors(); ++vector) {
      double* value = &values[2 * vector];
      value[0] = value[1] = std::numeric_limits<double>::quiet_NaN();
      if (!present(vector, point)) continue;
      if (!next_number(value[0]) || (plot_.complex && !next_number(value[1]))) return false;
    }
    return true;
  }

  void read_ascii() {
    std::vector<double> values(2 * vectors());
    std::uint64_t point = 0;
    for (; open_ended() || point < header_.points; ++point) {
      if (!read_ascii_point(point, values)) break;
      for (std::size_t vector = 0; vector < vectors(); ++vector) {
        plot_.columns[vector].push_back(values[2 * vector]);
        if (plot_.complex) plot_.imaginary[vector].push_back(values[2 * vector + 1]);
      }
      if (take_ && plot_.rows() == rows_of_text_piece) finish_rows();
    }
    if (point < header_.points && !header_.unfinished) {
      reader_.fail_at_line(fmt::format("the file is cut off after point {} of {}", point, header_.points));
    }
    const std::string_view rest = trimmed(rest_of_line_);
    if (!rest.empty()) reader_.fail_at_line(fmt::format("'{}' is too much on this line", rest));
  }

  ByteReader& reader_;
  RawHeader header_;
  const PieceTaker& take_;
  std::size_t taken_ = 0;  // rows
  Plot plot_;
  std::vector<Slot> slots_;
  std::size_t point_bytes_ = 0;
  std::string_view rest_of_line_;
};

// Xyce may append a table of text behind its binary plots.
bool is_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return (c >= ' ' && c <= '~') || blanks.find(c) != std::string_view::npos || c == '\n';
  });
}

}  // namespace

namespace {

/// The second plot of one name is written as `Transient Analysis 2`; here it has its own name again.
void remove_number(std::string& name, const std::vector<Plot>& plots) {
  const std::size_t blank = name.rfind(' ');
  if (blank == std::string::npos) return;
  const std::string base = name.substr(0, blank);
  const auto number = 1 + std::ranges::count(plots, base, &Plot::name);
  if (number > 1 && name.substr(blank + 1) == std::to_string(number)) name = base;
}

}  // namespace

std::vector<Plot> read_raw(ByteReader& reader, const PieceTaker& take) {
  std::vector<Plot> plots;
  std::optional<RawHeader> header;
  for (;;) {
    while (!plots.empty() && (reader.peek(1) == "\n" || reader.peek(1) == "\r")) reader.skip(1);
    const std::string_view next = reader.peek(256);
    const auto refuse = [&](std::string_view problem) {
      reader.fail_at_byte(
          fmt::format("after {} points of '{}' {}", plots.back().rows(), plots.back().name, problem),
          reader.position());
    };
    if (next.empty() && !plots.empty()) {
      if (header->continued) refuse("a further plot should follow: the file is cut off");
      return plots;
    }
    if (!plots.empty() && !starts_raw_header(next)) {
      if (is_cut_header(next)) refuse("the file is cut off in the header of a further plot");
      if (!header->ascii && is_text(next)) return plots;
      refuse("there are more bytes but no further plot");
    }
    header = read_raw_header(reader, plots.empty() ? std::string() : plots.back().title);
    if (!header) return plots;
    remove_number(header->plot.name, plots);
    plots.push_back(RawBody(reader, *header, take).read());
  }
}

}  // namespace memspice
