#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <string>

#include "support/places.hpp"
#include "waveform/file_bytes.hpp"
#include "waveform/temporary_folder.hpp"

/// What a command did.
struct CommandOutcome {
  int code = -1;  // 128 + n when signal n ended it
  std::string out;
  std::string err;
};

/// Runs a line of sh inside the folder; `$MEMSPICE` is the program under test.
inline CommandOutcome run_command(const TemporaryFolder& folder, const std::string& command) {
  const TemporaryFolder streams;
  const std::string out = streams.file("out");
  const std::string err = streams.file("err");
  const std::string line = "MEMSPICE='" + memspice::testing::program_path() + "'; cd '" +
                           folder.path().string() + "' && { " + command + "\n} >'" + out + "' 2>'" + err +
                           "'";
  const int status = std::system(line.c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, read_bytes(out), read_bytes(err)};
}
