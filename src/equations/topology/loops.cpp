#include "equations/topology/loops.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "base/disjoint_sets.hpp"

namespace memspice {

namespace {

constexpr std::uint32_t no_name = 0xffffffffu;

bool is_short(const Tie& tie) {
  return tie.kind == Tie::Kind::short_circuit || tie.kind == Tie::Kind::line;
}

std::uint32_t name_number(const Circuit& circuit, const Tie& tie) {
  switch (tie.kind) {
    case Tie::Kind::voltage_source:
      return circuit.voltage_sources[tie.index].name;
    case Tie::Kind::short_circuit:
      return circuit.groups[tie.group].names[tie.index];
    case Tie::Kind::behavioural_source:
      return circuit.behavioural_sources[tie.index].name;
    case Tie::Kind::line:
      return circuit.lines[tie.index].name;
    case Tie::Kind::initial_condition:
      break;
  }
  return no_name;
}

std::string name_of(const Circuit& circuit, const Tie& tie) {
  if (tie.kind == Tie::Kind::initial_condition) return fmt::format(".ic v({})", circuit.node_names[tie.plus]);
  return std::string(circuit.element_names[name_number(circuit, tie)]);
}

Location location_of(const Circuit& circuit, const Tie& tie) {
  switch (tie.kind) {
    case Tie::Kind::voltage_source:
      return circuit.voltage_sources[tie.index].where;
    case Tie::Kind::short_circuit:
      return circuit.groups[tie.group].where[tie.index];
    case Tie::Kind::initial_condition:
      return circuit.initial_conditions[tie.index].where;
    case Tie::Kind::behavioural_source:
      return circuit.behavioural_sources[tie.index].where;
    case Tie::Kind::line:
      return circuit.lines[tie.index].where;
  }
  return {};
}

/// Ties one after the other as a current runs through them, from the minus node of the first.
void order_along(std::vector<Tie>& loop) {
  NodeId node = loop.front().minus;
  for (std::size_t done = 1; done < loop.size(); ++done) {
    const auto next = std::find_if(loop.begin() + static_cast<std::ptrdiff_t>(done), loop.end(),
                                   [&](const Tie& tie) { return tie.plus == node || tie.minus == node; });
    if (next == loop.end()) return;
    node = next->plus == node ? next->minus : next->plus;
    std::iter_swap(loop.begin() + static_cast<std::ptrdiff_t>(done), next);
  }
}

[[noreturn]] void fail(const Circuit& circuit, std::vector<Tie> loop) {
  order_along(loop);
  std::string names;
  for (std::size_t i = 0; i < loop.size() && i < 6; ++i)
    names += (i == 0 ? "" : ", ") + name_of(circuit, loop[i]);
  if (loop.size() > 6) names += fmt::format(" and {} more", loop.size() - 6);
  const auto any = [&](auto&& predicate) { return std::ranges::any_of(loop, predicate); };
  const bool inductor = any([&](const Tie& tie) {
    return tie.kind == Tie::Kind::short_circuit && circuit.groups[tie.group].type->short_at_dc;
  });
  const bool line = any([](const Tie& tie) { return tie.kind == Tie::Kind::line; });
  std::string message = fmt::format("voltage sources form a loop: {}", names);
  std::string hint = "put a small resistance in series with one of them, or remove one";
  if (loop.size() == 1 && !line) {
    message = fmt::format("both ends of voltage source {} are at node '{}'", names,
                          circuit.node_names[loop.front().plus]);
    hint = "connect it to two different nodes";
  } else if (any([](const Tie& tie) { return tie.kind == Tie::Kind::initial_condition; })) {
    message =
        fmt::format("an initial condition contradicts the voltage sources it is in a loop with: {}", names);
    hint = "remove the .ic of a node whose voltage is already fixed";
  } else if (inductor || line) {
    message = fmt::format("voltage sources{}{} form a loop without resistance: {}",
                          inductor && line ? ", inductors"
                          : inductor       ? " and inductors"
                                           : "",
                          line ? " and lossless lines" : "", names);
    hint = "its DC current is infinite: put a resistance in series, or start with .tran … uic";
    if (line) hint = "at rest a lossless line is a short circuit; " + hint;
  }
  const Tie& first = loop.front();
  throw DeckError(
      diagnose(*circuit.sources, location_of(circuit, first), name_of(circuit, first).size(), message, hint));
}

/// Numbers of the names of elements whose currents expressions read.
std::vector<bool> read_currents(const Circuit& circuit) {
  std::vector<bool> read(circuit.element_names.size(), false);
  for (const Program& program : circuit.programs)
    for (const Probe& probe : program.inputs())
      if (probe.kind == Probe::Kind::element && (probe.accessor == "i" || probe.accessor == "p"))
        read[probe.element] = true;
  return read;
}

/// What fixes differences of potentials, joined to trees; the element that closes a loop is looked at.
class LoopSearch {
 public:
  LoopSearch(const Circuit& circuit, std::span<const Tie> ties)
      : circuit_(circuit), ties_(ties), found_{DisjointSets(circuit.node_names.size()), {}} {}

  void add_ties() {
    for (; added_ < ties_.size(); ++added_) join(ties_[added_]);
  }

  void add_controlled_sources() {
    std::optional<std::vector<bool>> read;
    for (std::uint32_t i = 0; i < circuit_.behavioural_sources.size(); ++i) {
      const BehaviouralSource& source = circuit_.behavioural_sources[i];
      if (!source.voltage) continue;
      const Tie tie{Tie::Kind::behavioural_source, i, 0, source.plus, source.minus};
      if (root(tie.plus) != root(tie.minus)) {
        add(tie);
        continue;
      }
      if (!read) read = read_currents(circuit_);
      std::vector<Tie> loop = loop_of(tie, {{tie.plus, 1.0}, {tie.minus, -1.0}});
      const bool determined = std::ranges::any_of(loop, [&](const Tie& member) {
        return member.kind != Tie::Kind::initial_condition && (*read)[name_number(circuit_, member)];
      });
      if (!determined) fail(circuit_, std::move(loop));
    }
  }

  /// A line joins two nodes where the others of its ports are one; what is left are equations of four
  /// potentials, which are eliminated.
  void add_lines() {
    std::vector<std::uint32_t> others;
    for (std::uint32_t i = 0; i < circuit_.lines.size(); ++i) {
      const auto [plus_1, minus_1, plus_2, minus_2] = circuit_.lines[i].nodes;
      const auto join = [&](NodeId a, NodeId b) { add({Tie::Kind::line, i, 0, a, b}); };
      if (minus_1 == minus_2) {
        join(plus_1, plus_2);
      } else if (plus_1 == plus_2) {
        join(minus_1, minus_2);
      } else if (plus_1 == minus_1) {
        join(plus_2, minus_2);
      } else if (plus_2 == minus_2) {
        join(plus_1, minus_1);
      } else {
        others.push_back(i);
      }
    }
    for (const std::uint32_t line : others) eliminate(line);
  }

  [[nodiscard]] TiedNodes found() && { return std::move(found_); }

 private:
  void add(const Tie& tie) {
    join(tie);
    others_.push_back(tie);
  }
  void join(const Tie& tie) {
    if (is_short(tie)) {
      if (!shorted_) shorted_.emplace(circuit_.node_names.size());
      if (!shorted_->join(tie.plus, tie.minus)) return found_.idle.push_back(tie);
    }
    if (!found_.joined.join(tie.plus, tie.minus))
      fail(circuit_, loop_of(tie, {{tie.plus, 1.0}, {tie.minus, -1.0}}));
  }

  using Sum = std::map<std::uint32_t, double>;
  struct Equation {
    Sum potentials;  // by root
    Sum lines;       // what it has been made of
  };

  static void subtract(Sum& from, const Sum& what, double factor) {
    for (const auto& [key, value] : what) {
      double& entry = from[key];
      entry -= factor * value;
      if (std::abs(entry) < 1e-9) from.erase(key);
    }
  }

  /// Takes v(plus 1) - v(minus 1) = v(plus 2) - v(minus 2) into the equations, or finds that it follows from
  /// them.
  void eliminate(std::uint32_t line) {
    Equation equation;
    const auto& nodes = circuit_.lines[line].nodes;
    const std::uint32_t grounded = root(ground);
    for (std::size_t i = 0; i < 4; ++i)
      if (root(nodes[i]) != grounded)
        subtract(equation.potentials, {{root(nodes[i]), i == 0 || i == 3 ? -1.0 : 1.0}}, 1);
    equation.lines[line] = 1;
    while (!equation.potentials.empty()) {
      const auto [pivot, value] = *equation.potentials.rbegin();
      const auto known = equations_.find(pivot);
      if (known == equations_.end()) {
        equations_[pivot] = std::move(equation);
        return;
      }
      const double factor = value / known->second.potentials.at(pivot);
      subtract(equation.potentials, known->second.potentials, factor);
      equation.potentials.erase(pivot);
      subtract(equation.lines, known->second.lines, factor);
    }
    const Tie closing{Tie::Kind::line, line, 0, nodes[0], nodes[2]};
    std::vector<std::pair<NodeId, double>> currents;
    std::vector<Tie> loop{closing};
    for (const auto& [other, factor] : equation.lines) {
      const auto& ends = circuit_.lines[other].nodes;
      for (std::size_t i = 0; i < 4; ++i) currents.emplace_back(ends[i], i == 0 || i == 3 ? factor : -factor);
      if (other != line) loop.push_back({Tie::Kind::line, other, 0, ends[0], ends[2]});
    }
    for (const Tie& tie : loop_of(closing, currents))
      if (tie.kind != Tie::Kind::line || tie.index != line) loop.push_back(tie);
    if (!std::ranges::all_of(loop, is_short)) fail(circuit_, std::move(loop));
    found_.idle.push_back(closing);
  }

  std::uint32_t root(NodeId node) { return found_.joined.find(node); }

  /// `closing`, and the ties that carry what flows in and out of these nodes: idle ones carry nothing.
  std::vector<Tie> loop_of(const Tie& closing, const std::vector<std::pair<NodeId, double>>& currents) {
    std::vector<Tie> ties(ties_.begin(), ties_.begin() + static_cast<std::ptrdiff_t>(added_));
    ties.insert(ties.end(), others_.begin(), others_.end());
    const PotentialForest forest(circuit_, ties);
    std::vector<double> leaving(circuit_.node_names.size(), 0.0), carried(ties.size());
    for (const auto& [node, current] : currents) leaving[node] += current;
    forest.currents(leaving, carried);
    std::vector<Tie> loop{closing};
    for (std::size_t i = 0; i < ties.size(); ++i)
      if (std::abs(carried[i]) > 1e-9) loop.push_back(ties[i]);
    return loop;
  }

  const Circuit& circuit_;
  std::span<const Tie> ties_;
  std::size_t added_ = 0;    // of these
  std::vector<Tie> others_;  // of controlled sources and lines
  TiedNodes found_;
  std::optional<DisjointSets> shorted_;          // nodes that short circuits join, where there are any
  std::map<std::uint32_t, Equation> equations_;  // by pivot
};

}  // namespace

TiedNodes find_idle_shorts(const Circuit& circuit, std::span<const Tie> ties, bool at_rest) {
  LoopSearch search(circuit, ties);
  search.add_ties();
  search.add_controlled_sources();
  if (at_rest) search.add_lines();
  return std::move(search).found();
}

}  // namespace memspice
