#include "waveform/raw_sink.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <vector>

#include "waveform/ascii.hpp"
#include "waveform/number_text.hpp"
#include "waveform/partial_result.hpp"
#include "waveform/quantity.hpp"
#include "waveform/raw_header.hpp"

namespace memspice {
namespace {

static_assert(std::endian::native == std::endian::little, "raw files hold little-endian numbers");

constexpr std::size_t remark_width = 100;

// As ngspice, whatever the locale: `Mon Nov 23 16:26:06  2026`.
std::string date_text() {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  return fmt::format("{} {} {:2} {:02}:{:02}:{:02}  {}", days.at(static_cast<std::size_t>(local.tm_wday)),
                     months.at(static_cast<std::size_t>(local.tm_mon)), local.tm_mday, local.tm_hour,
                     local.tm_min, local.tm_sec, local.tm_year + 1900);
}

// Letters and digits, and what stands in numbers: readers take the date for one field.
std::string harmless(std::string_view remark) {
  std::string text = to_ascii(remark);
  for (char& c : text) {
    const bool kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      std::string_view(" .,:=+-/_").find(c) != std::string_view::npos;
    if (!kept) c = ' ';
  }
  return text;
}

std::string remark_text(std::string_view remark) {
  const std::string text = remark.empty() ? "" : fmt::format(" {}", remark);
  return fmt::format("{:<{}}", text.substr(0, remark_width), remark_width);
}

}  // namespace

RawSink::RawSink(const std::string& path, bool ascii, SinkOptions options)
    : file_(path, {.patched = true}), ascii_(ascii), options_(options) {}

void RawSink::begin_plot(const PlotInfo& plot) {
  if (plot_) end_plot();
  if (remark_offset_ != 0) write_remark(remark_offset_, continued_remark);
  plot_.emplace(plot);
  points_ = 0;
  file_.write(fmt::format("Title: {}\nDate: {}", to_ascii(plot.title), date_text()));
  remark_offset_ = file_.position();
  if (first_remark_offset_ == 0) first_remark_offset_ = remark_offset_;
  file_.write(remark_text(unfinished_remark) + '\n');
  if (options_.command_line) {
    // ngspice's `load` runs the text after `Command:` unless it begins with its name, which spicelib needs
    // too.
    file_.write(fmt::format("Command: ngspice-compatible, memspice {}\n", MEMSPICE_VERSION));
  }
  file_.write(fmt::format("Plotname: {}\nFlags: {}\nNo. Variables: {}\nNo. Points: ", numbered(plot.name),
                          plot.complex ? "complex" : "real", plot.vectors.size()));
  points_offset_ = file_.position();
  file_.write(fmt::format("{:<{}}\nVariables:\n", points_, points_width));
  for (std::size_t i = 0; i < plot.vectors.size(); ++i) {
    file_.write(fmt::format("\t{}\t{}\t{}\n", i, to_ascii_name(plot.vectors[i].name),
                            quantity_name(plot.vectors[i].quantity)));
  }
  file_.write(ascii_ ? "Values:\n" : "Binary:\n");
  values_offset_ = file_.position();
}

void RawSink::row(std::span<const double> values) {
  if (!plot_) throw std::logic_error("a row outside any plot (please report)");
  plot_->check_row(values.size());
  if (ascii_) {
    ascii_row(values);
  } else {
    file_.write({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }
  ++points_;
  if (file_.flush_due()) {
    file_.flush();
    write_point_count();
  }
}

void RawSink::ascii_row(std::span<const double> values) {
  char* text = write_integer(file_.reserve(2 * number_text_size), points_);
  *text++ = '\t';
  const std::size_t stride = plot_->complex ? 2 : 1;
  for (std::size_t i = 0; i < values.size(); i += stride) {
    *text++ = '\t';
    text = write_scientific(text, values[i]);
    if (plot_->complex) {
      *text++ = ',';
      text = write_scientific(text, values[i + 1]);
    }
    *text++ = '\n';
    file_.advance(text);
    text = file_.reserve(3 * number_text_size);
  }
}

void RawSink::write_point_count() {
  file_.patch(points_offset_, fmt::format("{:<{}}", points_, points_width));
}

// vlsirtools keeps plots by name: of equal ones only the last.
std::string RawSink::numbered(const std::string& name) {
  const std::size_t number = ++plots_of_name_[name];
  return number == 1 ? to_ascii(name) : fmt::format("{} {}", to_ascii(name), number);
}

void RawSink::write_remark(std::uint64_t offset, std::string_view remark) {
  file_.patch(offset, remark_text(remark));
}

void RawSink::end_plot() {
  if (!plot_) return;
  write_point_count();
  write_remark(remark_offset_, {});
  plot_.reset();
}

void RawSink::flush() {
  file_.flush();
  if (plot_) write_point_count();
}

void RawSink::exchange(Archive& archive) {
  if (!archive.reading()) flush();
  for (std::uint64_t* number :
       {&points_, &points_offset_, &values_offset_, &remark_offset_, &first_remark_offset_})
    archive(*number);
  archive.maybe(plot_, [&](OpenPlot& plot) { plot.exchange(archive); });
  std::vector<std::pair<std::string, std::size_t>> names(plots_of_name_.begin(), plots_of_name_.end());
  archive.each(names, [&](auto& plots) {
    archive.text(plots.first);
    archive(plots.second);
  });
  file_.exchange(archive, first_remark_offset_, values_offset_);
  if (!archive.reading()) return;
  plots_of_name_ = {names.begin(), names.end()};
  if (remark_offset_ == 0) return archive.require(!plot_ && first_remark_offset_ == 0);
  for (const auto& [offset, width] : {std::pair{points_offset_, std::size_t{points_width}},
                                      {remark_offset_, remark_text({}).size()},
                                      {first_remark_offset_, remark_text({}).size()}})
    archive.require(file_.position() >= width && offset <= file_.position() - width);
  // As they were before the other process went on, or ended.
  write_point_count();
  if (first_remark_offset_ != remark_offset_) write_remark(first_remark_offset_, continued_remark);
  write_remark(remark_offset_, plot_ ? unfinished_remark : std::string_view());
}

void RawSink::commit(std::string_view mark) {
  end_plot();
  if (!mark.empty() && remark_offset_ != 0) {
    write_remark(first_remark_offset_, early_end_remark);
    write_remark(remark_offset_, harmless(mark));
  }
  commit_result(file_, mark);
}

}  // namespace memspice
