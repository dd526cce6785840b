#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "analysis/network/omega_diagnosis.hpp"
#include "analysis/transient/transient.hpp"
#include "analysis/transient/verification.hpp"
#include "analysis/types/report_archive.hpp"
#include "base/archive.hpp"
#include "base/interruption.hpp"
#include "network/closed_form.hpp"
#include "waveform/held_rows.hpp"

namespace memspice {

namespace {

constexpr int most_reruns = 3;           // given up ones included
constexpr double most_cost = 5;          // of all runs, in units of the first one
constexpr double early_share = 0.25;     // of the first run's cost: what tells what reruns are going to cost
constexpr double doubt = 1.1;            // that they may exceed the limit by then
constexpr double finest_reltol = 1e-10;  // below, rounding would end a run at its first step
constexpr double assumed_error = 1e-9;   // that a network which amplifies it beyond tol excuses
constexpr double loosest_statetol = 1e-2;  // of states from 0 to 1: with more there is no error control
constexpr double least_amplification = 10;
constexpr double settled = 0.05;  // of the deviation: so much it changes once the transient has converged

/// What a run has cost, in steps and rows, by the time that it has reached: most of it may lie within a
/// thousandth of the run.
class Cost {
 public:
  void add() {
    if (++total_ % stride_ != 0) return;
    reached_.push_back(part_);
    if (reached_.size() < most) return;
    for (std::size_t i = 0; i < most / 2; ++i) reached_[i] = reached_[2 * i + 1];
    reached_.resize(most / 2);
    stride_ *= 2;
  }
  /// As a part of the run.
  void reach(double part) { part_ = part; }
  [[nodiscard]] double total() const { return static_cast<double>(total_); }
  /// As a multiple of what another run had cost by the same time; at least, as long as that was little.
  [[nodiscard]] double growth(const Cost& other) const {
    return total() / std::max(other.by(part_), early_share * other.total());
  }
  void exchange(Archive& archive) {
    archive.list(reached_);
    archive(stride_);
    archive(part_);
    archive(total_);
    archive.require(reached_.size() < most && stride_ > 0 && total_ >= 0);
  }

 private:
  static constexpr std::size_t most = 4096;
  [[nodiscard]] double by(double part) const {
    const auto later = std::ranges::upper_bound(reached_, part);
    return static_cast<double>(stride_) * static_cast<double>(later - reached_.begin());
  }

  std::vector<double> reached_;  // part, after every stride_ steps and rows
  long stride_ = 1;
  double part_ = 0;
  long total_ = 0;
};

/// One run of the transient, its rows held back.
struct Attempt {
  HeldRows rows;
  AnalysisReport report;
  CircuitPoint end;
  Cost cost;
  bool too_long = false;     // given up: it would have cost more than it may
  bool interrupted = false;  // by the user

  [[nodiscard]] bool agrees() const { return report.omega && report.omega->passed(); }
  [[nodiscard]] double deviation() const { return report.omega ? report.omega->largest_deviation : infinity; }

  void exchange(Archive& archive) {
    rows.exchange(archive);
    memspice::exchange(archive, report);
    memspice::exchange(archive, end);
    cost.exchange(archive);
  }
};

/// `limit`: how often the cost of `first` it may have.
void run_attempt(Attempt& attempt, const Circuit& circuit, const TransientCard& card,
                 const RunOptions& options, std::vector<Diagnostic>& warnings, RunKeeper* keeper,
                 const Attempt* first = nullptr, double limit = infinity) {
  RunOptions counted = options;
  counted.progress = [&](double t, double stop) {
    attempt.cost.reach(t / stop);
    if (options.progress) options.progress(t, stop);
  };
  counted.interrupted = [&] {
    attempt.cost.add();
    attempt.too_long = first != nullptr && (attempt.cost.total() > limit * first->cost.total() ||
                                            attempt.cost.growth(first->cost) > doubt * limit);
    attempt.interrupted = options.interrupted && options.interrupted();
    return attempt.too_long || attempt.interrupted;
  };
  attempt.report = integrate_transient(circuit, card, attempt.rows, counted, warnings, attempt.end, keeper);
  attempt.interrupted |= attempt.report.outcome == Outcome::interrupted && !attempt.too_long;
}

/// A run with .omega is integrated as with this reltol (ErrorWeights).
double reltol_of(const Circuit& circuit, const OmegaCard& omega) {
  return std::min(circuit.options.reltol, std::max(omega.tolerance / 40, finest_reltol));
}

/// The same circuit with all tolerances of its integration tighter, and all orders: with a low one nothing
/// would help.
Circuit tightened(const Circuit& circuit, double reltol) {
  Circuit copy = circuit;
  Options& options = copy.options;
  const double factor = reltol / options.reltol;
  if (options.statetol) options.statetol = std::min(*options.statetol, loosest_statetol);
  for (std::optional<double>* tolerance : {&options.vntol, &options.abstol, &options.statetol})
    if (*tolerance) **tolerance *= factor;
  options.reltol = reltol;
  options.max_order = Options().max_order;
  return copy;
}

/// Runs the transient until it agrees with the closed form, or nothing more helps.
class Refinement {
 public:
  Refinement(const Circuit& circuit, const TransientCard& card, const OmegaCard& omega,
             const RunOptions& options, RunKeeper* keeper)
      : circuit_(circuit),
        card_(card),
        omega_(omega),
        options_(options),
        saved_{.keeper = keeper},
        first_reltol_(reltol_of(circuit, omega)) {
    if (saved_.keeper == nullptr) return;
    const std::optional<std::vector<std::byte>> kept = saved_.keeper->take();
    if (!kept) return;
    Archive archive(*kept);
    exchange(archive);
    archive.list(saved_.of_run);
    if (!archive.at_end()) throw std::invalid_argument("there are more bytes than the runs have");
  }

  void run_first(std::vector<Diagnostic>& warnings) {
    if (rerun_ > 0) return;  // another process has
    run_attempt(*first_, circuit_, card_, options_, warnings, surround(*first_));
    spent_ = 1;
    last_deviation_ = first_->deviation();
    note_run();
  }

  void refine() {
    RunOptions silent = options_;  // all warnings have been given
    silent.warned = {};
    for (int rerun = std::max(rerun_, 1); rerun <= most_reruns && needs_another(); ++rerun) {
      rerun_ = rerun;
      const double affordable = most_cost - spent_;
      const double reltol = next_reltol(affordable);
      if (reltol > 0.5 * last_reltol_) {
        if (obstacle_.empty())
          obstacle_ =
              last_reltol_ < 2 * finest_reltol
                  ? fmt::format("; no reltol below {:.2g} is tried", finest_reltol)
                  : fmt::format("; more runs would take more than {:.0f} times as long as the first one",
                                most_cost);
        return;
      }
      if (!next_) next_ = std::make_unique<Attempt>();
      std::vector<Diagnostic> same_warnings;
      run_attempt(*next_, tightened(circuit_, reltol), card_, silent, same_warnings, surround(*next_),
                  first_.get(), affordable);
      std::unique_ptr<Attempt> next = std::move(next_);
      spent_ += next->cost.total() / first_->cost.total();
      exponent_ = std::log(std::max(1.1, next->cost.growth(first_->cost))) / std::log(first_reltol_ / reltol);
      obstacle_.clear();
      if (next->interrupted) {
        best().report.outcome = Outcome::interrupted;
        best().report.message = "interrupted while it was run again with tighter tolerances";
        return;
      }
      if (next->too_long) {
        obstacle_ =
            fmt::format("; a run at reltol {:.2g} would take more than {:.1f} times as long as the first one",
                        reltol, affordable);
        continue;
      }
      if (next->report.outcome != Outcome::complete) {
        const std::string& message = next->report.message;
        obstacle_ = fmt::format("; a run at reltol {:.2g} ended early: {}", reltol,
                                message.substr(0, message.find('\n')));
        return;
      }
      settled_ = std::abs(next->deviation() - last_deviation_) <= settled * last_deviation_;
      last_reltol_ = reltol;
      last_deviation_ = next->deviation();
      if (last_deviation_ >= best().deviation()) continue;
      reltol_ = reltol;
      reruns_ = rerun;
      refined_ = std::move(next);
      note_run();
    }
  }

  /// Says why the two still disagree.
  void explain() {
    OmegaReport& omega = *best().report.omega;
    try {
      const OmegaDiagnosis diagnosis = diagnose_omega(circuit_, card_);
      const bool amplifies = diagnosis.amplification > least_amplification &&
                             diagnosis.amplification * assumed_error > omega.tolerance;
      if (diagnosis.difference > 0.5 * omega.largest_deviation) {
        omega.reason = fmt::format(
            "the closed form did not converge: its runs at tolerances {:.0e} and {:.0e} differ by {:.3g}",
            network::ClosedForm::default_tolerance, 100 * network::ClosedForm::default_tolerance,
            diagnosis.difference);
      } else if (settled_ && !amplifies) {
        omega.reason = "both integrations converged, to different results: their equations differ";
      } else {
        omega.reason = "the transient did not converge";
        if (refined_)
          omega.reason += fmt::format(": {:.3g} at first, {:.3g} at reltol {:.2g}", first_->deviation(),
                                      omega.largest_deviation, reltol_);
        omega.reason += obstacle_;
      }
      if (!amplifies) return;
      omega.amplification = diagnosis.amplification;
      omega.reason += fmt::format(
          "\n  the network amplifies errors by {:.2g}: so much do initial states "
          "that differ by 1e-8 move apart",
          diagnosis.amplification);
    } catch (const SimulationError& error) {
      omega.reason = fmt::format("the closed form did not converge: {}", error.what());
    }
  }

  [[nodiscard]] Attempt& best() { return refined_ ? *refined_ : *first_; }
  [[nodiscard]] const Attempt& best() const { return refined_ ? *refined_ : *first_; }
  /// Complete, and yet the two disagree.
  [[nodiscard]] bool disagrees() const {
    return best().report.outcome == Outcome::complete && best().report.omega && !best().agrees();
  }

 private:
  /// So that a run is saved with those before it. Places of a rerun are counted on from the end of the run
  /// before it.
  RunKeeper* surround(Attempt& attempt) {
    constexpr std::size_t most_numbers = 1u << 26;  // of rows, 512 MB
    if (saved_.keeper == nullptr) return nullptr;
    const auto is_possible = [this, &attempt] {
      const std::size_t others =
          rerun_ == 0 ? 0 : first_->rows.size() + (refined_ ? refined_->rows.size() : 0);
      return !attempt.too_long && others + attempt.rows.size() <= most_numbers;
    };
    saved_.keeper->surround({.exchange = [this](Archive& archive) { exchange(archive); },
                             .is_possible = is_possible,
                             .begin = rerun_ * card_.stop},
                            std::exchange(saved_.of_run, {}));
    return saved_.keeper;
  }

  /// All runs, the one under way included.
  void exchange(Archive& archive) {
    archive(rerun_);
    archive.require(rerun_ >= 0 && rerun_ <= most_reruns);
    first_->exchange(archive);
    for (std::unique_ptr<Attempt>* const attempt : {&refined_, &next_}) {
      bool there = *attempt != nullptr;
      archive(there);
      if (there && archive.reading()) *attempt = std::make_unique<Attempt>();
      if (there) (*attempt)->exchange(archive);
    }
    for (double* number : {&reltol_, &last_reltol_, &last_deviation_, &exponent_, &spent_}) archive(*number);
    archive.require(reltol_ > 0 && reltol_ <= first_reltol_ && last_reltol_ > 0 &&
                    last_reltol_ <= first_reltol_ && exponent_ > 0 && std::isfinite(exponent_) &&
                    std::isfinite(last_deviation_) && spent_ >= 0 && std::isfinite(spent_));
    archive(reruns_);
    archive(settled_);
    archive.text(obstacle_);
  }

  /// Not when the last rerun has changed nothing: then there is something else.
  [[nodiscard]] bool needs_another() const { return disagrees() && !settled_; }

  /// With which the deviation, which falls a little slower, should become a tenth of what is allowed; or
  /// what can be afforded, as soon as a rerun has shown how the cost grows.
  [[nodiscard]] double next_reltol(double affordable) const {
    constexpr double margin = 10, slope = 0.85, least = 30, reserve = 0.85;
    const double needed = std::pow(margin * last_deviation_ / omega_.tolerance, 1 / slope);
    double reltol = last_reltol_ / std::max(least, needed);
    reltol = std::max(reltol, first_reltol_ / std::pow(std::max(1.0, reserve * affordable), 1 / exponent_));
    return std::max(reltol, finest_reltol);
  }

  void note_run() {
    if (!best().report.omega) return;
    best().report.omega->reruns = reruns_;
    best().report.omega->reltol = reltol_;
  }

  const Circuit& circuit_;
  const TransientCard& card_;
  const OmegaCard& omega_;
  const RunOptions& options_;
  struct {
    RunKeeper* keeper;
    std::vector<std::byte> of_run = {};  // what another process has saved of the one under way
  } saved_;
  std::unique_ptr<Attempt> first_ = std::make_unique<Attempt>();
  std::unique_ptr<Attempt> refined_;  // the best rerun
  std::unique_ptr<Attempt> next_;     // the rerun under way
  int rerun_ = 0;                     // the one under way
  double first_reltol_;
  double reltol_ = first_reltol_;       // of the best run
  double last_reltol_ = first_reltol_;  // of the last one that was complete
  double last_deviation_ = 0;           // its
  int reruns_ = 0;
  bool settled_ = false;    // the last rerun has changed nothing
  double exponent_ = 0.15;  // the cost grows like reltol^-exponent: so much, at first, by BDF of order 5
  double spent_ = 0;        // in units of the first run's cost
  std::string obstacle_;    // to another rerun
};

Attempt& look_closer(Refinement& refinement) {
  try {
    if (refinement.disagrees()) refinement.refine();
    if (refinement.disagrees()) refinement.explain();
  } catch (const Interrupted&) {
    refinement.best().report.outcome = Outcome::interrupted;
    refinement.best().report.message = "interrupted while the reason was looked for why .omega differs";
  }
  return refinement.best();
}

AnalysisReport run_refined(const Circuit& circuit, const TransientCard& card, WaveformSink& sink,
                           const RunOptions& options, std::vector<Diagnostic>& warnings, CircuitPoint& end,
                           RunKeeper* keeper) {
  const auto* omega = find_card<OmegaCard>(circuit.observers);
  if (omega == nullptr) return integrate_transient(circuit, card, sink, options, warnings, end, keeper);
  Refinement refinement(circuit, card, *omega, options, keeper);
  refinement.run_first(warnings);
  Attempt& best = look_closer(refinement);
  if (keeper != nullptr) keeper->surround();
  best.rows.release(sink);
  if (best.report.outcome == Outcome::complete) end = std::move(best.end);
  return std::move(best.report);
}

}  // namespace

AnalysisReport run_transient(const Circuit& circuit, const TransientCard& card, WaveformSink& sink,
                             const RunOptions& options, std::vector<Diagnostic>& warnings, CircuitPoint& end,
                             RunKeeper* keeper) {
  AnalysisReport report = run_refined(circuit, card, sink, options, warnings, end, keeper);
  if ((circuit.options.verify || options.verify) && report.outcome == Outcome::complete)
    report.verify = verify_integrators(circuit, card, options, warnings);
  if (report.outcome == Outcome::complete && is_interrupted()) {
    report.outcome = Outcome::interrupted;
    report.message = "interrupted when its rows were complete";
  }
  return report;
}

}  // namespace memspice
