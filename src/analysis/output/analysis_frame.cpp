#include "analysis/output/analysis_frame.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>

namespace memspice {

void note_interruption(AnalysisReport& report) {
  report.outcome = Outcome::interrupted;
  report.message = report.statistics.rows == 0
                       ? "interrupted before its first row"
                       : fmt::format("interrupted after {} rows", report.statistics.rows);
}

bool interrupted(AnalysisReport& report, const RunOptions& options, const std::string& where) {
  if (!options.interrupted || !options.interrupted()) return false;
  report.outcome = Outcome::interrupted;
  report.message = fmt::format("interrupted at {}", where);
  return true;
}

std::string describe_frequencies(std::span<const double> frequencies) {
  if (frequencies.size() == 1) return fmt::format("at {}", with_prefix(frequencies.front(), "Hz"));
  return fmt::format("{} frequencies from {} to {}", frequencies.size(),
                     with_prefix(frequencies.front(), "Hz"), with_prefix(frequencies.back(), "Hz"));
}

std::string with_prefix(double value, std::string_view unit) {
  constexpr std::array prefixes{"f", "p", "n", "µ", "m", "", "k", "M", "G", "T"};
  constexpr int none = 5;
  if (value == 0 || !std::isfinite(value)) return fmt::format("{:.6g} {}", value, unit);
  // Half a unit of the sixth digit up: what is printed as 1000 gets the next prefix.
  const double magnitude = std::log10(std::abs(value) * (1 + 5e-7));
  const int thousands = std::clamp(static_cast<int>(std::floor(magnitude / 3)), -none,
                                   static_cast<int>(prefixes.size()) - 1 - none);
  return fmt::format("{:.6g} {}{}", value * std::pow(1000.0, -thousands),
                     prefixes.at(static_cast<std::size_t>(thousands + none)), unit);
}

}  // namespace memspice
