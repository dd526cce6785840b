#include "analysis/points/ordered_blocks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "waveform/plot_archive.hpp"

namespace memspice {

namespace {

bool same_vectors(const PlotInfo& a, const PlotInfo& b) {
  return a.name == b.name && a.complex == b.complex &&
         std::ranges::equal(a.vectors, b.vectors, [](const VectorInfo& x, const VectorInfo& y) {
           return x.name == y.name && x.quantity == y.quantity;
         });
}

}  // namespace

OrderedBlocks::OrderedBlocks(WaveformSink& sink, Columns columns)
    : sink_(sink), columns_(std::move(columns)) {}

OrderedBlocks::~OrderedBlocks() = default;

std::size_t OrderedBlocks::exchange(Archive& archive) {
  archive(next_);
  archive(open_);
  memspice::exchange(archive, plot_);
  archive.each(later_, [&](auto& plots) {
    archive.each(plots, [&](auto& rows) {
      memspice::exchange(archive, rows.first.plot);
      archive.list(rows.first.values);
      archive.list(rows.second);
      const std::size_t width = rows.first.plot.vectors.size() * (rows.first.plot.complex ? 2 : 1);
      archive.require(rows.second.size() == columns_.vectors.size() &&
                      (width == 0 ? rows.first.values.empty() : rows.first.values.size() % width == 0));
    });
  });
  return next_;
}

std::unique_ptr<OrderedBlocks::Block> OrderedBlocks::begin(std::size_t point, std::vector<double> values,
                                                           std::size_t ahead) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopped_ || point <= next_ + ahead; });
  if (stopped_) return nullptr;
  return std::unique_ptr<Block>(new Block(*this, point, std::move(values)));
}

void OrderedBlocks::finish(std::unique_ptr<Block> block) {
  const std::lock_guard lock(mutex_);
  if (failed_) return;
  waiting_bytes_ += block->unreported_;
  block->bytes_ += block->unreported_;
  finished_.emplace(block->point_, std::move(block));
  const std::size_t before = next_;
  while (!finished_.empty() && finished_.begin()->first == next_) {
    const std::unique_ptr<Block> ready = std::move(finished_.begin()->second);
    finished_.erase(finished_.begin());
    try {
      deliver(*ready);
      streaming_ = false;
    } catch (...) {
      failed_ = true;
      throw;
    }
    waiting_bytes_ -= ready->bytes_;
    ++next_;
  }
  if (next_ > before && columns_.written) columns_.written(next_);
  changed_.notify_all();
}

void OrderedBlocks::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

std::size_t OrderedBlocks::close() {
  const std::lock_guard lock(mutex_);
  if (stopped_ && !failed_ && !streaming_ && columns_.stopped) columns_.stopped(next_);
  end_plot();
  for (const auto& plots : later_) {
    for (const auto& [rows, swept] : plots) write(rows, swept, false);
    end_plot();
  }
  later_.clear();
  return next_;
}

void OrderedBlocks::grown(Block& block) {
  std::unique_lock lock(mutex_);
  waiting_bytes_ += block.unreported_;
  block.bytes_ += block.unreported_;
  block.unreported_ = 0;
  changed_.wait(lock,
                [&] { return stopped_ || block.point_ == next_ || waiting_bytes_ <= columns_.most_waiting; });
  if (failed_ || block.point_ != next_ || block.bytes_ < columns_.stream_from || block.plots_.size() != 1)
    return;
  if (columns_.plot_per_block && !block.streaming_) end_plot();
  block.streaming_ = true;
  streaming_ = true;
  write(block.plots_.front(), block.swept_, columns_.scale);
  block.plots_.front().values.clear();
  waiting_bytes_ -= block.bytes_;
  block.bytes_ = 0;
  changed_.notify_all();
}

void OrderedBlocks::deliver(Block& block) {
  if (columns_.plot_per_block && !block.streaming_) end_plot();
  for (std::size_t i = 0; i < block.plots_.size(); ++i) {
    if (i == 0 || columns_.plot_per_block) {
      write(block.plots_[i], block.swept_, columns_.scale && i == 0);
      continue;
    }
    if (later_.size() < i) later_.resize(i);
    later_[i - 1].emplace_back(std::move(block.plots_[i]), block.swept_);
  }
}

void OrderedBlocks::write(const Rows& rows, std::span<const double> swept, bool scale) {
  if (!open_ || !same_vectors(plot_, rows.plot)) open(rows.plot, swept, scale);
  const std::size_t numbers = rows.plot.complex ? 2 : 1;
  const std::size_t width = rows.plot.vectors.size() * numbers;
  const std::size_t before = std::min(scale ? numbers : 0, width);
  std::vector<double> row(width + swept.size() * numbers);
  for (std::size_t i = 0; i < swept.size(); ++i) row[before + i * numbers] = swept[i];
  const auto behind = row.begin() + static_cast<std::ptrdiff_t>(before + swept.size() * numbers);
  for (const double* at = rows.values.data(); at != rows.values.data() + rows.values.size(); at += width) {
    std::copy(at, at + before, row.begin());
    std::copy(at + before, at + width, behind);
    sink_.row(row);
  }
}

void OrderedBlocks::open(const PlotInfo& plot, std::span<const double> swept, bool scale) {
  end_plot();
  plot_ = plot;
  open_ = true;
  PlotInfo shown = plot;
  const auto place = shown.vectors.begin() + (scale && !shown.vectors.empty() ? 1 : 0);
  shown.vectors.insert(place, columns_.vectors.begin(), columns_.vectors.end());
  if (columns_.plot_per_block)
    for (std::size_t i = 0; i < swept.size(); ++i)
      shown.title += fmt::format("{}{}={:.10g}", i == 0 ? ": " : ", ", columns_.vectors[i].name, swept[i]);
  sink_.begin_plot(shown);
}

void OrderedBlocks::end_plot() {
  if (open_) sink_.end_plot();
  open_ = false;
}

void OrderedBlocks::Block::begin_plot(const PlotInfo& plot) {
  plots_.push_back({plot, {}});
}

void OrderedBlocks::Block::row(std::span<const double> values) {
  std::vector<double>& rows = plots_.back().values;
  rows.insert(rows.end(), values.begin(), values.end());
  unreported_ += values.size_bytes();
  if (unreported_ >= report_size) owner_.grown(*this);
}

}  // namespace memspice
