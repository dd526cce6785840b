#include "network/conservation_laws.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "network/folding.hpp"

namespace memspice::network {

namespace {

/// Gauss's rule with five points: exact to rounding on the smooth pieces between two steps.
template <class Function>
double integral(double from, double to, Function function) {
  constexpr std::array<double, 3> node{0.0, 0.5384693101056831, 0.9061798459386640};
  constexpr std::array<double, 3> weight{0.5688888888888889, 0.4786286704993665, 0.2369268850561891};
  const double half = 0.5 * (to - from);
  const double middle = 0.5 * (to + from);
  double sum = weight[0] * function(middle);
  for (std::size_t n = 1; n < node.size(); ++n)
    sum += weight[n] * (function(middle - half * node[n]) + function(middle + half * node[n]));
  return half * sum;
}

/// ∫ of a function known with its slope at both ends.
double hermite(double h, double begin, double begin_slope, double end, double end_slope) {
  return 0.5 * h * (begin + end) + h * h / 12 * (begin_slope - end_slope);
}

/// Charge or flux that takes the state from w₀ to w without decay, times the gain.
double passed(const Memristor& device, bool own_variable, double from, double to) {
  if (own_variable) return to - from;
  if (!device.voltage_control) return device.low * (to - from) + 0.5 * device.slope * (to * to - from * from);
  if (device.slope == 0) return (to - from) / device.low;
  return std::log1p(device.slope * (to - from) / (device.low + device.slope * from)) / device.slope;
}

}  // namespace

ConservationLaws::ConservationLaws(const Circuit& circuit, BranchNetwork network,
                                   const TransientCard& transient)
    : network_(std::move(network)),
      functions_(circuit.functions.resolved(transient.step, transient.stop)),
      decay_(network_.memristors.size()),
      source_integral_(network_.sources.size(), 0.0),
      charge_(network_.memristors.size()),
      flux_passed_(network_.memristors.size()) {
  find_node_laws();
  find_loop_laws();
}

void ConservationLaws::find_node_laws() {
  const auto memristors = static_cast<std::uint32_t>(network_.memristors.size());
  std::vector<std::uint32_t> contracted;
  std::vector<GraphBranch> kept(network_.branches.begin(), network_.branches.begin() + memristors);
  std::vector<std::uint32_t> current_sources;
  for (std::uint32_t k = memristors; k < network_.branches.size(); ++k) {
    if (network_.kinds[k] != BranchKind::driven) contracted.push_back(k);
  }
  for (std::uint32_t n = 0; n < network_.sources.size(); ++n) {
    if (network_.sources[n].is_voltage) continue;
    current_sources.push_back(n);
    kept.push_back(network_.branches[network_.sources[n].branch]);
  }
  const Minor graph = minor(network_.node_count, network_.branches, contracted, kept);
  std::vector<Laws::One> by_node(graph.node_count);
  for (std::uint32_t k = 0; k < kept.size(); ++k) {
    const auto [from, to] = graph.branches[k];
    if (from == to) continue;
    const bool memristor = k < memristors;
    const std::uint32_t index = memristor ? k : current_sources[k - memristors];
    for (const auto& [node, sign] : {std::pair(from, 1.0), std::pair(to, -1.0)})
      (memristor ? by_node[node].memristors : by_node[node].sources).push_back({index, sign});
  }
  for (Laws::One& law : by_node) {
    if (!law.memristors.empty()) kcl_.all.push_back(std::move(law));
  }
  finish(kcl_, true);
}

void ConservationLaws::find_loop_laws() {
  const auto memristors = static_cast<std::uint32_t>(network_.memristors.size());
  std::vector<std::uint32_t> source_of(network_.branches.size());
  for (std::uint32_t n = 0; n < network_.sources.size(); ++n) source_of[network_.sources[n].branch] = n;
  std::vector<std::uint32_t> number;  // in the network
  std::vector<GraphBranch> branches;
  std::vector<std::uint8_t> rank;
  for (std::uint32_t k = 0; k < network_.branches.size(); ++k) {
    const bool conducts = network_.kinds[k] == BranchKind::shorted || network_.kinds[k] == BranchKind::source;
    if (k >= memristors && !conducts) continue;
    number.push_back(k);
    branches.push_back(network_.branches[k]);
    rank.push_back(k < memristors ? 1 : 0);
  }
  const SpanningForest forest(network_.node_count, branches, rank);
  for (const std::uint32_t chord : forest.chords()) {
    if (number[chord] >= memristors) continue;
    Laws::One law;
    for (const auto& [branch, sign] : forest.cycle(chord)) {
      const std::uint32_t k = number[branch];
      if (k < memristors) {
        law.memristors.push_back({k, static_cast<double>(sign)});
      } else if (network_.kinds[k] == BranchKind::source) {
        law.sources.push_back({source_of[k], static_cast<double>(sign)});
      }
    }
    flux_.all.push_back(std::move(law));
  }
  finish(flux_, false);
}

void ConservationLaws::finish(Laws& laws, bool charge) {
  for (Laws::One& law : laws.all) {
    for (const Term& term : law.memristors) {
      const Memristor& device = network_.memristors[term.index];
      law.scale += std::abs(passed(device, charge != device.voltage_control, 0, 1) / device.gain);
    }
  }
  laws.state.laws = laws.all.size();
}

ConservationLaws::Decay ConservationLaws::decay(const Memristor& device, double w, double rate) {
  const double r = device.low + device.slope * w;
  Decay at;
  double& own = device.voltage_control ? at.flux : at.charge;
  double& own_slope = device.voltage_control ? at.flux_slope : at.charge_slope;
  double& other = device.voltage_control ? at.charge : at.flux;
  double& other_slope = device.voltage_control ? at.charge_slope : at.flux_slope;
  own = device.alpha * w;
  own_slope = device.alpha * rate;
  other = device.voltage_control ? own / r : own * r;
  other_slope = device.voltage_control ? device.alpha * rate * device.low / (r * r)
                                       : device.alpha * rate * (r + device.slope * w);
  return at;
}

void ConservationLaws::begin_segment(double t, double end, std::span<const double> w,
                                     std::span<const double> rates) {
  if (start_.empty()) start_.assign(w.begin(), w.end());
  for (std::size_t k = 0; k < w.size(); ++k) {
    Decay at = decay(network_.memristors[k], w[k], rates[k]);
    at.charge_integral = decay_[k].charge_integral;
    at.flux_integral = decay_[k].flux_integral;
    decay_[k] = at;
  }
  time_ = t;
  inside_ = 0.5 * (t + end);
}

void ConservationLaws::advance(double t, std::span<const double> w, std::span<const double> rates,
                               const std::vector<bool>& held) {
  const double h = t - time_;
  for (std::size_t n = 0; n < network_.sources.size() && h > 0; ++n) {
    const auto& source = network_.sources[n];
    source_integral_[n] +=
        source.function == Source::constant
            ? h * source.dc
            : integral(time_, t, [&](double at) { return functions_[source.function].value(at, inside_); });
  }
  for (std::size_t k = 0; k < w.size(); ++k) {
    const Memristor& device = network_.memristors[k];
    const Decay& before = decay_[k];
    Decay now = decay(device, w[k], rates[k]);
    now.charge_integral =
        before.charge_integral + hermite(h, before.charge, before.charge_slope, now.charge, now.charge_slope);
    now.flux_integral =
        before.flux_integral + hermite(h, before.flux, before.flux_slope, now.flux, now.flux_slope);
    decay_[k] = now;
    charge_[k] =
        (now.charge_integral - passed(device, !device.voltage_control, start_[k], w[k])) / device.gain;
    flux_passed_[k] =
        (now.flux_integral - passed(device, device.voltage_control, start_[k], w[k])) / device.gain;
  }
  time_ = t;
  check(kcl_, t, charge_, held);
  check(flux_, t, flux_passed_, held);
}

void ConservationLaws::check(Laws& laws, double t, std::span<const double> passed,
                             const std::vector<bool>& held) {
  laws.state.drift = 0;
  for (Laws::One& law : laws.all) {
    if (!law.valid) continue;
    double sum = 0;
    for (const Term& term : law.memristors) {
      law.valid &= !held[term.index];
      sum += term.sign * passed[term.index];
    }
    if (!law.valid) {
      if (!laws.state.valid_until) laws.state.valid_until = t;
      continue;
    }
    for (const Term& term : law.sources) sum += term.sign * source_integral_[term.index];
    laws.state.drift = std::max(laws.state.drift, std::abs(sum) / law.scale);
  }
  laws.state.largest_drift = std::max(laws.state.largest_drift, laws.state.drift);
}

void ConservationLaws::exchange(Archive& archive) {
  archive.list(start_);
  archive.require(start_.empty() || start_.size() == network_.memristors.size());
  archive(decay_);
  archive(source_integral_);
  archive(charge_);
  archive(flux_passed_);
  archive(time_);
  for (Laws* laws : {&kcl_, &flux_}) {
    for (Laws::One& law : laws->all) archive(law.valid);
    Law& state = laws->state;
    archive(state.laws);
    archive(state.drift);
    archive(state.largest_drift);
    archive.maybe(state.valid_until);
  }
}

}  // namespace memspice::network
