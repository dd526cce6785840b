#pragma once

#include <optional>
#include <vector>

#include "analysis/network/observer.hpp"
#include "analysis/output/output_plan.hpp"
#include "memspice/simulate.hpp"
#include "network/functional.hpp"

namespace memspice {

/// `.functional`: the vectors lyapunov and, where it is defined, gradient and gradient_paper of every row,
/// and where they rise.
class FunctionalWatch final : public Observer {
 public:
  /// Throws DeckError for circuits outside the theory.
  FunctionalWatch(const EquationSystem& system, Location card, OutputPlan& plan);

  void begin_segment(double t, double end, const Solution& at) override;
  void advance(double t, const Solution& at) override;
  void values(std::span<double> out) const override;
  [[nodiscard]] std::size_t columns() const override { return has_gradient() ? 3 : 1; }
  void report(AnalysisReport& report) const override;
  [[nodiscard]] bool exchange(Archive& archive) override {
    archive(now_);
    archive(started_);
    archive(lyapunov_);
    archive(gradient_);
    return true;
  }

 private:
  [[nodiscard]] bool has_gradient() const { return functional_.no_gradient().empty(); }
  void follow(FunctionalReport::Functional& functional, double before, double now) const;

  network::Functional functional_;
  std::vector<std::size_t> index_;  // of each memristor's state in y
  std::vector<double> w_;
  network::Functional::Values now_;
  bool started_ = false;
  FunctionalReport::Functional lyapunov_, gradient_;
};

}  // namespace memspice
