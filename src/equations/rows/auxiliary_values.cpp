// What the auxiliary unknowns are, and what is read off them.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equations/rows/auxiliary_rows.hpp"

namespace memspice {

AuxiliaryRows::Unknown AuxiliaryRows::unknown(std::size_t k) const {
  switch (rows_[k].kind) {
    case Kind::inductor:
      return {Quantity::current, true, true};
    case Kind::port:
      return {Quantity::current, false, false};
    case Kind::arriving:
    case Kind::leaving:
    case Kind::stage:  // all of the scale of the wave that arrives at the first port; lines remember them
      return {Quantity::voltage,
              rows_[k].kind != Kind::stage,
              false,
              {},
              first_ + static_cast<std::uint32_t>(k) - line_row(rows_[k].index) - LosslessLine::arriving(0)};
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
    case Kind::arriving:
    case Kind::leaving:
    case Kind::stage:
      return fmt::format("a wave on {}", circuit_.element_names[circuit_.lines[row.index].name]);
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
