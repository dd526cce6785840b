#pragma once

#include <cstdint>
#include <vector>

#include "generate/network.hpp"
#include "random/random_stream.hpp"

namespace memspice::generate {

/// Wires of one length with centres anywhere in the box and in every direction, in the order of the square
/// cells (as long as a wire) that their centres are in, so that neighbours have near numbers.
std::vector<Wire> scatter_wires(std::uint32_t count, double length, RandomStream& random);

/// Whether two wires cross.
bool cross(const Wire& a, const Wire& b);
/// Every pair of wires that cross, the smaller number first, in rising order. `length` is no less than any
/// wire's; the time grows with the number of pairs whose centres are near.
std::vector<Edge> crossings(const std::vector<Wire>& wires, double length);

/// A node for every wire, a memristor where two cross. With electrodes: the box's right side is ground, its
/// left side the terminal, and a contact resistor joins a side to every wire that reaches it.
Network nanowire_network(const std::vector<Wire>& wires, double length, bool electrodes,
                         double contact_resistance);

}  // namespace memspice::generate
