#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <memspice/waveform.hpp>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/archive.hpp"

namespace memspice {

/// Brings rows that several threads compute into the order of their points: each point's rows are a block,
/// and the blocks of an analysis follow each other in one plot, whichever thread is done first. Swept values
/// are columns of their own.
///
/// Life cycle: for each point begin(), in ascending order but from any thread; then finish() with the block;
/// at the end close(). A block waits in memory until those before it are written. The first block in order
/// may pass its rows on before it is finished, once it has grown large; when all blocks together grow too
/// large, the others wait for it. So memory is bounded, and the first block never waits.
class OrderedBlocks {
 public:
  struct Columns {
    std::vector<VectorInfo> vectors;  // of the swept values
    bool scale = true;                // they stand behind the first vector, that of time or frequency
    bool plot_per_block = false;      // its title tells the values
    std::size_t stream_from = std::size_t{1} << 26;   // bytes from which on the first block passes rows on
    std::size_t most_waiting = std::size_t{1} << 28;  // bytes of all blocks, beyond which the others wait
    /// Called when blocks have been written, with how many there are by then and no row behind them; nobody
    /// else writes meanwhile.
    std::function<void(std::size_t written)> written = {};
    /// The same in close() behind stop(), unless rows of another block have been passed on.
    std::function<void(std::size_t written)> stopped = {};
  };
  class Block;

  OrderedBlocks(WaveformSink& sink, Columns columns);
  ~OrderedBlocks();
  OrderedBlocks(const OrderedBlocks&) = delete;
  OrderedBlocks& operator=(const OrderedBlocks&) = delete;

  /// What the file has, written, within these functions or before the first block; or read, before the first
  /// block, where the sink's plot is one that had been begun before. Gives the first point to come.
  std::size_t exchange(Archive& archive);
  /// The sink of one point; `values` are its swept values. Waits while the point is more than `ahead` points
  /// in front of the first unfinished one. Null after stop().
  std::unique_ptr<Block> begin(std::size_t point, std::vector<double> values, std::size_t ahead);
  /// Writes the block, and those that have waited for it. Throws what the sink throws.
  void finish(std::unique_ptr<Block> block);
  /// Some point will not be finished: nobody waits for it any longer.
  void stop();
  /// Ends the plots. Returns how many blocks were written: what lies behind a point that is missing is not.
  std::size_t close();

 private:
  struct Rows {
    PlotInfo plot;
    std::vector<double> values;
  };
  void grown(Block& block);
  void deliver(Block& block);
  void write(const Rows& rows, std::span<const double> swept, bool scale);
  void open(const PlotInfo& plot, std::span<const double> swept, bool scale);
  void end_plot();

  WaveformSink& sink_;
  Columns columns_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t next_ = 0;  // the point whose block is to be written
  bool stopped_ = false;
  bool streaming_ = false;  // rows of the first block have been passed on
  bool failed_ = false;     // the sink has thrown
  std::size_t waiting_bytes_ = 0;
  std::map<std::size_t, std::unique_ptr<Block>> finished_;
  PlotInfo plot_;  // that is open, as the analysis gave it
  bool open_ = false;
  /// Plots that an analysis makes behind its first one, by their number: they follow when that is complete.
  std::vector<std::vector<std::pair<Rows, std::vector<double>>>> later_;
};

/// Where an analysis of one point writes to.
class OrderedBlocks::Block final : public WaveformSink {
 public:
  void begin_plot(const PlotInfo& plot) override;
  void row(std::span<const double> values) override;
  void end_plot() override {}
  void commit(std::string_view = {}) override {}

 private:
  friend class OrderedBlocks;
  Block(OrderedBlocks& owner, std::size_t point, std::vector<double> values)
      : owner_(owner), point_(point), swept_(std::move(values)) {}
  static constexpr std::size_t report_size = std::size_t{1} << 12;  // bytes between two looks at the others

  OrderedBlocks& owner_;
  std::size_t point_;
  std::vector<double> swept_;
  std::vector<Rows> plots_;
  std::size_t bytes_ = 0;       // that owner_ knows of
  std::size_t unreported_ = 0;  // bytes
  bool streaming_ = false;      // some of its rows have been written
};

}  // namespace memspice
