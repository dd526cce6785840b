#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "waveform/temporary_folder.hpp"

/// Whether the real ngspice is there. Where it is not, a test says so, and fails on the test machine (CI
/// set).
inline bool ngspice_found() {
  if (std::system("command -v ngspice >/dev/null 2>&1") == 0) return true;
  MESSAGE("ngspice is not installed: this test checks nothing here");
  CHECK_MESSAGE(std::getenv("CI") == nullptr, "ngspice has to be installed where CI is set");
  return false;
}

/// Runs `ngspice -b <options> deck.cir` on this deck inside the folder; what it prints goes to `log`.
inline int run_ngspice(const TemporaryFolder& folder, const std::string& deck,
                       const std::string& options = "") {
  write_bytes(folder.file("deck.cir"), deck);
  const std::string command =
      "cd '" + folder.path().string() + "' && ngspice -b " + options + " deck.cir >log 2>&1 </dev/null";
  return std::system(command.c_str());
}
