#include <fmt/format.h>

#include <algorithm>

#include "memspice/simulate.hpp"

namespace memspice {

namespace {

using Texts = std::vector<std::string>;

void append_failures(const Findings& found, Texts& texts) {
  for (const AnalysisReport& analysis : found.analyses) {
    if (analysis.outcome == Outcome::failed) texts.push_back(analysis.message);
    if (analysis.outcome == Outcome::complete) {
      for (const MeasureReport& measure : analysis.measures)
        if (!measure.value)
          texts.push_back(fmt::format("measure '{}' failed: {}", measure.name, measure.message));
      for (const FourierReport& fourier : analysis.fouriers)
        if (fourier.harmonics.empty())
          texts.push_back(fmt::format("no harmonics of {}: {}", fourier.vector, fourier.message));
    }
    if (analysis.omega && !analysis.omega->passed()) texts.push_back(analysis.omega->message());
  }
  for (const FixedPointReport& point : found.fixed_points)
    if (!point.converged) texts.push_back(point.message);
}

/// Of a point whose circuit could not be built, or whose analyses threw.
bool failed_as_a_whole(const PointReport& point) {
  return point.outcome == Outcome::failed &&
         std::ranges::none_of(
             point.analyses,
             [](const AnalysisReport& analysis) { return analysis.outcome == Outcome::failed; }) &&
         std::ranges::all_of(point.fixed_points, &FixedPointReport::converged);
}

}  // namespace

std::string OmegaReport::message() const {
  return fmt::format(
      ".omega: {} deviates from the closed form by {:.3g} at t = {:.6g} s, more than tol = {:.3g}\n"
      "{}"
      "  try: a smaller reltol, or a larger tolerance on the card (.omega tol=…)",
      state, largest_deviation, time, tolerance, reason.empty() ? "" : fmt::format("  {}\n", reason));
}

std::string RunReport::values_text(const std::vector<double>& values) const {
  std::string text;
  for (std::size_t i = 0; i < swept.size(); ++i)
    text += fmt::format("{}{}={:.10g}", i == 0 ? "" : ", ", swept[i], values[i]);
  return text;
}

std::vector<std::string> RunReport::failures() const {
  Texts texts;
  if (points.empty()) append_failures(*this, texts);
  for (const PointReport& point : points) {
    Texts here;
    append_failures(point, here);
    if (failed_as_a_whole(point)) here.push_back(point.message);
    for (const std::string& text : here)
      texts.push_back(fmt::format("at {}: {}", values_text(point.values), text));
  }
  return texts;
}

}  // namespace memspice
