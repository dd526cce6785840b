#include "app/report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/console/text_table.hpp"
#include "waveform/plot_archive.hpp"
#include "waveform/quantity.hpp"

namespace memspice::app {

void SummarySink::begin_plot(const PlotInfo& plot) {
  Summary summary;
  summary.vectors = plot.vectors.size();
  const std::size_t kept = plot.vectors.size() <= all_vectors ? plot.vectors.size() : most_vectors;
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
    const bool is_complex = summary.plot.complex;
    const double value = is_complex ? std::hypot(values[2 * i], values[2 * i + 1]) : values[i];
    if (summary.rows == 0) range = {value, value, value, value, values[is_complex ? 2 * i : i], 0};
    if (summary.rows == 0 && is_complex) range.imaginary = values[2 * i + 1];
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

void SummarySink::exchange(Archive& archive) {
  archive.each(summaries_, [&](Summary& summary) {
    memspice::exchange(archive, summary.plot);
    archive(summary.vectors);
    archive(summary.rows);
    archive.list(summary.ranges);
    archive.require(summary.ranges.size() == summary.plot.vectors.size() &&
                    summary.ranges.size() <= summary.vectors);
  });
}

void SummarySink::commit(std::string_view mark) {
  if (next_ != nullptr) next_->commit(mark);
}

std::string SummarySink::table() const {
  constexpr std::size_t most = 10;
  std::string text;
  std::size_t tables = 0;
  for (const Summary& summary : summaries_) {
    if (summary.rows == 0) continue;  // it failed before the first row
    if (++tables > most) continue;
    const bool single = summary.rows == 1;
    const bool parts = single && summary.plot.complex;
    std::vector<TextColumn> columns{
        {summary.plot.complex && !single ? "magnitude of" : "vector", Align::left}, {"unit", Align::left}};
    for (const char* title : parts    ? std::vector{"real part", "imaginary part", "magnitude"}
                             : single ? std::vector{"value"}
                                      : std::vector{"first", "last", "smallest", "largest"})
      columns.push_back({title});
    TextTable table(std::move(columns));
    for (std::size_t i = 0; i < summary.ranges.size(); ++i) {
      const VectorInfo& vector = summary.plot.vectors[i];
      const Range& range = summary.ranges[i];
      const double rounding = 1e-12 * std::max(std::abs(range.smallest), std::abs(range.largest));
      const auto shown = [rounding](double value) {
        return fmt::format("{:.6g}", std::abs(value) <= rounding ? 0.0 : value);
      };
      std::vector<std::string> row{vector.name, std::string(quantity_unit(vector.quantity))};
      for (const double value : parts ? std::vector{range.real, range.imaginary, range.first}
                                : single
                                    ? std::vector{range.first}
                                    : std::vector{range.first, range.last, range.smallest, range.largest})
        row.push_back(shown(value));
      table.add(std::move(row));
    }
    text += "\n" + table.text();
    if (summary.vectors > summary.ranges.size())
      text += fmt::format("… and {} more vectors\n", summary.vectors - summary.ranges.size());
  }
  if (tables > most) text += fmt::format("\n… and {} more plots\n", tables - most);
  return text;
}

namespace {

std::string describe(const InvariantsReport& report) {
  std::string text = "conservation laws (.invariants): largest drift";
  const auto law = [&](std::string_view what, std::string_view count, const InvariantsReport::Law& law) {
    if (law.laws == 0) return;
    text += fmt::format("\n  {} {:.2g}", what, law.largest_drift);
    if (!count.empty()) text += fmt::format(" at {} {}", law.laws, count);
    if (law.valid_until)
      text += fmt::format("; a state at its bound voids the first of them at t = {:.6g} s", *law.valid_until);
  };
  law("KCL memory", "nodes", report.kcl_memory);
  law("flux law", "loops", report.flux);
  law("power balance", "", report.power);
  return text + "\n";
}

std::string describe(const FunctionalReport& report) {
  std::string text = "functionals (.functional):";
  const auto one = [&](std::string_view what, std::string_view unit,
                       const FunctionalReport::Functional& functional) {
    text += fmt::format("\n  {} from {:.6g} to {:.6g} {}, ", what, functional.start, functional.end, unit);
    text += functional.violations == 0 ? "never rising"
                                       : fmt::format("rising at {} rows, by {:.2g} at most",
                                                     functional.violations, functional.largest_violation);
  };
  one("Lyapunov function", "1/s", report.lyapunov);
  if (report.gradient) {
    one("gradient functional", "V", *report.gradient);
  } else {
    text += fmt::format("\n  no gradient functional: {}", report.no_gradient);
  }
  return text + "\n";
}

std::string describe(const SolverStatistics& statistics) {
  std::vector<std::string> limits;
  for (const auto& [name, count] : statistics.step_limits.counts())
    if (count > 0) limits.push_back(fmt::format("{} {}", name, count));
  std::string text = fmt::format("  steps bounded by: {}; {} rows rejected\n", fmt::join(limits, ", "),
                                 statistics.rejected_rows);
  std::ranges::replace(text, '_', ' ');
  return text;
}

}  // namespace

std::string describe(const AnalysisReport& report, bool verbose) {
  const SolverStatistics& statistics = report.statistics;
  std::string text;
  if (statistics.rows == 0 && report.outcome != Outcome::complete) {
    text = fmt::format("{}: no rows\n", !report.summary.empty()   ? report.summary
                                        : report.analysis == "op" ? "operating point"
                                                                  : "transient");
  } else if (!report.summary.empty()) {
    text = fmt::format(
        "{}, {:.3g} s of computing\n", report.summary,
        statistics.setup_seconds + statistics.operating_point_seconds + statistics.integration_seconds);
  } else if (report.analysis == "op") {
    text = fmt::format("operating point by {}\n", report.operating_point);
  } else {
    text = fmt::format(
        "transient to {:.6g} s: {} steps{}, {} rows, {:.3g} s of computing\n", report.end_time,
        statistics.steps,
        statistics.integrator.find("network") == std::string::npos
            ? ""
            : " (" + statistics.integrator + " integrator)",
        statistics.rows,
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
    if (report.analysis == "tran") text += describe(statistics);
    if (!statistics.integrator.empty())
      text += fmt::format("  integrator {}: {}\n", statistics.integrator, statistics.reason);
    text += fmt::format("  seconds: set-up {:.3g}, operating point {:.3g}, integration and output {:.3g}\n",
                        statistics.setup_seconds, statistics.operating_point_seconds,
                        statistics.integration_seconds);
  }
  if (const auto& verify = report.verify)
    text += fmt::format(
        "both integrators to {:.6g} s (.options verify): largest difference of {} states {:.3g}{}\n",
        verify->stretch, verify->states, verify->largest_deviation,
        verify->state.empty() ? "" : fmt::format(", {} at {:.6g} s", verify->state, verify->time));
  if (report.omega) {
    const OmegaReport& omega = *report.omega;
    text += fmt::format("closed form (.omega): largest deviation of {} states {:.3g}", omega.states,
                        omega.largest_deviation);
    if (!omega.state.empty())
      text += fmt::format(" (of {} at t = {:.6g} s{})", omega.state, omega.time,
                          omega.point.empty() ? "" : ", " + omega.point);
    text += fmt::format(", tolerance {:.3g}: {}", omega.tolerance, omega.passed() ? "passed" : "FAILED");
    if (omega.reruns > 0)
      text += fmt::format(" (in rerun {} of the transient, at reltol {:.2g})", omega.reruns, omega.reltol);
    text += '\n';
  }
  if (report.invariants) text += describe(*report.invariants);
  if (report.functional) text += describe(*report.functional);
  return text;
}

}  // namespace memspice::app
