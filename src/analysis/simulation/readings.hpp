#pragma once

#include <string_view>
#include <vector>

#include "analysis/output/output_plan.hpp"

namespace memspice {

/// Vectors of a transient by name, whether rows have them or not, at one point at a time.
class Readings {
 public:
  explicit Readings(const Circuit& circuit) : circuit_(circuit) {}

  /// The point that is looked at from now on.
  void look_at(double t, Solution at);
  /// Whether it is at t.
  [[nodiscard]] bool looks_at(double t) const { return has_point_ && t_ == t; }
  [[nodiscard]] const Solution& point() const { return at_; }
  /// Throws std::out_of_range for a vector that the circuit does not have.
  double read(EquationSystem& system, std::string_view name);

 private:
  const Circuit& circuit_;
  std::unique_ptr<OutputPlan> plan_;  // from the first look on
  double t_ = 0;
  Solution at_;
  bool has_point_ = false;
  std::vector<double> row_;  // of the point; empty: not evaluated yet
};

}  // namespace memspice
