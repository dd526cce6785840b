#include "analysis/solution/singular_sources.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/disjoint_sets.hpp"

namespace memspice {

namespace {

constexpr std::size_t most_names = 5;

std::string line_of(std::string_view what, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  return fmt::format("\n  {}: {}", what, fmt::join(names, ", "));
}

/// Sources whose equation does not change with any unknown.
std::vector<std::string> constant_equations(EquationSystem& system, double t, const Solution& guess) {
  std::vector<double> here(system.size()), elsewhere(system.size());
  std::vector<double> y = guess.y;
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += 0.1 + std::fmod(0.618034 * static_cast<double>(i), 1);
  const double* const slopes = guess.derivative.data();
  std::vector<std::string> names;
  if (!system.residual(t, guess.y.data(), slopes, system.points().kappa(0), here.data()) ||
      !system.residual(t, y.data(), slopes, system.points().kappa(0), elsewhere.data()))
    return names;
  for (std::size_t i = system.unknowns().potentials();
       i < system.unknowns().rows() && names.size() < most_names; ++i)
    if (std::abs(here[i] - elsewhere[i]) <= 1e-12 * (std::abs(here[i]) + 1)) {
      const std::string current = system.auxiliary().name(i - system.unknowns().potentials());  // i(b1)
      names.push_back(current.substr(2, current.size() - 3));
    }
  return names;
}

/// The controlled voltage sources of a part of the circuit that is joined by more of them than a tree needs.
std::vector<std::string> loop_of_sources(const EquationSystem& system) {
  const Circuit& circuit = system.circuit();
  DisjointSets joined(system.unknowns().potentials());
  const auto row = [&](NodeId node) { return system.unknowns().forest().row(node); };
  std::vector<const BehaviouralSource*> sources;
  const BehaviouralSource* closing = nullptr;
  for (const BehaviouralSource& source : circuit.behavioural_sources) {
    if (!source.voltage) continue;
    sources.push_back(&source);
    if (!joined.join(row(source.plus), row(source.minus)) && closing == nullptr) closing = &source;
  }
  std::vector<std::string> names;
  if (closing == nullptr) return names;
  for (const BehaviouralSource* source : sources)
    if (joined.find(row(source->plus)) == joined.find(row(closing->plus)) && names.size() < most_names)
      names.emplace_back(circuit.element_names[source->name]);
  return names;
}

}  // namespace

std::string describe_singular_sources(EquationSystem& system, double t, const Solution& guess) {
  return line_of("sources whose value no voltage or current changes", constant_equations(system, t, guess)) +
         line_of("controlled voltage sources with a loop among them", loop_of_sources(system));
}

}  // namespace memspice
