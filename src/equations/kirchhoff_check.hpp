#pragma once

#include <vector>

#include "equations/equation_system.hpp"

namespace memspice {

/// Whether Kirchhoff's current law holds at a point as well as it can be expected to: how large the sums of
/// the nodes' currents are beside the largest of these currents, and what of it is rounding.
class KirchhoffCheck {
 public:
  explicit KirchhoffCheck(EquationSystem& system) : system_(system) {}

  /// The largest sum of the currents of a node, as a part of what it may be: 1e-10 of the largest of them, or
  /// as far as the rounding of voltages lets it. Infinity: the equations have no values there.
  [[nodiscard]] double excess(double t, const double* y, const double* derivative);
  [[nodiscard]] bool holds(double t, const double* y, const double* derivative) {
    return excess(t, y, derivative) <= 1;
  }
  /// Tells the error weights of charges and fluxes how large the currents are at a point, and where excess()
  /// has just looked.
  void note_currents(double t, const double* y, const double* derivative);
  void note_currents();

 private:
  bool evaluate(double t, const double* y, const double* derivative);

  EquationSystem& system_;
  std::vector<double> balance_;                                // work: residual
  std::vector<double> largest_current_, largest_conductance_;  // A, S, by row, where it looked last
};

/// Takes for 0 what is rounding of the last residual at y: of potentials in the equations of charges and
/// fluxes, of currents in those of cut sets.
void leave_out_rounding(EquationSystem& system, const double* y, double* residual);

}  // namespace memspice
