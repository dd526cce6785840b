#pragma once

#include <memspice/waveform.hpp>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace memspice::app {

/// Registers `memspice view`. Where the command line chooses it, parsing runs it and stores its exit code: 0
/// the page is written, 2 bad usage, 3 a file cannot be read or written, or the page is not installed.
void add_view_command(CLI::App& app, int& exit_code);

/// Writes the page of a run of a deck: `deck.html` in the working directory, or beside the waveforms where
/// they were written.
void view_plots(const std::string& deck, const std::string& output, std::vector<Plot> plots, bool quiet);

}  // namespace memspice::app
