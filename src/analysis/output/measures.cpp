#include "analysis/output/measures.hpp"

#include <fmt/format.h>

#include <cmath>

#include "analysis/output/measure_kinds.hpp"
#include "analysis/output/measure_points.hpp"

namespace memspice {

std::string MeasureReport::text() const {
  if (!value) return fmt::format("{:<20}=  failed: {}", name, message);
  std::string line = fmt::format("{:<20}=  {:.6e}", name, *value);
  for (const auto& [what, number] : details) line += fmt::format(" {}=  {:.6e}", what, number);
  return line;
}

namespace {

MeasureReport take(const MeasurePoints& points, const MeasureCard& card) {
  MeasureReport report{.name = card.name};
  try {
    points.check_earlier(card);
    card.kind->take(points, card, report);
    if (!std::isfinite(*report.value)) throw MeasureFailure{"the value is not finite"};
  } catch (const MeasureFailure& failure) {
    report.value.reset();
    report.details.clear();
    report.message = failure.message;
  }
  return report;
}

}  // namespace

std::vector<MeasureReport> take_measures(const Circuit& circuit, const AnalysisType& type,
                                         const Samples& samples, const std::string& early) {
  std::vector<MeasureReport> reports;
  MeasureValues values;
  for (const MeasureCard& card : circuit.outputs.measures) {
    if (card.analysis != &type) continue;
    if (!early.empty() || samples.size() == 0) {
      reports.push_back({.name = card.name, .message = early.empty() ? "there are no points" : early});
      continue;
    }
    reports.push_back(take(MeasurePoints(samples, values, circuit.options.reltol), card));
    if (reports.back().value) values[card.name] = *reports.back().value;
  }
  return reports;
}

}  // namespace memspice
