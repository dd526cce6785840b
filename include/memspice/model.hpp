#pragma once

// What the author of a device writes. A model is a small class holding the constants of one instance:
//
//   struct LinearResistor {
//     static constexpr int branches = 1;                       // branch voltages it reads, currents it makes
//     static constexpr std::array<UnknownDescription, 0> unknowns{};
//     static DeviceType describe();                            // names, units, ranges, help
//     explicit LinearResistor(std::span<const double> values); // one value per described parameter
//     template <class Real> void equations(const Local<LinearResistor, Real>& x,
//                                          Equations<LinearResistor, Real>& f) const {
//       f.current[0] = x.voltage[0] / resistance_;
//     }
//     // Where the device makes noise: what it is, and its spectral densities (A²/Hz) at a temperature and a
//     // frequency.
//     static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
//     void noise(const Local<LinearResistor, double>& x, double kelvin, double hertz,
//                std::span<double> density) const {
//       density[0] = thermal_noise(kelvin, 1 / resistance_);
//     }
//   };
//
// `equations` is written once. Evaluated with double it is the residual; evaluated with Dual it is the exact
// local Jacobian. docs/adding-a-device.md walks through one.

#include <algorithm>
#include <array>
#include <span>

#include "memspice/device.hpp"
#include "memspice/dual.hpp"

namespace memspice {

/// What one instance sees: its branch voltages (series EMFs included), internal unknowns and their time
/// derivatives.
template <class Model, class Real>
struct Local {
  std::array<Real, Model::branches> voltage;            // V, first terminal minus second
  std::array<Real, Model::unknowns.size()> unknown;     // in the unit of each unknown
  std::array<Real, Model::unknowns.size()> derivative;  // per second
};

/// What one instance answers: the current through each branch from first to second terminal (A), and for each
/// unknown its rate dx/dt (UnknownKind::state) or the expression that must vanish (UnknownKind::charge).
template <class Model, class Real>
struct Equations {
  std::array<Real, Model::branches> current;
  std::array<Real, Model::unknowns.size()> unknown;
};

/// Whether one of the model's states has bounds.
template <class Model>
inline constexpr bool has_bounds = std::ranges::any_of(Model::unknowns,
                                                       [](const UnknownDescription& unknown) {
                                                         return unknown.lower > -infinity ||
                                                                unknown.upper < infinity;
                                                       });

/// Whether its currents follow from charges or fluxes, not from the voltage.
template <class Model>
inline constexpr bool stores_energy = std::ranges::any_of(Model::unknowns,
                                                          [](const UnknownDescription& unknown) {
                                                            return unknown.quantity == Quantity::voltage ||
                                                                   unknown.quantity == Quantity::current;
                                                          });

}  // namespace memspice
