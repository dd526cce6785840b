#pragma once

namespace CLI {
class App;
}

namespace memspice::app {

/// Registers `memspice info`. Where the command line chooses it, parsing runs it and stores its exit code.
void add_info_command(CLI::App& app, int& exit_code);

}  // namespace memspice::app
