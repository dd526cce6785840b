#pragma once

#include <memory>
#include <span>
#include <vector>

#include "analysis/network/observer.hpp"
#include "analysis/output/output_plan.hpp"
#include "memspice/simulate.hpp"

namespace memspice {

namespace network {
class ClosedForm;
}

/// `.omega`: the closed form followed beside a transient. Its states become the vectors wo(…) of every row.
class OmegaCheck final : public Observer {
 public:
  /// Appends its vectors to the plan. Throws DeckError for circuits outside the theory.
  OmegaCheck(const EquationSystem& system, const TransientCard& run, const OmegaCard& card, OutputPlan& plan);
  ~OmegaCheck() override;

  void begin_segment(double t, double end, const Solution& at) override;
  /// Advances the closed form to t and compares. Throws SimulationError.
  void advance(double t, const Solution& at) override;
  void values(std::span<double> out) const override;
  [[nodiscard]] std::size_t columns() const override { return index_.size(); }
  void report(AnalysisReport& report) const override { report.omega = report_; }
  /// The closed form begins anew at the states that it has reached.
  [[nodiscard]] bool exchange(Archive& archive) override;

 private:
  const EquationSystem& system_;
  std::unique_ptr<network::ClosedForm> closed_form_;
  std::vector<std::size_t> index_;  // of each state in y
  bool started_ = false;
  OmegaReport report_;
};

}  // namespace memspice
