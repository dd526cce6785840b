#pragma once

namespace CLI {
class App;
}

namespace memspice::app {

/// Registers `memspice recover`. Where the command line chooses it, parsing runs it and stores its exit code:
/// 0 the rows are in the file, 2 bad usage, 3 a file cannot be read or written.
void add_recover_command(CLI::App& app, int& exit_code);

}  // namespace memspice::app
