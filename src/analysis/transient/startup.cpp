#include <utility>

#include "analysis/transient/transient.hpp"

namespace memspice {

Circuit ramped(const Circuit& circuit) {
  constexpr double rise = 20e-6;  // s
  Circuit with_ramps = circuit;
  with_ramps.functions = {};
  for (SourceFunction function : circuit.functions) {
    function.rise = rise;
    with_ramps.functions.push_back(std::move(function));
  }
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

}  // namespace memspice
