#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace memspice {

/// What the command line of `memspice compare` says.
struct CompareArguments {
  std::string first;
  std::string second;  // empty: the first one
  std::string points;  // "1:3", "r=1k:r=2k": of .step, .mc and .temp; empty: all
  double reltol = 1e-3;
  double abstol = 1e-12;
  std::vector<std::string> map;  // `name=name`
  std::string names;             // a deck of `memspice convert`, whose lines `*= name = name` count too
  std::vector<std::string> ignore;
  bool common_range = false;  // a file may cover less than the other
  bool json = false;
  bool all = false;  // no limit to the length of the table
};

/// Compares two files and prints the result to `out`, a problem to `err`. Returns the exit code: 0 within
/// tolerance and of the same range, 1 not, 2 nothing to compare or bad names, 3 a file cannot be read or
/// memory is out.
int run_compare(const CompareArguments& arguments, std::ostream& out, std::ostream& err);

/// Registers `memspice compare`. Where the command line chooses it, parsing runs it and stores its exit code.
void add_compare_command(CLI::App& app, int& exit_code);

}  // namespace memspice
