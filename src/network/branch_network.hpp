#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "memspice/circuit.hpp"
#include "network/graph.hpp"
#include "network/loop_equations.hpp"

namespace memspice::network {

/// A linear memristor's numbers: R = low + slope w with the sign of an active device, rate αw - gain × drive.
struct Memristor {
  double low = 0;    // P Ron, ohm
  double slope = 0;  // P (Roff - Ron), ohm
  double alpha = 0;  // 1/s
  double gain = 0;   // J Ron/β, 1/(A s), or under voltage control J/β, 1/(V s)
  double start = 0;  // w0
  bool voltage_control = false;
};

/// A circuit as the paper sees it: branches n+ → n- in the order memristors, resistors, voltage sources,
/// current sources. A voltage source is a branch of its own, with no resistance.
struct BranchNetwork {
  struct SourceBranch {
    std::uint32_t branch = 0;
    bool is_voltage = true;
    double dc = 0;               // V or A
    std::uint32_t function = 0;  // in Circuit::functions, or Source::constant
  };
  std::size_t node_count = 0;
  std::vector<GraphBranch> branches;
  std::vector<BranchKind> kinds;
  std::vector<std::uint32_t> names;  // in Circuit::element_names
  std::vector<Location> where;
  std::vector<double> resistance;  // ohm; of memristors: P Ron
  std::vector<Memristor> memristors;
  std::vector<std::uint32_t> memristor_names;
  std::vector<SourceBranch> sources;
  bool has_negative_resistance = false;
};

/// Throws DeckError naming the first element in the deck that is no linear memristor (level 1), resistor or
/// independent source, or that there is no memristor. `card` is what asks for the network, for the
/// messages.
BranchNetwork branch_network(const Circuit& circuit, std::string_view card, Location where);

/// The network's loop equations; what makes them impossible as a DeckError that names the elements.
LoopEquations loop_equations(const Circuit& circuit, const BranchNetwork& network);

}  // namespace memspice::network
