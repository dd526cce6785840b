#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "equations/linear/linearisation.hpp"

namespace memspice {

/// How the equations of the devices at a point depend on the devices' parameters and, when linearised, on the
/// point: by differences, device by device, so that nothing has to be solved.
class LocalDerivatives {
 public:
  struct Parameter {
    std::uint32_t group = 0;
    std::uint32_t instance = 0;
    std::uint32_t index = 0;  // in DeviceType::parameters
  };
  /// A derivative by the operating point: by the voltages of nodes and by internal unknowns.
  struct PointGradient {
    struct Unknown {
      std::size_t group, instance, unknown;
      Complex value;
    };
    std::vector<Complex> by_node;
    std::vector<Unknown> by_unknown;
  };

  LocalDerivatives(EquationSystem& system, double t, const double* y, const double* derivative);

  /// All parameters that have a value which can be varied, of devices that have equations here. The order is
  /// that of the results below.
  [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }

  /// λ·∂F/∂p. A state that is held has the equation x - x0 = 0, x0 being its initial value.
  template <class Number>
  [[nodiscard]] std::vector<Number> of_equations(std::span<const Number> lambda) const;
  /// λ·∂(A x - b)/∂p of the linearised system A x = b at s; `voltage` holds the changes of the nodes'
  /// voltages that belong to x.
  [[nodiscard]] std::vector<Complex> of_linear(std::span<const Complex> lambda, std::span<const Complex> x,
                                               std::span<const Complex> voltage, Complex s) const;
  /// λ·∂(A x - b)/∂y, y being the point at which the system was linearised.
  void of_point(std::span<const Complex> lambda, std::span<const Complex> x, std::span<const Complex> voltage,
                Complex s, PointGradient& out) const;

 private:
  static constexpr double huge_kappa = 1e30;  // states at a bound are held when their drive points outward

  /// One equation of one instance, or one tap that reads it: its multiplier is λ[plus] - λ[minus].
  struct Row {
    std::uint32_t instance = 0;  // in the population
    std::uint32_t plus = 0;
    std::uint32_t minus = 0;
  };
  struct Values {
    std::vector<double> f;  // by row
    std::vector<double> j;  // by row and local variable: branch voltages, unknowns, their derivatives
  };
  struct Change {
    std::size_t index = 0;                 // of the parameter
    std::vector<std::uint32_t> instances;  // in the population: those whose parameter varies
    Values values;                         // derivatives by it
  };
  struct Local {
    std::vector<Row> rows;
    std::vector<std::uint32_t> instance;  // by row
    std::size_t width = 0;                // local variables
    std::vector<Change> parameters;
    std::vector<std::vector<double>> second;  // derivatives of j by a branch voltage or unknown; empty: all 0
    [[nodiscard]] std::size_t instances() const {
      return rows.empty() ? 0 : std::ranges::max(rows, {}, &Row::instance).instance + 1;
    }
  };
  void add_group(std::size_t group, const double* y, const double* derivative);
  /// The equations of the group and its taps, in the order of Values.
  [[nodiscard]] Local rows_of(std::size_t group) const;
  /// `given`: the parameters of all instances of the population, the same numbers of each.
  void differentiate_by_parameters(std::size_t group, const std::vector<double>& given,
                                   const EvaluationPoint& at);
  void differentiate_twice(std::size_t group, const std::vector<double>& given, EvaluationPoint at);
  [[nodiscard]] Values evaluate(Population& population, std::size_t group, const Local& local,
                                const EvaluationPoint& at) const;
  /// Changes of the local variables, instance by instance.
  [[nodiscard]] std::vector<Complex> local_changes(std::size_t group, std::span<const Complex> x,
                                                   std::span<const Complex> voltage, Complex s) const;
  /// λ j x for every instance.
  [[nodiscard]] static std::vector<Complex> contract(const Local& local, const std::vector<double>& j,
                                                     std::span<const Complex> lambda,
                                                     const std::vector<Complex>& changes);

  EquationSystem& system_;
  std::vector<Local> groups_;
  std::vector<Parameter> parameters_;
  std::vector<TinyResistors::Resistor> kept_;  // tiny resistors, whose parameters come last
  std::vector<double> kept_current_;           // A
  /// Σ λ over the equations that one of them has a part in, by r i.
  template <class Number>
  [[nodiscard]] static Number multiplier(const TinyResistors::Resistor& resistor,
                                         std::span<const Number> lambda) {
    Number sum{};
    for (const auto& [row, sign] : resistor.equations) sum += sign * lambda[row];
    return sum;
  }
};

}  // namespace memspice
