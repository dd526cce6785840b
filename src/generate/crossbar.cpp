#include "generate/crossbar.hpp"

namespace memspice::generate {

namespace {

Network ideal_crossbar(std::uint32_t rows, std::uint32_t columns, Drive drive) {
  Network network;
  network.naming = Naming::ideal_crossbar;
  const auto row_node = [&](std::uint32_t r) { return r + 1; };
  // A port grounds the last column only; the others follow the rows.
  const auto column_node = [&](std::uint32_t c) {
    return drive == Drive::port && c + 1 < columns ? rows + 1 + c : 0;
  };
  network.nodes = 1 + rows + (drive == Drive::port ? columns - 1 : 0);
  for (std::uint32_t r = 0; r < rows; ++r)
    for (std::uint32_t c = 0; c < columns; ++c) network.memristors.push_back({row_node(r), column_node(c)});
  if (drive == Drive::port) network.terminals = {row_node(0)};
  if (drive == Drive::rows)
    for (std::uint32_t r = 0; r < rows; ++r) network.terminals.push_back(row_node(r));
  return network;
}

Network resistive_crossbar(std::uint32_t rows, std::uint32_t columns, double line_resistance, Drive drive) {
  Network network;
  network.naming = Naming::crossbar;
  network.resistance = line_resistance;
  const std::uint32_t crossings = rows * columns;
  const auto on_row = [&](std::uint32_t r, std::uint32_t c) { return 1 + r * columns + c; };
  const auto on_column = [&](std::uint32_t r, std::uint32_t c) { return 1 + crossings + r * columns + c; };
  network.nodes = 1 + 2 * crossings;
  network.memristors.reserve(crossings);
  network.resistors.reserve(2 * std::size_t{crossings});
  for (std::uint32_t r = 0; r < rows; ++r) {
    if (drive == Drive::rows || (drive == Drive::port && r == 0)) {
      network.terminals.push_back(network.nodes);
      network.resistors.push_back({network.nodes++, on_row(r, 0)});
    }
    for (std::uint32_t c = 0; c < columns; ++c) {
      network.memristors.push_back({on_row(r, c), on_column(r, c)});
      if (c + 1 < columns) network.resistors.push_back({on_row(r, c), on_row(r, c + 1)});
    }
  }
  for (std::uint32_t c = 0; c < columns; ++c) {
    for (std::uint32_t r = 0; r + 1 < rows; ++r)
      network.resistors.push_back({on_column(r, c), on_column(r + 1, c)});
    if (drive != Drive::port || c + 1 == columns) network.resistors.push_back({on_column(rows - 1, c), 0});
  }
  return network;
}

}  // namespace

Network crossbar(std::uint32_t rows, std::uint32_t columns, double line_resistance, Drive drive) {
  Network network = line_resistance > 0 ? resistive_crossbar(rows, columns, line_resistance, drive)
                                        : ideal_crossbar(rows, columns, drive);
  network.rows = rows;
  network.columns = columns;
  return network;
}

}  // namespace memspice::generate
