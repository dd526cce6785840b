#include <algorithm>
#include <optional>

#include "analysis/equilibria/eigen.hpp"
#include "analysis/equilibria/fixed_point.hpp"
#include "analysis/network/network_report.hpp"
#include "analysis/output/analysis_output.hpp"
#include "analysis/output/row_budget.hpp"
#include "analysis/points/points.hpp"
#include "analysis/points/single_run.hpp"
#include "analysis/small_signal/linear_analyses.hpp"
#include "analysis/transient/transient.hpp"
#include "network/branch_network.hpp"

namespace memspice {

namespace {

Outcome worst_of(const std::vector<AnalysisReport>& analyses,
                 const std::vector<FixedPointReport>& fixed_points) {
  Outcome worst = Outcome::complete;
  for (const AnalysisReport& analysis : analyses) {
    if (analysis.outcome == Outcome::interrupted) return Outcome::interrupted;
    if (analysis.outcome == Outcome::failed || (analysis.omega && !analysis.omega->passed()))
      worst = Outcome::failed;
    for (const MeasureReport& measure : analysis.measures)
      if (!measure.value) worst = Outcome::failed;
    for (const FourierReport& fourier : analysis.fouriers)
      if (fourier.harmonics.empty()) worst = Outcome::failed;
  }
  for (const FixedPointReport& point : fixed_points)
    if (!point.converged) worst = Outcome::failed;
  return worst;
}

}  // namespace

Outcome RunReport::outcome() const {
  Outcome worst = worst_of(analyses, fixed_points);
  for (const PointReport& point : points) {
    if (worst == Outcome::interrupted || point.outcome == Outcome::interrupted) return Outcome::interrupted;
    if (point.outcome == Outcome::failed || worst_of(point.analyses, point.fixed_points) == Outcome::failed)
      worst = Outcome::failed;
  }
  return worst;
}

std::vector<Diagnostic> check_structure(const Circuit& circuit) {
  for (const AnalysisKind kind :
       {AnalysisKind::operating_point, AnalysisKind::transient, AnalysisKind::dc, AnalysisKind::ac})
    if (std::ranges::any_of(circuit.analyses,
                            [&](const AnalysisCard& card) { return kind_of(card) == kind; }))
      AnalysisOutput::check(circuit, kind);
  if (circuit.network) network::branch_network(circuit, ".network", circuit.network->where);
  for (const AnalysisCard& card : circuit.analyses) {
    const AnalysisKind kind = kind_of(card);
    const auto* transient = std::get_if<TransientCard>(&card);
    const auto* sensitivity = std::get_if<SensitivityCard>(&card);
    if (const auto* noise = std::get_if<NoiseCard>(&card)) check_noise_cards(circuit, *noise);
    if (const auto* transfer = std::get_if<TransferFunctionCard>(&card))
      check_transfer_function_cards(circuit, *transfer);
    if (transient != nullptr || kind == AnalysisKind::ac || kind == AnalysisKind::noise ||
        (sensitivity != nullptr && !sensitivity->frequencies.empty()))
      EquationSystem(circuit, EquationSystem::Mode::transient);
    if (kind == AnalysisKind::operating_point || (transient != nullptr && !transient->use_initial_conditions))
      EquationSystem(circuit, EquationSystem::Mode::operating_point);
    else if (transient == nullptr)
      EquationSystem(circuit, EquationSystem::Mode::equilibrium);
  }
  if (!circuit.fixed_points.empty() || !circuit.eigens.empty())
    EquationSystem(circuit, EquationSystem::Mode::operating_point);
  return check_rows(circuit);
}

namespace {

/// `.fixedpoint` and `.eigen`, which look at the circuit after its analyses.
class PointAnalyses {
 public:
  PointAnalyses(const Circuit& circuit, CircuitPoint end) : circuit_(circuit), end_(std::move(end)) {}

  void run(std::vector<FixedPointReport>& fixed_points, std::vector<EigenReport>& eigenvalues) {
    for (const FixedPointCard& card : circuit_.fixed_points) {
      fixed_points.push_back(find_fixed_point(circuit_, card, point(card.from), fixed_));
      if (!fixed_points.back().converged) return;
    }
    for (const EigenCard& card : circuit_.eigens)
      eigenvalues.push_back(find_eigenvalues(circuit_, card, point(card.at)));
  }

 private:
  const CircuitPoint& point(StatePoint which) {
    if (which == StatePoint::end) return end_;
    if (which == StatePoint::fixed_point) return fixed_;
    if (!operating_point_) operating_point_ = dc_point(circuit_);
    return *operating_point_;
  }

  const Circuit& circuit_;
  CircuitPoint end_;
  CircuitPoint fixed_;
  std::optional<CircuitPoint> operating_point_;
};

}  // namespace

AnalysisReport run_analysis(const Circuit& circuit, const AnalysisCard& card, WaveformSink& sink,
                            const RunOptions& options, std::vector<Diagnostic>& warnings, CircuitPoint& end) {
  return std::visit(
      [&](const auto& analysis) {
        if constexpr (std::is_same_v<std::decay_t<decltype(analysis)>, TransientCard>)
          return run_transient(circuit, analysis, sink, options, warnings, end);
        else if constexpr (std::is_same_v<std::decay_t<decltype(analysis)>, OperatingPointCard>)
          return run_operating_point(circuit, analysis, sink, options, warnings);
        else if constexpr (std::is_same_v<std::decay_t<decltype(analysis)>, AcCard>)
          return run_ac(circuit, analysis, sink, options, warnings);
        else if constexpr (std::is_same_v<std::decay_t<decltype(analysis)>, TransferFunctionCard>)
          return run_transfer_function(circuit, analysis, sink, options, warnings);
        else if constexpr (std::is_same_v<std::decay_t<decltype(analysis)>, SensitivityCard>)
          return run_sensitivity(circuit, analysis, sink, options, warnings);
        else if constexpr (std::is_same_v<std::decay_t<decltype(analysis)>, DcCard>)
          return run_dc(circuit, analysis, sink, options, warnings);
        else
          return run_noise(circuit, analysis, sink, options, warnings);
      },
      card);
}

void run_point_analyses(const Circuit& circuit, CircuitPoint end, std::vector<FixedPointReport>& fixed_points,
                        std::vector<EigenReport>& eigenvalues) {
  PointAnalyses(circuit, std::move(end)).run(fixed_points, eigenvalues);
}

namespace {

void run_all(const Circuit& circuit, WaveformSink& sink, const RunOptions& options, RunReport& report,
             std::vector<Diagnostic>& warnings) {
  CircuitPoint end;
  for (const AnalysisCard& card : circuit.analyses) {
    report.analyses.push_back(run_analysis(circuit, card, sink, options, warnings, end));
    if (report.analyses.back().outcome != Outcome::complete) return;
  }
  run_point_analyses(circuit, std::move(end), report.fixed_points, report.eigenvalues);
}

}  // namespace

RunReport run(const Circuit& circuit, WaveformSink& sink, const RunOptions& given) {
  RunReport report;
  RunOptions options = given;
  options.warned = [&](const Diagnostic& warning) {
    report.warnings.push_back(warning);
    if (given.warned) given.warned(warning);
  };
  for (const Diagnostic& warning : check_rows(circuit)) options.warned(warning);
  if (circuit.network) report.network = run_network(circuit, *circuit.network);
  std::vector<Diagnostic> warnings;  // those that can wait for the end
  if (has_points(circuit)) {
    run_points(circuit, sink, options, report, warnings);
  } else {
    run_all(circuit, sink, options, report, warnings);
  }
  for (const Diagnostic& warning : warnings) options.warned(warning);
  return report;
}

}  // namespace memspice
