#include "app/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace memspice::app {

namespace {

std::string_view unit(Quantity quantity) {
  switch (quantity) {
    case Quantity::time:
      return "s";
    case Quantity::frequency:
      return "Hz";
    case Quantity::voltage:
      return "V";
    case Quantity::current:
      return "A";
    case Quantity::power:
      return "W";
    case Quantity::impedance:
      return "ohm";
    case Quantity::notype:
      return "";
  }
  return "";
}

}  // namespace

void SummarySink::begin_plot(const PlotInfo& plot) {
  Summary summary;
  summary.vectors = plot.vectors.size();
  const std::size_t kept = std::min(most_vectors, plot.vectors.size());
  summary.plot = {plot.title,
                  plot.name,
                  plot.complex,
                  {plot.vectors.begin(), plot.vectors.begin() + static_cast<std::ptrdiff_t>(kept)}};
  summary.ranges.resize(kept);
  summaries_.push_back(std::move(summary));
  if (next_ != nullptr) next_->begin_plot(plot);
}

void SummarySink::row(std::span<const double> values) {
  Summary& summary = summaries_.back();
  for (std::size_t i = 0; i < summary.ranges.size(); ++i) {
    Range& range = summary.ranges[i];
    const double value = values[i];
    if (summary.rows == 0) range = {value, value, value, value};
    range.last = value;
    range.smallest = std::min(range.smallest, value);
    range.largest = std::max(range.largest, value);
  }
  ++summary.rows;
  if (next_ != nullptr) next_->row(values);
}

void SummarySink::end_plot() {
  if (next_ != nullptr) next_->end_plot();
}

void SummarySink::commit(std::string_view mark) {
  if (next_ != nullptr) next_->commit(mark);
}

std::string SummarySink::table() const {
  std::string text;
  for (const Summary& summary : summaries_) {
    std::size_t width = 8;
    for (const VectorInfo& vector : summary.plot.vectors) width = std::max(width, vector.name.size());
    const bool single = summary.rows <= 1;
    text += fmt::format("\n{:<{}}  {:<4}{:>14}", "vector", width, "unit", single ? "value" : "first");
    if (!single) text += fmt::format("{:>14}{:>14}{:>14}", "last", "smallest", "largest");
    text += '\n';
    for (std::size_t i = 0; i < summary.ranges.size(); ++i) {
      const VectorInfo& vector = summary.plot.vectors[i];
      const Range& range = summary.ranges[i];
      text += fmt::format("{:<{}}  {:<4}{:>14.6g}", vector.name, width, unit(vector.quantity), range.first);
      if (!single)
        text += fmt::format("{:>14.6g}{:>14.6g}{:>14.6g}", range.last, range.smallest, range.largest);
      text += '\n';
    }
    if (summary.vectors > summary.ranges.size())
      text += fmt::format("… and {} more vectors\n", summary.vectors - summary.ranges.size());
  }
  return text;
}

std::string describe(const AnalysisReport& report, bool verbose) {
  const SolverStatistics& statistics = report.statistics;
  std::string text;
  if (report.analysis == "op") {
    text = fmt::format("operating point by {}\n", report.operating_point);
  } else {
    text = fmt::format(
        "transient to {:.6g} s: {} steps, {} rows, {:.3g} s of computing\n", report.end_time,
        statistics.steps, statistics.rows,
        statistics.setup_seconds + statistics.operating_point_seconds + statistics.integration_seconds);
  }
  if (verbose) {
    text += fmt::format(
        "  {} unknowns, node matrix of {} rows and {} nonzeros, {} factorised {} times, {} solves\n",
        statistics.unknowns, statistics.matrix_size, statistics.matrix_nonzeros, statistics.factorisation,
        statistics.factorisations, statistics.solves);
    text += fmt::format(
        "  {} steps rejected, {} Newton iterations, {} Newton failures, {} restarts at breakpoints\n",
        statistics.failed_steps, statistics.newton_iterations, statistics.newton_failures,
        statistics.restarts);
    text += fmt::format("  seconds: set-up {:.3g}, operating point {:.3g}, integration and output {:.3g}\n",
                        statistics.setup_seconds, statistics.operating_point_seconds,
                        statistics.integration_seconds);
  }
  if (report.omega) {
    text += fmt::format(
        "closed form (.omega): largest deviation of {} states {:.3g} (of {} at t = {:.6g} s), tolerance "
        "{:.3g}: {}\n",
        report.omega->states, report.omega->largest_deviation, report.omega->state, report.omega->time,
        report.omega->tolerance, report.omega->passed() ? "passed" : "FAILED");
  }
  return text;
}

}  // namespace memspice::app
