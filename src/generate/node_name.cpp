#include "generate/node_name.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace memspice::generate {

namespace {

char* write(char* out, std::string_view text) {
  return std::copy(text.begin(), text.end(), out);
}

char* write(char* out, std::uint32_t number) {
  return std::to_chars(out, out + 10, number).ptr;
}

char* write_pair(char* out, std::uint32_t first, std::uint32_t second) {
  return write(write(write(out, first), "_"), second);
}

// Nodes 1, 2, ...: the crossings along the rows, the crossings along the columns, the heads of rows.
char* write_crossbar_node(char* out, const Network& network, std::uint32_t index) {
  const std::uint32_t crossings = network.rows * network.columns;
  if (index >= 2 * crossings) return write(write(out, "row"), index - 2 * crossings + 1);
  const std::uint32_t crossing = index % crossings;
  out = write(out, index < crossings ? "r" : "c");
  return write_pair(out, crossing / network.columns + 1, crossing % network.columns + 1);
}

}  // namespace

char* write_node_name(char* out, const Network& network, std::uint32_t node) {
  if (node == 0) return write(out, "0");
  switch (network.naming) {
    case Naming::numbered:
      break;
    case Naming::grid:
      return write_pair(write(out, "n"), node / network.columns, node % network.columns);
    case Naming::crossbar:
      return write_crossbar_node(out, network, node - 1);
    case Naming::ideal_crossbar:
      if (node <= network.rows) return write(write(out, "row"), node);
      return write(write(out, "column"), node - network.rows);
    case Naming::wires:
      if (node + 1 == network.nodes) return write(out, "left");
      break;
  }
  return write(write(out, "n"), node);
}

char* write_memristor_label(char* out, const Network& network, std::uint32_t k) {
  if (network.naming == Naming::crossbar || network.naming == Naming::ideal_crossbar)
    return write_pair(out, k / network.columns + 1, k % network.columns + 1);
  return write(out, k + 1);
}

}  // namespace memspice::generate
