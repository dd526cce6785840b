// Lines, and what the auxiliary unknowns are.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equations/auxiliary_rows.hpp"

namespace memspice {

double AuxiliaryRows::shortest_delay() const {
  double shortest = infinity;
  for (const TransmissionLine& line : circuit_.lines) shortest = std::min(shortest, line.delay);
  return shortest;
}

double AuxiliaryRows::wave(std::uint32_t line, std::uint32_t port, const AuxiliaryPoint& at) const {
  return waves_[line].from[port].at(at.t - circuit_.lines[line].delay, at.t < at.inside);
}

void AuxiliaryRows::begin_lines(const AuxiliaryPoint& at, bool use_initial_conditions) {
  for (std::uint32_t i = 0; i < waves_.size(); ++i) {
    const TransmissionLine& line = circuit_.lines[i];
    for (std::uint32_t port = 0; port < 2; ++port) {
      const std::uint32_t row = find(Kind::port, i, port);
      const double v = use_initial_conditions ? line.initial[2 * port] : voltage(rows_[row], at);
      const double current = use_initial_conditions ? line.initial[2 * port + 1] : at.y[first_ + row];
      waves_[i].from[port].begin(at.t, v + line.impedance * current);
    }
  }
}

void AuxiliaryRows::note_lines(const AuxiliaryPoint& at, bool restart) {
  // A jump this small against the wave moves nothing that the error test would see.
  const double negligible = 1e-2 * circuit_.options.reltol;
  for (std::uint32_t i = 0; i < waves_.size(); ++i) {
    const TransmissionLine& line = circuit_.lines[i];
    for (std::uint32_t port = 0; port < 2; ++port) {
      const std::uint32_t k = find(Kind::port, i, port);
      const Row& row = rows_[k];
      LineHistory& history = waves_[i].from[port];
      const double slope = at.derivative[row.plus_row] - at.derivative[row.minus_row] +
                           line.impedance * at.derivative[first_ + k];
      history.add(at.t, voltage(row, at) + line.impedance * at.y[first_ + k], slope);
      history.forget(at.t - 2 * line.delay);
      if (restart && history.jumps(negligible, line.delay)) {
        const double arrival = at.t + line.delay;
        arrivals_.insert(std::ranges::upper_bound(arrivals_, arrival), arrival);
      }
    }
  }
}

double AuxiliaryRows::next_arrival(double t) const {
  const auto next = std::ranges::upper_bound(arrivals_, t);
  return next == arrivals_.end() ? infinity : *next;
}

AuxiliaryRows::Unknown AuxiliaryRows::unknown(std::size_t k) const {
  switch (rows_[k].kind) {
    case Kind::inductor:
      return {Quantity::current, true, true};
    case Kind::port:  // the line remembers its waves
      return {Quantity::current, true, false};
    case Kind::derivative:
      return {Quantity::voltage, true, true,
              argument_tolerance(circuit_.programs[circuit_.auxiliaries[rows_[k].index].program])};
    case Kind::integral:  // of any unit, and of a voltage as a rule: vntol is its absolute tolerance
      return {Quantity::voltage, true, true};
    case Kind::tap:
    case Kind::power:
      return {Quantity::notype, false, false};
    default:
      return {Quantity::current, false, false};
  }
}

double AuxiliaryRows::argument_tolerance(const Program& program) const {
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

std::string AuxiliaryRows::name(std::size_t k) const {
  const Row& row = rows_[k];
  const auto current = [&](std::uint32_t name) { return fmt::format("i({})", circuit_.element_names[name]); };
  switch (row.kind) {
    case Kind::source:
      return current(circuit_.voltage_sources[row.index].name);
    case Kind::short_circuit:
    case Kind::inductor:
    case Kind::resistor:
      return current(circuit_.groups[row.part].names[row.index]);
    case Kind::behavioural_voltage:
    case Kind::behavioural_current:
      return current(circuit_.behavioural_sources[row.index].name);
    case Kind::switch_current:
      return current(circuit_.switches[row.index].name);
    case Kind::port:
      return current(circuit_.lines[row.index].name);
    case Kind::tap:
      return fmt::format("a quantity of {}",
                         circuit_.element_names[circuit_.groups[row.part].names[row.index]]);
    case Kind::power:
      return fmt::format("p({})", circuit_.element_names[row.index]);
    case Kind::derivative:
      return "the argument of a ddt()";
    case Kind::integral:
      return "an idt()";
  }
  return {};
}

std::uint32_t AuxiliaryRows::source_row(std::uint32_t voltage_source) const {
  const std::uint32_t k = find(Kind::source, voltage_source);
  return k == npos ? npos : first_ + k;
}
std::uint32_t AuxiliaryRows::short_row(std::uint32_t group, std::uint32_t instance) const {
  const std::uint32_t k = find(Kind::short_circuit, instance, group);
  return k == npos ? npos : first_ + k;
}
std::uint32_t AuxiliaryRows::inductor_row(std::uint32_t group, std::uint32_t instance) const {
  const std::uint32_t k = find(Kind::inductor, instance, group);
  return k == npos ? npos : first_ + k;
}
std::uint32_t AuxiliaryRows::resistor_row(std::uint32_t group, std::uint32_t instance) const {
  const std::uint32_t k = find(Kind::resistor, instance, group);
  return k == npos ? npos : first_ + k;
}
std::uint32_t AuxiliaryRows::current_row(std::uint32_t group, std::uint32_t instance) const {
  return std::min({inductor_row(group, instance), short_row(group, instance), resistor_row(group, instance)});
}
std::uint32_t AuxiliaryRows::switch_row(std::uint32_t index) const {
  const std::uint32_t k = find(Kind::switch_current, index);
  return k == npos ? npos : first_ + k;
}

std::uint32_t AuxiliaryRows::reading_row(std::uint32_t program, std::size_t input) const {
  const Reading& reading = programs_[program].readings[input];
  return reading.kind == Reading::Kind::unknown ? reading.plus : npos;
}
std::uint32_t AuxiliaryRows::port_row(std::uint32_t line, std::uint32_t port) const {
  return first_ + find(Kind::port, line, port);
}

void AuxiliaryRows::transfer(const double* y, const AuxiliaryRows& to, double* to_y) const {
  for (const auto& [key, k] : row_numbers_) {
    const auto found = to.row_numbers_.find(key);
    if (found != to.row_numbers_.end()) to_y[to.first_ + found->second] = y[first_ + k];
  }
}

void AuxiliaryRows::initialise(double* y) const {
  for (std::uint32_t k = 0; k < rows_.size(); ++k)
    if (rows_[k].kind == Kind::integral) y[first_ + k] = circuit_.auxiliaries[rows_[k].index].initial;
}

}  // namespace memspice
