#pragma once

#include <memspice/waveform.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace memspice::app {

/// What `memspice deck.cir …` was asked to do.
struct SimulateArguments {
  std::string deck;
  std::string output;                // the waveforms; empty: nothing is written
  std::string output_option = "-o";  // which of -o and -r named it
  std::string log;                   // what would stand on standard output, and the errors; empty: there
  std::string report;                // empty: no report
  std::string print;                 // tables and measures; empty: standard output
  std::string format;                // one of format_words; empty: by the name of the output
  bool separate = false;             // one waveform file per analysis
  bool plot_per_step = false;        // one plot for each point of .step, .mc and .temp
  bool command_line = false;         // raw files with the line 'Command:'
  bool check = false;
  bool verify = false;
  bool safe = false;
  bool quiet = false;
  bool verbose = false;
  std::size_t threads = 0;               // for points; 0: as many as there are cores
  std::vector<std::string> definitions;  // name=value
  std::vector<std::string> settings;     // of elements and models: r1=2k, memory:beta=0.06
  std::vector<std::string> limits;       // of budgets: name=value
  WaveformSink* unwritten = nullptr;     // gets the rows where there is no output
  bool shown = false;                    // other programs and files are used when the run has ended
  std::string checkpoint = {};           // FILE or FILE,SECONDS; empty: the run is not saved
  std::string checkpoint_at = {};        // places at which it is saved, too
  std::string give_up = {};              // hours or a ratio; empty: never
  std::string resume = {};               // the checkpoint that it goes on from
};

/// The main job. Returns the program's exit code; throws what run_to_exit_code() turns into messages.
int simulate(const SimulateArguments& arguments);

}  // namespace memspice::app
