#include "equations/linear/linearisation.hpp"

#include <algorithm>

#include "equations/equation_group.hpp"

namespace memspice {

namespace {

/// Applies a real linear map to the real and the imaginary parts.
template <class Number, class Map>
void apply(std::span<const Number> in, std::span<Number> out, Map&& map) {
  if constexpr (std::is_same_v<Number, double>) {
    map(in, out);
  } else {
    std::vector<double> part(in.size()), result(out.size());
    std::ranges::transform(in, part.begin(), [](Number z) { return z.real(); });
    map(std::span<const double>(part), std::span<double>(result));
    std::ranges::copy(result, out.begin());
    std::ranges::transform(in, part.begin(), [](Number z) { return z.imag(); });
    map(std::span<const double>(part), std::span<double>(result));
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = {out[i].real(), result[i]};
  }
}

/// How late (s) an unknown of an instance is to small signals; at rest nothing is.
double delay(const EvaluationPoint& at, const EquationGroup& group, std::size_t instance,
             std::size_t unknown) {
  const DeviceType& type = *group.devices->type;
  const std::string_view name = type.unknowns[unknown].delay;
  if (name.empty() || at.hold_states) return 0;
  const auto found = std::ranges::find(type.observables, name, &ObservableDescription::name);
  return group.population->observe(at, instance, static_cast<std::size_t>(found - type.observables.begin()));
}

}  // namespace

Linearisation::Linearisation(EquationSystem& system, double t, const double* y, const double* derivative)
    : system_(system), has_offset_(system.unknowns().forest().nodes_with_offset()) {
  system.points().go_to(t);
  const EvaluationPoint at = system.points().of_devices(t, y, derivative);
  equations_.entries.push_back({0, 0, 1, 0});  // ground
  jacobians_.resize(system.unknowns().groups().size());
  for (std::size_t g = 0; g < system.unknowns().groups().size(); ++g) {
    const EquationGroup& group = system.unknowns().groups()[g];
    const std::size_t nb = group.devices->type->branches.size();
    const std::size_t nu = group.devices->type->unknowns.size();
    jacobians_[g].resize(group.population->count() * (nb + nu) * (nb + 2 * nu));
    group.population->jacobians(at, jacobians_[g].data());
    add_instances(at, g, false);
  }
  if (!system.auxiliary().empty()) {
    const AuxiliaryPoint point = system.points().of_rows(t, y, derivative);
    EntryLists equations, loads;
    EntrySink to_equations(equations), to_loads(loads);
    system.auxiliary().entries(point, to_equations);
    system.auxiliary().load_entries(point, to_loads);
    add_lists(equations, equations_, false);
    add_lists(loads, loads_, true);
    add_taps(at);
  }
  kept_entries_ = equations_.entries.size();
  for (std::size_t g = 0; g < system.unknowns().groups().size(); ++g) add_instances(at, g, true);
}

void Linearisation::add_lists(const EntryLists& from, EntryLists& to, bool ground_row) const {
  const auto counts = [&](std::uint32_t row) { return row != 0 || ground_row; };
  for (const MatrixEntry& entry : from.entries)
    if (counts(entry.row) && entry.column != 0) to.entries.push_back(entry);
  for (const EntryLists::NodeEntry& entry : from.nodes)
    if (counts(entry.row) && has_offset_[entry.node] != 0) to.nodes.push_back(entry);
  for (const EntryLists::SourceEntry& entry : from.sources)
    if (counts(entry.row)) to.sources.push_back(entry);
  for (const DelayedEntry& entry : from.delayed)
    if (entry.column != 0) to.delayed.push_back(entry);
}

void Linearisation::add_instances(const EvaluationPoint& at, std::size_t g, bool blocks) {
  const EquationGroup& group = system_.unknowns().groups()[g];
  const DeviceType& type = *group.devices->type;
  const Wiring& wiring = group.population->wiring;
  const std::size_t nb = type.branches.size();
  const std::size_t nu = type.unknowns.size();
  const std::size_t width = nb + 2 * nu;
  std::vector<bool> is_block(group.population->count(), nu > 0 && !type.short_at_dc);
  for (const TapRow& tap : system_.auxiliary().sets().taps.rows())
    if (tap.group == g) is_block[tap.tap.instance] = false;
  for (std::size_t k = 0; k < group.population->count(); ++k) {
    for (std::size_t j = 0; j < nu; ++j) is_block[k] = is_block[k] && delay(at, group, k, j) == 0;
    if (is_block[k] != blocks) continue;
    const double* row = jacobians_[g].data() + k * (nb + nu) * width;
    const auto first = static_cast<std::uint32_t>(wiring.first_unknown + k * nu);
    const NodeId* nodes = group.devices->nodes.data() + group.instance(k) * type.terminals.size();
    if (blocks)
      blocks_.push_back({row, nb, nu, wiring.plus.data() + k * nb, wiring.minus.data() + k * nb, first});
    const auto add_row = [&](std::uint32_t to, double sign) {
      if (to == 0) return;
      for (std::size_t b = 0; b < nb; ++b) {
        const double g_b = sign * row[b];
        const std::uint32_t plus = wiring.plus[k * nb + b];
        const std::uint32_t minus = wiring.minus[k * nb + b];
        if (plus != 0) equations_.entries.push_back({to, plus, g_b, 0});
        if (minus != 0) equations_.entries.push_back({to, minus, -g_b, 0});
        const NodeId first_node = nodes[type.branches[b][0]];
        const NodeId second_node = nodes[type.branches[b][1]];
        if (has_offset_[first_node] != 0) equations_.nodes.push_back({to, first_node, g_b});
        if (has_offset_[second_node] != 0) equations_.nodes.push_back({to, second_node, -g_b});
      }
      for (std::uint32_t j = 0; j < nu; ++j)
        equations_.entries.push_back({to, first + j, sign * row[nb + j], sign * row[nb + nu + j]});
    };
    for (std::size_t b = 0; b < nb; ++b, row += width) {
      add_row(wiring.plus[k * nb + b], 1);
      add_row(wiring.minus[k * nb + b], -1);
    }
    for (std::uint32_t j = 0; j < nu; ++j, row += width) {
      const double late = delay(at, group, k, j);
      if (late == 0)
        add_row(first + j, 1);
      else
        add_delayed(first + j, first, {row + nb, nu}, late);
    }
  }
}

void Linearisation::add_delayed(std::uint32_t row, std::uint32_t first, std::span<const double> by_unknown,
                                double delay) {
  for (std::uint32_t i = 0; i < by_unknown.size(); ++i) {
    if (first + i == row)
      equations_.entries.push_back({row, row, by_unknown[i], 0});
    else
      equations_.delayed.push_back({row, first + i, by_unknown[i], delay});
  }
}

void Linearisation::add_taps(const EvaluationPoint& at) {
  for (const TapRow& tap : system_.auxiliary().sets().taps.rows()) {
    const EquationGroup& group = system_.unknowns().groups()[tap.group];
    const DeviceType& type = *group.devices->type;
    const Wiring& wiring = group.population->wiring;
    const std::size_t nb = type.branches.size();
    const std::size_t nu = type.unknowns.size();
    std::vector<double> by_voltage(nb), by_unknown(nu), by_both(nu);
    tap.population->tap(at, 0, tap.tap, by_voltage.data(), by_unknown.data());
    tap.population->tap(at, 1, tap.tap, by_voltage.data(), by_both.data());
    EntryLists lists;
    EntrySink collect(lists);
    const NodeId* nodes =
        group.devices->nodes.data() + group.instance(tap.tap.instance) * type.terminals.size();
    for (std::size_t b = 0; b < nb; ++b) {
      const std::size_t branch = tap.tap.instance * nb + b;
      const Ends ends{nodes[type.branches[b][0]], nodes[type.branches[b][1]], wiring.plus[branch],
                      wiring.minus[branch]};
      collect.difference(tap.row, ends, -by_voltage[b]);
    }
    for (std::size_t j = 0; j < nu; ++j)
      collect(tap.row, static_cast<std::uint32_t>(wiring.first_unknown + tap.tap.instance * nu + j),
              -by_unknown[j], by_unknown[j] - by_both[j]);
    add_lists(lists, equations_, false);
  }
}

SourceChanges<double> Linearisation::no_changes() const {
  return {std::vector<double>(system_.circuit().voltage_sources.size(), 0.0),
          std::vector<double>(system_.circuit().current_sources.size(), 0.0)};
}

template <class Number>
std::vector<Number> Linearisation::offsets(const SourceChanges<Number>& sources) const {
  const std::vector<Tie>& ties = system_.unknowns().forest().ties();
  std::vector<Number> emf(ties.size(), Number{});
  for (std::size_t i = 0; i < ties.size(); ++i)
    if (ties[i].kind == Tie::Kind::voltage_source) emf[i] = sources.voltage[ties[i].index];
  std::vector<Number> offset(system_.circuit().node_names.size(), Number{});
  apply<Number>(emf, offset, [&](auto in, auto out) { system_.unknowns().forest().offsets(in, out); });
  return offset;
}

template <class Number>
void Linearisation::add_sources(const EntryLists& gradient, std::span<const Number> offset,
                                const SourceChanges<Number>& sources, Number sign, std::span<Number> out) {
  for (const EntryLists::NodeEntry& entry : gradient.nodes)
    out[entry.row] += sign * entry.g * offset[entry.node];
  for (const EntryLists::SourceEntry& entry : gradient.sources)
    out[entry.row] += sign * entry.g * (entry.voltage ? sources.voltage : sources.current)[entry.index];
}

template <class Number>
void Linearisation::right_side(const SourceChanges<Number>& sources, std::span<Number> b) const {
  add_sources<Number>(equations_, offsets(sources), sources, -1.0, b);
  for (std::size_t i = 0; i < sources.current.size(); ++i) {
    const Source& source = system_.circuit().current_sources[i];
    inject(source.plus, source.minus, sources.current[i], b);
  }
}

template <class Number>
void Linearisation::inject(NodeId from, NodeId to, Number current, std::span<Number> b) const {
  b[system_.unknowns().forest().row(from)] -= current;
  b[system_.unknowns().forest().row(to)] += current;
  b[0] = 0;
}

template <class Number>
void Linearisation::recover_voltages(std::span<const Number> x, const SourceChanges<Number>& sources,
                                     BranchChanges<Number>& out) const {
  out.voltage = offsets(sources);
  for (NodeId node = 0; node < out.voltage.size(); ++node)
    out.voltage[node] += x[system_.unknowns().forest().row(node)];
}

template <class Number>
void Linearisation::recover(std::span<const Number> x, const SourceChanges<Number>& sources, Number s,
                            BranchChanges<Number>& out) const {
  const Circuit& circuit = system_.circuit();
  recover_voltages(x, sources, out);
  std::vector<Number> leaving(out.voltage.size(), Number{});
  recover_devices(x, s, out, leaving);
  for (std::size_t i = 0; i < sources.current.size(); ++i) {
    leaving[circuit.current_sources[i].plus] += sources.current[i];
    leaving[circuit.current_sources[i].minus] -= sources.current[i];
  }
  recover_auxiliary(x, sources, s, out, leaving);
  const std::vector<Tie>& ties = system_.unknowns().forest().ties();
  std::vector<Number> tie_current(ties.size(), Number{});
  apply<Number>(leaving, tie_current, [&](std::span<const double> in, std::span<double> currents) {
    std::vector<double> copy(in.begin(), in.end());
    system_.unknowns().forest().currents(copy, currents);
  });
  for (std::size_t i = 0; i < ties.size(); ++i) {
    if (ties[i].kind == Tie::Kind::voltage_source) out.source_current[ties[i].index] = tie_current[i];
    if (ties[i].kind == Tie::Kind::short_circuit) out.current[ties[i].group][ties[i].index] = tie_current[i];
  }
}

template <class Number>
void Linearisation::recover_devices(std::span<const Number> x, Number s, BranchChanges<Number>& out,
                                    std::vector<Number>& leaving) const {
  out.current.resize(jacobians_.size());
  for (std::size_t g = 0; g < jacobians_.size(); ++g) {
    const EquationGroup& group = system_.unknowns().groups()[g];
    const DeviceType& type = *group.devices->type;
    const std::size_t nb = type.branches.size();
    const std::size_t nu = type.unknowns.size();
    out.current[g].assign(group.devices->count() * nb, Number{});
    const double* row = jacobians_[g].data();
    for (std::size_t k = 0; k < group.population->count(); ++k, row += nu * (nb + 2 * nu)) {
      const NodeId* nodes = group.devices->nodes.data() + group.instance(k) * type.terminals.size();
      const Number* internal = x.data() + group.population->wiring.first_unknown + k * nu;
      for (std::size_t b = 0; b < nb; ++b, row += nb + 2 * nu) {
        Number current{};
        for (std::size_t i = 0; i < nb; ++i)
          current +=
              row[i] * (out.voltage[nodes[type.branches[i][0]]] - out.voltage[nodes[type.branches[i][1]]]);
        for (std::size_t j = 0; j < nu; ++j) current += (row[nb + j] + s * row[nb + nu + j]) * internal[j];
        out.current[g][group.instance(k) * nb + b] = current;
      }
    }
    for (std::uint32_t k = 0; k < group.position.size(); ++k) {  // those with an auxiliary unknown
      if (group.position[k] != short_circuit) continue;
      const std::uint32_t unknown = system_.auxiliary().current_row(static_cast<std::uint32_t>(g), k);
      if (unknown != no_row) out.current[g][k] = x[unknown];
    }
    for (std::size_t k = 0; k < group.devices->count(); ++k) {
      const NodeId* nodes = group.devices->nodes.data() + k * type.terminals.size();
      for (std::size_t b = 0; b < nb; ++b) {
        leaving[nodes[type.branches[b][0]]] += out.current[g][k * nb + b];
        leaving[nodes[type.branches[b][1]]] -= out.current[g][k * nb + b];
      }
    }
  }
}

template <class Number>
void Linearisation::recover_auxiliary(std::span<const Number> x, const SourceChanges<Number>& sources,
                                      Number s, BranchChanges<Number>& out,
                                      std::vector<Number>& leaving) const {
  const Circuit& circuit = system_.circuit();
  const AuxiliaryRows& auxiliary = system_.auxiliary();
  out.source_current.assign(circuit.voltage_sources.size(), Number{});
  if (auxiliary.empty()) return;
  for (std::uint32_t i = 0; i < circuit.voltage_sources.size(); ++i)
    if (const std::uint32_t row = auxiliary.sets().sources.row_of(i); row != no_row)
      out.source_current[i] = x[row];
  std::vector<Number> loads(auxiliary.sets().numbers.loads.size(), Number{});
  for (const MatrixEntry& entry : loads_.entries)
    loads[entry.row] += (entry.g + s * entry.c) * x[entry.column];
  add_sources<Number>(loads_, offsets(sources), sources, 1.0, loads);
  auxiliary.share(x.data(), loads.data(), out.behavioural_current, out.switch_current, out.line_current,
                  leaving);
}

template <class Number>
SourceChanges<Number> Linearisation::source_gradient(std::span<const Number> lambda,
                                                     std::span<const Number> mu) const {
  const Circuit& circuit = system_.circuit();
  SourceChanges<Number> gradient;
  gradient.current.resize(circuit.current_sources.size());
  for (std::size_t i = 0; i < gradient.current.size(); ++i) {
    const Source& source = circuit.current_sources[i];
    gradient.current[i] = source.extras->copies * (lambda[system_.unknowns().forest().row(source.minus)] -
                                                   lambda[system_.unknowns().forest().row(source.plus)]);
  }
  // The transpose of offsets() is what currents() does, but for the sign.
  std::vector<Number> by_node(circuit.node_names.size(), Number{});
  for (std::size_t node = 0; node < mu.size(); ++node) by_node[node] -= mu[node];
  for (const EntryLists::NodeEntry& entry : equations_.nodes)
    by_node[entry.node] += entry.g * lambda[entry.row];
  const std::vector<Tie>& ties = system_.unknowns().forest().ties();
  std::vector<Number> by_tie(ties.size(), Number{});
  apply<Number>(by_node, by_tie, [&](std::span<const double> in, std::span<double> out) {
    std::vector<double> copy(in.begin(), in.end());
    system_.unknowns().forest().currents(copy, out);
  });
  gradient.voltage.assign(circuit.voltage_sources.size(), Number{});
  for (std::size_t i = 0; i < ties.size(); ++i)
    if (ties[i].kind == Tie::Kind::voltage_source) gradient.voltage[ties[i].index] = by_tie[i];
  for (const EntryLists::SourceEntry& entry : equations_.sources)
    (entry.voltage ? gradient.voltage : gradient.current)[entry.index] -= entry.g * lambda[entry.row];
  return gradient;
}

template void Linearisation::right_side(const SourceChanges<double>&, std::span<double>) const;
template void Linearisation::right_side(const SourceChanges<Complex>&, std::span<Complex>) const;
template void Linearisation::inject(NodeId, NodeId, double, std::span<double>) const;
template void Linearisation::inject(NodeId, NodeId, Complex, std::span<Complex>) const;
template void Linearisation::recover_voltages(std::span<const double>, const SourceChanges<double>&,
                                              BranchChanges<double>&) const;
template void Linearisation::recover_voltages(std::span<const Complex>, const SourceChanges<Complex>&,
                                              BranchChanges<Complex>&) const;
template void Linearisation::recover(std::span<const double>, const SourceChanges<double>&, double,
                                     BranchChanges<double>&) const;
template void Linearisation::recover(std::span<const Complex>, const SourceChanges<Complex>&, Complex,
                                     BranchChanges<Complex>&) const;
template SourceChanges<double> Linearisation::source_gradient(std::span<const double>,
                                                              std::span<const double>) const;
template SourceChanges<Complex> Linearisation::source_gradient(std::span<const Complex>,
                                                               std::span<const Complex>) const;

}  // namespace memspice
