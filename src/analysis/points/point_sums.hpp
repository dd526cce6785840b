#pragma once

#include <string>
#include <vector>

#include "memspice/simulate.hpp"

namespace memspice {

/// Where an analysis of a point was.
struct PointPlace {
  std::string text;  // "r=1000, temp=27"
  const std::vector<std::string>& swept;
  const std::vector<double>& values;  // of these
  bool scale = false;                 // its rows have one
};

/// Adds what an analysis of one point did to the sum of those before it: statistics, the largest deviation of
/// .omega, and the tables, which move there with the swept values as columns.
void add_point(AnalysisReport& part, const PointPlace& place, AnalysisReport& sum);

}  // namespace memspice
