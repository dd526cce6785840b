#include <fmt/format.h>
#include <algorithm>
#include <memspice/waveform.hpp>
#include <stdexcept>

#include "base/spelling.hpp"
#include "waveform/ascii.hpp"
#include "waveform/row_check.hpp"

namespace memspice {

std::size_t Plot::find(std::string_view vector) const {
  const std::string wanted = lower_case(vector);
  const auto found = std::find_if(vectors.begin(), vectors.end(),
                                  [&](const VectorInfo& info) { return lower_case(info.name) == wanted; });
  return found == vectors.end() ? npos : static_cast<std::size_t>(found - vectors.begin());
}

namespace {

std::size_t place_of(const Plot& plot, std::string_view vector) {
  constexpr std::size_t most_listed = 20;
  if (const std::size_t place = plot.find(vector); place != Plot::npos) return place;
  std::vector<std::string_view> names;
  for (const VectorInfo& info : plot.vectors) names.push_back(info.name);
  std::string message = fmt::format("there is no vector '{}' in this plot", vector);
  if (names.size() > most_candidates) names.resize(most_candidates);
  if (const std::string hint = did_you_mean(lower_case(vector), names); !hint.empty())
    message += " (" + hint + ")";
  const std::size_t listed = std::min(names.size(), most_listed);
  message += fmt::format("; there are {}",
                         fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(listed), ", "));
  if (plot.vectors.size() > listed) message += fmt::format(" and {} more", plot.vectors.size() - listed);
  throw std::out_of_range(message);
}

}  // namespace

std::span<const double> Plot::operator[](std::string_view vector) const {
  return columns[place_of(*this, vector)];
}

std::vector<std::complex<double>> Plot::complex_values(std::string_view vector) const {
  const std::size_t place = place_of(*this, vector);
  std::vector<std::complex<double>> values(rows());
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = {columns[place][i], complex ? imaginary[place][i] : 0.0};
  return values;
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
