#pragma once

#include "support/run_deck.hpp"

namespace memspice::testing {

/// Adds to a circuit, by names, what the language would: the equations' tests need no cards.
struct CircuitEditor {
  Circuit circuit;

  explicit CircuitEditor(const std::string& body) : circuit(circuit_of(body)) {}

  NodeId node(std::string_view name) { return name == "0" ? ground : circuit.node_names.intern(name); }
  std::uint32_t element(std::string_view name) { return circuit.element_names.intern(name); }

  Probe voltage(std::string_view plus, std::string_view minus = "0") {
    return {.kind = Probe::Kind::voltage, .plus = node(plus), .minus = node(minus)};
  }
  Probe of(std::string_view accessor, std::string_view name) {
    return {.kind = Probe::Kind::element, .element = element(name), .accessor = std::string(accessor)};
  }

  /// `build(program)` returns the instruction that is the value.
  template <class Build>
  std::uint32_t program(Build&& build) {
    Program made;
    made.finish(build(made));
    circuit.programs.push_back(std::move(made));
    return static_cast<std::uint32_t>(circuit.programs.size() - 1);
  }
  /// gain × probe
  std::uint32_t linear(double gain, const Probe& probe) {
    return program(
        [&](Program& p) { return p.apply(Program::Operation::multiply, p.constant(gain), p.input(probe)); });
  }
  void source(std::string_view name, std::string_view plus, std::string_view minus, bool voltage,
              std::uint32_t number) {
    circuit.behavioural_sources.push_back({.name = element(name),
                                           .plus = node(plus),
                                           .minus = node(minus),
                                           .voltage = voltage,
                                           .program = number,
                                           .where = {}});
  }
  std::uint32_t auxiliary(bool integral, std::uint32_t number, double initial = 0) {
    circuit.auxiliaries.push_back({integral, number, initial});
    return static_cast<std::uint32_t>(circuit.auxiliaries.size() - 1);
  }
  void couple(std::string_view name, std::string_view first, std::string_view second, double coefficient) {
    circuit.couplings.push_back({element(name), element(first), element(second), coefficient, {}});
  }
  void line(std::string_view name, const std::array<std::string_view, 4>& nodes, double impedance,
            double delay) {
    TransmissionLine made;
    made.name = element(name);
    for (std::size_t i = 0; i < 4; ++i) made.nodes[i] = node(nodes[i]);
    made.impedance = impedance;
    made.delay = delay;
    circuit.lines.push_back(made);
  }
  void switch_element(const Switch& made, std::string_view name, std::string_view plus,
                      std::string_view minus, std::uint32_t control) {
    circuit.switches.push_back(made);
    circuit.switches.back().name = element(name);
    circuit.switches.back().plus = node(plus);
    circuit.switches.back().minus = node(minus);
    circuit.switches.back().control = control;
  }
};

}  // namespace memspice::testing
