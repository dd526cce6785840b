#include <fmt/format.h>

#include <algorithm>

#include "app/report/summary.hpp"

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

std::string describe_failures(const RunReport& report, const std::string& deck) {
  const std::vector<std::string> failures = report.failures();
  const std::size_t most = report.points.empty() ? failures.size() : 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, failures.size()); ++i)
    text += fmt::format("{}: error: {}\n", deck, failures[i]);
  if (failures.size() > most)
    text += fmt::format("{}: error: and {} more like these\n", deck, failures.size() - most);
  if (std::ranges::count(report.points, Outcome::interrupted, &PointReport::outcome) > 0)
    text += fmt::format("{}: {}; their rows are kept\n", deck, summary_of(report.points));
  return text;
}

}  // namespace memspice::app
