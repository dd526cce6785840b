#include "analysis/transient/flow_network_of.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/spelling.hpp"
#include "equations/topology/tiny_resistances.hpp"

namespace memspice {

namespace {

using network::FlowEnds;
using network::FlowNetwork;
using network::SourceSums;

constexpr double largest_ratio =
    1e3;  // of roff to ron; beyond, a network may be too stiff for accurate steps

/// One that a network integrator may cover.
bool is_memristor(const DeviceType& type) {
  return type.network_role == NetworkRole::linear_memristor ||
         type.network_role == NetworkRole::driven_memristor;
}

/// What else has to be said of one that none covers, as a kind of element; empty: one does.
std::string_view kind_not_covered(const DeviceGroup& group, std::size_t k) {
  const auto is = [&](std::string_view parameter) {
    const std::optional<std::size_t> place = group.type->find_parameter(parameter);
    return place && group.parameter(k, *place) != 0;
  };
  if (is("active")) return "active memristor";
  if (is("variant") && group.type->name == "metastable switches") return "memristor with noise of its own";
  return {};
}

bool has_linear_memristors_only(const Circuit& circuit) {
  return std::ranges::none_of(circuit.groups, [](const DeviceGroup& group) {
    return group.count() > 0 && is_memristor(*group.type) &&
           group.type->network_role != NetworkRole::linear_memristor;
  });
}

double parameter_of(const DeviceGroup& group, std::size_t instance, std::string_view name) {
  return group.parameter(instance, *group.type->find_parameter(name));
}

/// A sum of sources: what a node's potential differs by from its root's.
struct Sum {
  double constant = 0;
  std::vector<SourceSums::Term> terms;  // by wave, ascending

  void add(const Sum& other, double factor) {
    constant += factor * other.constant;
    for (const SourceSums::Term& term : other.terms) add(term.wave, factor * term.factor);
  }
  void add(std::uint32_t wave, double factor) {
    if (factor == 0) return;
    const auto place = std::ranges::lower_bound(terms, wave, {}, &SourceSums::Term::wave);
    if (place != terms.end() && place->wave == wave)
      place->factor += factor;
    else
      terms.insert(place, {wave, factor});
  }
  void add(const SourceValues& sources, const Source& source, double factor) {
    if (source.function == Source::constant) {
      constant += factor * source.dc;
      return;
    }
    const SharedWaves::Part& part = sources.part(source.function);
    constant += factor * part.constant;
    add(part.wave, factor * part.factor);
  }
};

void append(SourceSums& sums, const Sum& sum) {
  if (sums.begin.empty()) sums.begin.push_back(0);
  sums.constant.push_back(sum.constant);
  sums.terms.insert(sums.terms.end(), sum.terms.begin(), sum.terms.end());
  sums.begin.push_back(static_cast<std::uint32_t>(sums.terms.size()));
}

/// The offsets of all nodes from their roots; empty sums where no voltage source leads.
std::vector<Sum> offsets_of(const EquationSystem& system) {
  const Circuit& circuit = system.circuit();
  const PotentialForest& forest = system.unknowns().forest();
  std::vector<Sum> offsets(circuit.node_names.size());
  forest.for_each_branch([&](NodeId parent, NodeId child, std::uint32_t tie, double sign) {
    Sum& offset = offsets[child] = offsets[parent];
    if (forest.ties()[tie].kind == Tie::Kind::voltage_source)
      offset.add(system.sources(), circuit.voltage_sources[forest.ties()[tie].index], sign);
  });
  return offsets;
}

class FlowBuilder {
 public:
  explicit FlowBuilder(const EquationSystem& system) : system_(system), offsets_(offsets_of(system)) {
    flow_.network.rows = system.unknowns().potentials();
    for (const SourceFunction& wave : system.sources().waves()) flow_.network.waves.push_back({wave, 0});
  }

  CircuitFlow build() {
    if (has_linear_memristors_only(system_.circuit())) {
      // Blocks of memristors of one control are evaluated side by side.
      for (const bool voltage_control : {false, true})
        for (const EquationGroup& group : system_.unknowns().groups())
          if (group.devices->type->network_role == NetworkRole::linear_memristor)
            add_memristors(group, voltage_control);
    } else {
      for (const EquationGroup& group : system_.unknowns().groups())
        if (is_memristor(*group.devices->type)) add_devices(group);
    }
    for (const EquationGroup& group : system_.unknowns().groups())
      if (group.devices->type->network_role == NetworkRole::resistor) add_resistors(group);
    for (const Source& source : system_.circuit().current_sources) add_injection(source);
    find_effects();
    return std::move(flow_);
  }

 private:
  void add_branch(const EquationGroup& group, std::size_t k, FlowEnds& ends, SourceSums& emf) {
    const Wiring& wiring = group.population->wiring;
    ends.plus.push_back(wiring.plus[k]);
    ends.minus.push_back(wiring.minus[k]);
    const NodeId* nodes = group.devices->nodes.data() + 2 * group.instance(k);
    Sum sum = offsets_[nodes[0]];
    sum.add(offsets_[nodes[1]], -1);
    append(emf, sum);
  }

  void add_memristors(const EquationGroup& group, bool voltage_control) {
    const DeviceGroup& devices = *group.devices;
    FlowNetwork& net = flow_.network;
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      const std::size_t instance = group.instance(k);
      if ((parameter_of(devices, instance, "control") != 0) != voltage_control) continue;
      const double ron = parameter_of(devices, instance, "ron");
      net.add_law(
          {.excess = parameter_of(devices, instance, "roff") / ron - 1,
           .gain = parameter_of(devices, instance, "polarity") / parameter_of(devices, instance, "beta"),
           .conductance = 1 / ron,
           .alpha = parameter_of(devices, instance, "alpha"),
           .voltage_control = voltage_control});
      flow_.states.push_back(group.population->wiring.first_unknown + k);
      add_branch(group, k, net.memristors, net.memristor_emf);
    }
  }

  void add_devices(const EquationGroup& group) {
    if (group.population->count() == 0) return;
    flow_.devices.push_back({group.population->driven(), group.population->count()});
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      flow_.states.push_back(group.population->wiring.first_unknown + k);
      add_branch(group, k, flow_.network.memristors, flow_.network.memristor_emf);
    }
  }

  void add_resistors(const EquationGroup& group) {
    for (std::size_t k = 0; k < group.population->count(); ++k) {
      flow_.network.resistor_conductance.push_back(1 / parameter_of(*group.devices, group.instance(k), "r"));
      add_branch(group, k, flow_.network.resistors, flow_.network.resistor_emf);
    }
  }

  void add_injection(const Source& source) {
    const PotentialForest& forest = system_.unknowns().forest();
    flow_.network.injections.plus.push_back(forest.row(source.plus));
    flow_.network.injections.minus.push_back(forest.row(source.minus));
    Sum sum;
    sum.add(system_.sources(), source, 1);
    append(flow_.network.injected, sum);
  }

  /// Passive branches see no more of an EMF than the EMF, and of a current no more than it drives through the
  /// largest of them.
  void find_effects() {
    FlowNetwork& net = flow_.network;
    double fastest = 0, largest = 0;
    for (const network::FluxLaw& law : net.laws) {
      fastest = std::max(fastest, std::abs(law.gain));
      largest = std::max(largest, (1 + law.excess) / law.conductance);
    }
    const auto see = [&](const SourceSums& sums, double scale) {
      for (const SourceSums::Term& term : sums.terms) {
        double& effect = net.waves[term.wave].largest_effect;
        effect = std::max(effect, std::abs(term.factor) * scale);
      }
    };
    see(net.memristor_emf, fastest);
    see(net.resistor_emf, fastest);
    see(net.injected, fastest * largest);
  }

  const EquationSystem& system_;
  CircuitFlow flow_;
  std::vector<Sum> offsets_;
};

}  // namespace

std::optional<std::string> obstacle_to_flow(const Circuit& circuit) {
  const auto named = [&](std::uint32_t name, std::string_view kind) {
    return fmt::format("'{}', {}", circuit.element_names[name], with_article(kind));
  };
  bool memristors = false;
  for (const DeviceGroup& group : circuit.groups) {
    if (group.count() == 0) continue;
    const bool memristor = is_memristor(*group.type);
    if (!memristor && group.type->network_role == NetworkRole::other)
      return named(group.names.front(), group.type->name);
    memristors |= memristor;
    for (std::size_t k = 0; k < group.count(); ++k) {
      if (const std::string_view kind = memristor ? kind_not_covered(group, k) : ""; !kind.empty())
        return named(group.names[k], kind);
      if (!memristor && parameter_of(group, k, "r") < 0) return named(group.names[k], "negative resistance");
    }
  }
  if (!circuit.behavioural_sources.empty())
    return named(circuit.behavioural_sources.front().name, "behavioural source");
  if (!circuit.switches.empty()) return named(circuit.switches.front().name, "switch");
  if (!circuit.couplings.empty()) return named(circuit.couplings.front().name, "coupling of inductors");
  if (!circuit.lines.empty()) return named(circuit.lines.front().name, "transmission line");
  if (!memristors) return "the circuit, which has no memristor";
  const TinyResistances tiny = tiny_resistances(circuit);
  if (!tiny.resistors.empty()) {
    const TinyResistances::Resistor& first = tiny.resistors.front();
    return named(circuit.groups[first.group].names[first.index], "resistance too small for potentials");
  }
  return {};
}

bool has_moderate_ratios(const Circuit& circuit) {
  for (const DeviceGroup& group : circuit.groups) {
    if (group.type->network_role != NetworkRole::linear_memristor) continue;
    for (std::size_t k = 0; k < group.count(); ++k)
      if (parameter_of(group, k, "roff") > largest_ratio * parameter_of(group, k, "ron")) return false;
  }
  return true;
}

std::optional<std::string> why_not_network(const Circuit& circuit) {
  // Fewer are as fast with IDA, or nearly so.
  const std::size_t least_states = has_linear_memristors_only(circuit) ? 1000 : 100;
  const Options& options = circuit.options;
  if (options.integrator == Integrator::ida) return "integrator=ida";
  if (const std::optional<std::string> obstacle = obstacle_to_flow(circuit))
    return "the network integrator does not cover " + *obstacle;
  if (options.integrator == Integrator::network) return {};
  if (options.solver == LinearSolver::klu) return "solver=klu";
  std::size_t states = 0;
  for (const DeviceGroup& group : circuit.groups)
    if (is_memristor(*group.type)) states += group.count();
  if (states < least_states) return fmt::format("fewer than {} memristors", least_states);
  if (has_linear_memristors_only(circuit) && !has_moderate_ratios(circuit))
    return fmt::format("a roff of more than {:g} ron", largest_ratio);
  return {};
}

void require_integrator(const Circuit& circuit, Location card) {
  const auto refuse = [&](const std::string& message, const char* hint) {
    static const SourceFiles none;
    throw DeckError(diagnose(circuit.sources ? *circuit.sources : none, card, 1, message, hint));
  };
  const Options& options = circuit.options;
  if (options.integrator == Integrator::network) {
    if (const std::optional<std::string> obstacle = obstacle_to_flow(circuit))
      refuse(fmt::format("the network integrator does not cover {}", *obstacle),
             "it does memristors that conduct as a state has it, resistors and independent sources; "
             "leave out .options integrator=network, and IDA does the circuit");
    if (options.solver == LinearSolver::klu)
      refuse("the network integrator has no factors of KLU",
             "write solver=cholmod or pcg, or integrator=ida");
  }
  if (options.solver != LinearSolver::gradients) return;
  if (const std::optional<std::string> reason = why_not_network(circuit))
    refuse(fmt::format("solver=pcg is the network integrator's, and IDA does this circuit: {}", *reason),
           options.integrator == Integrator::automatic && !obstacle_to_flow(circuit)
               ? "add .options integrator=network, or leave solver=pcg out"
               : "leave out solver=pcg: IDA's equations are solved by factors");
}

CircuitFlow flow_network_of(const EquationSystem& system) {
  return FlowBuilder(system).build();
}

}  // namespace memspice
