#pragma once

#include <string>

#include "analysis/solution/newton.hpp"

namespace memspice {

/// Solves F(t, y, ẏ) = 0 with dẏ = c dy as solve_newton() does, whatever that takes: Newton's method, damped
/// Newton, gmin stepping, source stepping, a pseudo-transient. c = 0: an operating point, `dc_values` saying
/// which values sources have; c = 1/h: a backward Euler step from where `at` has its derivatives 0 (or has
/// moved from with that c). Conditions and switches stay as they are. Returns the name of the method that
/// succeeded; empty: none did, and then `at` is where the last one ended.
std::string solve_with_fallbacks(EquationSystem& system, double t, double c, bool dc_values, Solution& at);

}  // namespace memspice
