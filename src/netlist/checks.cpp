#include "netlist/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/characters.hpp"
#include "base/lines.hpp"
#include "circuit/noise_waveforms.hpp"

namespace memspice {
namespace {

constexpr std::size_t most_named_nodes = 5;

// How many terminals are connected to each node, up to 2, and the card of the last one of them.
struct Connections {
  std::vector<std::uint8_t> count;

  explicit Connections(const Circuit& circuit) : count(circuit.node_names.size()) {
    const auto add = [this](NodeId node) { count[node] = std::min(count[node] + 1, 2); };
    for_each(circuit, [&](NodeId node, Location) { add(node); });
    // A node at the end of one element is there to be looked at.
    for (const Program& program : circuit.programs)
      for (const Probe& probe : program.inputs())
        for (const NodeId node : {probe.plus, probe.minus})
          if (probe.kind == Probe::Kind::voltage && node != ground) add(node);
  }

  template <class Visit>
  static void for_each(const Circuit& circuit, Visit visit) {
    for (const DeviceGroup& group : circuit.groups) {
      const std::size_t terminals = group.type->terminals.size();
      for (std::size_t i = 0; i < group.nodes.size(); ++i) visit(group.nodes[i], group.where[i / terminals]);
    }
    const auto visit_ends = [&](const auto& elements) {
      for (const auto& element : elements) {
        visit(element.plus, element.where);
        visit(element.minus, element.where);
      }
    };
    visit_ends(circuit.voltage_sources);
    visit_ends(circuit.current_sources);
    visit_ends(circuit.behavioural_sources);
    visit_ends(circuit.switches);
    for (const TransmissionLine& line : circuit.lines)
      for (const NodeId node : line.nodes) visit(node, line.where);
  }
};

/// Of the transients of the deck: one starts from initial values, one does not.
struct Starts {
  bool from_values = false;
  bool from_operating_point = false;

  explicit Starts(const Circuit& circuit) {
    for (const AnalysisCard& card : circuit.analyses)
      if (const auto* transient = card.get_if<TransientCard>())
        (transient->use_initial_conditions ? from_values : from_operating_point) = true;
  }
};

/// The word ic on the card of an element.
std::string_view find_ic(std::string_view card) {
  for (std::size_t at = 0; at + 2 < card.size(); ++at)
    if (same_word(card.substr(at, 2), "ic") && is_blank(card[at - (at > 0)]) &&
        (card[at + 2] == '=' || is_blank(card[at + 2])))
      return card.substr(at, 2);
  return first_word(card);
}

}  // namespace

void check_initial_values(Elaboration& elaboration) {
  const Starts starts(elaboration.circuit);
  if (!starts.from_operating_point) return;
  const bool xyce = !elaboration.dialect.xyce_at.empty();
  bool told = false;
  for (const DeviceGroup& group : elaboration.circuit.groups) {
    if (!group.type->positional || group.type->terminals.size() != 2) continue;
    const auto ic = group.type->find_parameter("ic");
    if (!ic) continue;
    for (std::size_t i = 0; i < group.count(); ++i) {
      const double value = group.parameter(i, *ic);
      if (std::isnan(value)) continue;
      const NodeId plus = group.nodes[2 * i], minus = group.nodes[2 * i + 1];
      if (xyce && group.type->open_at_dc && (plus == ground) != (minus == ground)) {
        // Xyce holds the capacitor at its voltage at the operating point.
        const NodeId node = plus == ground ? minus : plus;
        auto& conditions = elaboration.circuit.initial_conditions;
        if (std::ranges::find(conditions, node, &NodeVoltage::node) == conditions.end())
          conditions.push_back({node, plus == ground ? -value : value, group.where[i]});
      } else if (!told && !starts.from_values) {
        told = true;
        const Location where = group.where[i];
        elaboration.messages.warning(
            {find_ic(elaboration.deck.sources->text(where.file).substr(where.offset).substr(0, 200)),
             "ic= has no effect without uic on the .tran card, as in ngspice",
             "write uic, or .ic v(node)=V for the operating point"});
      }
    }
  }
}

void check_frequency_tables(Elaboration& elaboration) {
  const std::string_view at = elaboration.noted.frequency_tables;
  const auto is_transient = [](const AnalysisCard& card) { return card.get_if<TransientCard>() != nullptr; };
  if (at.empty() || std::ranges::none_of(elaboration.circuit.analyses, is_transient)) return;
  elaboration.messages.error({at, "a gain by frequency has no meaning in .tran",
                              "write LAPLACE with a rational function of s, or leave .tran out"});
}

void check_noise_lengths(Elaboration& elaboration) {
  double stop = 0;
  for (const AnalysisCard& card : elaboration.circuit.analyses)
    if (const auto* transient = card.get_if<TransientCard>()) stop = std::max(stop, transient->stop);
  for (const auto* sources : {&elaboration.circuit.voltage_sources, &elaboration.circuit.current_sources})
    for (const Source& source : *sources) {
      if (source.function == Source::constant) continue;
      const SourceFunction::Kind kind = elaboration.circuit.functions.kind(source.function);
      const bool noise = kind == SourceFunction::Kind::noise;
      if (!noise && kind != SourceFunction::Kind::random_steps) continue;
      const SourceFunction function = elaboration.circuit.functions[source.function];
      double step = function.values[1];
      if (noise && function.values[4] != 0 && !std::isnan(function.values[4]))  // the telegraph signal's pair
        step = std::fmin(step > 0 ? step : infinity, 0.5 * (function.values[5] + function.values[6]));
      if (stop / step > elaboration.circuit.options.budgets.limit(Resource::corners))
        refuse_more(elaboration, Resource::corners,
                    elaboration.deck.sources->text(source.where.file).substr(source.where.offset));
      if (!(stop / step > most_noise_points)) continue;
      elaboration.messages.error(
          {elaboration.deck.sources->text(source.where.file).substr(source.where.offset, 1),
           fmt::format("the noise of '{}' would have {:.3g} points to the end of .tran, more than {:g}",
                       elaboration.circuit.element_names[source.name], stop / step, most_noise_points),
           "make its time step longer, or the run shorter"});
    }
}

void check_connections(Elaboration& elaboration) {
  if (elaboration.messages.error_count() > 0) return;  // elements are missing
  if (elaboration.circuit.element_names.size() == 0) {
    elaboration.messages.error(
        {elaboration.deck.text(elaboration.deck.cards.front()).substr(0, 0), "the deck has no elements"});
    return;
  }
  const Connections connections(elaboration.circuit);
  if (connections.count[ground] == 0)
    elaboration.messages.error(
        {{}, "no element is connected to ground", "call one node 0: potentials are counted from it"});
  if (elaboration.element_options.dangling_nodes_are_meant) return;
  if (std::ranges::find(connections.count, 1) == connections.count.end()) return;
  std::size_t lonely = 0;
  Connections::for_each(elaboration.circuit, [&](NodeId node, Location where) {
    const auto& hidden = elaboration.circuit.hidden_nodes;
    if (node == ground || connections.count[node] != 1 || std::ranges::binary_search(hidden, node) ||
        ++lonely > most_named_nodes)
      return;
    const std::string_view text = elaboration.deck.sources->text(where.file);
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", where.offset), text.size());
    elaboration.messages.warning(
        {text.substr(where.offset, end - where.offset),
         fmt::format("node '{}' has only this one connection", elaboration.circuit.node_names[node])});
  });
  if (lonely == most_named_nodes + 1)
    elaboration.messages.warning({{}, "1 more node has only one connection"});
  if (lonely > most_named_nodes + 1)
    elaboration.messages.warning(
        {{}, fmt::format("{} more nodes have only one connection", lonely - most_named_nodes)});
}

}  // namespace memspice
