#pragma once

#include <cstdint>
#include <string>

#include "generate/network.hpp"

namespace CLI {
class App;
}

namespace memspice::app {

/// Registers `memspice generate`. Where the command line chooses it, parsing runs it and stores its exit
/// code: 0 the deck is written, 2 the arguments mean nothing, 3 it cannot be written.
void add_generate_command(CLI::App& app, int& exit_code);

/// Gives the registered command its options without running it, for who describes them.
void complete_generate_command(CLI::App& app);
/// The network of nanowires that a deck was generated with, by the command in its head ("memspice generate
/// nanowire …"). Empty where the command is none of these, or would make more than so many nodes.
generate::Network wires_of_command(const std::string& command, std::uint32_t most_nodes);

}  // namespace memspice::app
