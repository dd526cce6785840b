#pragma once

#include "app/simulate_command.hpp"

namespace memspice::app {

/// What is shown when a run has ended.
struct ShowWish {
  bool plot = false;  // all waveforms in the terminal
  bool view = false;  // a page for a browser

  [[nodiscard]] bool any() const { return plot || view; }
};

/// Runs the deck as simulate() does, and shows what came out. A run that failed and one that was interrupted
/// show the rows that they have where no file was asked for. Returns the run's exit code.
int simulate_and_show(SimulateArguments arguments, const ShowWish& wish);

}  // namespace memspice::app
