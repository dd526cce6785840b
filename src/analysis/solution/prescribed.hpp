#pragma once

#include "equations/equation_system.hpp"

namespace memspice {

/// What sources prescribe of charges and fluxes shows only as a derivative of these, a current or a voltage:
/// capacitors in loops of capacitors and voltage sources that change in time, inductors in cut sets of
/// inductors and such current sources. The integrator shall follow these more closely.
void tighten_prescribed(EquationSystem& system);

}  // namespace memspice
