#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "memspice/simulate.hpp"

namespace memspice::testing {

/// The circuit of a deck without its title line: the body's first line is line 2.
inline Circuit circuit_of(const std::string& body,
                          const std::shared_ptr<const Catalogue>& catalogue = standard_catalogue()) {
  return elaborate(parse_text("test\n" + body), catalogue);
}

/// What a run left behind: the report and every plot.
struct DeckRun {
  RunReport report;
  std::vector<Plot> plots;

  /// Column of a vector of the last plot.
  [[nodiscard]] const std::vector<double>& operator[](std::string_view vector) const {
    REQUIRE(!plots.empty());
    const std::size_t index = plots.back().find(vector);
    REQUIRE_MESSAGE(index != Plot::npos, "no vector " << vector);
    return plots.back().columns[index];
  }
  [[nodiscard]] const std::vector<double>& time() const { return (*this)["time"]; }
  [[nodiscard]] std::size_t rows() const { return plots.back().rows(); }
  [[nodiscard]] const AnalysisReport& analysis() const { return report.analyses.back(); }
};

/// Runs a circuit, however it ends.
inline DeckRun try_circuit(const Circuit& circuit, const RunOptions& options = {}) {
  MemorySink sink;
  DeckRun result;
  result.report = run(circuit, sink, options);
  result.plots = sink.plots();
  return result;
}

/// Runs a circuit to its end.
inline DeckRun run_circuit(const Circuit& circuit) {
  DeckRun result = try_circuit(circuit);
  for (const AnalysisReport& analysis : result.report.analyses)
    REQUIRE_MESSAGE(analysis.outcome == Outcome::complete, analysis.message);
  return result;
}

/// Runs a deck, given without its title line, to its end.
inline DeckRun run_deck(const std::string& body,
                        const std::shared_ptr<const Catalogue>& catalogue = standard_catalogue()) {
  return run_circuit(circuit_of(body, catalogue));
}

/// Largest |vector - exact(t)| over all rows, relative to the range of `exact` over them.
template <class Exact>
double relative_error(const DeckRun& result, std::string_view vector, Exact&& exact) {
  const std::vector<double>& time = result.time();
  const std::vector<double>& values = result[vector];
  double error = 0;
  double low = infinity;
  double high = -infinity;
  for (std::size_t i = 0; i < time.size(); ++i) {
    const double expected = exact(time[i]);
    const double difference = std::abs(values[i] - expected);
    if (!(difference <= error)) error = difference;  // keeps NaN
    low = std::min(low, expected);
    high = std::max(high, expected);
  }
  return error / (high - low);
}

}  // namespace memspice::testing
