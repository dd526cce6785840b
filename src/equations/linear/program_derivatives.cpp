#include "equations/linear/program_derivatives.hpp"

#include <cmath>

namespace memspice {

ProgramDerivatives::ProgramDerivatives(EquationSystem& system, double t, const double* y,
                                       const double* derivative)
    : system_(system),
      expressions_(system.auxiliary().sets().expressions),
      t_(t),
      y_(y),
      derivative_(derivative) {
  const bool hold = point().hold;
  for (const RowSet* set : system.auxiliary().sets().all) set->find_expressions(hold, places_);
  for (std::uint32_t i = 0; i < places_.programs.size(); ++i) {
    if (std::isnan(places_.programs[i].per_gain)) continue;
    gains_.push_back(places_.programs[i].source);
    gain_places_.push_back(i);
  }
}

Complex ProgramDerivatives::change(const Reading& reading, const Changes& changes) const {
  switch (reading.kind) {
    case Reading::Kind::difference:
      return changes.voltage[reading.ends.plus] - changes.voltage[reading.ends.minus];
    case Reading::Kind::unknown:
      return changes.x[reading.index];
    case Reading::Kind::derivative:
      return changes.s * changes.x[reading.index];
    case Reading::Kind::source_current:
      return changes.source_current[reading.index];
    default:
      return 0;
  }
}

template <class Number>
std::vector<Number> ProgramDerivatives::of_equations(std::span<const Number> lambda) const {
  const AuxiliaryPoint at = point();
  std::vector<Number> result;
  for (const std::uint32_t i : gain_places_) {
    const ProgramPlace& place = places_.programs[i];
    const double value = place.per_gain * expressions_.readings(place.program)[0].value(at);
    result.push_back(place.sign * value * (lambda[place.plus] - lambda[place.minus]));
  }
  return result;
}

std::vector<Complex> ProgramDerivatives::of_linear(std::span<const Complex> lambda,
                                                   const Changes& changes) const {
  std::vector<Complex> result;
  for (const std::uint32_t i : gain_places_) {
    const ProgramPlace& place = places_.programs[i];
    const Complex value = place.per_gain * change(expressions_.readings(place.program)[0], changes);
    result.push_back(place.sign * value * (lambda[place.plus] - lambda[place.minus]));
  }
  return result;
}

void ProgramDerivatives::add_second(std::uint32_t program, Complex weight, const Changes& changes,
                                    std::vector<Complex>& gradient) {
  std::vector<Complex> direction;
  for (const Reading& reading : expressions_.readings(program)) direction.push_back(change(reading, changes));
  expressions_.second_derivatives(program, point(), weight, std::span<const Complex>(direction), gradient);
}

ProgramDerivatives::ReadingGradient ProgramDerivatives::of_point(std::span<const Complex> lambda,
                                                                 const Changes& changes) {
  ReadingGradient gradient;
  for (std::uint32_t p = 0; p < expressions_.count(); ++p)
    gradient.by_input.emplace_back(expressions_.readings(p).size());
  for (const ProgramPlace& place : places_.programs) {
    if (!std::isnan(place.per_gain)) continue;  // linear
    const Complex weight = place.sign * (lambda[place.plus] - lambda[place.minus]);
    if (weight != 0.0) add_second(place.program, weight, changes, gradient.by_input[place.program]);
  }
  for (const PowerPlace& power : places_.powers)
    gradient.by_power.push_back({-lambda[power.row] * change(power.current, changes),
                                 -lambda[power.row] * change(power.voltage, changes)});
  return gradient;
}

void ProgramDerivatives::spread(const ReadingGradient& gradient, std::span<Complex> by_node,
                                std::span<Complex> by_unknown, std::span<Complex> by_source) const {
  const auto add = [&](const Reading& reading, Complex value) {
    if (reading.kind == Reading::Kind::difference) {
      by_node[reading.ends.plus] += value;
      by_node[reading.ends.minus] -= value;
    }
    if (reading.kind == Reading::Kind::unknown) by_unknown[reading.index] += value;
    if (reading.kind == Reading::Kind::source_current) by_source[reading.index] += value;
  };
  for (std::uint32_t p = 0; p < gradient.by_input.size(); ++p)
    for (std::size_t i = 0; i < gradient.by_input[p].size(); ++i)
      add(expressions_.readings(p)[i], gradient.by_input[p][i]);
  for (std::size_t k = 0; k < places_.powers.size(); ++k) {
    add(places_.powers[k].voltage, gradient.by_power[k][0]);
    add(places_.powers[k].current, gradient.by_power[k][1]);
  }
}

template std::vector<double> ProgramDerivatives::of_equations(std::span<const double>) const;
template std::vector<Complex> ProgramDerivatives::of_equations(std::span<const Complex>) const;

}  // namespace memspice
