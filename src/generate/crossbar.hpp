#pragma once

#include "generate/network.hpp"
#include "generate/specification.hpp"

namespace memspice::generate {

/// Word lines (rows) and bit lines (columns), a memristor from one to the other at every crossing, in the
/// order of the rows; every piece of wire from one crossing to the next, and to a line's connected end, is a
/// resistor of `line_resistance` ohm. Without line resistance every line is one node.
///
/// What is connected: with Drive::rows the head of every row (terminals) and the foot of every column, to
/// ground; with Drive::port the head of the first row and the foot of the last column; otherwise no row, and
/// the foot of every column.
Network crossbar(std::uint32_t rows, std::uint32_t columns, double line_resistance, Drive drive);

}  // namespace memspice::generate
