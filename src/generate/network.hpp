#pragma once

#include <cstdint>
#include <vector>

namespace memspice::generate {

struct Edge {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  friend bool operator==(const Edge&, const Edge&) = default;
};

/// A straight wire in the box [0, 1] x [0, 1], cut off at its sides.
struct Wire {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;

  [[nodiscard]] bool touches_left() const { return x0 == 0 || x1 == 0; }
  [[nodiscard]] bool touches_right() const { return x0 == 1 || x1 == 1; }
};

/// How the nodes of a network are called.
enum class Naming {
  numbered,        // n1, n2, ...
  grid,            // n<row>_<column>
  crossbar,        // r<row>_<column> and c<row>_<column> on the wires, row<row> in front of them
  ideal_crossbar,  // row<row>, column<column>
  wires,           // n1, n2, ..., the last one `left`
};

/// Memristors and resistors between nodes 0 ... nodes-1; node 0 is ground.
struct Network {
  std::uint32_t nodes = 0;
  std::vector<Edge> memristors;
  std::vector<Edge> resistors;
  double resistance = 0;                 // ohm, of every resistor
  std::vector<std::uint32_t> terminals;  // where sources from ground may be attached
  Naming naming = Naming::numbered;
  std::uint32_t rows = 0, columns = 0;  // of a grid or crossbar
  std::vector<Wire> wires;              // of nanowires: of each node that is one, in their order
  // What was drawn but not kept, because it was not connected to the rest.
  std::uint32_t lost_nodes = 0;
  std::uint32_t lost_memristors = 0;

  /// Independent loops of a connected network.
  [[nodiscard]] std::uint64_t loops() const { return memristors.size() + resistors.size() + 1 - nodes; }
};

}  // namespace memspice::generate
