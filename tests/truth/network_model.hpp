#pragma once

#include <Eigen/Dense>
#include <vector>

#include "truth/netlist.hpp"

namespace memspice::truth {

/// A network of memristors, resistors and independent sources as dw/dt = f(t, w): the potentials follow from
/// w by one dense linear system.
class NetworkModel {
 public:
  explicit NetworkModel(const Netlist& netlist);
  /// Whether that system is regular: no loops of voltage sources, no cutsets of current sources, nothing else
  /// than these elements.
  static bool fits(const Netlist& netlist);

  [[nodiscard]] std::size_t size() const { return memristors_.size(); }
  [[nodiscard]] const std::vector<Element>& memristors() const { return memristors_; }
  [[nodiscard]] Eigen::VectorXd initial() const;
  /// Corners of the sources and both ends.
  [[nodiscard]] const std::vector<double>& segments() const { return segments_; }
  /// Shortest time in which a source swings, s.
  [[nodiscard]] double shortest_swing() const;

  /// dw/dt of free states at t, in the smooth piece from segments()[segment] on; also the Jacobian where
  /// wanted.
  void drive(double t, std::size_t segment, const Eigen::VectorXd& w, Eigen::VectorXd& f,
             Eigen::MatrixXd* jacobian = nullptr) const;
  [[nodiscard]] long evaluations() const { return evaluations_; }

 private:
  std::vector<Element> memristors_, voltages_, currents_;
  std::vector<double> segments_;
  double stop_ = 0;
  Eigen::Index nodes_ = 0;
  double unit_ = 1;  // ohm: conductances are taken in 1/unit_, so that all of the matrix is about one
  Eigen::MatrixXd constant_;  // resistors and voltage sources
  mutable Eigen::MatrixXd matrix_;
  mutable Eigen::VectorXd right_;
  mutable Eigen::PartialPivLU<Eigen::MatrixXd> lu_;
  mutable long evaluations_ = 0;
};

/// Which states rest at a bound: 0 free, -1 held at 0, 1 held at 1.
using Modes = std::vector<int>;

/// How far the first event (a free state at a bound, the drive of a held one turned inwards) is past:
/// negative before it.
double overshoot(const Modes& modes, const Eigen::VectorXd& w, const Eigen::VectorXd& f, double time_unit);
/// Places inside a step (as parts of it) where the drive of a held state may have its innermost value, by
/// parabolas through its values at begin, middle and end.
std::vector<double> innermost(const Modes& modes, const Eigen::VectorXd& begin, const Eigen::VectorXd& middle,
                              const Eigen::VectorXd& end);
/// The modes right after (t, w): states at a bound whose drive points outwards are held. States within `near`
/// of a bound are put on it.
Modes modes_at(Eigen::VectorXd& w, const Eigen::VectorXd& f, double near);

/// States at `times` (ascending), one column each, integrated by extrapolation of the midpoint rule to
/// `tolerance` with every corner, hit and release located to rounding, from `begin` on. Empty when it takes
/// more than `evaluations` of f.
Eigen::MatrixXd reference_states(const NetworkModel& model, const Eigen::VectorXd& initial,
                                 const std::vector<double>& times, double tolerance = 1e-12,
                                 long evaluations = 400000, double begin = 0);

/// The yardstick: what a code with variable order and step (SUNDIALS CVODE, Adams formulas solved by Newton's
/// method with the exact Jacobian) gives for dw/dt = f at rtol = reltol and atol = reltol/100, events located
/// to rounding on its interpolant. Empty when it fails.
Eigen::MatrixXd yardstick_states(const NetworkModel& model, const std::vector<double>& times, double reltol);

}  // namespace memspice::truth
