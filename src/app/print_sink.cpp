#include "app/print_sink.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace memspice::app {

void PrintSink::begin_plot(const PlotInfo& plot) {
  columns_ = plot.printed;
  if (!columns_.empty()) {
    const bool has_scale = plot.vectors.front().quantity == Quantity::time;
    if (has_scale && std::ranges::find(columns_, 0u) == columns_.end()) columns_.insert(columns_.begin(), 0);
    fmt::print("{}\n", plot.name);
    for (const std::size_t column : columns_) fmt::print("{:>16}", plot.vectors[column].name);
    fmt::print("\n");
  }
  if (next_ != nullptr) next_->begin_plot(plot);
}

void PrintSink::row(std::span<const double> values) {
  if (!columns_.empty()) {
    for (const std::size_t column : columns_) fmt::print("{:>16.8e}", values[column]);
    fmt::print("\n");
  }
  if (next_ != nullptr) next_->row(values);
}

void PrintSink::end_plot() {
  if (!columns_.empty()) fmt::print("\n");
  if (next_ != nullptr) next_->end_plot();
}

void PrintSink::commit(std::string_view mark) {
  if (next_ != nullptr) next_->commit(mark);
}

}  // namespace memspice::app
