#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "memspice/circuit.hpp"

namespace memspice::testing {

/// A circuit without a deck: nodes by number (0 is ground), parameters by name, all others at their defaults.
class NetworkCircuit {
 public:
  using Parameters = std::initializer_list<std::pair<std::string_view, double>>;

  NetworkCircuit() {
    circuit_.title = "built by a test";
    circuit_.catalogue = standard_catalogue();
    circuit_.sources = std::make_shared<SourceFiles>();
    circuit_.node_names.intern("0");
  }

  NetworkCircuit& memristor(std::string_view name, NodeId plus, NodeId minus, Parameters parameters) {
    return device('y', name, plus, minus, parameters);
  }
  NetworkCircuit& resistor(std::string_view name, NodeId plus, NodeId minus, double ohm) {
    return device('r', name, plus, minus, {{"r", ohm}});
  }
  NetworkCircuit& capacitor(std::string_view name, NodeId plus, NodeId minus, double farad) {
    return device('c', name, plus, minus, {{"c", farad}});
  }
  NetworkCircuit& voltage(std::string_view name, NodeId plus, NodeId minus, double dc) {
    circuit_.voltage_sources.push_back(source(name, plus, minus, dc));
    return *this;
  }
  NetworkCircuit& voltage(std::string_view name, NodeId plus, NodeId minus, SourceFunction function) {
    voltage(name, plus, minus, 0);
    circuit_.voltage_sources.back().function = static_cast<std::uint32_t>(circuit_.functions.size());
    circuit_.functions.push_back(std::move(function));
    return *this;
  }
  NetworkCircuit& current(std::string_view name, NodeId plus, NodeId minus, double dc) {
    circuit_.current_sources.push_back(source(name, plus, minus, dc));
    return *this;
  }

  [[nodiscard]] const Circuit& circuit() const { return circuit_; }

 private:
  NetworkCircuit& device(char letter, std::string_view name, NodeId plus, NodeId minus,
                         Parameters parameters) {
    const DeviceType* type = circuit_.catalogue->find(letter);
    auto group = circuit_.groups.begin();
    while (group != circuit_.groups.end() && group->type != type) ++group;
    if (group == circuit_.groups.end()) {
      group = circuit_.groups.insert(group, DeviceGroup{});
      group->type = type;
    }
    group->names.push_back(circuit_.element_names.intern(name));
    group->nodes.insert(group->nodes.end(), {node(plus), node(minus)});
    group->where.push_back({});
    std::vector<double> values;
    for (const auto& parameter : type->parameters) values.push_back(parameter.default_value);
    for (const auto& [key, value] : parameters) values[type->find_parameter(key).value()] = value;
    group->parameters.add(values);
    return *this;
  }

  Source source(std::string_view name, NodeId plus, NodeId minus, double dc) {
    Source source;
    source.name = circuit_.element_names.intern(name);
    source.plus = node(plus);
    source.minus = node(minus);
    source.dc = dc;
    return source;
  }

  NodeId node(NodeId number) {
    while (circuit_.node_names.size() <= number)
      circuit_.node_names.intern("n" + std::to_string(circuit_.node_names.size()));
    return number;
  }

  Circuit circuit_;
};

inline SourceFunction sine(double amplitude, double frequency) {
  SourceFunction function;
  function.kind = SourceFunction::Kind::sine;
  function.values = {0, amplitude, frequency, 0, 0, 0, 0};
  return function;
}

inline SourceFunction piecewise_linear(std::vector<std::pair<double, double>> points) {
  SourceFunction function;
  function.kind = SourceFunction::Kind::piecewise_linear;
  function.points = std::move(points);
  return function;
}

/// A transient from 0 to `stop`.
inline TransientCard until(double stop) {
  TransientCard card;
  card.step = stop / 100;
  card.stop = stop;
  return card;
}

}  // namespace memspice::testing
