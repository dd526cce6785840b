#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "network/flow/flow_engine.hpp"
#include "network/flow/flow_network.hpp"
#include "network/flow/flow_states.hpp"
#include "network/flow/point_errors.hpp"
#include "network/flow/potential_frame.hpp"
#include "network/flow/potential_solver.hpp"

namespace memspice::network {

/// Potentials at points of the last step of an integrator, from Kirchhoff's law for the states there. Those
/// that will be asked for next are found along with the first: some of them, spread over the step, before the
/// others, which begin with what is interpolated between these, or are no more than that.
class FlowPoints {
 public:
  /// `some` is looked at as long as points are asked for, and so is `saved`, the states of the same points.
  FlowPoints(const FlowNetwork& network, FlowEngine& engine, const AskedPotentials& some, FlowStates& saved);

  /// The times of the points that will be asked for, ascending, s.
  void expect(std::span<const double> times);
  /// The point at a time of the last step, with the values that sources have on the smooth piece that
  /// contains `inside` (s): Kirchhoff's law holds to rounding. Receives the states, and V by row.
  void find(double t, double inside, std::span<double> states, std::span<double> potential);
  /// The potentials of those rows alone, within their accuracy.
  void find_some(double t, double inside, std::span<double> potential);
  /// Another step has been made.
  void forget();

 private:
  static constexpr std::size_t columns = instants_at_once;
  struct Instant {
    double t = 0, inside = 0;  // s
  };
  struct Block {
    std::array<Instant, columns> instant{};
    std::size_t found = 0;  // of them
    bool to_rounding = false;
    std::vector<double> states;     // one instant after the other
    std::vector<double> potential;  // three a row
  };
  struct Mistake {
    double asked = 0;  // beside what it may be
    double all = 0;    // of any potential, V
  };
  struct Place {
    const Block& block;
    std::size_t column;
  };

  [[nodiscard]] bool is_expected(double t, double inside) const;
  [[nodiscard]] Place look_up(double t, double inside, bool to_rounding);
  void spread();
  [[nodiscard]] std::vector<double> choose_instants();
  Mistake add_instants(std::span<const double> times, double amplified);
  void prepare(Block& block);
  void find_given(Block& block);
  void take_given(const Block& block);
  void find_sources(const Block& block);
  void solve(Block& block, double amplified);
  [[nodiscard]] double tau_of(double t) const { return engine_.last_step().tau(t); }

  const FlowNetwork& network_;
  FlowEngine& engine_;
  const AskedPotentials& some_;
  PointErrors errors_;
  PotentialSolver solver_;
  PotentialSolver::Given given_;
  std::optional<FlowStates> own_states_;
  FlowStates* states_ = nullptr;  // all of them at instants; null: there are too many to be kept
  std::vector<double> expected_;  // s
  std::vector<double> chosen_;    // of them, the next instants, s
  std::vector<double> lacking_;   // of the step's polynomials, at the last instants, V, three a row
  std::vector<double> mistaken_;  // of what was foreseen there, V, three a row
  Block rows_, others_;           // points that were expected, and those between them
  struct {
    PotentialFrame corrections;  // of the step's polynomials
    bool made = false;           // for the expected points of this step
    bool exact = false;          // it errs less than the accuracy
  } frame_;
};

}  // namespace memspice::network
