#pragma once

#include <string>
#include <vector>

namespace memspice::testing {

/// A call of the program whose calls to the system are made to fail one by one.
struct FaultJob {
  std::string name;
  std::string arguments;             // of the program, separated by blanks; inputs are in ../in
  std::vector<std::string> results;  // files that it writes
  int code = 0;
  bool new_files = false;  // the results must not be there before
};

/// Writes the inputs of all jobs into the folder.
void write_fault_inputs(const std::string& folder);
std::vector<FaultJob> fault_jobs();

}  // namespace memspice::testing
