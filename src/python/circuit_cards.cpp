#include "python/circuit_cards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/characters.hpp"
#include "circuit/element_view.hpp"
#include "memspice/simulate.hpp"

namespace memspice::python {

namespace {

void clear_analyses(Circuit& circuit) {
  circuit.analyses.clear();
  circuit.before_analyses.clear();
  circuit.after_analyses.clear();
  circuit.repetitions = {};
}

NodeId node_named(const Circuit& circuit, const std::string& name) {
  const std::uint32_t node = circuit.node_names.find(name == "gnd" ? "0" : name);
  if (node == NameTable::npos) throw std::out_of_range(fmt::format("the circuit has no node '{}'", name));
  return node;
}

OutputQuantity voltage_named(const Circuit& circuit, const std::string& text) {
  OutputQuantity output;
  output.text = to_lower(text);
  std::erase(output.text, ' ');
  if (!output.text.starts_with("v(") || !output.text.ends_with(')'))
    throw std::invalid_argument(
        fmt::format("the output of a noise analysis is v(a) or v(a,b), not '{}'", text));
  const std::string nodes = output.text.substr(2, output.text.size() - 3);
  const std::size_t comma = std::min(nodes.find(','), nodes.size());
  output.plus = node_named(circuit, nodes.substr(0, comma));
  if (comma < nodes.size()) output.minus = node_named(circuit, nodes.substr(comma + 1));
  return output;
}

/// What a name, as Circuit::with() takes it, stands for.
Sweep target_named(const Circuit& circuit, const std::string& given) {
  Sweep sweep;
  const std::string text = to_lower(given);
  const std::size_t colon = std::min(text.rfind(':'), text.size());
  const std::uint32_t element = find_element(circuit.element_names, text.substr(0, colon));
  sweep.name = text.substr(0, colon);
  if (colon < text.size()) sweep.parameter = text.substr(colon + 1);
  if (element == NameTable::npos) {
    sweep.model = !sweep.parameter.empty();
    sweep.target = sweep.model            ? Sweep::Target::device_parameter
                   : sweep.name == "temp" ? Sweep::Target::temperature
                                          : Sweep::Target::parameter;
    return sweep;
  }
  const ElementPlace place = element_places(circuit)[element];
  sweep.name = circuit.element_names[element];
  sweep.index = place.index;
  sweep.target = place.kind == ElementPlace::Kind::voltage_source   ? Sweep::Target::voltage_source
                 : place.kind == ElementPlace::Kind::current_source ? Sweep::Target::current_source
                                                                    : Sweep::Target::device_parameter;
  return sweep;
}

/// Circuit::with() of Python's: a name that nothing has is a KeyError there, whatever it might have named.
Circuit with_value(const Circuit& circuit, const std::string& name, double value) try {
  return circuit.with(name, value);
} catch (const DeckError& error) {
  const Diagnostic& first = error.diagnostics().front();
  if (first.line != 0 || !first.message.starts_with("the deck has no parameter")) throw;
  throw std::out_of_range(fmt::format("there is no parameter, no source and no element '{}'", name));
}

void check_frequencies(const std::vector<double>& frequencies) {
  const bool fine = !frequencies.empty() && frequencies.front() > 0 && frequencies.back() < infinity &&
                    std::ranges::is_sorted(frequencies, std::ranges::less_equal{});
  if (!fine) throw std::invalid_argument("frequencies have to be positive, in Hz, and ascend");
}

}  // namespace

Circuit with_transient(Circuit circuit, const TransientCard& card) {
  if (!(card.stop > 0 && card.stop < infinity && card.step >= 0 && card.step <= card.stop &&
        card.start >= 0 && card.start < card.stop && card.max_step > 0))
    throw std::invalid_argument(
        "a transient needs a stop above 0 s, a step from 0 to the stop, a start before the stop and a "
        "largest step above 0");
  clear_analyses(circuit);
  circuit.analyses.push_back(card);
  return circuit;
}

Circuit with_operating_point(Circuit circuit) {
  clear_analyses(circuit);
  circuit.analyses.push_back(OperatingPointCard{});
  return circuit;
}

Circuit with_dc(Circuit circuit, const std::vector<std::pair<std::string, std::vector<double>>>& sweeps) {
  DcCard card;
  for (const auto& [name, values] : sweeps) {
    if (values.empty()) throw std::invalid_argument(fmt::format("the sweep of '{}' has no values", name));
    if (!std::ranges::all_of(values, [](double value) { return std::isfinite(value); }))
      throw std::invalid_argument(fmt::format("the values of the sweep of '{}' have to be finite", name));
    static_cast<void>(with_value(circuit, name, values.front()));  // says what is wrong with the name
    card.sweeps.push_back(target_named(circuit, name));
    card.sweeps.back().values = values;
  }
  clear_analyses(circuit);
  circuit.origin.varies |= std::ranges::any_of(card.sweeps, [](const Sweep& sweep) {
    return sweep.target != Sweep::Target::voltage_source && sweep.target != Sweep::Target::current_source;
  });
  circuit.analyses.push_back(std::move(card));
  return circuit;
}

Circuit with_ac(Circuit circuit, std::vector<double> frequencies) {
  check_frequencies(frequencies);
  clear_analyses(circuit);
  circuit.analyses.push_back(AcCard{.frequencies = std::move(frequencies)});
  return circuit;
}

Circuit with_noise(Circuit circuit, const std::string& output, const std::string& input,
                   std::vector<double> frequencies) {
  check_frequencies(frequencies);
  NoiseCard card{.output = voltage_named(circuit, output),
                 .input = circuit.element_names.find(to_lower(input)),
                 .frequencies = std::move(frequencies)};
  const auto is_input = [&](const Source& source) { return source.name == card.input; };
  if (std::ranges::none_of(circuit.voltage_sources, is_input) &&
      std::ranges::none_of(circuit.current_sources, is_input))
    throw std::out_of_range(fmt::format("the circuit has no independent source '{}'", input));
  clear_analyses(circuit);
  circuit.analyses.push_back(std::move(card));
  return circuit;
}

Circuit with_network(Circuit circuit, std::string file) {
  clear_analyses(circuit);
  circuit.before_analyses.push_back(NetworkCard{.file = std::move(file)});
  return circuit;
}

Circuit with_fixed_point(Circuit circuit, double tolerance) {
  clear_analyses(circuit);
  circuit.after_analyses.push_back(FixedPointCard{.tolerance = tolerance});
  return circuit;
}

Circuit with_eigen(Circuit circuit, bool at_fixed_point) {
  clear_analyses(circuit);
  if (at_fixed_point) circuit.after_analyses.push_back(FixedPointCard{});
  circuit.after_analyses.push_back(
      EigenCard{.at = at_fixed_point ? StatePoint::fixed_point : StatePoint::operating_point});
  return circuit;
}

void set_saves(Circuit& circuit, const std::vector<std::string>& patterns) {
  circuit.outputs.saves.clear();
  circuit.outputs.prints.clear();
  for (const std::string& pattern : patterns) {
    std::string wanted = to_lower(pattern);
    std::erase(wanted, ' ');
    circuit.outputs.saves.push_back({.pattern = std::move(wanted), .where = {}});
  }
}

Circuit with_values(const Circuit& circuit, const std::vector<std::pair<std::string, double>>& values,
                    std::optional<std::uint64_t> seed) {
  Circuit changed = circuit;
  if (seed) {
    if (!circuit.origin.deck) throw std::invalid_argument("a circuit without a deck has no random numbers");
    ElaborateOptions options = circuit.origin.options;
    options.seed = seed;
    changed = elaborate(circuit.origin.deck, circuit.catalogue, options);
  }
  for (const auto& [name, value] : values) changed = with_value(changed, name, value);
  return changed;
}

}  // namespace memspice::python
