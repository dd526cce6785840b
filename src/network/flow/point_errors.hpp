#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "network/flow/flow_engine.hpp"
#include "network/flow/flow_network.hpp"
#include "network/flow/potential_frame.hpp"

namespace memspice::network {

/// The potentials of these rows and sums of currents, and what they may err, as a part of what each of them
/// reaches in a step.
struct AskedPotentials {
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

/// What points of the last step of an integrator may err, and how much errors are beside that.
class PointErrors {
 public:
  /// `asked` is looked at as long as errors are measured.
  PointErrors(const FlowNetwork& network, FlowEngine& engine, const AskedPotentials& asked)
      : network_(network), engine_(engine), some_(asked) {}

  /// Another step has been made.
  void forget() { allowed_.made = false; }
  /// Finds what they may err in the last step.
  void prepare();
  /// Whether they are to be as exact as they can be.
  [[nodiscard]] bool exact() const { return allowed_.exact; }
  /// How large errors of potentials (V, three a row) are beside what they may be.
  [[nodiscard]] double measure(std::span<const double> error) const;
  /// What is interpolated between instants errs about, beside what it may. The frame has what the step's
  /// polynomials lack.
  [[nodiscard]] double left_between(const PotentialFrame& frame) const;

 private:
  void find_sums();
  [[nodiscard]] std::pair<std::size_t, std::size_t> ends_of(const AskedPotentials::Branch& branch) const {
    const FlowEnds& ends = branch.memristor ? network_.memristors : network_.resistors;
    return {ends.plus[branch.k], ends.minus[branch.k]};
  }

  const FlowNetwork& network_;
  FlowEngine& engine_;
  const AskedPotentials& some_;
  struct {
    std::vector<double> rows, sums;   // V and A
    std::vector<double> conductance;  // by branch of the sums, with its sign, S
    double potential = infinity;      // V, where all err alike
    bool exact = false;               // as little as they can
    bool made = false;                // for this step
  } allowed_;                         // errors
};

}  // namespace memspice::network
