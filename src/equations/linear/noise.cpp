// The noise currents of all elements.

#include <cmath>

#include "equations/equation_group.hpp"
#include "equations/equation_system.hpp"

namespace memspice {

std::vector<NoiseSource> EquationSystem::noise_sources() const {
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
  for (const RowSet* set : auxiliary_.sets().all) set->find_noise(sources);
  return sources;
}

void EquationSystem::noise_densities(const double* y, const double* derivative, double kelvin, double hertz,
                                     std::vector<double>& density) {
  const EvaluationPoint at = point(0, y, derivative, 1);
  const AuxiliaryPoint here = auxiliary_point(sources_.time(), y, derivative);
  density.clear();
  for (const Group& group : groups_) {
    const std::size_t first = density.size();
    const std::size_t count = group.population->count() * group.devices->type->noises.size();
    if (count == 0) continue;
    density.resize(first + count);
    group.population->noise(at, kelvin, hertz, density.data() + first);
  }
  for (RowSet* set : auxiliary_.sets().all) set->noise_densities(here, kelvin, density);
}

}  // namespace memspice
