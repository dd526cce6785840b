#include "waveform/csv_sink.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "waveform/ascii.hpp"
#include "waveform/number_text.hpp"
#include "waveform/partial_result.hpp"

namespace memspice {
namespace {

std::string quoted(std::string_view name, char delimiter) {
  const std::string_view special = delimiter == ',' ? ",;\" \t" : "\" \t";
  if (name.find_first_of(special) == std::string_view::npos) return std::string(name);
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

}  // namespace

CsvSink::CsvSink(const std::string& path, char delimiter) : file_(path), delimiter_(delimiter) {}

void CsvSink::begin_plot(const PlotInfo& plot) {
  if (file_.position() > 0) file_.write("\n");
  plot_.emplace(plot);
  chosen_.clear();
  std::string names;
  const auto add = [&](std::size_t number, std::string_view name) {
    if (!chosen_.empty()) names += delimiter_;
    names += quoted(name, delimiter_);
    chosen_.push_back(number);
  };
  for (std::size_t i = 0; i < plot.vectors.size(); ++i) {
    const std::string& name = plot.vectors[i].name;
    if (!plot.complex) {
      add(i, name);
    } else if (plot.vectors[i].quantity == Quantity::frequency) {
      add(2 * i, name);
    } else {
      add(2 * i, fmt::format("re({})", name));
      add(2 * i + 1, fmt::format("im({})", name));
    }
  }
  file_.write(names + '\n');
}

void CsvSink::row(std::span<const double> values) {
  if (!plot_) throw std::logic_error("a row outside any plot (please report)");
  plot_->check_row(values.size());
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    char* text = file_.reserve(2 * number_text_size);
    if (i > 0) *text++ = delimiter_;
    file_.advance(write_shortest(text, values[chosen_[i]]));
  }
  file_.write("\n");
  if (file_.flush_due()) file_.flush();
}

void CsvSink::end_plot() {
  plot_.reset();
}

void CsvSink::flush() {
  file_.flush();
}

void CsvSink::exchange(Archive& archive) {
  file_.exchange(archive, 0, 0);
  archive.maybe(plot_, [&](OpenPlot& plot) { plot.exchange(archive); });
  archive.list(chosen_);
  for (const std::size_t number : chosen_) archive.require(!plot_ || number < plot_->width);
}

void CsvSink::commit(std::string_view mark) {
  if (!mark.empty()) file_.write(fmt::format("{}{}\n", incomplete_line, to_ascii(mark)));
  commit_result(file_, mark);
}

}  // namespace memspice
