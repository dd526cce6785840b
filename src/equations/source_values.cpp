#include "equations/source_values.hpp"

#include <algorithm>

namespace memspice {

SourceValues::SourceValues(const Circuit& circuit, const PotentialForest& forest, bool reads_time)
    : circuit_(circuit),
      forest_(forest),
      emf_(forest.ties().size(), 0.0),
      voltage_(circuit.voltage_sources.size(), 0.0),
      current_(circuit.current_sources.size(), 0.0),
      offset_(circuit.node_names.size(), 0.0) {
  const auto has_function = [](const Source& source) { return source.function != Source::constant; };
  varies_ = reads_time || std::ranges::any_of(circuit.voltage_sources, has_function) ||
            std::ranges::any_of(circuit.current_sources, has_function);
  for (const Source& source : circuit.current_sources) {
    plus_row_.push_back(forest.row(source.plus));
    minus_row_.push_back(forest.row(source.minus));
  }
}

void SourceValues::resolve(double step, double stop) {
  waves_.resolve(circuit_.functions, step, stop);
  time_ = not_given;
}

std::span<const SourceFunction> SourceValues::waves() const {
  if (waves_.empty()) waves_.take(circuit_.functions);
  return waves_.waves();
}

double SourceValues::next_breakpoint(double t) const {
  double next = infinity;
  for (const SourceFunction& function : waves()) next = std::min(next, function.next_breakpoint(t));
  return next;
}

double SourceValues::shortest_period() const {
  double shortest = infinity;
  for (const SourceFunction& function : waves()) shortest = std::min(shortest, function.shortest_period());
  return shortest;
}

void SourceValues::enter_segment(double inside) {
  inside_ = inside;
  time_ = not_given;
}

void SourceValues::set_homotopy(bool dc_values, double factor) {
  dc_values_ = dc_values;
  factor_ = factor;
  time_ = not_given;
}

bool SourceValues::update(double t) {
  if (t == time_ || (!varies_ && !std::isnan(time_))) return false;
  time_ = t;
  if (varies_ && !dc_values_ && !waves().empty()) waves_.go_to(t, inside_);
  const auto value = [&](const Source& source) {
    const bool constant = dc_values_ || source.function == Source::constant;
    return factor_ * (constant ? source.dc : waves_.value(source.function));
  };
  for (std::size_t i = 0; i < current_.size(); ++i) current_[i] = value(circuit_.current_sources[i]);
  for (std::size_t i = 0; i < voltage_.size(); ++i) voltage_[i] = value(circuit_.voltage_sources[i]);
  const std::vector<Tie>& ties = forest_.ties();
  if (ties.empty()) return false;
  for (std::size_t i = 0; i < ties.size(); ++i) {
    if (ties[i].kind == Tie::Kind::voltage_source) {
      emf_[i] = voltage_[ties[i].index];
    } else if (ties[i].kind == Tie::Kind::initial_condition) {
      emf_[i] = factor_ * circuit_.initial_conditions[ties[i].index].voltage;
    }
  }
  forest_.offsets(emf_, offset_);
  return true;
}

}  // namespace memspice
