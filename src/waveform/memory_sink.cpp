#include <fmt/format.h>
#include <algorithm>
#include <memspice/waveform.hpp>
#include <stdexcept>

#include "waveform/ascii.hpp"
#include "waveform/row_check.hpp"

namespace memspice {

std::size_t Plot::find(std::string_view vector) const {
  const std::string wanted = lower_case(vector);
  const auto found = std::find_if(vectors.begin(), vectors.end(),
                                  [&](const VectorInfo& info) { return lower_case(info.name) == wanted; });
  return found == vectors.end() ? npos : static_cast<std::size_t>(found - vectors.begin());
}

void MemorySink::begin_plot(const PlotInfo& plot) {
  Plot& added = plots_.emplace_back();
  static_cast<PlotInfo&>(added) = plot;
  added.columns.resize(plot.vectors.size());
  if (plot.complex) added.imaginary.resize(plot.vectors.size());
}

void MemorySink::row(std::span<const double> values) {
  if (plots_.empty()) throw std::logic_error("a row outside any plot (please report)");
  Plot& plot = plots_.back();
  check_row(plot, values.size());
  for (std::size_t i = 0; i < plot.columns.size(); ++i) {
    plot.columns[i].push_back(plot.complex ? values[2 * i] : values[i]);
    if (plot.complex) plot.imaginary[i].push_back(values[2 * i + 1]);
  }
}

}  // namespace memspice
