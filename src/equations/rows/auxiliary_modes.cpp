// Conditions of programs and switches: frozen along a smooth segment, decided anew at its end.

#include <algorithm>
#include <cmath>

#include "equations/rows/auxiliary_rows.hpp"

namespace memspice {

bool AuxiliaryRows::has_events() const {
  return !circuit_.switches.empty() ||
         std::ranges::any_of(programs_, [](const Compiled& compiled) { return !compiled.modes.empty(); });
}

bool AuxiliaryRows::switch_decision(std::uint32_t index, const AuxiliaryPoint& at) {
  const Switch& element = circuit_.switches[index];
  const double control = value(element.control, at);
  double band = element.hysteresis;
  if (band == 0 && decided_) {  // at the threshold every rounding would switch
    const std::vector<double>& slopes = gradient(element.control, at);
    const std::vector<double>& tolerance = programs_[element.control].tolerance;
    for (std::size_t j = 0; j < slopes.size(); ++j) band += std::abs(slopes[j]) * tolerance[j];
  }
  if (control > element.threshold + band) return true;
  if (control < element.threshold - band) return false;
  return closed_[index] != 0;
}

void AuxiliaryRows::decide_program(Compiled& compiled, const AuxiliaryPoint& at) {
  for (std::size_t j = 0; j < compiled.x.size(); ++j) compiled.x[j] = read(compiled.readings[j], at);
  compiled.decided = compiled.modes;
  if (decided_)
    compiled.program->settled_modes(compiled.x, compiled.tolerance, compiled.decided, compiled.work);
  else
    compiled.program->events(compiled.x, {}, compiled.argument, compiled.decided, compiled.work);
}

void AuxiliaryRows::event_arguments(const AuxiliaryPoint& at, std::vector<double>& arguments) {
  arguments.clear();
  for (std::uint32_t i = 0; i < closed_.size(); ++i) {
    const Switch& element = circuit_.switches[i];
    const double band = closed_[i] != 0 ? -element.hysteresis : element.hysteresis;
    arguments.push_back(value(element.control, at) - element.threshold - band);
  }
  for (Compiled& compiled : programs_) {
    if (compiled.modes.empty()) continue;
    for (std::size_t j = 0; j < compiled.x.size(); ++j) compiled.x[j] = read(compiled.readings[j], at);
    compiled.program->events(compiled.x, compiled.modes, compiled.argument, compiled.decided, compiled.work);
    arguments.insert(arguments.end(), compiled.argument.begin(), compiled.argument.end());
  }
}

bool AuxiliaryRows::changed(const AuxiliaryPoint& at) {
  for (std::uint32_t i = 0; i < closed_.size(); ++i)
    if (switch_decision(i, at) != (closed_[i] != 0)) return true;
  for (std::uint32_t i = 0; i < programs_.size(); ++i) {
    Compiled& compiled = programs_[i];
    if (compiled.modes.empty()) continue;
    decide_program(compiled, at);
    if (compiled.decided != compiled.modes) return true;
  }
  return false;
}

bool AuxiliaryRows::decide(const AuxiliaryPoint& at) {
  bool any = false;
  std::vector<std::uint8_t> closed(closed_.size());
  for (std::uint32_t i = 0; i < closed_.size(); ++i) closed[i] = switch_decision(i, at) ? 1 : 0;
  any |= closed != closed_;
  closed_ = std::move(closed);
  for (std::uint32_t i = 0; i < programs_.size(); ++i) {
    Compiled& compiled = programs_[i];
    if (compiled.modes.empty()) continue;
    decide_program(compiled, at);
    any |= compiled.decided != compiled.modes;
    compiled.modes = compiled.decided;
  }
  decided_ = true;
  return any;
}

void AuxiliaryRows::adopt_modes(const AuxiliaryRows& other) {
  closed_ = other.closed_;
  decided_ = other.decided_;
  for (std::size_t i = 0; i < programs_.size(); ++i) programs_[i].modes = other.programs_[i].modes;
}

}  // namespace memspice
