#pragma once

#include <vector>

#include "analysis/network/observer.hpp"
#include "analysis/output/output_plan.hpp"
#include "equations/readout.hpp"
#include "memspice/simulate.hpp"
#include "network/conservation_laws.hpp"

namespace memspice {

/// `.invariants`: the drifts of KCL memory, flux law and power balance, as the vectors drift(kcl),
/// drift(flux) and drift(power) of every row and as largest values. The power drift is |Σ v i| relative to
/// the largest Σ|v i| so far.
class InvariantsWatch final : public Observer {
 public:
  /// Throws DeckError for circuits outside the theory.
  InvariantsWatch(EquationSystem& system, const TransientCard& run, Location card, OutputPlan& plan);

  void begin_segment(double t, double end, const Solution& at) override;
  void begin_step() override;
  void advance(double t, const Solution& at) override;
  void values(std::span<double> out) const override;
  [[nodiscard]] std::size_t columns() const override { return 3; }
  void report(AnalysisReport& report) const override;
  [[nodiscard]] bool exchange(Archive& archive) override;

 private:
  void gather(const Solution& at);
  void check_power(double t, const Solution& at);

  EquationSystem& system_;
  network::ConservationLaws laws_;
  std::vector<std::size_t> index_;  // of each memristor's state in y
  std::vector<double> w_, rates_;
  std::vector<bool> held_;  // at the end of the present step, or now
  BranchValues branches_;
  double power_scale_ = 0;  // W: the largest Σ|v i| so far
  double power_drift_ = 0;
  double largest_power_drift_ = 0;
};

}  // namespace memspice
