#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "network/flow/galerkin_flow.hpp"

namespace memspice::network {

/// States within the last step of an integrator, of the memristors that somebody asks for: at several times
/// in one pass, with the step's own polynomials.
class FluxRows {
 public:
  FluxRows(const FlowNetwork& network, const GalerkinFlow& flow);

  /// Times of the last step, ascending, s. Receives w of these memristors, one time after the other; those of
  /// start(), bit by bit, before there is a step.
  void find(std::span<const double> times, std::span<const std::uint32_t> memristors, std::span<double> w);
  /// Whether the step goes over no corner of a source, and over no sine that its polynomials do not resolve.
  [[nodiscard]] bool has_smooth_sources();
  /// 0, 1, 2 …: all memristors.
  [[nodiscard]] std::span<const std::uint32_t> all() const { return all_; }

  static constexpr std::size_t at_once = 16;  // times in a pass

 private:
  static constexpr std::size_t K = FluxPass::K, D = FluxPass::D;
  using Sources = FluxPass::Sources;
  /// A step, or a part of it from its beginning.
  struct Part {
    double h = 0;                                     // s
    std::span<const double> begin;                    // X, by memristor
    const std::vector<Sources::Coefficients>& waves;  // projected on it
    std::span<const double> potential;                // K coefficients a row, V
    double accuracy = 0;
  };
  [[nodiscard]] bool keeps_sources(const GalerkinFlow::Step& step, double length);
  std::size_t find_within(const GalerkinFlow::Step& step, std::span<const double> times,
                          std::span<const std::uint32_t> memristors, std::span<double> w);
  void evaluate(const Part& part, std::span<const double> tau, std::span<const std::uint32_t> memristors,
                std::span<double> w) const;
  void gather(const Part& part, std::span<const std::uint32_t> memristors, FluxLanes& lanes) const;
  void follow_alone(const Part& part, std::uint32_t memristor, const FluxLanes& lanes, std::size_t lane,
                    std::span<const double> tau, std::span<double> w) const;

  const FlowNetwork& network_;
  const GalerkinFlow& flow_;
  std::vector<std::uint32_t> all_;
  Sources sources_;  // work
};

}  // namespace memspice::network
