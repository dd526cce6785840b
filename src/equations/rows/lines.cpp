#include "equations/rows/lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace memspice {

Lines::Lines(RowNumbers& numbers, const Circuit& circuit, bool at_rest)
    : RowSet(numbers),
      circuit_(circuit),
      at_rest_(at_rest),
      first_(static_cast<std::uint32_t>(numbers.owners.size())),
      stride_(at_rest ? LosslessLine::stage(0, 1) : LosslessLine::unknowns),
      idle_(circuit.lines.size(), false) {
  for (std::uint32_t i = 0; i < circuit.lines.size(); ++i) {
    const TransmissionLine& line = circuit.lines[i];
    lines_.emplace_back(line, circuit.options.reltol, circuit.options.voltage_tolerance());
    for (std::uint32_t port = 0; port < 2; ++port)
      ports_.push_back({line.nodes[2 * port], line.nodes[2 * port + 1]});
    for (std::uint32_t k = 0; k < stride_; ++k) {
      const std::uint32_t place = i * stride_ + k;
      if (k < 2)
        add_row({i, k}, place,
                {.list = ElementCurrent::List::ports, .index = 2 * i + k, .ends = ports_[2 * i + k]});
      else
        add_row({i, k}, place);
    }
  }
}

std::optional<ElementReading> Lines::current_of(const ElementPlace& place) {
  if (place.kind != ElementPlace::Kind::line) return {};
  const TransmissionLine& line = circuit_.lines[place.index];
  return ElementReading{
      {.kind = Reading::Kind::unknown, .index = row({place.index, LosslessLine::current(0)})},
      line.nodes[0],
      line.nodes[1]};
}

void Lines::attach(const PotentialForest& forest) {
  for (Ends& port : ports_) port.attach(forest);
}

void Lines::residual(const AuxiliaryPoint& at, double* r) {
  for (std::uint32_t i = 0; i < lines_.size(); ++i) {
    const double impedance = circuit_.lines[i].impedance;
    const Ends* ports = &ports_[2 * i];
    const double* x = at.y + first_row(i);
    double* own = r + first_row(i);
    for (const std::uint32_t port : {0u, 1u}) {
      const double current = x[LosslessLine::current(port)];
      const double arriving = x[LosslessLine::arriving(port)];
      own[LosslessLine::current(port)] = ports[port].voltage(at) - impedance * current - arriving;
      own[LosslessLine::leaving(port)] = x[LosslessLine::leaving(port)] - arriving - 2 * impedance * current;
    }
    if (at.hold || at_rest_) {  // one voltage at the ports, opposite currents
      own[LosslessLine::arriving(0)] = idle_[i] ? x[0] : ports[0].voltage(at) - ports[1].voltage(at);
      own[LosslessLine::arriving(1)] = x[0] + x[1];
      for (std::uint32_t k = LosslessLine::stage(0, 1); k < stride_; ++k) own[k] = x[k];
    } else {
      for (const std::uint32_t port : {0u, 1u})
        lines_[i].residual(port, at.t, at.t < at.inside, x, at.derivative + first_row(i),
                           &own[LosslessLine::arriving(port)], &own[LosslessLine::stage(port, 1)]);
    }
  }
}

void Lines::entries(const AuxiliaryPoint& at, EntrySink& emit) {
  for (std::uint32_t i = 0; i < lines_.size(); ++i) {
    const double impedance = circuit_.lines[i].impedance;
    const std::uint32_t base = first_row(i);
    for (const std::uint32_t port : {0u, 1u}) {
      const std::uint32_t me = base + LosslessLine::current(port);
      emit.difference(me, ports_[2 * i + port], 1);
      emit(me, me, -impedance);
      emit(me, base + LosslessLine::arriving(port), -1);
    }
    for (const std::uint32_t port : {0u, 1u}) arriving_entries(i, port, at, emit);
    for (const std::uint32_t port : {0u, 1u}) {
      const std::uint32_t me = base + LosslessLine::leaving(port);
      emit(me, me, 1);
      emit(me, base + LosslessLine::arriving(port), -1);
      emit(me, base + LosslessLine::current(port), -2 * impedance);
    }
    for (std::uint32_t k = LosslessLine::stage(0, 1); k < stride_; ++k)
      emit(base + k, base + k, at.hold ? 1 : 0);
  }
}

void Lines::arriving_entries(std::uint32_t line, std::uint32_t port, const AuxiliaryPoint& at,
                             EntrySink& emit) const {
  const bool rest = at.hold || at_rest_;
  const std::uint32_t base = first_row(line);
  const std::uint32_t me = base + LosslessLine::arriving(port);
  const double voltages = rest && port == 0 && !idle_[line] ? 1 : 0;
  const double currents = rest && port == 1 ? 1 : 0;
  for (const std::uint32_t end : {0u, 1u}) {
    emit.difference(me, ports_[2 * line + end], end == 0 ? voltages : -voltages);
    const double alone = rest && port == 0 && idle_[line] && end == 0 ? 1 : 0;
    emit(me, base + LosslessLine::current(end), currents + alone);
  }
  if (at_rest_) return;
  lines_[line].entries(port, [&](std::uint32_t r, std::uint32_t column, double g, double c) {
    emit(base + r, base + column, rest ? 0 : g, rest ? 0 : c);
  });
  if (rest) return;
  const double follows = lines_[line].lumped() ? 0 : 1;  // the pattern is the same, whatever it is
  emit.delayed(me, base + LosslessLine::leaving(1 - port), -follows, circuit_.lines[line].delay);
}

AuxiliaryUnknown Lines::unknown(std::uint32_t place) const {
  const std::uint32_t k = place % stride_;
  if (k < LosslessLine::arriving(0)) return {.quantity = Quantity::current};
  // All of the scale of the wave that arrives at the first port; lines remember the stages.
  return {.quantity = Quantity::voltage,
          .tested = k < LosslessLine::stage(0, 1),
          .before = k - LosslessLine::arriving(0)};
}

std::string Lines::name(std::uint32_t place) const {
  const std::string line = circuit_.element_names[circuit_.lines[place / stride_].name];
  const bool current = place % stride_ < LosslessLine::arriving(0);
  return current ? fmt::format("i({})", line) : fmt::format("a wave on {}", line);
}

void Lines::begin(const AuxiliaryPoint& at, bool use_initial_conditions, double* y) {
  for (std::uint32_t i = 0; i < lines_.size(); ++i) {
    const TransmissionLine& line = circuit_.lines[i];
    const std::uint32_t base = first_row(i);
    std::array<double, 2> from{};
    for (std::uint32_t port = 0; port < 2; ++port) {
      const double v = use_initial_conditions ? line.initial[2 * port] : ports_[2 * i + port].voltage(at);
      const double current = use_initial_conditions ? line.initial[2 * port + 1] : at.y[base + port];
      from[port] = v + line.impedance * current;
    }
    lines_[i].begin(at.t, from, y + base);
  }
}

void Lines::note(const AuxiliaryPoint& at) {
  for (std::uint32_t i = 0; i < lines_.size(); ++i)
    lines_[i].note(at.t, at.y + first_row(i), at.derivative + first_row(i));
}

void Lines::note_corner(const AuxiliaryPoint& at, const ErrorWeights& weights) {
  for (std::uint32_t i = 0; i < lines_.size(); ++i) {
    const std::uint32_t base = first_row(i);
    double tolerance = infinity;
    for (const std::uint32_t wave : {LosslessLine::leaving(0), LosslessLine::leaving(1)})
      tolerance = std::min(tolerance, weights.tolerance(base + wave));
    if (!lines_[i].note_corner(at.t, at.y + base, at.derivative + base, tolerance)) continue;
    std::erase_if(arrivals_, [&](double arrival) { return arrival < at.t; });
    const double arrival = at.t + lines_[i].delay();
    arrivals_.insert(std::ranges::upper_bound(arrivals_, arrival), arrival);
  }
}

double Lines::next_breakpoint(double t) const {
  const auto next = std::ranges::upper_bound(arrivals_, t);
  return next == arrivals_.end() ? infinity : *next;
}

void Lines::exchange(Archive& archive) {
  archive.list(arrivals_);
  archive.require(std::ranges::is_sorted(arrivals_));
  for (LosslessLine& line : lines_) line.exchange(archive);
}

}  // namespace memspice
