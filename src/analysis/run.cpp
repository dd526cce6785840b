#include <algorithm>
#include <functional>
#include <optional>

#include "analysis/output/analysis_output.hpp"
#include "analysis/output/row_budget.hpp"
#include "analysis/points/points.hpp"
#include "analysis/points/run_cards.hpp"
#include "base/interruption.hpp"
#include "base/stopwatch.hpp"

namespace memspice {

namespace {

Outcome worst_of(const Findings& found) {
  if (!found.interrupted_in.empty()) return Outcome::interrupted;
  Outcome worst = Outcome::complete;
  for (const AnalysisReport& analysis : found.analyses) {
    if (analysis.outcome == Outcome::interrupted) return Outcome::interrupted;
    if (analysis.outcome == Outcome::failed || (analysis.omega && !analysis.omega->passed()))
      worst = Outcome::failed;
    for (const MeasureReport& measure : analysis.measures)
      if (!measure.value) worst = Outcome::failed;
    for (const FourierReport& fourier : analysis.fouriers)
      if (fourier.harmonics.empty()) worst = Outcome::failed;
  }
  for (const FixedPointReport& point : found.fixed_points)
    if (!point.converged) worst = Outcome::failed;
  return worst;
}

}  // namespace

Outcome RunReport::outcome() const {
  Outcome worst = worst_of(*this);
  for (const PointReport& point : points) {
    if (worst == Outcome::interrupted || point.outcome == Outcome::interrupted) return Outcome::interrupted;
    if (point.outcome == Outcome::failed || worst_of(point) == Outcome::failed) worst = Outcome::failed;
  }
  return worst;
}

std::vector<Diagnostic> check_structure(const Circuit& circuit) {
  for (const CardKind* kind : standard_analyses()) {
    const AnalysisType* type = kind->analysis;
    const auto is_it = [&](const AnalysisCard& card) { return &card.type() == type; };
    if (type && type->vectors != AnalysisType::Vectors::own && std::ranges::any_of(circuit.analyses, is_it))
      AnalysisOutput::check(circuit, *type);
  }
  for (const auto* cards : {&circuit.before_analyses, &circuit.analyses, &circuit.after_analyses})
    for (const AnalysisCard& card : *cards)
      if (card.type().check) card.type().check(circuit, card);
  return check_rows(circuit);
}

Outcome run_card(const AnalysisCard& card, AnalysisRun& run) {
  try {
    return card.type().run(run, card);
  } catch (const Interrupted&) {
    run.found.interrupted_in = card_name(card.type());
    return Outcome::interrupted;
  }
}

Outcome run_cards(const std::vector<AnalysisCard>& cards, AnalysisRun& run) {
  for (const AnalysisCard& card : cards)
    if (const Outcome outcome = run_card(card, run); outcome != Outcome::complete) return outcome;
  return Outcome::complete;
}

namespace {

/// From the analysis on that is under way.
Outcome run_analyses(AnalysisRun& run, RunKeeper& keeper) {
  const std::vector<AnalysisCard>& cards = run.circuit.analyses;
  for (std::size_t i = keeper.analysis(); i < cards.size(); ++i) {
    keeper.begin_analysis(i);
    if (const Outcome outcome = run_card(cards[i], run); outcome != Outcome::complete) return outcome;
  }
  return Outcome::complete;
}

/// A step or row under way may be ended first, so that the run can be saved behind it.
std::function<bool()> patient(const std::function<bool()>& interrupted) {
  constexpr double patience = 0.2;  // s
  if (!interrupted) return {};
  return [interrupted, asked = std::optional<Stopwatch>()]() mutable {
    if (!interrupted()) return false;
    if (!asked) asked.emplace();
    return asked->seconds() > patience;
  };
}

RunReport run_kept(const Circuit& circuit, WaveformSink& sink, const RunOptions& given,
                   Checkpoints* checkpoints) {
  RunReport report;
  RunOptions options = given;
  options.warned = [&](const Diagnostic& warning) {
    report.warnings.push_back(warning);
    if (given.warned) given.warned(warning);
  };
  const std::function<bool()> asked = checkpoints ? patient(options.interrupted) : options.interrupted;
  const InterruptScope scope(asked);
  std::vector<Diagnostic> warnings;  // those that can wait for the end
  AnalysisRun run{circuit, sink, options, warnings, report};
  RunKeeper keeper(checkpoints, report, warnings, run.end);
  run.keeper = &keeper;
  const bool goes_on = checkpoints != nullptr && !checkpoints->kept().empty();  // warnings have been given
  if (!goes_on)
    for (const Diagnostic& warning : check_rows(circuit)) options.warned(warning);
  if (run_cards(circuit.before_analyses, run) == Outcome::complete) {
    if (goes_on) keeper.restore(std::max<std::size_t>(1, circuit.analyses.size()));
    if (has_points(circuit)) {
      run_points(circuit, sink, options, report, warnings, keeper);
    } else if (run_analyses(run, keeper) == Outcome::complete) {
      run_cards(circuit.after_analyses, run);
    }
  }
  for (const Diagnostic& warning : warnings) options.warned(warning);
  return report;
}

}  // namespace

RunReport run(const Circuit& circuit, WaveformSink& sink, const RunOptions& options) {
  return run_kept(circuit, sink, options, nullptr);
}

RunReport run(const Circuit& circuit, WaveformSink& sink, const RunOptions& options,
              Checkpoints& checkpoints) {
  return run_kept(circuit, sink, options, &checkpoints);
}

}  // namespace memspice
