#include <algorithm>
#include <array>

#include "equations/rows/auxiliary_rows.hpp"

// Lossless lines among the auxiliary equations.

namespace memspice {

// In the order of LosslessLine's unknowns.
void AuxiliaryRows::add_line(std::uint32_t index) {
  const TransmissionLine& line = circuit_.lines[index];
  for (std::uint32_t port = 0; port < 2; ++port)
    add_row({.kind = Kind::port,
             .index = index,
             .part = port,
             .plus = line.nodes[2 * port],
             .minus = line.nodes[2 * port + 1]});
  for (std::uint32_t port = 0; port < 2; ++port)
    add_row({.kind = Kind::arriving, .index = index, .part = port});
  for (std::uint32_t port = 0; port < 2; ++port)
    add_row({.kind = Kind::leaving, .index = index, .part = port});
  lines_.emplace_back(line, circuit_.options.reltol, circuit_.options.voltage_tolerance());
  if (at_rest_) return;
  for (std::uint32_t port = 0; port < 2; ++port) {
    for (std::uint32_t k = 1; k <= LosslessLine::stages; ++k)
      add_row({.kind = Kind::stage, .index = index, .part = port}, k);
  }
}

std::uint32_t AuxiliaryRows::line_row(std::uint32_t line) const {
  return first_ + first_line_row_ + line * (at_rest_ ? LosslessLine::stage(0, 1) : LosslessLine::unknowns);
}
std::uint32_t AuxiliaryRows::port_row(std::uint32_t line, std::uint32_t port) const {
  return line_row(line) + LosslessLine::current(port);
}

void AuxiliaryRows::begin_lines(const AuxiliaryPoint& at, bool use_initial_conditions, double* y) {
  for (std::uint32_t i = 0; i < lines_.size(); ++i) {
    const TransmissionLine& line = circuit_.lines[i];
    const std::uint32_t base = line_row(i);
    std::array<double, 2> from{};
    for (std::uint32_t port = 0; port < 2; ++port) {
      const double v =
          use_initial_conditions ? line.initial[2 * port] : voltage(rows_[base - first_ + port], at);
      const double current = use_initial_conditions ? line.initial[2 * port + 1] : at.y[base + port];
      from[port] = v + line.impedance * current;
    }
    lines_[i].begin(at.t, from, y + base);
  }
}

void AuxiliaryRows::note_lines(const AuxiliaryPoint& at) {
  for (std::uint32_t i = 0; i < lines_.size(); ++i)
    lines_[i].note(at.t, at.y + line_row(i), at.derivative + line_row(i));
}

void AuxiliaryRows::note_corner_of_lines(const AuxiliaryPoint& at, const ErrorWeights& weights) {
  for (std::uint32_t i = 0; i < lines_.size(); ++i) {
    const std::uint32_t base = line_row(i);
    double tolerance = infinity;
    for (const std::uint32_t wave : {LosslessLine::leaving(0), LosslessLine::leaving(1)})
      tolerance = std::min(tolerance, weights.tolerance(base + wave));
    if (!lines_[i].note_corner(at.t, at.y + base, at.derivative + base, tolerance)) continue;
    std::erase_if(arrivals_, [&](double arrival) { return arrival < at.t; });
    const double arrival = at.t + lines_[i].delay();
    arrivals_.insert(std::ranges::upper_bound(arrivals_, arrival), arrival);
  }
}

double AuxiliaryRows::next_arrival(double t) const {
  const auto next = std::ranges::upper_bound(arrivals_, t);
  return next == arrivals_.end() ? infinity : *next;
}

}  // namespace memspice
