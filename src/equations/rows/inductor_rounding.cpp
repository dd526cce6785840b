#include "equations/rows/inductor_rounding.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "equations/rows/equation_rounding.hpp"

namespace memspice {

namespace {

/// Of a source's sine, ulp of its phase at its amplitude, too; several times over, since the predictor looks
/// back at shorter steps, and less than a tenth of the tolerance, or IDA sees no reason to take a longer one.
constexpr double rounding_of_current = 5000 * 2.2e-16;

}  // namespace

void InductorRounding::note_currents(std::span<const double> largest) {
  current_at_.resize(largest.size(), 0.0);
  for (std::size_t i = 0; i < largest.size(); ++i) current_at_[i] = std::max(current_at_[i], largest[i]);
}

/// The current is as exact as the voltage across the inductor, over a step, and as the currents of the node
/// that it leads to: where it leads nowhere rounding is all that it is. The rounding of a current is a
/// voltage in a short step, L ulp(i)/h, wherever potentials follow from it.
void InductorRounding::leave_out(double step, std::span<const double> offset, const Magnitudes& magnitudes,
                                 std::size_t potentials, double* weight) const {
  double of_potentials = 0;
  for (const Inductor& inductor : inductors_) {
    if (inductor.inductance == 0) continue;  // a short circuit, without a memory
    of_potentials = std::max(of_potentials, rounding_of_current * magnitudes.largest(inductor.unknown) *
                                                std::abs(inductor.inductance) / step);
    double voltage = 0;
    double at_node = infinity;
    for (const auto& [row, node] :
         {std::pair{inductor.plus_row, inductor.plus}, std::pair{inductor.minus_row, inductor.minus}}) {
      voltage = std::max(voltage, magnitudes.largest_of_scale(row) + std::abs(offset[node]));
      if (row != 0 && row < current_at_.size()) at_node = std::min(at_node, current_at_[row]);
    }
    const double noise = equation_rounding * (voltage * step / std::abs(inductor.inductance) +
                                              (at_node < infinity ? at_node : 0));
    if (noise > 0) weight[inductor.unknown] = std::min(weight[inductor.unknown], 1 / noise);
  }
  if (!(of_potentials > 0)) return;
  for (std::size_t row = 0; row < potentials; ++row) weight[row] = std::min(weight[row], 1 / of_potentials);
}

}  // namespace memspice
