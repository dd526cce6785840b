#pragma once

#include "network/flow/flow_engine.hpp"
#include "network/flow/flux_rows.hpp"
#include "network/flow/galerkin_flow.hpp"

namespace memspice::network {

/// GalerkinFlow with the states within its steps: the engine of networks of linear memristors.
class GalerkinEngine final : public FlowEngine {
 public:
  GalerkinEngine(const FlowNetwork& network, const GalerkinFlow::Limits& limits,
                 ResidualMinimiser::Choice choice, Team& team)
      : network_(network), flow_(network, limits, choice, team), rows_(network, flow_) {}

  void start(double t, std::span<const double> states) override { flow_.start(t, states); }
  Outcome step() override {
    return flow_.step() == GalerkinFlow::Outcome::advanced ? Outcome::advanced : Outcome::no_step;
  }
  [[nodiscard]] double time() const override { return flow_.time(); }
  [[nodiscard]] std::span<const std::int8_t> met() const override { return flow_.met(); }
  [[nodiscard]] Statistics statistics() const override;
  [[nodiscard]] LaplacianPreconditioner& inverse() override { return flow_.linear().inverse(); }

  [[nodiscard]] Step last_step() const override {
    const GalerkinFlow::Step step = flow_.last_step();
    return {step.made, step.begin, step.end};
  }
  void find_states(std::span<const double> times, std::span<const std::uint32_t> which,
                   std::span<double> states) override {
    rows_.find(times, which, states);
  }
  [[nodiscard]] std::span<const std::uint32_t> all() const override { return rows_.all(); }
  void find_conductances(std::span<const double> states, std::span<double> conductance) const override;
  void foresee(const Instants& tau, std::span<double> potential) const override;
  [[nodiscard]] double foresee(double tau, std::size_t row) const override;
  [[nodiscard]] double largest_potential(std::size_t row) const override;
  [[nodiscard]] bool has_smooth_sources() override { return rows_.has_smooth_sources(); }
  [[nodiscard]] bool bends() const override;

 private:
  const FlowNetwork& network_;
  GalerkinFlow flow_;
  FluxRows rows_;
};

}  // namespace memspice::network
