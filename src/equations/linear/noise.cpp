#include "equations/linear/noise.hpp"

namespace memspice {

namespace {

/// Noise of one device that enters its equations with these weights: of the branch currents, then of the
/// internal equations.
NoiseSource source_inside(const EquationGroup& group, std::size_t k, std::string_view name,
                          const double* weight) {
  const DeviceType& type = *group.devices->type;
  const Wiring& wiring = group.population->wiring;
  const std::size_t branches = type.branches.size();
  NoiseSource source{group.devices->names[group.instance(k)], name};
  for (std::size_t b = 0; b < branches; ++b) {
    if (weight[b] == 0) continue;
    source.inside.emplace_back(wiring.plus[k * branches + b], weight[b]);
    source.inside.emplace_back(wiring.minus[k * branches + b], -weight[b]);
  }
  const std::size_t first = wiring.first_unknown + k * type.unknowns.size();
  for (std::size_t j = 0; j < type.unknowns.size(); ++j)
    if (weight[branches + j] != 0)
      source.inside.emplace_back(static_cast<std::uint32_t>(first + j), weight[branches + j]);
  return source;
}

}  // namespace

std::vector<NoiseSource> noise_sources(const EquationSystem& system, const double* y,
                                       const double* derivative) {
  std::vector<NoiseSource> sources;
  const EvaluationPoint at = system.points().of_devices(0, y, derivative);
  std::vector<double> weights;
  for (const EquationGroup& group : system.unknowns().groups()) {
    const DeviceType& type = *group.devices->type;
    const std::size_t width = type.branches.size() + type.unknowns.size();
    weights.assign(group.population->count() * type.noises.size() * width, 0.0);
    if (weights.empty()) continue;
    if (y != nullptr) group.population->noise(at, 0, 1, nullptr, weights.data());
    const double* weight = weights.data();
    for (std::size_t k = 0; k < group.population->count(); ++k)
      for (const NoiseDescription& noise : type.noises) {
        sources.push_back(source_inside(group, k, noise.name, weight));
        weight += width;
      }
  }
  for (const RowSet* set : system.auxiliary().sets().all) set->find_noise(sources);
  return sources;
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
    group.population->noise(at, kelvin, hertz, density.data() + first, nullptr);
  }
  for (RowSet* set : system.auxiliary().sets().all) set->noise_densities(here, kelvin, density);
}

}  // namespace memspice
