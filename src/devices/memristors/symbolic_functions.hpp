#pragma once

#include "devices/memristors/memristor_functions.hpp"
#include "memspice/curve.hpp"
#include "memspice/detail/symbolic.hpp"

namespace memspice {

// The functions of memristors for symbolic numbers: each is one number with all of its pieces, so that
// equations that use several have no more paths than conditions of their own.

template <class Function>
Symbolic in_pieces(Function&& function) {
  return SymbolicRecorder::current().all_paths([&] { return SymbolicRecorder::Numbers{function()}; }).front();
}

inline Symbolic bounded_exp(const Symbolic& x) {
  return in_pieces([&] { return bounded_exp<Symbolic>(x); });
}
inline Symbolic growth(const Symbolic& x) {
  return in_pieces([&] { return growth<Symbolic>(x); });
}
inline Symbolic power(const Symbolic& x, double exponent) {
  const Symbolic whole = Symbolic::apply(Program::Operation::absolute_power, x, Symbolic(exponent));
  return in_pieces([&] { return x > Symbolic(0.0) ? whole : Symbolic(0.0); });
}
inline Symbolic physical_rate(const Symbolic& rate) {
  return in_pieces([&] { return physical_rate<Symbolic>(rate); });
}
inline Symbolic bounded_sinh(const Symbolic& x) {
  return in_pieces([&] { return bounded_sinh<Symbolic>(x); });
}
inline Symbolic sinh_ratio(const Symbolic& x) {
  return in_pieces([&] { return sinh_ratio<Symbolic>(x); });
}
inline Symbolic growth_ratio(const Symbolic& x) {
  return in_pieces([&] { return growth_ratio<Symbolic>(x); });
}
inline Symbolic logistic(const Symbolic& x) {
  return in_pieces([&] { return logistic<Symbolic>(x); });
}
inline Symbolic value_of(const Curve& curve, const Symbolic& at) {
  return in_pieces([&] { return curve(at); });
}
inline Symbolic magnitude(const Symbolic& x) {
  return Symbolic::apply(Program::Operation::absolute, x);
}

}  // namespace memspice
