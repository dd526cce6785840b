#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "support/run_deck.hpp"

namespace memspice::testing {

struct Exact {
  std::string vector;
  std::function<double(double)> value;  // of time
};

/// Slope of the straight line through (log x, log y) that fits best.
inline double logarithmic_slope(const std::vector<double>& x, const std::vector<double>& y) {
  double mean_x = 0, mean_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_x += std::log(x[i]) / static_cast<double>(x.size());
    mean_y += std::log(y[i]) / static_cast<double>(x.size());
  }
  double xy = 0, xx = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (std::log(x[i]) - mean_x) * (std::log(y[i]) - mean_y);
    xx += (std::log(x[i]) - mean_x) * (std::log(x[i]) - mean_x);
  }
  return xy / xx;
}

/// Runs the deck at tolerances from 1e-4 to 1e-9. Whether no row of any vector is off by more than ten times
/// reltol (relative to the waveform's range), and the error falls with the tolerance; says where not.
inline bool converges(const std::string& deck, const std::vector<Exact>& exact) {
  const std::vector<double> tolerances{1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9};
  std::vector<std::vector<double>> errors(exact.size());
  bool all = true;
  const auto hold = [&](bool holds, double found, double bound) {
    all = all && holds;
    CHECK_MESSAGE(holds, found << " for " << bound);
  };
  for (const double reltol : tolerances) {
    CAPTURE(reltol);
    const DeckRun result = run_deck(deck + fmt::format("\n.options reltol={:g}\n", reltol));
    for (std::size_t k = 0; k < exact.size(); ++k) {
      CAPTURE(exact[k].vector);
      const double error = relative_error(result, exact[k].vector, exact[k].value);
      hold(error <= 10 * reltol, error, 10 * reltol);
      errors[k].push_back(error);
    }
  }
  for (std::size_t k = 0; k < exact.size(); ++k) {
    CAPTURE(exact[k].vector);
    const double slope = logarithmic_slope(tolerances, errors[k]);
    hold(slope >= 0.8, slope, 0.8);
  }
  return all;
}

}  // namespace memspice::testing
