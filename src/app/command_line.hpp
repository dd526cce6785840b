#pragma once

namespace memspice::app {

/// The program `memspice`: reads its arguments, does what they ask for, returns its exit code.
int run_command_line(int argc, char** argv);

}  // namespace memspice::app
