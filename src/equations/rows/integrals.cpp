#include "equations/rows/integrals.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

Integrals::Integrals(RowNumbers& numbers, const Circuit& circuit, Expressions& expressions)
    : RowSet(numbers), circuit_(circuit), expressions_(expressions) {
  for (std::uint32_t i = 0; i < circuit.auxiliaries.size(); ++i) rows_.push_back(add_row({i}, i));
}

Reading Integrals::reading(std::uint32_t auxiliary) const {
  const bool integral = circuit_.auxiliaries[auxiliary].integral;
  return {.kind = integral ? Reading::Kind::unknown : Reading::Kind::derivative, .index = rows_[auxiliary]};
}

void Integrals::attach(const PotentialForest&) {
  for (std::uint32_t& row : rows_) row += numbers_.first;
}

void Integrals::residual(const AuxiliaryPoint& at, double* r) {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Auxiliary& auxiliary = circuit_.auxiliaries[i];
    const std::uint32_t me = rows_[i];
    if (auxiliary.integral && at.hold)
      r[me] = at.y[me] - auxiliary.initial;
    else
      r[me] = (auxiliary.integral ? at.derivative[me] : at.y[me]) - expressions_.value(auxiliary.program, at);
  }
}

void Integrals::entries(const AuxiliaryPoint& at, EntrySink& emit) {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Auxiliary& auxiliary = circuit_.auxiliaries[i];
    const bool moves = auxiliary.integral && !at.hold;
    const bool held = auxiliary.integral && at.hold;
    emit(rows_[i], rows_[i], moves ? 0 : 1, moves ? 1 : 0);
    expressions_.entries(auxiliary.program, rows_[i], held ? 0 : -1, at, emit);
  }
}

AuxiliaryUnknown Integrals::unknown(std::uint32_t place) const {
  const Auxiliary& auxiliary = circuit_.auxiliaries[place];
  AuxiliaryUnknown unknown{.quantity = Quantity::voltage, .tested = true, .dynamic = true};
  // An integral is of any unit, and of a voltage as a rule: vntol is its absolute tolerance.
  if (!auxiliary.integral) unknown.tolerance = argument_tolerance(circuit_.programs[auxiliary.program]);
  return unknown;
}

/// The absolute tolerance of the argument of a ddt(), whatever its unit is: what vntol for voltages and other
/// quantities, and a thousandth of it for currents, make of it by its slopes at 0, 1 and -1.
double Integrals::argument_tolerance(const Program& program) const {
  constexpr double milliampere = 1e-3;  // goes with a volt
  const std::size_t count = program.inputs().size();
  std::vector<double> inputs(count), slopes(count);
  Program::Workspace work;
  double largest = 0;
  for (const double at : {0.0, 1.0, -1.0}) {
    std::ranges::fill(inputs, at);
    program.gradient(inputs, {}, slopes, work);
    double tolerance = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const Probe& probe = program.inputs()[i];
      if (probe.kind == Probe::Kind::time || probe.kind == Probe::Kind::frequency) continue;
      const bool current = probe.kind == Probe::Kind::element && probe.accessor == "i";
      tolerance += std::abs(slopes[i]) * (current ? milliampere : 1) * circuit_.options.voltage_tolerance();
    }
    if (std::isfinite(tolerance)) largest = std::max(largest, tolerance);
  }
  return largest > 0 ? largest : circuit_.options.voltage_tolerance();
}

std::string Integrals::name(std::uint32_t place) const {
  return circuit_.auxiliaries[place].integral ? "an idt()" : "the argument of a ddt()";
}

void Integrals::initialise(double* y) const {
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (circuit_.auxiliaries[i].integral) y[rows_[i]] = circuit_.auxiliaries[i].initial;
}

void Integrals::find_expressions(bool hold, ExpressionPlaces& places) const {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Auxiliary& auxiliary = circuit_.auxiliaries[i];
    if (auxiliary.integral && hold) continue;
    places.programs.push_back({.program = auxiliary.program, .plus = rows_[i], .sign = -1});
  }
}

}  // namespace memspice
