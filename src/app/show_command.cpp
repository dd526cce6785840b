#include "app/show_command.hpp"

#include <fmt/format.h>

#include "app/console/exit_code.hpp"
#include "app/deck_arguments.hpp"
#include "app/output_format.hpp"
#include "app/plot/plot_command.hpp"
#include "app/view/page.hpp"
#include "app/view/view_command.hpp"
#include "base/usage_error.hpp"
#include "waveform/output_target.hpp"

namespace memspice::app {

int simulate_and_show(SimulateArguments arguments, const ShowWish& wish) {
  const char* const option = wish.plot ? "--plot" : "--view";
  if (arguments.check || arguments.separate || names_standard_output(arguments.output))
    throw UsageError(
        fmt::format("{} shows the waveforms of one file: it does not go with --check, --separate or -o -",
                    option),
        fmt::format("memspice {} shows those of files that are there", option + 2));
  if (!arguments.output.empty() && output_format(arguments.output, arguments.format) == WaveformFormat::hdf5)
    throw UsageError(
        fmt::format("{} reads the waveforms again, and memspice does not read HDF5 files", option),
        "-o out.raw, or no -o");
  if (wish.view && arguments.deck == "-")
    throw UsageError("--view reads the deck twice, and standard input can be read once",
                     "give the deck as a file");
  if (wish.view) read_page_template();  // before the run: it may be missing
  arguments.shown = true;
  MemorySink rows;
  if (arguments.output.empty()) arguments.unwritten = &rows;
  const int code = simulate(arguments);
  const bool kept = arguments.output.empty();
  if (!kept && code != success) return code;
  std::vector<Plot> plots = kept ? rows.plots() : read_waveforms(arguments.output);
  if (plots.empty() && code != success) return code;
  if (wish.plot) show_plots(name_of_deck(arguments.deck), plots);
  if (wish.view) view_plots(arguments.deck, arguments.output, std::move(plots), arguments.quiet);
  return code;
}

}  // namespace memspice::app
