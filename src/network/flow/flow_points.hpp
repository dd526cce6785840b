#pragma once

#include <array>
#include <span>
#include <vector>

#include "network/flow/flow_engine.hpp"
#include "network/flow/flow_network.hpp"
#include "network/flow/potential_frame.hpp"
#include "network/flow/potential_solver.hpp"

namespace memspice::network {

/// Potentials at points of the last step of an integrator, from Kirchhoff's law for the states there. Those
/// that will be asked for next are found along with the first: some of them, spread over the step, before the
/// others, which begin with what is interpolated between these, or are no more than that.
class FlowPoints {
 public:
  /// What find_some() finds: the potentials of these rows, and what they may err, as a part of what the
  /// smallest of them reaches in the step. Sums of currents err as little beside what they reach.
  struct Some {
    struct Branch {
      bool memristor = false;
      std::uint32_t k = 0;  // of the memristors or resistors
      double sign = 1;
    };
    std::vector<std::size_t> rows;     // ascending; with those that the currents lie between
    std::vector<std::size_t> asked;    // those of them whose potentials are asked for, ascending
    std::vector<Branch> branches;      // of the sums, one after the other
    std::vector<std::size_t> sums{0};  // where they begin in branches, and their end
    double accuracy = 0;

    void add_sum(std::span<const Branch> of) {
      branches.insert(branches.end(), of.begin(), of.end());
      sums.push_back(branches.size());
    }
  };
  /// `some` is looked at as long as points are asked for.
  FlowPoints(const FlowNetwork& network, FlowEngine& engine, const Some& some);

  /// The times of the points that will be asked for, ascending, s.
  void expect(std::span<const double> times);
  /// Where sources of a point of a step have their values from, unless said otherwise: before a jump.
  static double inside_of(double t) { return t * (1 - 1e-12); }
  /// The point at a time of the last step, with the values that sources have on the smooth piece that
  /// contains `inside` (s): Kirchhoff's law holds to rounding. Receives the states, and V by row.
  void find(double t, double inside, std::span<double> states, std::span<double> potential);
  /// The potentials of those rows alone, within their accuracy.
  void find_some(double t, double inside, std::span<double> potential);
  /// Another step has been made.
  void forget();

 private:
  static constexpr std::size_t columns = PotentialSolver::columns;
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
  [[nodiscard]] std::vector<double> choose_instants() const;
  Mistake add_instants(std::span<const double> times);
  void prepare(Block& block);
  void solve(Block& block, double amplified);
  [[nodiscard]] double tau_of(double t) const { return engine_.last_step().tau(t); }
  void find_allowed();
  void find_sums();
  [[nodiscard]] double measure(std::span<const double> error) const;

  const FlowNetwork& network_;
  FlowEngine& engine_;
  const Some& some_;
  PotentialSolver solver_;
  PotentialSolver::Given given_;
  std::vector<double> expected_;  // s
  std::vector<double> lacking_;   // work: V, by row
  Block rows_, others_;           // points that were expected, and those between them
  struct {
    std::vector<double> rows, sums;   // V and A
    std::vector<double> conductance;  // by branch of the sums, with its sign, S
    double potential = infinity;      // V, where all err alike
    bool exact = false;               // as little as they can
    bool made = false;                // for this step
  } allowed_;                         // errors
  struct {
    PotentialFrame corrections;  // of the step's polynomials
    bool made = false;           // for the expected points of this step
    bool exact = false;          // it errs less than the accuracy
  } frame_;
};

}  // namespace memspice::network
