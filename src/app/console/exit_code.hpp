#pragma once

namespace memspice::app {

/// Exit codes of the program. 128 + n stands for signal n: that asked for an end, or SIGPIPE where the reader
/// of standard output has gone.
enum ExitCode : int { success = 0, simulation_failed = 1, bad_input = 2, file_trouble = 3 };

}  // namespace memspice::app
