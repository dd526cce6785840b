#pragma once

#include <cstddef>
#include <cstdint>

#include "generate/network.hpp"

namespace memspice::generate {

constexpr std::size_t longest_name = 32;

/// Writes the name of a node, at most `longest_name` characters; returns the end.
char* write_node_name(char* out, const Network& network, std::uint32_t node);
/// Writes what tells memristor k from the others: its number from 1, or `<row>_<column>` in a crossbar.
char* write_memristor_label(char* out, const Network& network, std::uint32_t k);

}  // namespace memspice::generate
