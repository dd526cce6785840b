#pragma once

#include <span>

#include "equations/evaluation_points.hpp"
#include "equations/held_potentials.hpp"
#include "equations/node_equations.hpp"
#include "equations/rows/error_weights.hpp"
#include "equations/unknowns.hpp"
#include "solver/dae.hpp"

namespace memspice {

/// The circuit as a differential-algebraic system F(t, y, ẏ) = 0 in modified nodal form.
///
/// Equations, in the order of the unknowns: Kirchhoff's current law for every tree (A, currents leaving), the
/// auxiliary ones, the devices' own. The linear solver condenses the internal unknowns device by device and
/// factorises the node matrix only.
class EquationSystem final : public DaeProblem {
 public:
  using Mode = EquationMode;

  /// Throws DeckError for loops of voltage sources and for nodes without a path to ground.
  EquationSystem(const Circuit& circuit, Mode mode);

  // The differential-algebraic problem.
  std::size_t size() const override { return unknowns_.size(); }
  bool residual(double t, const double* y, const double* derivative, double kappa, double* residual) override;
  bool linearise(double t, const double* y, const double* derivative, double c) override;
  bool solve(double* b, double scale) override;
  void weights(const double* y, double step, double* weight) override {
    weights_.weights(y, step, sources().offset(), weight);
  }
  /// Shortens a Newton step from y where devices ask for it (Population::limit). Whether anything was.
  bool limit(const double* y, double* change) const;
  /// Potentials have no memory: they follow from charges, states and sources. They are left out where they
  /// may follow from derivatives of what is prescribed (auxiliary rows but inductors': index 2) or have
  /// corners (bounded states); not so where negative resistances may amplify errors of states without limit.
  bool tests_error(std::size_t i) const override;

  /// Operating point: uses the DC values of sources (.op), or their time functions at t (start of a
  /// transient); source values are multiplied by `factor` (source stepping), `gmin` S join every potential to
  /// its value in `reference` (to 0 when that is empty).
  void set_homotopy(bool dc_values, double factor, double gmin, std::span<const double> reference = {});

  [[nodiscard]] const Circuit& circuit() const { return unknowns_.circuit(); }
  [[nodiscard]] const Unknowns& unknowns() const { return unknowns_; }
  [[nodiscard]] AuxiliaryRows& auxiliary() { return unknowns_.auxiliary(); }
  [[nodiscard]] const AuxiliaryRows& auxiliary() const { return unknowns_.auxiliary(); }
  /// Under which circumstances the equations are evaluated.
  [[nodiscard]] EvaluationPoints& points() { return points_; }
  [[nodiscard]] const EvaluationPoints& points() const { return points_; }
  [[nodiscard]] SourceValues& sources() { return points_.sources(); }
  [[nodiscard]] const SourceValues& sources() const { return points_.sources(); }
  [[nodiscard]] StatePath& path() { return points_.path(); }
  /// What joins potentials to fixed values for a while.
  [[nodiscard]] HeldPotentials& held() { return held_; }
  [[nodiscard]] const HeldPotentials& held() const { return held_; }
  [[nodiscard]] ErrorWeights& error_weights() { return weights_; }
  [[nodiscard]] const ErrorWeights& error_weights() const { return weights_; }
  /// The system as linearised last.
  [[nodiscard]] NodeEquations& matrix() { return matrix_; }
  [[nodiscard]] const NodeEquations& matrix() const { return matrix_; }

 private:
  Unknowns unknowns_;
  EvaluationPoints points_;
  HeldPotentials held_;
  ErrorWeights weights_;
  bool tests_potentials_;
  NodeEquations matrix_;
};

/// Adds to the residual, in which are the devices, all the rest. False when it is not finite.
bool finish_residual(EquationSystem& system, double t, const double* y, const double* derivative, double* r);

}  // namespace memspice
