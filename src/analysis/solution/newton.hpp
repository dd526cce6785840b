#pragma once

#include <string>
#include <vector>

#include "equations/equation_system.hpp"

namespace memspice {

/// Unknowns and their time derivatives.
struct Solution {
  std::vector<double> y;
  std::vector<double> derivative;  // per second
};

/// Solves F(t, y, ẏ) = 0 with y and ẏ tied by dẏ = c dy, starting from `at`: c = 0 is a static problem, c =
/// 1/h a backward Euler step. Full Newton to rounding; `damped`: steps are shortened until the next
/// correction would be smaller, which gets past kinks and exponentials. Returns the number of iterations, 0
/// when it did not converge; then `at` is unspecified.
int solve_newton(EquationSystem& system, double t, double c, Solution& at, int most_iterations = 50,
                 bool damped = false);

/// The same: undamped, and where that fails damped from the same point. For circuits with expressions.
bool solve_newton_robustly(EquationSystem& system, double t, double c, Solution& at);

/// How far polish() goes: to rounding unless less is asked for.
struct Polish {
  double of_largest = 1e-14;               // what may be left in any potential, as a part of the largest
  std::span<const std::size_t> rows = {};  // and in the potentials of these
  std::span<const double> left = {};       // V
};
/// Improves a point close to a solution with the factorisation that is there: dẏ = c dy again, c being the
/// one last linearised with. A few iterations; used for the rows of the output. False: no solution yet.
bool polish(EquationSystem& system, double t, double c, Solution& at, const Polish& wanted = {});

/// One Newton step with the present linearisation. False: the equations have no values there.
bool refine(EquationSystem& system, double t, double c, Solution& at);

/// Operating point with fallbacks: Newton, gmin stepping, source stepping, pseudo-transient. `start` holds
/// the first guess and the states; `dc_values` says which values sources have. Returns the name of the method
/// that succeeded; throws SimulationError naming the worst nodes when none did.
std::string solve_operating_point(EquationSystem& system, double t, bool dc_values, Solution& at);

/// Consistent potentials and slopes at the beginning of a smooth segment [t, t + length], from the states in
/// `at`: three backward Euler steps of negligible length. The first finds potentials that fit the states (and
/// lets what must jump, jump); the second, by then on the solution, gives every unknown's slope, the
/// algebraic ones' included; the third tells how much these change. Returns how long a step of backward Euler
/// may be from there, s, as far as its error at the beginning tells: what slopes tell alone, rounding may
/// have made. Throws SimulationError.
double make_consistent(EquationSystem& system, double t, double length, Solution& at);

}  // namespace memspice
