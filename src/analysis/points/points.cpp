#include "analysis/points/points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "analysis/points/ordered_blocks.hpp"
#include "analysis/points/point_warnings.hpp"
#include "analysis/points/single_run.hpp"

namespace memspice {

namespace {

using Target = Sweep::Target;

/// One of the nested loops.
struct Loop {
  std::string name;
  Quantity quantity = Quantity::notype;
  Sweep sweep;           // its values
  bool of_runs = false;  // of .mc: the values are numbers of runs, from 1 on
};

std::vector<Loop> loops_of(const Circuit& circuit) {
  std::vector<Loop> loops;
  if (!circuit.temperatures.empty()) {
    Sweep sweep;
    sweep.target = Target::temperature;
    sweep.name = "temp";
    sweep.values = circuit.temperatures;
    loops.push_back({"temp", Quantity::notype, std::move(sweep)});
  }
  for (const Sweep& sweep : circuit.steps) {
    const Quantity quantity = sweep.target == Target::voltage_source   ? Quantity::voltage
                              : sweep.target == Target::current_source ? Quantity::current
                                                                       : Quantity::notype;
    loops.push_back({sweep.label(), quantity, sweep});
  }
  if (circuit.monte_carlo) {
    Loop runs{"run", Quantity::notype, {}, true};
    for (std::size_t run = 1; run <= circuit.monte_carlo->runs; ++run)
      runs.sweep.values.push_back(static_cast<double>(run));
    loops.push_back(std::move(runs));
  }
  return loops;
}

bool has_scale(const AnalysisCard& card) {
  if (const auto* sensitivity = std::get_if<SensitivityCard>(&card)) return !sensitivity->frequencies.empty();
  return !std::holds_alternative<OperatingPointCard>(card) &&
         !std::holds_alternative<TransferFunctionCard>(card);
}

void add_statistics(SolverStatistics& sum, const SolverStatistics& part) {
  sum.unknowns = std::max(sum.unknowns, part.unknowns);
  sum.matrix_size = std::max(sum.matrix_size, part.matrix_size);
  sum.matrix_nonzeros = std::max(sum.matrix_nonzeros, part.matrix_nonzeros);
  if (sum.factorisation.empty()) sum.factorisation = part.factorisation;
  sum.steps += part.steps;
  sum.failed_steps += part.failed_steps;
  sum.residuals += part.residuals;
  sum.newton_iterations += part.newton_iterations;
  sum.newton_failures += part.newton_failures;
  sum.restarts += part.restarts;
  sum.factorisations += part.factorisations;
  sum.solves += part.solves;
  sum.rows += part.rows;
  sum.rejected_rows += part.rejected_rows;
  sum.step_limits += part.step_limits;
  if (part.oscillation) {
    if (!sum.oscillation) sum.oscillation.emplace();
    OscillationReport& worst = *sum.oscillation;
    worst.turns = std::max(worst.turns, part.oscillation->turns);
    worst.memory = std::max(worst.memory, part.oscillation->memory);
    worst.accumulated_error = std::max(worst.accumulated_error, part.oscillation->accumulated_error);
  }
  sum.setup_seconds += part.setup_seconds;
  sum.operating_point_seconds += part.operating_point_seconds;
  sum.integration_seconds += part.integration_seconds;
}

/// Life cycle: construct, run() once.
class PointRun {
 public:
  PointRun(const Circuit& circuit, WaveformSink& sink, const RunOptions& options, RunReport& report)
      : circuit_(circuit),
        sink_(sink),
        options_(options),
        report_(report),
        loops_(loops_of(circuit)),
        warnings_(circuit.warnings) {
    count_ = 1;
    for (const Loop& loop : loops_) {
      count_ *= loop.sweep.values.size();
      report.swept.push_back(loop.name);
    }
    found_.resize(count_);
    report.points.resize(count_);
    for (std::size_t point = 0; point < count_; ++point) report.points[point].values = values_of(point);
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    threads_ = std::min(options.threads == 0 ? cores : options.threads, count_);
    const auto& cards = circuit.analyses;
    passes_ = std::max<std::size_t>(1, cards.size());
    looking_pass_ = passes_ - 1;
    for (std::size_t i = 0; i < cards.size(); ++i)
      if (std::holds_alternative<TransientCard>(cards[i])) looking_pass_ = i;
  }

  void run(std::vector<Diagnostic>& warnings) {
    std::size_t pass = 0;
    while (pass < passes_ && !stop_) run_pass(pass++);
    if (failure_) std::rethrow_exception(failure_);
    while (pass < passes_) sum_up(pass++, 0);  // interrupted before they began
    for (std::size_t point = 0; point < count_; ++point) warnings_.add(place(point), found_[point]);
    warnings_.list(count_, warnings);
    if (deck_errors_ == count_) throw DeckError(std::move(first_deck_errors_));
  }

 private:
  void run_pass(std::size_t pass);
  void work(std::size_t pass, OrderedBlocks& blocks);
  bool run_point(std::size_t pass, std::size_t point, WaveformSink& sink);
  bool interrupted();
  void sum_up(std::size_t pass, std::size_t written);
  /// Adds a point's tables to those of the points before it, with the swept values as columns.
  void append_tables(const std::vector<PrintedTable>& found, const std::vector<double>& values, bool scale,
                     std::vector<PrintedTable>& tables) const;
  void note_deck_error(std::size_t point, const DeckError& error);
  /// Passes a warning on at once.
  void warn(std::size_t point, Diagnostic warning);

  /// "r=1000, temp=27"
  [[nodiscard]] std::string place(std::size_t point) const {
    return report_.values_text(report_.points[point].values);
  }
  [[nodiscard]] std::vector<double> values_of(std::size_t point) const {
    std::vector<double> values(loops_.size());
    for (std::size_t i = loops_.size(); i-- > 0;) {
      const std::vector<double>& of_loop = loops_[i].sweep.values;
      values[i] = of_loop[point % of_loop.size()];
      point /= of_loop.size();
    }
    return values;
  }

  [[nodiscard]] Variation variation_of(std::size_t point) const {
    Variation variation{.analyses = true};
    const std::vector<double>& values = report_.points[point].values;
    for (std::size_t i = 0; i < loops_.size(); ++i) {
      if (loops_[i].of_runs) {
        variation.run = static_cast<std::uint64_t>(values[i]) - 1;
      } else {
        variation.values.emplace_back(loops_[i].sweep, values[i]);
      }
    }
    return variation;
  }

  const Circuit& circuit_;
  WaveformSink& sink_;
  const RunOptions& options_;
  RunReport& report_;
  std::vector<Loop> loops_;
  PointWarnings warnings_;
  std::size_t count_ = 0;
  std::size_t threads_ = 1;
  std::size_t passes_ = 1;
  std::size_t looking_pass_ = 0;  // in which .fixedpoint and .eigen follow

  std::vector<std::vector<Diagnostic>> found_;  // warnings by point
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stop_{false};
  std::mutex asking_;  // the callbacks of RunOptions
  std::size_t done_ = 0;
  std::mutex failing_;  // what follows
  std::exception_ptr failure_;
  std::size_t deck_errors_ = 0;
  std::size_t first_deck_error_at_ = 0;
  std::vector<Diagnostic> first_deck_errors_;
};

bool PointRun::interrupted() {
  if (stop_) return true;
  if (!options_.interrupted) return false;
  const std::unique_lock lock(asking_, std::try_to_lock);
  if (lock && options_.interrupted()) stop_ = true;
  return stop_;
}

void PointRun::note_deck_error(std::size_t point, const DeckError& error) {
  const std::lock_guard lock(failing_);
  if (deck_errors_++ == 0 || point < first_deck_error_at_) {
    first_deck_error_at_ = point;
    first_deck_errors_ = error.diagnostics();
    for (Diagnostic& diagnostic : first_deck_errors_)
      diagnostic.message = fmt::format("at {}: {}", place(point), diagnostic.message);
  }
}

void PointRun::warn(std::size_t point, Diagnostic warning) {
  warning.message = fmt::format("at {}: {}", place(point), warning.message);
  const std::lock_guard lock(asking_);
  options_.warned(warning);
}

/// False when the point has been interrupted.
bool PointRun::run_point(std::size_t pass, std::size_t point, WaveformSink& sink) {
  PointReport& report = report_.points[point];
  RunOptions options;
  options.interrupted = [this] { return interrupted(); };
  options.warned = [this, point](const Diagnostic& warning) { warn(point, warning); };
  if (report.outcome != Outcome::complete) return true;  // at an earlier analysis
  try {
    const Circuit changed = variant(circuit_, variation_of(point));
    std::vector<Diagnostic> warnings = changed.warnings;
    CircuitPoint end;
    if (pass < circuit_.analyses.size()) {
      if (pass >= changed.analyses.size() ||
          changed.analyses[pass].index() != circuit_.analyses[pass].index())
        throw SimulationError("the deck has other analyses at this point\n  try: analyses outside of .if");
      report.analyses.push_back(run_analysis(changed, changed.analyses[pass], sink, options, warnings, end));
      report.outcome = report.analyses.back().outcome;
      report.message = report.analyses.back().message;
    }
    if (pass == looking_pass_ && report.outcome == Outcome::complete) {
      run_point_analyses(changed, std::move(end), report.fixed_points, report.eigenvalues);
      for (const FixedPointReport& fixed : report.fixed_points) {
        if (fixed.converged) continue;
        report.outcome = Outcome::failed;
        report.message = fixed.message;
      }
    }
    for (Diagnostic& warning : warnings)
      if (warnings_.is_new(warning)) found_[point].push_back(std::move(warning));
  } catch (const DeckError& error) {
    note_deck_error(point, error);
    report.outcome = Outcome::failed;
    report.message = error.what();
  } catch (const SimulationError& error) {
    report.outcome = Outcome::failed;
    report.message = error.what();
  }
  return report.outcome != Outcome::interrupted;
}

void PointRun::work(std::size_t pass, OrderedBlocks& blocks) {
  try {
    for (std::size_t point = next_++; point < count_ && !interrupted(); point = next_++) {
      std::unique_ptr<OrderedBlocks::Block> block =
          blocks.begin(point, report_.points[point].values, 2 * threads_);
      if (!block || !run_point(pass, point, *block)) break;
      blocks.finish(std::move(block));
      if (!options_.points_done) continue;
      const std::lock_guard lock(asking_);
      options_.points_done(++done_, count_ * passes_);
    }
  } catch (...) {
    const std::lock_guard lock(failing_);
    if (!failure_) failure_ = std::current_exception();
    stop_ = true;
  }
  if (stop_) blocks.stop();
}

void PointRun::run_pass(std::size_t pass) {
  OrderedBlocks::Columns columns;
  for (const Loop& loop : loops_) columns.vectors.push_back({loop.name, loop.quantity});
  columns.scale = pass < circuit_.analyses.size() && has_scale(circuit_.analyses[pass]);
  columns.plot_per_block = options_.plot_per_point;
  OrderedBlocks blocks(sink_, std::move(columns));
  next_ = 0;
  std::vector<std::thread> others;
  try {
    while (others.size() + 1 < threads_) others.emplace_back([&] { work(pass, blocks); });
  } catch (const std::system_error&) {  // the machine gives no more threads
  }
  work(pass, blocks);
  for (std::thread& other : others) other.join();
  if (!failure_) sum_up(pass, blocks.close());
}

void PointRun::append_tables(const std::vector<PrintedTable>& found, const std::vector<double>& values,
                             bool scale, std::vector<PrintedTable>& tables) const {
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t width = found[i].columns.size();
    const auto before = static_cast<std::ptrdiff_t>(std::min<std::size_t>(scale ? 1 : 0, width));
    std::vector<std::string> columns = found[i].columns;
    columns.insert(columns.begin() + before, report_.swept.begin(), report_.swept.end());
    if (tables.size() <= i || tables[i].columns != columns) {
      PrintedTable fresh = found[i];
      fresh.columns = std::move(columns);
      fresh.values.clear();
      tables.insert(tables.begin() + static_cast<std::ptrdiff_t>(std::min(i, tables.size())),
                    std::move(fresh));
    }
    std::vector<double>& all = tables[i].values;
    tables[i].points.push_back(all.size() / tables[i].columns.size());
    for (auto row = found[i].values.begin(); row != found[i].values.end();
         row += static_cast<std::ptrdiff_t>(width)) {
      all.insert(all.end(), row, row + before);
      all.insert(all.end(), values.begin(), values.end());
      all.insert(all.end(), row + before, row + static_cast<std::ptrdiff_t>(width));
    }
  }
}

void PointRun::sum_up(std::size_t pass, std::size_t written) {
  for (std::size_t point = written; point < count_; ++point) {  // interrupted: their rows are not written
    report_.points[point].outcome = Outcome::interrupted;
    report_.points[point].message = "interrupted";
    report_.points[point].analyses.resize(std::min(pass, report_.points[point].analyses.size()));
  }
  if (pass >= circuit_.analyses.size()) return;
  AnalysisReport sum;
  const bool scale = has_scale(circuit_.analyses[pass]);
  std::size_t failed = 0;
  for (std::size_t point = 0; point < written; ++point) {
    PointReport& report = report_.points[point];
    failed += report.outcome == Outcome::failed ? 1 : 0;
    if (report.analyses.size() <= pass) continue;
    AnalysisReport& part = report.analyses[pass];
    if (sum.analysis.empty()) {
      sum.analysis = part.analysis;
      sum.summary = part.summary;
      sum.operating_point = part.operating_point;
    }
    add_statistics(sum.statistics, part.statistics);
    sum.end_time = std::max(sum.end_time, part.end_time);
    if (part.omega && (!sum.omega || part.omega->largest_deviation > sum.omega->largest_deviation)) {
      sum.omega = part.omega;
      sum.omega->point = place(point);
    }
    append_tables(part.tables, report.values, scale, sum.tables);
    part.tables.clear();
  }
  if (failed > 0) {
    sum.outcome = Outcome::failed;
    sum.message = fmt::format("{} of {} points failed", failed, count_);
  }
  if (written < count_) {
    sum.outcome = Outcome::interrupted;
    sum.message = fmt::format("interrupted after {} of {} points", written, count_);
  }
  report_.analyses.push_back(std::move(sum));
}

}  // namespace

bool has_points(const Circuit& circuit) {
  return !circuit.steps.empty() || !circuit.temperatures.empty() || circuit.monte_carlo;
}

void run_points(const Circuit& circuit, WaveformSink& sink, const RunOptions& options, RunReport& report,
                std::vector<Diagnostic>& warnings) {
  PointRun(circuit, sink, options, report).run(warnings);
}

}  // namespace memspice
