#pragma once

#include "base/problem.hpp"

namespace memspice {

/// Throws `problem` with its message when rows so far apart (s) are more than a file can hold.
void check_row_distance(double distance, double span, Problem problem);

}  // namespace memspice
