#pragma once

#include <memory>
#include <span>
#include <vector>

#include "analysis/output_plan.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

namespace network {
class ClosedForm;
}

/// `.omega`: the closed form followed beside a transient. Its states become the vectors wo(…) of every row.
class OmegaCheck {
 public:
  /// Appends its vectors to the plan. Throws DeckError for circuits outside the theory.
  OmegaCheck(const EquationSystem& system, const TransientCard& card, OutputPlan& plan);
  ~OmegaCheck();

  void start(double t, const Solution& at);
  /// Advances the closed form to t, writes its states into `columns`, and compares. Throws SimulationError.
  void row(double t, const Solution& at, std::span<double> columns);
  [[nodiscard]] std::size_t columns() const { return index_.size(); }
  [[nodiscard]] OmegaReport report() const { return report_; }

 private:
  const EquationSystem& system_;
  std::unique_ptr<network::ClosedForm> closed_form_;
  std::vector<std::size_t> index_;  // of each state in y
  OmegaReport report_;
};

}  // namespace memspice
