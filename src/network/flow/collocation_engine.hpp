#pragma once

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "network/flow/collocation_flow.hpp"

namespace memspice::network {

/// CollocationFlow with what is known within its steps: the engine of networks whose memristors are not all
/// linear.
class CollocationEngine final : public FlowEngine {
 public:
  CollocationEngine(const FlowNetwork& network, std::vector<CollocationFlow::Devices> devices,
                    const CollocationFlow::Limits& limits, LaplacianPreconditioner::Choice choice, Team& team)
      : rows_(network.rows),
        flow_(network, std::move(devices), limits, choice, team),
        all_(network.memristors.size()) {
    std::iota(all_.begin(), all_.end(), 0U);
  }

  void start(double t, std::span<const double> states) override { flow_.start(t, states); }
  Outcome step() override { return flow_.step() ? Outcome::advanced : Outcome::no_step; }
  [[nodiscard]] double time() const override { return flow_.time(); }
  [[nodiscard]] std::span<const std::int8_t> met() const override { return flow_.last().met; }
  [[nodiscard]] Statistics statistics() const override { return flow_.statistics(); }
  [[nodiscard]] LaplacianPreconditioner& inverse() override { return flow_.inverse(); }

  [[nodiscard]] Step last_step() const override {
    return {flow_.has_stepped(), flow_.last().begin, flow_.time()};
  }
  void find_states(std::span<const double> times, std::span<const std::uint32_t> which,
                   std::span<double> states) override;
  [[nodiscard]] std::span<const std::uint32_t> all() const override { return all_; }
  void find_conductances(std::span<const double> states, std::span<double> conductance) const override {
    flow_.devices().find_conductances(states, conductance);
  }
  void foresee(const Instants& tau, std::span<double> potential) const override;
  [[nodiscard]] double foresee(double tau, std::size_t row) const override;
  [[nodiscard]] double largest_potential(std::size_t row) const override;
  /// Steps end at corners.
  [[nodiscard]] bool has_smooth_sources() override { return true; }
  [[nodiscard]] bool bends() const override;

 private:
  static constexpr std::size_t nodes = DrivenStates::nodes;
  [[nodiscard]] double potential_of(const std::array<double, nodes + 1>& weight, std::size_t row) const;

  std::size_t rows_;
  CollocationFlow flow_;
  std::vector<std::uint32_t> all_;
};

}  // namespace memspice::network
