#include "waveform/held_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <memspice/error.hpp>
#include <stdexcept>
#include <system_error>

#include "waveform/plot_archive.hpp"
#include "waveform/row_check.hpp"

namespace memspice {

namespace {

constexpr std::size_t most_in_memory = 1u << 22;  // numbers: 32 MB

[[noreturn]] void fail() {
  const int error = errno;
  throw FileError(
      fmt::format("rows cannot be kept in a temporary file: {}", std::generic_category().message(error)), {},
      error);
}

}  // namespace

void HeldRows::begin_plot(const PlotInfo& plot) {
  plots_.push_back(plot);
  rows_.push_back(0);
}

void HeldRows::row(std::span<const double> values) {
  if (plots_.empty()) throw std::logic_error("a row outside any plot (please report)");
  check_row(plots_.back(), values.size());
  values_.insert(values_.end(), values.begin(), values.end());
  ++rows_.back();
  if (values_.size() >= most_in_memory) spill();
}

void HeldRows::spill() {
  if (!file_) file_.reset(std::tmpfile());
  if (!file_ || std::fwrite(values_.data(), sizeof(double), values_.size(), file_.get()) != values_.size())
    fail();
  spilled_ += values_.size();
  values_.clear();
}

void HeldRows::exchange(Archive& archive) {
  archive.each(plots_, [&](PlotInfo& plot) { memspice::exchange(archive, plot); });
  archive.list(rows_);
  if (archive.reading()) {
    archive.list(values_);
    std::size_t numbers = 0;
    archive.require(rows_.size() == plots_.size());
    for (std::size_t plot = 0; plot < plots_.size(); ++plot) {
      const std::size_t width = row_width(plots_[plot]);
      archive.require(width > 0 && rows_[plot] <= (values_.size() - numbers) / width);
      numbers += rows_[plot] * width;
    }
    archive.require(numbers == values_.size());
    return;
  }
  std::vector<double> all(size());
  if (spilled_ > 0 && (std::fseek(file_.get(), 0, SEEK_SET) != 0 ||
                       std::fread(all.data(), sizeof(double), spilled_, file_.get()) != spilled_ ||
                       std::fseek(file_.get(), 0, SEEK_END) != 0))
    fail();
  std::ranges::copy(values_, all.begin() + static_cast<std::ptrdiff_t>(spilled_));
  archive.list(all);
}

void HeldRows::release(WaveformSink& sink) {
  if (file_ && std::fseek(file_.get(), 0, SEEK_SET) != 0) fail();
  auto held = values_.begin();
  std::vector<double> row;
  for (std::size_t plot = 0; plot < plots_.size(); ++plot) {
    sink.begin_plot(plots_[plot]);
    row.resize(row_width(plots_[plot]));
    for (std::size_t n = 0; n < rows_[plot]; ++n) {
      // Rows are spilled whole.
      if (spilled_ > 0) {
        if (std::fread(row.data(), sizeof(double), row.size(), file_.get()) != row.size()) fail();
        spilled_ -= row.size();
        sink.row(row);
      } else {
        const auto next = held + static_cast<std::ptrdiff_t>(row.size());
        sink.row(std::span(held, next));
        held = next;
      }
    }
    sink.end_plot();
  }
}

}  // namespace memspice
