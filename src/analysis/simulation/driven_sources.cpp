#include "analysis/simulation/driven_sources.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <utility>

#include "base/characters.hpp"

namespace memspice {

namespace {

Source& source_named(Circuit& circuit, const std::string& given) {
  const std::uint32_t name = circuit.element_names.find(to_lower(given));
  for (auto* sources : {&circuit.voltage_sources, &circuit.current_sources})
    for (Source& source : *sources)
      if (source.name == name) return source;
  throw std::out_of_range(fmt::format("the circuit has no independent source '{}'", given));
}

/// The functions with another one in the place of this one.
void replace(SourceFunctions& functions, std::uint32_t place, SourceFunction function) {
  SourceFunctions replaced;
  replaced.reserve(functions.size());
  for (std::uint32_t i = 0; i < functions.size(); ++i)
    replaced.push_back(i == place ? std::move(function) : functions[i]);
  functions = std::move(replaced);
}

}  // namespace

bool may_be_driven(Circuit& circuit, const Inputs& inputs) {
  bool all = true;
  for (const auto& [name, value] : inputs) {
    if (!std::isfinite(value))
      throw std::invalid_argument(fmt::format("source '{}' cannot be {:g}", name, value));
    all &= source_named(circuit, name).function != Source::constant;
  }
  return all;
}

void drive_sources(Circuit& circuit, const Inputs& inputs, InputShape shape, double begin, double end) {
  for (const auto& [name, given] : inputs) {
    Source& source = source_named(circuit, name);
    const double value = given * source.extras->copies;
    const bool constant = source.function == Source::constant;
    const double now = constant ? source.dc : circuit.functions[source.function].value(begin, begin);
    SourceFunction function;
    function.kind = SourceFunction::Kind::piecewise_linear;
    function.values.fill(not_given);
    function.points = {{begin, shape == InputShape::linear ? now : value}, {end, value}};
    if (constant) {
      source.function = static_cast<std::uint32_t>(circuit.functions.size());
      circuit.functions.push_back(std::move(function));
    } else {
      replace(circuit.functions, source.function, std::move(function));
    }
  }
}

}  // namespace memspice
