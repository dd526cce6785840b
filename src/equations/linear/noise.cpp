// The noise currents of all elements.

#include <cmath>

#include "equations/equation_group.hpp"

namespace memspice {

std::vector<EquationSystem::NoiseSource> EquationSystem::noise_sources() const {
  std::vector<NoiseSource> sources;
  for (const Group& group : groups_) {
    const DeviceType& type = *group.devices->type;
    const Wiring& wiring = group.population->wiring;
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      for (const NoiseDescription& noise : type.noises) {
        const std::size_t branch = k * type.branches.size() + static_cast<std::size_t>(noise.branch);
        sources.push_back(
            {group.devices->names[group.instance(k)], noise.name, wiring.plus[branch], wiring.minus[branch]});
      }
    }
  }
  // What has a current as its unknown has a noise voltage in that current's equation.
  for (const AuxiliaryRows::Resistor& resistor : auxiliary_.resistors())
    sources.push_back({circuit_.groups[resistor.group].names[resistor.instance], "thermal", resistor.row, 0});
  for (const BehaviouralSource& source : circuit_.behavioural_sources)
    if (source.resistance != BehaviouralSource::noiseless)
      sources.push_back({source.name, "thermal", forest_.row(source.plus), forest_.row(source.minus)});
  for (std::uint32_t i = 0; i < circuit_.switches.size(); ++i) {
    const Switch& element = circuit_.switches[i];
    const std::uint32_t row = auxiliary_.switch_row(i);
    if (row != AuxiliaryRows::npos)
      sources.push_back({element.name, "thermal", row, 0});
    else
      sources.push_back({element.name, "thermal", forest_.row(element.plus), forest_.row(element.minus)});
  }
  return sources;
}

void EquationSystem::noise_densities(const double* y, const double* derivative, double kelvin, double hertz,
                                     std::vector<double>& density) {
  const EvaluationPoint at = point(0, y, derivative, 1);
  const AuxiliaryPoint here = auxiliary_point(std::isnan(source_time_) ? 0 : source_time_, y, derivative);
  density.clear();
  for (const Group& group : groups_) {
    const std::size_t first = density.size();
    const std::size_t count = group.population->count() * group.devices->type->noises.size();
    if (count == 0) continue;
    density.resize(first + count);
    group.population->noise(at, kelvin, hertz, density.data() + first);
  }
  for (const AuxiliaryRows::Resistor& resistor : auxiliary_.resistors())
    density.push_back(thermal_noise(kelvin, resistor.resistance));
  for (const BehaviouralSource& source : circuit_.behavioural_sources)
    if (source.resistance != BehaviouralSource::noiseless)
      density.push_back(thermal_noise(kelvin, 1 / auxiliary_.value_of(source.resistance, here)));
  for (std::uint32_t i = 0; i < circuit_.switches.size(); ++i) {
    const bool unknown = auxiliary_.switch_row(i) != AuxiliaryRows::npos;
    const double scale = unknown ? auxiliary_.switch_scale(i) : 1;
    density.push_back(scale * scale * thermal_noise(kelvin, auxiliary_.switch_conductance(i)));
  }
}

}  // namespace memspice
