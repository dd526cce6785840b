#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "memspice/waveform.hpp"

namespace memspice::python {

/// A plot in memory, row after row: what numpy shows as an array (rows, vectors) without a copy.
class Table {
 public:
  explicit Table(PlotInfo plot) : plot_(std::move(plot)) {}

  void add(std::span<const double> row);
  /// Gives back the room that no row has taken.
  void shrink();
  /// (name, title, names of vectors, their units, array): the arguments of memspice.Plot. The array owns the
  /// rows.
  [[nodiscard]] nanobind::tuple release();

 private:
  struct Free {
    void operator()(double* values) const;
  };
  void grow(std::size_t values);

  PlotInfo plot_;
  std::unique_ptr<double[], Free> values_;
  std::size_t size_ = 0, room_ = 0;
};

/// Collects plots as tables.
class TableSink final : public WaveformSink {
 public:
  void begin_plot(const PlotInfo& plot) override { tables_.emplace_back(plot); }
  void row(std::span<const double> values) override { tables_.back().add(values); }
  void end_plot() override { tables_.back().shrink(); }
  void commit(std::string_view) override {}

  /// A list of what Table::release() gives.
  [[nodiscard]] nanobind::list release();

 private:
  std::vector<Table> tables_;
};

}  // namespace memspice::python
