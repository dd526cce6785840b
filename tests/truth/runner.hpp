#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "truth/case.hpp"

namespace memspice::truth {

/// `refused` is a deck that memspice does not take: a fault of the generator or of the reader.
enum class Ending { complete, aborted, slow, violated, refused };

struct Result {
  Ending ending = Ending::complete;
  std::string message;  // of an abort or a violation
  double reltol = 1e-4;
  Verdict verdict;  // of a complete or violated run
  double seconds = 0;
};

struct Tolerance {
  double value = 1e-4;
  bool given = false;  // otherwise the deck has no reltol
};

/// What is drawn for a seed.
std::unique_ptr<Case> case_of(const Family& family, std::uint64_t seed);
/// Every other circuit at default options, the others from 1e-3 to 1e-8.
Tolerance tolerance_of(std::uint64_t seed);

/// The deck of a case, with title and .end.
std::string deck_of(const Case& test, const Tolerance& tolerance);

/// Runs memspice on a case for at most `limit` seconds of CPU and judges its rows.
Result run_case(const Case& test, const Family& family, const Tolerance& tolerance, double limit);

/// A failing case after all simplifications under which it keeps failing in the same way (an abort stays an
/// abort, a violation of a kind one of this kind).
std::unique_ptr<Case> minimised(std::unique_ptr<Case> test, const Family& family, const Tolerance& tolerance,
                                double seconds);

/// Median, p90 and the largest.
struct Quantiles {
  double median = 0, p90 = 0, worst = 0;
};
Quantiles quantiles(std::vector<double> values);

}  // namespace memspice::truth
