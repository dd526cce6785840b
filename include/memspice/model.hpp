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
//     static constexpr bool linear = true;                     // where the equations are: one Newton step
//     does
//     // Where the device makes noise: what it is, and its spectral densities (A²/Hz) at a temperature and a
//     // frequency.
//     static constexpr std::array<NoiseDescription, 1> noises{{{"thermal", 0}}};
//     void noise(const Local<LinearResistor, double>& x, double kelvin, double hertz,
//                std::span<double> density) const {
//       density[0] = thermal_noise(kelvin, 1 / resistance_);
//     }
//     // Where it is inside: what noise i (in A, or V) adds to the equations.
//     void noise_path(std::size_t i, const Local<LinearResistor, double>& x,
//                     Equations<LinearResistor, double>& path) const;
//     // Where a memristor of one state x has a current of G(x) v: large networks are integrated by it.
//     static constexpr bool conducts_by_state = true;
//   };
//
// `equations` is written once. Evaluated with double it is the residual; evaluated with Dual it is the exact
// local Jacobian. docs/adding-a-device.md walks through one.

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <span>
#include <type_traits>

#include "memspice/detail/population.hpp"
#include "memspice/device.hpp"

namespace memspice {

/// A number with its exact derivatives in N directions (forward-mode differentiation). Device equations
/// templated on the number type give their local Jacobian when evaluated with it.
template <int N>
struct Dual {
  double value = 0;
  std::array<double, N> derivative{};

  Dual() = default;
  Dual(double constant) : value(constant) {}  // NOLINT(google-explicit-constructor): constants mix freely

  static Dual variable(double value, int direction, double seed = 1) {
    Dual x(value);
    x.derivative[direction] = seed;
    return x;
  }

  Dual& operator+=(const Dual& b) { return *this = *this + b; }
  Dual& operator-=(const Dual& b) { return *this = *this - b; }
  Dual& operator*=(const Dual& b) { return *this = *this * b; }
  Dual& operator/=(const Dual& b) { return *this = *this / b; }

  friend Dual operator-(Dual a) {
    a.value = -a.value;
    for (double& d : a.derivative) d = -d;
    return a;
  }
  friend Dual operator+(Dual a, const Dual& b) {
    a.value += b.value;
    for (int i = 0; i < N; ++i) a.derivative[i] += b.derivative[i];
    return a;
  }
  friend Dual operator-(Dual a, const Dual& b) {
    a.value -= b.value;
    for (int i = 0; i < N; ++i) a.derivative[i] -= b.derivative[i];
    return a;
  }
  friend Dual operator*(const Dual& a, const Dual& b) {
    Dual c(a.value * b.value);
    for (int i = 0; i < N; ++i) c.derivative[i] = a.derivative[i] * b.value + a.value * b.derivative[i];
    return c;
  }
  friend Dual operator/(const Dual& a, const Dual& b) {
    const double inverse = 1 / b.value;
    Dual c(a.value / b.value);  // the same rounding as with plain numbers
    for (int i = 0; i < N; ++i) c.derivative[i] = (a.derivative[i] - c.value * b.derivative[i]) * inverse;
    return c;
  }
  friend Dual exp(const Dual& a) { return chain(a, std::exp(a.value), std::exp(a.value)); }
  friend Dual log(const Dual& a) { return chain(a, std::log(a.value), 1 / a.value); }
  friend Dual sqrt(const Dual& a) { return chain(a, std::sqrt(a.value), 0.5 / std::sqrt(a.value)); }
  friend Dual tan(const Dual& a) {
    const double value = std::tan(a.value);
    return chain(a, value, 1 + value * value);
  }
  friend bool operator<(const Dual& a, const Dual& b) { return a.value < b.value; }
  friend bool operator>(const Dual& a, const Dual& b) { return a.value > b.value; }

 private:
  static Dual chain(const Dual& a, double value, double slope) {
    Dual c(value);
    for (int i = 0; i < N; ++i) c.derivative[i] = slope * a.derivative[i];
    return c;
  }
};

/// How many random numbers an instance has that stay for an interval of time, and are drawn anew for the
/// next: normal ones, of mean 0 and deviation 1, made from the circuit's seed, the instance's name and the
/// interval's number, so that no step length changes them. A model that has some says how many,
/// `static constexpr std::size_t draws = 1`, and how long they stay, `double draw_interval() const` (s;
/// infinity: this instance has none). They are 0 where no time passes.
template <class Model>
constexpr std::size_t draw_count() {
  if constexpr (requires { Model::draws; }) return Model::draws;
  return 0;
}

/// What one instance sees: its branch voltages (series EMFs included), internal unknowns and their time
/// derivatives.
template <class Model, class Real>
struct Local {
  std::array<Real, Model::branches> voltage;            // V, first terminal minus second
  std::array<Real, Model::unknowns.size()> unknown;     // in the unit of each unknown
  std::array<Real, Model::unknowns.size()> derivative;  // per second
  std::array<double, draw_count<Model>()> draw{};       // of this interval
};

/// What one instance answers: the current through each branch from first to second terminal (A), and for each
/// unknown its rate dx/dt (UnknownKind::state) or the expression that must vanish (UnknownKind::charge).
template <class Model, class Real>
struct Equations {
  std::array<Real, Model::branches> current;
  std::array<Real, Model::unknowns.size()> unknown;
};

/// Whether the currents of the model follow from charges or fluxes, not from the voltage.
template <class Model>
inline constexpr bool stores_energy = std::ranges::any_of(Model::unknowns,
                                                          [](const UnknownDescription& unknown) {
                                                            return unknown.quantity == Quantity::voltage ||
                                                                   unknown.quantity == Quantity::current;
                                                          });

/// A model of these values, with the circuit's curves where it asks for them.
template <class Model>
Model make_model(std::span<const double> values, std::span<const Curve> curves) {
  if constexpr (std::is_constructible_v<Model, std::span<const double>, std::span<const Curve>>)
    return Model(values, curves);
  else
    return Model(values);
}

/// Whether a model conducts as its one state has it, i = G(x) v: it says so.
template <class Model>
constexpr bool conducts_by_state() {
  if constexpr (requires { Model::conducts_by_state; })
    return Model::conducts_by_state && Model::branches == 1 && Model::unknowns.size() == 1;
  return false;
}

template <class Model>
class DrivenModels;  // detail/driven_models.hpp
template <class Model>
class ModelPopulation;  // detail/model_population.hpp

/// The catalogue entry of a model: its description, its unknowns and the factory of its populations.
template <class Model>
DeviceType device_type() {
  DeviceType type = Model::describe();
  type.unknowns.assign(Model::unknowns.begin(), Model::unknowns.end());
  if constexpr (requires { Model::noises; }) type.noises.assign(Model::noises.begin(), Model::noises.end());
  if (conducts_by_state<Model>() && type.network_role == NetworkRole::other)
    type.network_role = NetworkRole::driven_memristor;
  type.populate = [](std::span<const double> parameters, std::size_t count,
                     std::span<const Curve> curves) -> std::unique_ptr<Population> {
    return std::make_unique<ModelPopulation<Model>>(parameters, count, curves);
  };
  return type;
}

}  // namespace memspice

#include "memspice/detail/model_population.hpp"  // what device_type() makes populations of
