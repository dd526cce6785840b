#include "analysis/output/row_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memspice {

std::string RowGuard::place(std::span<const double> row) const {
  if (plan_.along_time()) return fmt::format("at t = {:.9g} s", row[0]);
  if (plan_.scale() == 0) return "at the operating point";
  return fmt::format("at {} = {:.9g}", plan_.info(0).name, row[0]);
}

void RowGuard::check(std::span<const double> row) {
  const std::size_t parts = complex_ ? 2 : 1;
  const auto visible = row.first(plan_.vectors().size() * parts);
  const auto bad = std::ranges::find_if(visible, [](double value) { return !std::isfinite(value); });
  if (bad != visible.end()) {
    const auto vector = static_cast<std::size_t>(bad - visible.begin()) / parts;
    throw SimulationError(
        fmt::format("{} is {} {}: the row is not written\n"
                    "  try: look for what divides by 0 or grows without bound there, or .save other vectors",
                    plan_.info(vector).name, *bad, place(row)));
  }
  if (!plan_.along_time()) return;
  if (!(row[0] > last_))
    throw SimulationError(
        fmt::format("the time does not advance beyond t = {:.17g} s: the row at {:.17g} s is not written\n"
                    "  try: end the run earlier, or look for what changes ever faster there",
                    last_, row[0]));
  last_ = row[0];
}

void RowGuard::finish(AnalysisReport& report) const {
  if (std::isnan(stop_) || report.outcome != Outcome::complete || last_ == stop_) return;
  report.outcome = Outcome::failed;
  report.message =
      fmt::format("the last row is at t = {:.17g} s, the stop is {:.17g} s: please report it", last_, stop_);
}

}  // namespace memspice
