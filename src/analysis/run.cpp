#include "analysis/output_plan.hpp"
#include "analysis/transient.hpp"

namespace memspice {

Outcome RunReport::outcome() const {
  Outcome worst = Outcome::complete;
  for (const AnalysisReport& analysis : analyses) {
    if (analysis.outcome == Outcome::interrupted) return Outcome::interrupted;
    if (analysis.outcome == Outcome::failed || (analysis.omega && !analysis.omega->passed()))
      worst = Outcome::failed;
  }
  return worst;
}

void check_structure(const Circuit& circuit) {
  std::vector<Diagnostic> warnings;
  OutputPlan(circuit, true, warnings);
  for (const AnalysisCard& card : circuit.analyses) {
    const auto* transient = std::get_if<TransientCard>(&card);
    if (transient != nullptr) EquationSystem(circuit, EquationSystem::Mode::transient);
    if (transient == nullptr || !transient->use_initial_conditions)
      EquationSystem(circuit, EquationSystem::Mode::operating_point);
  }
}

RunReport run(const Circuit& circuit, WaveformSink& sink, const RunOptions& options) {
  RunReport report;
  for (const AnalysisCard& card : circuit.analyses) {
    report.analyses.push_back(std::visit(
        [&](const auto& analysis) {
          if constexpr (std::is_same_v<std::decay_t<decltype(analysis)>, TransientCard>)
            return run_transient(circuit, analysis, sink, options, report.warnings);
          else
            return run_operating_point(circuit, analysis, sink, options, report.warnings);
        },
        card));
    if (report.analyses.back().outcome != Outcome::complete) break;
  }
  return report;
}

}  // namespace memspice
