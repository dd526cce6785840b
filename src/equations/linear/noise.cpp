#include "equations/linear/noise.hpp"

namespace memspice {

std::vector<NoiseSource> noise_sources(const EquationSystem& system) {
  std::vector<NoiseSource> sources;
  for (const EquationGroup& group : system.unknowns().groups()) {
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
  for (const RowSet* set : system.auxiliary().sets().all) set->find_noise(sources);
  return sources;
}

void noise_responses(EquationSystem& system, const double* y, const double* derivative,
                     std::span<const NoiseSource> sources, std::span<const std::complex<double>> lambda,
                     std::vector<std::complex<double>>& response) {
  const EvaluationPoint at = system.points().of_devices(0, y, derivative);
  std::vector<double> added;
  response.clear();
  for (const EquationGroup& group : system.unknowns().groups()) {
    const DeviceType& type = *group.devices->type;
    const Wiring& wiring = group.population->wiring;
    const std::size_t nb = type.branches.size(), nu = type.unknowns.size(), noises = type.noises.size();
    added.assign(group.population->count() * noises * (nb + nu), 0.0);
    if (added.empty()) continue;
    group.population->noise_paths(at, added.data());
    const double* share = added.data();
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      for (std::size_t noise = 0; noise < noises; ++noise) {
        std::complex<double> sum = 0;
        for (std::size_t b = k * nb; b < (k + 1) * nb; ++b)
          sum += *share++ * (lambda[wiring.plus[b]] - lambda[wiring.minus[b]]);
        for (std::size_t j = 0; j < nu; ++j) sum += *share++ * lambda[wiring.first_unknown + k * nu + j];
        response.push_back(sum);
      }
    }
  }
  for (std::size_t i = response.size(); i < sources.size(); ++i)
    response.push_back(lambda[sources[i].plus] - lambda[sources[i].minus]);
}

void noise_densities(EquationSystem& system, const double* y, const double* derivative, double kelvin,
                     double hertz, std::vector<double>& density) {
  const EvaluationPoint at = system.points().of_devices(0, y, derivative);
  const AuxiliaryPoint here = system.points().of_rows(system.sources().time(), y, derivative);
  density.clear();
  for (const EquationGroup& group : system.unknowns().groups()) {
    const std::size_t first = density.size();
    const std::size_t count = group.population->count() * group.devices->type->noises.size();
    if (count == 0) continue;
    density.resize(first + count);
    group.population->noise(at, kelvin, hertz, density.data() + first);
  }
  for (RowSet* set : system.auxiliary().sets().all) set->noise_densities(here, kelvin, density);
}

}  // namespace memspice
