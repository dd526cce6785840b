#include "app/show_command.hpp"

#include <fmt/format.h>

#include "app/console/exit_code.hpp"
#include "app/deck_arguments.hpp"
#include "app/plot/plot_command.hpp"
#include "base/usage_error.hpp"
#include "waveform/output_target.hpp"

namespace memspice::app {

int simulate_and_show(SimulateArguments arguments, const ShowWish& wish) {
  const char* const option = "--plot";
  if (arguments.check || arguments.separate || names_standard_output(arguments.output))
    throw UsageError(
        fmt::format("{} shows the waveforms of one file: it does not go with --check, --separate or -o -",
                    option),
        "memspice plot shows those of files that are there");
  MemorySink rows;
  if (arguments.output.empty()) arguments.unwritten = &rows;
  const int code = simulate(arguments);
  const bool kept = arguments.output.empty();
  if (!kept && code != success) return code;
  std::vector<Plot> plots = kept ? rows.plots() : read_waveforms(arguments.output);
  if (plots.empty() && code != success) return code;
  if (wish.plot) show_plots(name_of_deck(arguments.deck), std::move(plots));
  return code;
}

}  // namespace memspice::app
