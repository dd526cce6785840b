#pragma once

#include <span>

#include "analysis/solution/newton.hpp"
#include "base/archive.hpp"

namespace memspice {

struct AnalysisReport;

/// Follows a transient and adds vectors of its own to every row.
///
/// Life cycle: construct, which appends the vectors to the output plan; then for every smooth segment
/// begin_segment() and advance() along its accepted points and rows; report() at the end.
class Observer {
 public:
  virtual ~Observer() = default;

  /// A smooth segment [t, end] of the sources begins; `at` is consistent with their values just behind t.
  virtual void begin_segment(double t, double end, const Solution& at) = 0;
  /// An integrator's step has been accepted; the points that follow lie within it. The system still tells
  /// which states were held at its end.
  virtual void begin_step() {}
  /// The solution at t, ascending within the segment. May throw SimulationError.
  virtual void advance(double t, const Solution& at) = 0;
  /// The values of its vectors at the last t, one a vector.
  virtual void values(std::span<double> out) const = 0;
  [[nodiscard]] virtual std::size_t columns() const = 0;
  virtual void report(AnalysisReport& report) const = 0;
  /// What it has seen, written or read, between segments. False: it cannot be saved.
  [[nodiscard]] virtual bool exchange(Archive&) { return false; }
};

}  // namespace memspice
