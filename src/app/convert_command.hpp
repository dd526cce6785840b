#pragma once

namespace CLI {
class App;
}

namespace memspice::app {

/// Registers `memspice convert`. Where the command line chooses it, parsing runs it and stores its exit code:
/// 0 the deck is written, 2 bad usage or a mistake in the deck, 3 a file cannot be read or written.
void add_convert_command(CLI::App& app, int& exit_code);

}  // namespace memspice::app
