#include <fmt/format.h>

#include <algorithm>

#include "app/summary.hpp"

namespace memspice::app {

std::string summary_of(const std::vector<PointReport>& points) {
  const auto count = [&](Outcome outcome) {
    return std::ranges::count(points, outcome, &PointReport::outcome);
  };
  const auto missing = count(Outcome::interrupted), failed = count(Outcome::failed);
  const auto all = static_cast<std::ptrdiff_t>(points.size());
  std::string text;
  if (missing > 0) text = fmt::format("interrupted after {} of {} points", all - missing, all);
  if (failed > 0) text += fmt::format("{}{} of {} points failed", text.empty() ? "" : ", ", failed, all);
  return text.empty() ? fmt::format("{} point{}", all, all == 1 ? "" : "s") : text;
}

std::string values_text(const RunReport& report, const PointReport& point) {
  std::string text;
  for (std::size_t i = 0; i < report.swept.size(); ++i)
    text += fmt::format("{}{}={:.10g}", i == 0 ? "" : ", ", report.swept[i], point.values[i]);
  return text;
}

std::string describe_failures(const RunReport& report, const std::string& deck) {
  constexpr std::size_t most = 5;
  std::string text;
  std::size_t found = 0;
  for (const PointReport& point : report.points) {
    const auto fails = [&](const std::string& message) {
      if (++found <= most)
        text += fmt::format("{}: error: at {}: {}\n", deck, values_text(report, point), message);
    };
    if (point.outcome == Outcome::failed) fails(point.message);
    if (point.outcome != Outcome::complete) continue;
    for (const AnalysisReport& analysis : point.analyses) {
      for (const MeasureReport& measure : analysis.measures)
        if (!measure.value) fails(fmt::format("measure '{}' failed: {}", measure.name, measure.message));
      for (const FourierReport& fourier : analysis.fouriers)
        if (fourier.harmonics.empty())
          fails(fmt::format("no harmonics of {}: {}", fourier.vector, fourier.message));
    }
  }
  if (found > most) text += fmt::format("{}: error: and {} more like these\n", deck, found - most);
  if (std::ranges::count(report.points, Outcome::interrupted, &PointReport::outcome) > 0)
    text += fmt::format("{}: {}; their rows are kept\n", deck, summary_of(report.points));
  return text;
}

}  // namespace memspice::app
