#pragma once

#include <string>
#include <vector>

#include "app/plot/compose.hpp"

namespace CLI {
class App;
}

namespace memspice::app {

/// Registers `memspice plot`. Where the command line chooses it, parsing runs it and stores its exit code:
/// 0 the picture is there, 2 bad usage or nothing to draw, 3 a file cannot be read or written, or gnuplot
/// fails.
void add_plot_command(CLI::App& app, int& exit_code);

/// How `memspice plot` draws.
struct PlotTarget {
  std::string output;  // empty: the terminal
  bool text = false;   // with characters, whatever the terminal can show
  std::string size;    // "900x520", pixels
  bool quiet = false;
};

/// Draws all vectors of a run's plots on the terminal.
void show_plots(const std::string& name, std::vector<Plot> plots);

}  // namespace memspice::app
