#include "equations/linear/program_derivatives.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

ProgramDerivatives::ProgramDerivatives(EquationSystem& system, double t, const double* y,
                                       const double* derivative)
    : rows_(system.auxiliary()), at_(system.auxiliary_point(t, y, derivative)) {
  using Kind = AuxiliaryRows::Kind;
  const Circuit& circuit = system.circuit();
  for (std::uint32_t k = 0; k < rows_.rows_.size(); ++k) {
    const AuxiliaryRows::Row& row = rows_.rows_[k];
    const std::uint32_t me = rows_.first_ + k;
    switch (row.kind) {
      case Kind::behavioural_voltage:
      case Kind::behavioural_current:
        add_source(row.index, {.plus = me, .sign = -1});
        break;
      case Kind::derivative:
        places_.push_back({.program = circuit.auxiliaries[row.index].program, .plus = me, .sign = -1});
        break;
      case Kind::integral:  // while it is held its argument has no part
        if (!at_.hold)
          places_.push_back({.program = circuit.auxiliaries[row.index].program, .plus = me, .sign = -1});
        break;
      case Kind::power: {
        Power power;
        power.row = me;
        power.voltage = {.kind = Reading::Kind::difference,
                         .plus = row.plus_row,
                         .minus = row.minus_row,
                         .plus_node = row.plus,
                         .minus_node = row.minus};
        const bool known = row.current == AuxiliaryRows::npos;
        power.current = {.kind = known ? Reading::Kind::source_current : Reading::Kind::unknown,
                         .plus = known ? row.part : row.current};
        powers_.push_back(power);
        break;
      }
      default:
        break;
    }
  }
  for (const AuxiliaryRows::Load& load : rows_.loads_)
    if (!load.is_switch) add_source(load.index, {.plus = load.plus_row, .minus = load.minus_row});
}

void ProgramDerivatives::add_source(std::uint32_t index, Place place) {
  const BehaviouralSource& source = rows_.circuit_.behavioural_sources[index];
  place.program = source.program;
  place.per_gain = source.per_gain;
  if (!std::isnan(place.per_gain)) {
    gains_.push_back(index);
    gain_places_.push_back(static_cast<std::uint32_t>(places_.size()));
  }
  places_.push_back(place);
}

Complex ProgramDerivatives::change(const Reading& reading, const Changes& changes) const {
  switch (reading.kind) {
    case Reading::Kind::difference:
      return changes.voltage[reading.plus_node] - changes.voltage[reading.minus_node];
    case Reading::Kind::unknown:
      return changes.x[reading.plus];
    case Reading::Kind::derivative:
      return changes.s * changes.x[reading.plus];
    case Reading::Kind::source_current:
      return changes.source_current[reading.plus];
    default:
      return 0;
  }
}

template <class Number>
std::vector<Number> ProgramDerivatives::of_equations(std::span<const Number> lambda) const {
  std::vector<Number> result;
  for (const std::uint32_t i : gain_places_) {
    const Place& place = places_[i];
    const double value = place.per_gain * rows_.read(rows_.programs_[place.program].readings[0], at_);
    result.push_back(place.sign * value * (lambda[place.plus] - lambda[place.minus]));
  }
  return result;
}

std::vector<Complex> ProgramDerivatives::of_linear(std::span<const Complex> lambda,
                                                   const Changes& changes) const {
  std::vector<Complex> result;
  for (const std::uint32_t i : gain_places_) {
    const Place& place = places_[i];
    const Complex value = place.per_gain * change(rows_.programs_[place.program].readings[0], changes);
    result.push_back(place.sign * value * (lambda[place.plus] - lambda[place.minus]));
  }
  return result;
}

void ProgramDerivatives::add_second(std::uint32_t program, Complex weight, const Changes& changes,
                                    std::vector<Complex>& gradient) {
  AuxiliaryRows::Compiled& compiled = rows_.programs_[program];
  const std::size_t inputs = compiled.readings.size();
  std::vector<double> u(inputs), right(inputs), left(inputs);
  for (std::size_t i = 0; i < inputs; ++i) u[i] = rows_.read(compiled.readings[i], at_);
  std::vector<double> modes = compiled.modes;  // both sides of a difference are on the same smooth piece
  if (!rows_.frozen_) compiled.program->events(u, {}, compiled.argument, modes, compiled.work);
  for (std::size_t j = 0; j < inputs; ++j) {
    const Complex direction = change(compiled.readings[j], changes);
    if (direction == 0.0) continue;
    const bool voltage = compiled.readings[j].kind == Reading::Kind::difference;
    const double step = voltage ? 1e-5 : 1e-5 * std::max(std::abs(u[j]), 1e-4);
    const double original = u[j];
    u[j] = original + step;
    compiled.program->gradient(u, modes, right, compiled.work);
    u[j] = original - step;
    compiled.program->gradient(u, modes, left, compiled.work);
    u[j] = original;
    for (std::size_t i = 0; i < inputs; ++i)
      gradient[i] += weight * direction * ((right[i] - left[i]) / (2 * step));
  }
}

ProgramDerivatives::ReadingGradient ProgramDerivatives::of_point(std::span<const Complex> lambda,
                                                                 const Changes& changes) {
  ReadingGradient gradient;
  for (const AuxiliaryRows::Compiled& compiled : rows_.programs_)
    gradient.by_input.emplace_back(compiled.readings.size());
  for (const Place& place : places_) {
    if (!std::isnan(place.per_gain)) continue;  // linear
    const Complex weight = place.sign * (lambda[place.plus] - lambda[place.minus]);
    if (weight != 0.0) add_second(place.program, weight, changes, gradient.by_input[place.program]);
  }
  for (const Power& power : powers_)
    gradient.by_power.push_back({-lambda[power.row] * change(power.current, changes),
                                 -lambda[power.row] * change(power.voltage, changes)});
  return gradient;
}

void ProgramDerivatives::spread(const ReadingGradient& gradient, std::span<Complex> by_node,
                                std::span<Complex> by_unknown, std::span<Complex> by_source) const {
  const auto add = [&](const Reading& reading, Complex value) {
    if (reading.kind == Reading::Kind::difference) {
      by_node[reading.plus_node] += value;
      by_node[reading.minus_node] -= value;
    }
    if (reading.kind == Reading::Kind::unknown) by_unknown[reading.plus] += value;
    if (reading.kind == Reading::Kind::source_current) by_source[reading.plus] += value;
  };
  for (std::size_t p = 0; p < gradient.by_input.size(); ++p)
    for (std::size_t i = 0; i < gradient.by_input[p].size(); ++i)
      add(rows_.programs_[p].readings[i], gradient.by_input[p][i]);
  for (std::size_t k = 0; k < powers_.size(); ++k) {
    add(powers_[k].voltage, gradient.by_power[k][0]);
    add(powers_[k].current, gradient.by_power[k][1]);
  }
}

template std::vector<double> ProgramDerivatives::of_equations(std::span<const double>) const;
template std::vector<Complex> ProgramDerivatives::of_equations(std::span<const Complex>) const;

}  // namespace memspice
