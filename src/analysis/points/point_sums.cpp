#include "analysis/points/point_sums.hpp"

#include <algorithm>

#include "analysis/types/statistics_sum.hpp"

namespace memspice {

namespace {

void add_integrator(SolverStatistics& sum, const SolverStatistics& part) {
  if (sum.integrator.empty()) {
    sum.integrator = part.integrator;
    sum.reason = part.reason;
  } else if (sum.integrator != part.integrator) {
    sum.integrator = "network or ida";
    sum.reason = "not the same at all points";
  }
}

void append_tables(const std::vector<PrintedTable>& found, const std::vector<std::string>& swept,
                   const std::vector<double>& values, bool scale, std::vector<PrintedTable>& tables) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t width = found[i].columns.size();
    const auto before = static_cast<std::ptrdiff_t>(std::min<std::size_t>(scale ? 1 : 0, width));
    std::vector<std::string> columns = found[i].columns;
    columns.insert(columns.begin() + before, swept.begin(), swept.end());
    if (tables.size() <= i || tables[i].columns != columns) {
      PrintedTable fresh = found[i];
      fresh.columns = std::move(columns);
      fresh.values.clear();
      tables.insert(tables.begin() + static_cast<std::ptrdiff_t>(std::min(i, tables.size())),
                    std::move(fresh));
    }
    std::vector<double>& all = tables[i].values;
    tables[i].points.push_back(all.size() / tables[i].columns.size());
    for (auto row = found[i].values.begin(); row != found[i].values.end();
         row += static_cast<std::ptrdiff_t>(width)) {
      all.insert(all.end(), row, row + before);
      all.insert(all.end(), values.begin(), values.end());
      all.insert(all.end(), row + before, row + static_cast<std::ptrdiff_t>(width));
    }
  }
}

}  // namespace

void add_point(AnalysisReport& part, const PointPlace& place, AnalysisReport& sum) {
  if (sum.analysis.empty()) {
    sum.analysis = part.analysis;
    sum.summary = part.summary;
    sum.operating_point = part.operating_point;
  }
  add_integrator(sum.statistics, part.statistics);
  add_statistics(sum.statistics, part.statistics);
  sum.end_time = std::max(sum.end_time, part.end_time);
  if (part.omega && (!sum.omega || part.omega->largest_deviation > sum.omega->largest_deviation)) {
    sum.omega = part.omega;
    sum.omega->point = place.text;
  }
  if (part.verify && (!sum.verify || part.verify->largest_deviation > sum.verify->largest_deviation))
    sum.verify = part.verify;
  append_tables(part.tables, place.swept, place.values, place.scale, sum.tables);
  part.tables.clear();
}

}  // namespace memspice
