#include "equations/rows/expressions.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

namespace memspice {

namespace {

/// How well an input of an expression is known, absolutely.
double tolerance_of(const Probe& probe, const Options& options) {
  switch (probe.kind) {
    case Probe::Kind::time:
    case Probe::Kind::frequency:
      return 0;
    case Probe::Kind::element:
      return probe.accessor == "i" ? options.current_tolerance() : options.state_tolerance();
    default:
      return options.voltage_tolerance();
  }
}

}  // namespace

void Expressions::connect(const std::function<Reading(const Probe&)>& find) {
  compiled_.resize(circuit_.programs.size());
  for (std::size_t i = 0; i < compiled_.size(); ++i) {
    Compiled& compiled = compiled_[i];
    compiled.program = &circuit_.programs[i];
    for (const Probe& probe : compiled.program->inputs()) {
      compiled.readings.push_back(find(probe));
      compiled.tolerance.push_back(tolerance_of(probe, circuit_.options));
      reads_time_ |= probe.kind == Probe::Kind::time;
    }
    compiled.x.resize(compiled.readings.size());
    compiled.gradient.resize(compiled.readings.size());
    for (auto* list : {&compiled.modes, &compiled.argument, &compiled.decided})
      list->resize(compiled.program->events());
  }
}

void Expressions::attach(const PotentialForest& forest, std::uint32_t first) {
  for (Compiled& compiled : compiled_) {
    for (Reading& reading : compiled.readings) {
      if (reading.kind == Reading::Kind::difference)
        reading.ends.attach(forest);
      else if (reading.kind == Reading::Kind::unknown || reading.kind == Reading::Kind::derivative)
        reading.index += first;
    }
  }
}

double Reading::value(const AuxiliaryPoint& at) const {
  switch (kind) {
    case Kind::difference:
      return ends.voltage(at);
    case Kind::unknown:
      return at.y[index];
    case Kind::derivative:
      return at.hold ? 0 : at.derivative[index];
    case Kind::time:
      return at.t;
    case Kind::frequency:
      return at.frequency;
    case Kind::source_current:
      return at.source_current[index];
  }
  return 0;
}

void Expressions::Compiled::read_inputs(const AuxiliaryPoint& at) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = readings[i].value(at);
}

std::span<const double> Expressions::modes(const Compiled& compiled) const {
  return frozen_ ? std::span<const double>(compiled.modes) : std::span<const double>();
}

bool Expressions::evaluate(Compiled& compiled, const AuxiliaryPoint& at, double& value) const {
  compiled.read_inputs(at);
  value = compiled.program->gradient(compiled.x, modes(compiled), compiled.gradient, compiled.work);
  constexpr double huge = 1e20;  // above it stand the substitutes for 1/0
  const auto plain = [](double x) { return std::abs(x) < huge; };
  return plain(value) && std::ranges::all_of(compiled.gradient, plain);
}

bool Expressions::is_defined(const AuxiliaryPoint& at) {
  double value = 0;
  return std::ranges::all_of(compiled_, [&](Compiled& compiled) { return evaluate(compiled, at, value); });
}

double Expressions::value(std::uint32_t program, const AuxiliaryPoint& at) {
  Compiled& compiled = compiled_[program];
  double value = 0;
  if (leave_out_undefined_) return evaluate(compiled, at, value) ? value : 0;
  compiled.read_inputs(at);
  return compiled.program->value(compiled.x, modes(compiled), compiled.work);
}

const std::vector<double>& Expressions::gradient(std::uint32_t program, const AuxiliaryPoint& at) {
  Compiled& compiled = compiled_[program];
  double value = 0;
  if (!evaluate(compiled, at, value) && leave_out_undefined_) std::ranges::fill(compiled.gradient, 0.0);
  return compiled.gradient;
}

void Expressions::entries(std::uint32_t program, std::uint32_t row, double scale, const AuxiliaryPoint& at,
                          EntrySink& emit, std::uint32_t opposite) {
  const std::vector<double>& slope = gradient(program, at);
  const std::vector<Reading>& readings = compiled_[program].readings;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const Reading& reading = readings[i];
    const auto one_row = [&](std::uint32_t r, double g) {
      if (reading.kind == Reading::Kind::difference) emit.difference(r, reading.ends, g);
      if (reading.kind == Reading::Kind::unknown) emit(r, reading.index, g);
      if (reading.kind == Reading::Kind::derivative) emit(r, reading.index, 0, at.hold ? 0 : g);
      if (reading.kind == Reading::Kind::source_current) emit.source_current(r, reading.index, g);
    };
    one_row(row, scale * slope[i]);
    if (opposite != no_row) one_row(opposite, -scale * slope[i]);
  }
}

template <class Number>
void Expressions::second_derivatives(std::uint32_t program, const AuxiliaryPoint& at, Number weight,
                                     std::span<const Number> direction, std::vector<Number>& gradient) {
  Compiled& compiled = compiled_[program];
  const std::size_t inputs = compiled.readings.size();
  std::vector<double> u(inputs), right(inputs), left(inputs);
  for (std::size_t i = 0; i < inputs; ++i) u[i] = compiled.readings[i].value(at);
  std::vector<double> modes = compiled.modes;  // both sides of a difference are on the same smooth piece
  if (!frozen_) compiled.program->events(u, {}, compiled.argument, modes, compiled.work);
  for (std::size_t j = 0; j < inputs; ++j) {
    if (direction[j] == 0.0) continue;
    const bool voltage = compiled.readings[j].kind == Reading::Kind::difference;
    const double step = voltage ? 1e-5 : 1e-5 * std::max(std::abs(u[j]), 1e-4);
    const double original = u[j];
    u[j] = original + step;
    compiled.program->gradient(u, modes, right, compiled.work);
    u[j] = original - step;
    compiled.program->gradient(u, modes, left, compiled.work);
    u[j] = original;
    for (std::size_t i = 0; i < inputs; ++i)
      gradient[i] += weight * direction[j] * ((right[i] - left[i]) / (2 * step));
  }
}

template void Expressions::second_derivatives(std::uint32_t, const AuxiliaryPoint&, std::complex<double>,
                                              std::span<const std::complex<double>>,
                                              std::vector<std::complex<double>>&);

// Conditions.

bool Expressions::has_events() const {
  return std::ranges::any_of(compiled_, [](const Compiled& compiled) { return !compiled.modes.empty(); });
}

void Expressions::event_arguments(const AuxiliaryPoint& at, std::vector<double>& arguments) {
  for (Compiled& compiled : compiled_) {
    if (compiled.modes.empty()) continue;
    compiled.read_inputs(at);
    compiled.program->events(compiled.x, compiled.modes, compiled.argument, compiled.decided, compiled.work);
    arguments.insert(arguments.end(), compiled.argument.begin(), compiled.argument.end());
  }
}

void Expressions::find_modes(Compiled& compiled, const AuxiliaryPoint& at) const {
  compiled.read_inputs(at);
  compiled.decided = compiled.modes;
  if (decided_)
    compiled.program->settled_modes(compiled.x, compiled.tolerance, compiled.decided, compiled.work);
  else
    compiled.program->events(compiled.x, {}, compiled.argument, compiled.decided, compiled.work);
}

bool Expressions::changed(const AuxiliaryPoint& at) {
  for (Compiled& compiled : compiled_) {
    if (compiled.modes.empty()) continue;
    find_modes(compiled, at);
    if (compiled.decided != compiled.modes) return true;
  }
  return false;
}

bool Expressions::decide(const AuxiliaryPoint& at) {
  bool any = false;
  for (Compiled& compiled : compiled_) {
    if (compiled.modes.empty()) continue;
    find_modes(compiled, at);
    any |= compiled.decided != compiled.modes;
    compiled.modes = compiled.decided;
  }
  decided_ = true;
  return any;
}

void Expressions::adopt(const Modes& other) {
  const auto& same = static_cast<const Expressions&>(other);
  decided_ = same.decided_;
  for (std::size_t i = 0; i < compiled_.size(); ++i) compiled_[i].modes = same.compiled_[i].modes;
}

void Expressions::exchange(Archive& archive) {
  archive(decided_);
  for (Compiled& compiled : compiled_) archive(compiled.modes);
}

}  // namespace memspice
