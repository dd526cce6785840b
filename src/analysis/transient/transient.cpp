#include "analysis/transient/transient.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "analysis/transient/flow_network_of.hpp"
#include "analysis/transient/step_budget.hpp"
#include "analysis/transient/transient_run.hpp"
#include "analysis/types/ongoing_plot.hpp"
#include "analysis/types/report_archive.hpp"
#include "analysis/types/statistics_sum.hpp"
#include "base/interruption.hpp"
#include "solver/free_memory.hpp"

namespace memspice {

namespace {

/// Before hours are spent on what ends in a swap file. Factors are looked at when their size is known.
void require_memory(const Circuit& circuit) {
  constexpr double bytes_per_device = 700;  // measured: 1 million memristors on a grid, without the factor
  std::size_t devices = 0;
  for (const DeviceGroup& group : circuit.groups) devices += group.count();
  constexpr std::size_t many = 100000;
  if (devices > many) require_memory_for_devices(devices, bytes_per_device);
}

/// A transient that is saved on its way: where it is, another run takes the place of the one so far, made of
/// nothing but what was saved, so that a process that goes on from there does the same.
class SavedTransient {
 public:
  SavedTransient(const Circuit& circuit, const TransientCard& card, WaveformSink& sink,
                 const RunOptions& options, std::vector<Diagnostic>& warnings, RunKeeper* keeper)
      : circuit_(circuit),
        card_(card),
        options_(options),
        warnings_(warnings),
        keeper_(keeper),
        saved_(keeper != nullptr ? keeper->take() : std::nullopt),
        sink_(sink, saved_.has_value()) {
    report_.analysis = "tran";
    if (saved_)
      restore(*saved_);
    else
      run_ = std::make_unique<TransientRun>(circuit, card, sink_, options, warnings);
    report_.statistics.setup_seconds += watch_.lap();
  }

  AnalysisReport run(CircuitPoint& end) {
    try {
      if (!saved_) run_->start(report_);
      report_.statistics.operating_point_seconds += watch_.lap();
      while (goes_on()) {
        run_->step(report_);
        if (keeper_ != nullptr && goes_on() && keeper_->is_due(run_->time())) save();
      }
      if (report_.outcome == Outcome::interrupted && keeper_ != nullptr) save_at_end();
      report_.statistics.integration_seconds += watch_.lap();
      if (report_.outcome == Outcome::complete) end = run_->end();
    } catch (const SimulationError& error) {
      report_.outcome = Outcome::failed;
      report_.message = error.what();
    } catch (const Interrupted&) {
      report_.outcome = Outcome::interrupted;
    }
    run_->finish(report_);
    add_statistics(report_.statistics, before_);
    return std::move(report_);
  }

 private:
  [[nodiscard]] bool goes_on() const {
    return run_->time() < card_.stop && report_.outcome == Outcome::complete;
  }

  void save() {
    const double t = run_->time();
    report_.statistics.integration_seconds += watch_.lap();
    SolverStatistics now;
    run_->account(now);
    const SolverStatistics before = before_;
    add_statistics(before_, now);
    Archive archive;
    if (!write(archive, t)) {
      before_ = before;
      return keeper_->miss();
    }
    const std::vector<std::byte> saved = archive.take();
    const bool network = takes_network_integrator(circuit_);
    std::unique_ptr<TransientRun> last = std::move(run_);
    if (network) last->turn([](Solution&) {});  // there may be no memory for two
    try {
      restore(saved);
    } catch (const Interrupted&) {
      run_ = std::move(last);
      throw;
    }
    if (network) last.reset();
    if (network || begins()) return keeper_->keep(t, saved);
    run_ = std::move(last);
    before_ = before;
    keeper_->miss();
  }

  /// Where the run has been told to end nothing of it is to be lost.
  void save_at_end() {
    if (!(run_->time() < card_.stop) || !keeper_->is_due_at_end(run_->time())) return;
    const std::function<bool()> never;
    const InterruptScope whole(never);
    report_.outcome = Outcome::complete;  // of what goes on
    const std::string message = std::exchange(report_.message, {});
    save();
    report_.outcome = Outcome::interrupted;
    report_.message = message;
  }

  /// False: there are no values to save.
  bool write(Archive& archive, double t) {
    try {
      exchange_report(archive, t);
      return run_->exchange(archive, t, true);
    } catch (const SimulationError&) {
      return false;
    }
  }

  void restore(std::span<const std::byte> saved) {
    Archive archive(saved);
    double t = 0;
    exchange_report(archive, t);
    archive.require(t >= 0 && t < card_.stop);
    const std::size_t warnings = warnings_.size();
    run_ = std::make_unique<TransientRun>(circuit_, card_, sink_, options_, warnings_);
    warnings_.resize(warnings);  // they have been given
    if (!run_->exchange(archive, t, true) || !archive.at_end())
      throw std::invalid_argument("there are more bytes than the transient has");
  }

  void exchange_report(Archive& archive, double& t) {
    archive(t);
    exchange(archive, before_);
    exchange(archive, report_);
  }

  /// Whether the run goes on from where it has been restored; a way around what is inconsistent there is
  /// none.
  bool begins() {
    AnalysisReport report = report_;
    sink_.close();
    try {
      const bool begun = run_->open_segment(report);
      if (sink_.open() > 0 || !begun) return false;
    } catch (const SimulationError&) {
      sink_.open();
      return false;
    } catch (...) {
      sink_.open();
      throw;
    }
    report_ = std::move(report);
    return true;
  }

  const Circuit& circuit_;
  const TransientCard& card_;
  const RunOptions& options_;
  std::vector<Diagnostic>& warnings_;
  RunKeeper* keeper_;
  std::optional<std::vector<std::byte>> saved_;
  OngoingPlot sink_;
  Stopwatch watch_;
  AnalysisReport report_;
  SolverStatistics before_;  // what runs did that another one has gone on from
  std::unique_ptr<TransientRun> run_;
};

}  // namespace

AnalysisReport integrate_transient(const Circuit& circuit, const TransientCard& card, WaveformSink& sink,
                                   const RunOptions& options, std::vector<Diagnostic>& warnings,
                                   CircuitPoint& end, RunKeeper* keeper) {
  check_steps(circuit, card);
  require_integrator(circuit, card.where);
  require_memory(circuit);
  return SavedTransient(circuit, card, sink, options, warnings, keeper).run(end);
}

}  // namespace memspice
