#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "equations/linear/linearisation.hpp"

namespace memspice {

/// How the equations in which expressions stand depend on the gains of linear sources and, when linearised,
/// on the point: what LocalDerivatives is for devices.
class ProgramDerivatives {
 public:
  /// A solution of the linearised system and what follows from it.
  struct Changes {
    std::span<const Complex> x;
    std::span<const Complex> voltage;         // by node
    std::span<const Complex> source_current;  // by current source
    Complex s;
  };
  /// A derivative by what expressions read: the inputs of each program; voltage and current of each power.
  struct ReadingGradient {
    std::vector<std::vector<Complex>> by_input;
    std::vector<std::array<Complex, 2>> by_power;
  };

  /// `y` and `derivative` must stay where they are.
  ProgramDerivatives(EquationSystem& system, double t, const double* y, const double* derivative);

  /// Numbers of the behavioural sources that have a gain: the order of the results below.
  [[nodiscard]] const std::vector<std::uint32_t>& gains() const { return gains_; }
  /// λ·∂F/∂gain.
  template <class Number>
  [[nodiscard]] std::vector<Number> of_equations(std::span<const Number> lambda) const;
  /// λ·∂(A x - b)/∂gain of the linearised system A x = b.
  [[nodiscard]] std::vector<Complex> of_linear(std::span<const Complex> lambda, const Changes& changes) const;
  /// λ·∂(A x - b)/∂u, u being what the expressions read at the point.
  [[nodiscard]] ReadingGradient of_point(std::span<const Complex> lambda, const Changes& changes);
  /// Adds such a gradient, of another system of the same circuit, where this one has what was read: voltages
  /// of nodes, unknowns, currents of independent sources.
  void spread(const ReadingGradient& gradient, std::span<Complex> by_node, std::span<Complex> by_unknown,
              std::span<Complex> by_source) const;

 private:
  [[nodiscard]] Complex change(const Reading& reading, const Changes& changes) const;
  /// Adds weight ∂²P/∂u² δu to `gradient`.
  void add_second(std::uint32_t program, Complex weight, const Changes& changes,
                  std::vector<Complex>& gradient);

  /// With the frequency that the system has now.
  [[nodiscard]] AuxiliaryPoint point() const { return system_.points().of_rows(t_, y_, derivative_); }

  EquationSystem& system_;
  Expressions& expressions_;
  double t_;
  const double* y_;
  const double* derivative_;
  ExpressionPlaces places_;
  std::vector<std::uint32_t> gains_;
  std::vector<std::uint32_t> gain_places_;  // in places_.programs
};

}  // namespace memspice
