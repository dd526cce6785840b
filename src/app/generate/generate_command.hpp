#pragma once

namespace CLI {
class App;
}

namespace memspice::app {

/// Registers `memspice generate`. Where the command line chooses it, parsing runs it and stores its exit
/// code: 0 the deck is written, 2 the arguments mean nothing, 3 it cannot be written.
void add_generate_command(CLI::App& app, int& exit_code);

/// Gives the registered command its options without running it, for who describes them.
void complete_generate_command(CLI::App& app);

}  // namespace memspice::app
