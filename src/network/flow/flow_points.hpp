#pragma once

#include <array>
#include <functional>
#include <span>
#include <vector>

#include "network/flow/galerkin_flow.hpp"
#include "network/flow/potential_solver.hpp"

namespace memspice::network {

/// Points of the last step of an integrator whose potentials satisfy Kirchhoff's laws to rounding; those that
/// will be asked for next are found along with the first.
class FlowPoints {
 public:
  /// Puts the sources' values at t on the smooth piece that contains `inside` (s) into a column of `given`.
  using ReadSources =
      std::function<void(double t, double inside, std::size_t column, PotentialSolver::Given& given)>;
  FlowPoints(const FlowNetwork& network, GalerkinFlow& flow, ReadSources read_sources);

  /// The times of the points that find() will be asked for, ascending, s.
  void expect(std::span<const double> times);
  /// Where sources of a point of a step have their values from, unless said otherwise: before a jump.
  static double inside_of(double t) { return t * (1 - 1e-12); }
  /// The point at a time of the last step, with the values that sources have on the smooth piece that
  /// contains `inside` (s). Receives w by memristor, and V by row.
  void find(double t, double inside, std::span<double> w, std::span<double> potential);
  /// Another step has been made.
  void forget() { rows_.found = others_.found = 0; }

 private:
  static constexpr std::size_t most = PotentialSolver::columns;
  struct Instant {
    double t = 0, inside = 0;  // s
  };
  struct Block {
    std::array<Instant, most> instant{};
    std::size_t found = 0;          // of them
    std::vector<double> states;     // one instant after the other
    std::vector<double> potential;  // three a row
  };
  void solve(Block& block);

  const FlowNetwork& network_;
  GalerkinFlow& flow_;
  ReadSources read_sources_;
  PotentialSolver solver_;
  PotentialSolver::Given given_;
  std::vector<double> expected_;  // s
  Block rows_, others_;           // points that were expected, and those between them
};

}  // namespace memspice::network
