#include "analysis/points/points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include "analysis/points/ordered_blocks.hpp"
#include "analysis/points/point_space.hpp"
#include "analysis/points/point_sums.hpp"
#include "analysis/points/point_warnings.hpp"
#include "analysis/points/run_cards.hpp"
#include "analysis/points/saved_points.hpp"
#include "base/interruption.hpp"

namespace memspice {

namespace {

/// Life cycle: construct, run() once.
class PointRun {
 public:
  PointRun(const Circuit& circuit, WaveformSink& sink, const RunOptions& options, RunReport& report,
           RunKeeper& keeper)
      : circuit_(circuit),
        sink_(sink),
        options_(options),
        report_(report),
        space_(circuit),
        warnings_(circuit.warnings),
        saved_(keeper, report.points, found_) {
    for (VectorInfo& vector : space_.vectors()) report.swept.push_back(std::move(vector.name));
    found_.resize(count_);
    report.points.resize(count_);
    for (std::size_t point = 0; point < count_; ++point) report.points[point].values = space_.values(point);
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    threads_ = std::min(options.threads == 0 ? cores : options.threads, count_);
    const auto& cards = circuit.analyses;
    passes_ = std::max<std::size_t>(1, cards.size());
    looking_pass_ = passes_ - 1;
    for (std::size_t i = 0; i < cards.size(); ++i)
      if (cards[i].type().leaves_end) looking_pass_ = i;
  }

  void run(std::vector<Diagnostic>& warnings) {
    std::size_t pass = saved_.restore();
    if (pass >= passes_) throw std::invalid_argument("there are fewer analyses");
    while (pass < passes_ && !stop_) run_pass(pass++);
    if (failure_) std::rethrow_exception(failure_);
    while (pass < passes_) sum_up(pass++, 0);  // interrupted before they began
    for (std::size_t point = 0; point < count_; ++point) warnings_.add(place(point), found_[point]);
    warnings_.list(count_, warnings);
    if (deck_errors_.count == count_) throw DeckError(std::move(deck_errors_.first));
  }

 private:
  void run_pass(std::size_t pass);
  void work(std::size_t pass, OrderedBlocks& blocks);
  bool run_point(std::size_t pass, std::size_t point, WaveformSink& sink);
  bool interrupted();
  void sum_up(std::size_t pass, std::size_t written);
  void note_deck_error(std::size_t point, const DeckError& error);
  /// Passes a warning on at once.
  void warn(std::size_t point, Diagnostic warning);

  [[nodiscard]] bool has_scale(std::size_t pass) const {
    const AnalysisCard& card = circuit_.analyses[pass];
    return card.type().scales_of(card) > 0;
  }
  /// "r=1000, temp=27"
  [[nodiscard]] std::string place(std::size_t point) const {
    return report_.values_text(report_.points[point].values);
  }

  const Circuit& circuit_;
  WaveformSink& sink_;
  const RunOptions& options_;
  RunReport& report_;
  PointSpace space_;
  PointWarnings warnings_;
  const std::size_t count_ = space_.size();
  std::size_t threads_ = 1;
  std::size_t passes_ = 1;
  std::size_t looking_pass_ = 0;  // in which .fixedpoint and .eigen follow

  std::vector<std::vector<Diagnostic>> found_;  // warnings by point
  SavedPoints saved_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stop_{false};
  std::mutex asking_;  // the callbacks of RunOptions
  std::size_t done_ = 0;
  std::mutex failing_;  // what follows
  std::exception_ptr failure_;
  struct DeckErrors {
    std::size_t count = 0;
    std::size_t first_at = 0;  // of the first point that has one
    std::vector<Diagnostic> first;
  };
  DeckErrors deck_errors_;
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
  if (deck_errors_.count++ == 0 || point < deck_errors_.first_at) {
    deck_errors_.first_at = point;
    deck_errors_.first = error.diagnostics();
    for (Diagnostic& diagnostic : deck_errors_.first)
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
  const InterruptScope scope(options.interrupted);
  options.warned = [this, point](const Diagnostic& warning) { warn(point, warning); };
  options.verify = options_.verify;
  options.threads = count_ > 1 ? 1 : options_.threads;
  if (report.outcome != Outcome::complete) return true;  // at an earlier analysis
  try {
    const Circuit changed = variant(circuit_, space_.variation(report.values));
    std::vector<Diagnostic> warnings = changed.warnings;
    AnalysisRun run{changed, sink, options, warnings, report};
    if (pass < circuit_.analyses.size()) {
      if (pass >= changed.analyses.size() ||
          &changed.analyses[pass].type() != &circuit_.analyses[pass].type())
        throw SimulationError("the deck has other analyses at this point\n  try: analyses outside of .if");
      const AnalysisCard& card = changed.analyses[pass];
      report.outcome = run_card(card, run);
      if (!report.analyses.empty()) report.message = report.analyses.back().message;
    }
    if (pass == looking_pass_ && report.outcome == Outcome::complete) {
      if (run_cards(changed.after_analyses, run) == Outcome::interrupted) return false;
      for (const FixedPointReport& fixed : report.fixed_points) {
        if (fixed.converged) continue;
        report.outcome = Outcome::failed;
        report.message = fixed.message;
      }
    }
    for (Diagnostic& warning : warnings)
      if (warnings_.is_new(warning)) found_[point].push_back(std::move(warning));
  } catch (const Interrupted&) {  // while the deck was read anew
    return false;
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
  columns.vectors = space_.vectors();
  columns.scale = pass < circuit_.analyses.size() && has_scale(pass);
  columns.plot_per_block = options_.plot_per_point;
  OrderedBlocks* written = nullptr;
  // Where the deck makes sense at no point there will be no result.
  const auto is_result = [&](std::size_t points) { return deck_errors_.count < points || pass > 0; };
  columns.written = [&](std::size_t points) {
    const std::scoped_lock lock(asking_, failing_);
    if (is_result(points)) saved_.note_done(points, *written);
  };
  columns.stopped = [&](std::size_t points) {
    if (is_result(points)) saved_.note_end(points, *written);
  };
  OrderedBlocks blocks(sink_, std::move(columns));
  written = &blocks;
  next_ = saved_.begin_pass(pass, blocks);
  done_ = pass * count_ + next_;
  std::vector<std::thread> others;
  try {
    while (others.size() + 1 < threads_) others.emplace_back([&] { work(pass, blocks); });
  } catch (const std::exception&) {  // the machine gives no more threads, or no memory for them
  }
  work(pass, blocks);
  for (std::thread& other : others) other.join();
  if (!failure_) sum_up(pass, blocks.close());
}

void PointRun::sum_up(std::size_t pass, std::size_t written) {
  for (std::size_t point = written; point < count_; ++point) {  // interrupted: their rows are not written
    report_.points[point].outcome = Outcome::interrupted;
    report_.points[point].message = "interrupted";
    report_.points[point].analyses.resize(std::min(pass, report_.points[point].analyses.size()));
  }
  if (pass >= circuit_.analyses.size()) return;
  AnalysisReport sum;
  const bool scale = has_scale(pass);
  std::size_t failed = 0;
  for (std::size_t point = 0; point < written; ++point) {
    PointReport& report = report_.points[point];
    failed += report.outcome == Outcome::failed ? 1 : 0;
    if (report.analyses.size() <= pass) continue;
    add_point(report.analyses[pass], {place(point), report_.swept, report.values, scale}, sum);
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
  return !circuit.repetitions.steps.empty() || !circuit.repetitions.temperatures.empty() ||
         circuit.repetitions.monte_carlo;
}

void run_points(const Circuit& circuit, WaveformSink& sink, const RunOptions& options, RunReport& report,
                std::vector<Diagnostic>& warnings, RunKeeper& keeper) {
  PointRun(circuit, sink, options, report, keeper).run(warnings);
}

}  // namespace memspice
