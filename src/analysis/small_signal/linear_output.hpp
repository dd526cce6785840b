#pragma once

#include <vector>

#include "analysis/small_signal/small_signal.hpp"

namespace memspice {

/// The output of .tf, .sens and .noise, a voltage or a current, as a linear function of a linearised
/// circuit's unknowns.
class LinearOutput {
 public:
  explicit LinearOutput(const OutputQuantity& quantity) : quantity_(quantity) {}

  /// A circuit in which the output is a function of the unknowns: a current becomes one, as if an expression
  /// read it. Systems must be made from it.
  [[nodiscard]] Circuit prepare(const Circuit& circuit) const;

  /// Adds the derivatives by the unknowns to `gradient`.
  template <class Number>
  void add_gradient(const EquationSystem& system, std::span<Number> gradient) const {
    if (quantity_.current) {
      if (const std::uint32_t row = current_row(system); row != 0) gradient[row] += 1.0;
      return;
    }
    gradient[system.unknowns().forest().row(quantity_.plus)] += 1.0;
    gradient[system.unknowns().forest().row(quantity_.minus)] -= 1.0;
    gradient[0] = 0;
  }
  /// The value for a solution and what follows from it.
  template <class Number>
  [[nodiscard]] Number value(const EquationSystem& system, std::span<const Number> x,
                             const SourceChanges<Number>& sources,
                             const BranchChanges<Number>& changes) const {
    if (!quantity_.current) return changes.voltage[quantity_.plus] - changes.voltage[quantity_.minus];
    if (const std::uint32_t row = current_row(system); row != 0) return x[row];
    return sources.current[current_source(system.circuit())];
  }
  /// What a change by one unit of each source does to the output, λ being the solution of the transposed
  /// system for the gradient.
  template <class Number>
  [[nodiscard]] SourceChanges<Number> source_gradient(const Linearisation& linear, const Circuit& circuit,
                                                      std::span<const Number> lambda,
                                                      const EquationSystem& system) const {
    std::vector<Number> nodes(circuit.node_names.size(), Number{});
    if (!quantity_.current) {
      nodes[quantity_.plus] += 1.0;
      nodes[quantity_.minus] -= 1.0;
    }
    SourceChanges<Number> gradient = linear.source_gradient<Number>(lambda, nodes);
    if (quantity_.current && current_row(system) == 0) gradient.current[current_source(circuit)] += 1.0;
    return gradient;
  }
  [[nodiscard]] const OutputQuantity& quantity() const { return quantity_; }

 private:
  /// Index in y of a current; 0: it is that of a current source.
  [[nodiscard]] static std::uint32_t current_row(const EquationSystem& system);
  [[nodiscard]] std::size_t current_source(const Circuit& circuit) const;

  OutputQuantity quantity_;
};

}  // namespace memspice
