#pragma once

#include "memspice/circuit.hpp"

namespace memspice {

/// What the closed form itself can tell about a deviation from it.
struct OmegaDiagnosis {
  /// Largest difference of two runs whose initial states differ by 1e-8, in units of that.
  double amplification = 1;
  /// Largest difference of runs at the tolerance of `.omega` and at a hundred times that.
  double difference = 0;
};

/// Runs the closed form of a transient three times. Throws SimulationError where it cannot be integrated.
OmegaDiagnosis diagnose_omega(const Circuit& circuit, const TransientCard& card);

}  // namespace memspice
