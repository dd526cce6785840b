#include "analysis/small_signal/linear_output.hpp"

#include <stdexcept>

namespace memspice {

Circuit LinearOutput::prepare(const Circuit& circuit) const {
  Circuit prepared = circuit;
  if (!quantity_.current) return prepared;
  Program program;
  program.finish(
      program.input({.kind = Probe::Kind::element, .element = quantity_.element, .accessor = "i"}));
  prepared.programs.push_back(std::move(program));
  return prepared;
}

std::uint32_t LinearOutput::current_row(const EquationSystem& system) {
  const auto last = static_cast<std::uint32_t>(system.circuit().programs.size() - 1);
  const std::uint32_t row = system.auxiliary().reading_row(last, 0);
  return row == no_row ? 0 : row;
}

std::size_t LinearOutput::current_source(const Circuit& circuit) const {
  for (std::size_t i = 0; i < circuit.current_sources.size(); ++i)
    if (circuit.current_sources[i].name == quantity_.element) return i;
  throw std::logic_error("a current without an unknown (please report)");
}

}  // namespace memspice
