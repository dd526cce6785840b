#include "analysis/transient/transient.hpp"

namespace memspice {
namespace {

constexpr double rise = 20e-6;  // s

bool begins_at_once(const SourceFunction& function) {
  constexpr int looks = 64;
  for (int i = 0; i < looks; ++i)
    if (const double t = rise * (i + 0.5) / looks; function.value(t, t) != 0) return true;
  return false;
}

}  // namespace

Circuit ramped(const Circuit& circuit) {
  Circuit with_ramps = circuit;
  for (std::vector<Source>* const sources : {&with_ramps.voltage_sources, &with_ramps.current_sources})
    for (Source& source : *sources) {
      if (source.function != Source::constant || source.dc == 0) continue;
      SourceFunction ramp;
      ramp.kind = SourceFunction::Kind::piecewise_linear;
      ramp.points = {{0.0, 0.0}, {rise, source.dc}};
      source.function = static_cast<std::uint32_t>(with_ramps.functions.size());
      with_ramps.functions.push_back(std::move(ramp));
    }
  return with_ramps;
}

std::vector<std::uint32_t> unramped(const Circuit& circuit, const TransientCard& card) {
  const std::vector<SourceFunction> functions = circuit.functions.resolved(card.step, card.stop);
  std::vector<std::uint32_t> names;
  for (const std::vector<Source>* const sources : {&circuit.voltage_sources, &circuit.current_sources})
    for (const Source& source : *sources)
      if (source.function != Source::constant && begins_at_once(functions[source.function]))
        names.push_back(source.name);
  return names;
}

}  // namespace memspice
