#pragma once

// The derivatives of the auxiliary equations: the templates of AuxiliaryRows.

#include "equations/rows/auxiliary_rows.hpp"

namespace memspice {

template <class What, class Emit>
void AuxiliaryRows::difference_entries(std::uint32_t row, const What& what, double g, Emit& emit) {
  const auto [plus, minus, plus_node, minus_node] = what.ends();
  emit(row, plus, g, 0.0);
  emit(row, minus, -g, 0.0);
  if constexpr (requires { emit.node(row, plus_node, g); }) {
    emit.node(row, plus_node, g);
    emit.node(row, minus_node, -g);
  }
}

template <class Emit>
void AuxiliaryRows::program_entries(std::uint32_t program, std::uint32_t row, double scale,
                                    const AuxiliaryPoint& at, Emit& emit, std::uint32_t opposite) {
  const std::vector<double>& slope = gradient(program, at);
  const std::vector<Reading>& readings = programs_[program].readings;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const Reading& reading = readings[i];
    const auto one_row = [&](std::uint32_t r, double g) {
      if (reading.kind == Reading::Kind::difference) difference_entries(r, reading, g, emit);
      if (reading.kind == Reading::Kind::unknown) emit(r, reading.plus, g, 0.0);
      if (reading.kind == Reading::Kind::derivative) emit(r, reading.plus, 0.0, at.hold ? 0.0 : g);
      if constexpr (requires { emit.source_current(r, 0u, g); }) {
        if (reading.kind == Reading::Kind::source_current) emit.source_current(r, reading.plus, g);
      }
    };
    one_row(row, scale * slope[i]);
    if (opposite != npos) one_row(opposite, -scale * slope[i]);
  }
}

template <class Emit>
void AuxiliaryRows::row_entries(std::uint32_t me, const Row& row, const AuxiliaryPoint& at, Emit& emit) {
  if (row.has_current()) {
    emit(row.plus_row, me, 1.0, 0.0);
    emit(row.minus_row, me, -1.0, 0.0);
  }
  switch (row.kind) {
    case Kind::source:
      if constexpr (requires { emit.source_voltage(me, row.index, -1.0); })
        emit.source_voltage(me, row.index, -1.0);
      return difference_entries(me, row, 1.0, emit);
    case Kind::short_circuit:
      emit(me, me, row.idle ? 1.0 : 0.0, 0.0);
      return difference_entries(me, row, row.idle ? 0.0 : 1.0, emit);
    case Kind::resistor:
      if (row.last_mutual == 0) {
        emit(me, me, -row.resistance, 0.0);
        return difference_entries(me, row, 1.0, emit);
      }
      for (std::uint32_t m = row.first_mutual; m < row.last_mutual; ++m)
        emit(me, drops_[m].row, drops_[m].resistance, 0.0);
      return;
    case Kind::behavioural_voltage:
      difference_entries(me, row, 1.0, emit);
      return program_entries(circuit_.behavioural_sources[row.index].program, me, -at.factor, at, emit);
    case Kind::behavioural_current:
      emit(me, me, 1.0, 0.0);
      return program_entries(circuit_.behavioural_sources[row.index].program, me, -at.factor, at, emit);
    case Kind::switch_current:
      emit(me, me, switch_scale(row.index), 0.0);
      return difference_entries(me, row, -switch_scale(row.index) * switch_conductance(row.index), emit);
    case Kind::inductor:
      difference_entries(me, row, 1.0, emit);
      for (std::uint32_t m = row.first_mutual; m < row.last_mutual; ++m)
        emit(me, mutuals_[m].row, 0.0, at.hold ? 0.0 : -mutuals_[m].inductance);
      return;
    case Kind::port: {
      difference_entries(me, row, 1.0, emit);
      emit(me, me, -circuit_.lines[row.index].impedance, 0.0);
      return emit(me, line_row(row.index) + LosslessLine::arriving(row.part), -1.0, 0.0);
    }
    case Kind::arriving:
      return arriving_entries(me, row, at, emit);
    case Kind::leaving: {
      const std::uint32_t base = line_row(row.index);
      emit(me, me, 1.0, 0.0);
      emit(me, base + LosslessLine::arriving(row.part), -1.0, 0.0);
      return emit(me, base + LosslessLine::current(row.part), -2 * circuit_.lines[row.index].impedance, 0.0);
    }
    case Kind::stage:
      return emit(me, me, at.hold ? 1.0 : 0.0, 0.0);
    case Kind::tap:
      return emit(me, me, 1.0, 0.0);
    case Kind::power:
      emit(me, me, 1.0, 0.0);
      difference_entries(me, row, -current_of(row, at), emit);
      if (row.current != npos) {
        emit(me, row.current, -voltage(row, at), 0.0);
      } else if constexpr (requires { emit.source_current(me, row.part, 0.0); }) {
        emit.source_current(me, row.part, -voltage(row, at));
      }
      return;
    case Kind::derivative:
      emit(me, me, 1.0, 0.0);
      return program_entries(circuit_.auxiliaries[row.index].program, me, -1.0, at, emit);
    case Kind::integral:
      emit(me, me, at.hold ? 1.0 : 0.0, at.hold ? 0.0 : 1.0);
      return program_entries(circuit_.auxiliaries[row.index].program, me, at.hold ? 0.0 : -1.0, at, emit);
  }
}

template <class Emit>
void AuxiliaryRows::arriving_entries(std::uint32_t me, const Row& row, const AuxiliaryPoint& at, Emit& emit) {
  const bool rest = at.hold || at_rest_;
  const std::uint32_t base = line_row(row.index);
  const double voltages = rest && row.part == 0 && !row.idle ? 1 : 0;
  const double currents = rest && row.part == 1 ? 1 : 0;
  for (const std::uint32_t port : {0u, 1u}) {
    difference_entries(me, rows_[base - first_ + port], port == 0 ? voltages : -voltages, emit);
    const double alone = rest && row.idle && port == 0 ? 1 : 0;
    emit(me, base + LosslessLine::current(port), currents + alone, 0.0);
  }
  if (at_rest_) return;
  lines_[row.index].entries(row.part, [&](std::uint32_t r, std::uint32_t column, double g, double c) {
    emit(base + r, base + column, rest ? 0 : g, rest ? 0 : c);
  });
  if constexpr (requires { emit.delayed(me, me, 0.0, 0.0); }) {
    if (rest) return;
    const std::uint32_t leaving = base + LosslessLine::leaving(1 - row.part);
    const double follows = lines_[row.index].lumped() ? 0 : 1;  // the pattern is the same, whatever it is
    emit.delayed(me, leaving, -follows, circuit_.lines[row.index].delay);
  }
}

template <class Emit>
void AuxiliaryRows::entries(const AuxiliaryPoint& at, Emit&& emit) {
  for (std::uint32_t k = 0; k < rows_.size(); ++k) row_entries(first_ + k, rows_[k], at, emit);
  for (const Load& element : loads_) {
    if (element.is_switch) {
      const double g = switch_conductance(element.index);
      difference_entries(element.plus_row, element, g, emit);
      difference_entries(element.minus_row, element, -g, emit);
    } else {
      const std::uint32_t program = circuit_.behavioural_sources[element.index].program;
      program_entries(program, element.plus_row, at.factor, at, emit, element.minus_row);
    }
  }
}

template <class Emit>
void AuxiliaryRows::load_entries(const AuxiliaryPoint& at, Emit&& emit) {
  for (std::uint32_t k = 0; k < loads_.size(); ++k) {
    if (loads_[k].is_switch) {
      difference_entries(k, loads_[k], switch_conductance(loads_[k].index), emit);
    } else {
      program_entries(circuit_.behavioural_sources[loads_[k].index].program, k, at.factor, at, emit);
    }
  }
}

}  // namespace memspice
