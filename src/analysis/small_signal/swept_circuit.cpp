#include "analysis/small_signal/swept_circuit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "analysis/output/analysis_frame.hpp"

namespace memspice {
namespace {

bool is_source(const Sweep& sweep) {
  return sweep.target == Sweep::Target::voltage_source || sweep.target == Sweep::Target::current_source;
}

bool is_resistance(const Circuit& circuit, const Sweep& sweep) {
  if (sweep.target != Sweep::Target::device_parameter || sweep.model || !sweep.parameter.empty())
    return false;
  const std::uint32_t name = circuit.element_names.find(sweep.name);
  return std::ranges::any_of(circuit.groups, [&](const DeviceGroup& group) {
    return group.type->resistance && std::ranges::find(group.names, name) != group.names.end();
  });
}

Quantity quantity_of(const Circuit& circuit, const Sweep& sweep) {
  if (sweep.target == Sweep::Target::voltage_source) return Quantity::voltage;
  if (sweep.target == Sweep::Target::current_source) return Quantity::current;
  return is_resistance(circuit, sweep) ? Quantity::impedance : Quantity::notype;
}

/// The innermost sweep is called as ngspice calls it, the others by what they sweep.
std::string scale_name(const Circuit& circuit, const Sweep& sweep) {
  if (sweep.target == Sweep::Target::voltage_source) return "v(v-sweep)";
  if (sweep.target == Sweep::Target::current_source) return "i(i-sweep)";
  if (sweep.target == Sweep::Target::temperature) return "temp-sweep";
  return is_resistance(circuit, sweep) ? "res-sweep" : sweep.label();
}

/// "1.5 kohm"
std::string shown(const Circuit& circuit, const Sweep& sweep, double value) {
  switch (quantity_of(circuit, sweep)) {
    case Quantity::voltage:
      return with_prefix(value, "V");
    case Quantity::current:
      return with_prefix(value, "A");
    case Quantity::impedance:
      return with_prefix(value, "ohm");
    default:
      return fmt::format("{:.6g}{}", value, sweep.target == Sweep::Target::temperature ? " °C" : "");
  }
}

/// Whether vectors mean the same in both. An inductance of 0 is no inductor, for one.
bool same_structure(const Circuit& a, const Circuit& b) {
  return a.node_names.size() == b.node_names.size() && a.element_names.size() == b.element_names.size() &&
         std::ranges::equal(a.groups, b.groups, [](const DeviceGroup& x, const DeviceGroup& y) {
           return x.type == y.type && x.names == y.names;
         });
}

std::string text_of(const std::vector<Sweep>& sweeps, const std::vector<double>& values) {
  std::string text;
  for (std::size_t i = 0; i < sweeps.size(); ++i)
    text += fmt::format("{}{} = {:.6g}", i == 0 ? "" : ", ", sweeps[i].label(), values[i]);
  return text;
}

}  // namespace

std::vector<VectorInfo> scales_of(const Circuit& circuit, const std::vector<Sweep>& sweeps) {
  std::vector<VectorInfo> scales;
  for (const Sweep& sweep : sweeps)
    scales.push_back(
        {scales.empty() ? scale_name(circuit, sweep) : sweep.label(), quantity_of(circuit, sweep)});
  return scales;
}

std::string describe(const Circuit& circuit, const std::vector<Sweep>& sweeps) {
  std::string text;
  for (const Sweep& sweep : sweeps)
    text += fmt::format("{}{} from {} to {} in {} points", text.empty() ? "" : ", for ", sweep.label(),
                        shown(circuit, sweep, sweep.values.front()),
                        shown(circuit, sweep, sweep.values.back()), sweep.values.size());
  return text;
}

RowCount rows_of_sweeps(const std::vector<Sweep>& sweeps) {
  double values = 1;
  for (const Sweep& sweep : sweeps) values *= static_cast<double>(sweep.values.size());
  return rows_of_values(values);
}

SweptCircuit::SweptCircuit(const Circuit& original, const std::vector<Sweep>& sweeps, Vary vary)
    : original_(original),
      sweeps_(sweeps),
      vary_(std::move(vary)),
      values_(sweeps.size(), not_given),
      circuit_(std::make_unique<Circuit>(original)) {}

void SweptCircuit::solve(const std::vector<double>& values) {
  bool rebuild = point_ == nullptr;
  for (std::size_t i = 0; i < values.size(); ++i)
    rebuild |= !is_source(sweeps_[i]) && values[i] != values_[i];
  values_ = values;
  try {
    if (rebuild) build();
    set_sources();
    point_->solve();
  } catch (const SimulationError& error) {
    if (sweeps_.empty()) throw;
    throw SimulationError(fmt::format("at {}: {}", text_of(sweeps_, values), error.what()));
  }
}

void SweptCircuit::exchange(Archive& archive) {
  archive(values_);
  if (archive.reading()) {
    for (std::size_t i = 0; i < values_.size(); ++i)
      archive.require(std::ranges::find(sweeps_[i].values, values_[i]) != sweeps_[i].values.end());
    point_.reset();
    circuit_ = std::make_unique<Circuit>(original_);
    build();
    set_sources();
  }
  point_->exchange(archive);
}

void SweptCircuit::fill_parameters(const OutputPlan& plan, std::span<double> row) const {
  for (const auto& [name, place] : plan.parameters()) {
    const auto found = circuit_->outputs.parameters.find(name);  // not there: .if left the card out
    row[place] =
        found == circuit_->outputs.parameters.end() ? original_.outputs.parameters.at(name) : found->second;
  }
}

void SweptCircuit::set_sources() {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const Sweep& sweep = sweeps_[i];
    if (sweep.target == Sweep::Target::voltage_source) circuit_->voltage_sources[sweep.index].dc = values_[i];
    if (sweep.target == Sweep::Target::current_source) {
      Source& source = circuit_->current_sources[sweep.index];
      source.dc = values_[i] * source.extras->copies;
    }
  }
}

void SweptCircuit::build() {
  Variation variation{.analyses = false};
  for (std::size_t i = 0; i < values_.size(); ++i)
    if (!is_source(sweeps_[i])) append_swept(variation.values, sweeps_[i], values_[i]);
  if (variation.values.empty()) {
    point_ = std::make_unique<QuietPoint>(*circuit_);
    return;
  }
  auto circuit = std::make_unique<Circuit>(vary_(variation));
  if (!same_structure(*circuit, original_))
    throw SimulationError(
        "the circuit has other nodes, elements or states here: .dc cannot go on\n"
        "  try: .step, which begins anew at every value");
  auto point = std::make_unique<QuietPoint>(*circuit);
  if (point_ != nullptr) point->start_from(*point_);
  point_ = std::move(point);  // before the circuit that the old one refers to
  circuit_ = std::move(circuit);
}

std::vector<double> SweepPlace::values() const {
  std::vector<double> values;
  for (std::size_t i = 0; i < place_.size(); ++i) values.push_back(sweeps_[i].values[place_[i]]);
  return values;
}

bool SweepPlace::advance() {
  for (std::size_t i = 0; i < place_.size(); ++i) {
    if (++place_[i] < sweeps_[i].values.size()) return true;
    place_[i] = 0;
  }
  return false;
}

std::string SweepPlace::text() const {
  return text_of(sweeps_, values());
}

void SweepPlace::exchange(Archive& archive) {
  archive(place_);
  for (std::size_t i = 0; i < place_.size(); ++i) archive.require(place_[i] < sweeps_[i].values.size());
}

}  // namespace memspice
