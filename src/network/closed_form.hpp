#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "memspice/circuit.hpp"
#include "network/projected_flow.hpp"

namespace memspice::network {

/// What `.omega` does: the closed form of a network of linear memristors, resistors and independent sources,
///
///     i = Aᵗ (A R P Aᵗ)⁻¹ A S,   dw/dt = α w - J (Ron/β) i   or   α w - J v/β,   0 ≤ w ≤ 1
///
/// (docs/theory.md), in loop currents and integrated by an explicit method, or where it is stiff by CVODE:
/// nothing but parameter values is shared with the device models, the nodal equations and the integrator of
/// the transient it checks.
///
/// Life cycle: construct; start(); advance() along ascending times up to the transient's end.
class ClosedForm {
 public:
  /// Relative and absolute, of the states, in each step: far below any transient's and still above rounding.
  static constexpr double default_tolerance = 1e-12;

  /// Sources follow `transient`'s step and stop where the deck left their times open. The circuit must
  /// outlive this. Throws DeckError naming what the closed form does not cover: an element that is no
  /// memristor of level 1, resistor or independent source; a loop of voltage sources; a cut of current
  /// sources; no memristor at all.
  ClosedForm(const Circuit& circuit, const TransientCard& transient, double tolerance = default_tolerance);
  ~ClosedForm();

  /// Names (in Circuit::element_names) of the memristors, in the order of the states.
  [[nodiscard]] const std::vector<std::uint32_t>& memristors() const;
  /// One w0 a memristor.
  void start(double t, std::span<const double> w0);
  /// Integrates to t exactly, forward only and not past the transient's stop. Throws SimulationError with the
  /// time, the elements that carry the largest currents, and what to try, when the network ceases to have a
  /// solution.
  void advance(double t);
  [[nodiscard]] std::span<const double> states() const;  // in [0,1] exactly
  [[nodiscard]] double time() const { return flow_.time(); }
  /// Through the memristors at the present time, A. At a jump of a source: just before it.
  [[nodiscard]] std::vector<double> currents() const;
  [[nodiscard]] ProjectedFlow::Statistics statistics() const;

 private:
  class Equations;
  void next_segment();
  [[noreturn]] void fail(const IntegrationError& error) const;

  std::unique_ptr<Equations> equations_;
  ProjectedFlow flow_;
  double stop_ = 0;
  double segment_end_ = 0;
};

}  // namespace memspice::network
