#include "app/view/view_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <memspice/circuit.hpp>
#include <memspice/deck.hpp>

#include "app/console/console.hpp"
#include "app/console/exit_code.hpp"
#include "app/console/waveform_file.hpp"
#include "app/plot/points.hpp"
#include "app/plot/terms.hpp"
#include "app/view/network_page.hpp"
#include "app/view/page.hpp"
#include "base/characters.hpp"
#include "base/usage_error.hpp"

namespace memspice::app {

namespace {

struct ViewArguments {
  std::vector<std::string> words;
  std::string deck;
  std::string output;
  bool quiet = false;
};

/// Only the scale, what tells the points, and the vectors that fit one of the names or patterns.
Plot with_vectors(const Plot& plot, const std::vector<std::string>& wanted) {
  const PlotLayout layout = layout_of(plot);
  std::vector<bool> kept(plot.vectors.size());
  if (layout.scale != PlotLayout::none) kept[layout.scale] = true;
  for (const std::size_t vector : layout.point_values) kept[vector] = true;
  for (const std::string& pattern : wanted)
    for (const std::size_t vector : matching_vectors(plot, pattern)) kept[vector] = true;
  Plot result;
  result.title = plot.title;
  result.name = plot.name;
  result.complex = plot.complex;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (!kept[i]) continue;
    result.vectors.push_back(plot.vectors[i]);
    result.columns.push_back(plot.columns[i]);
    if (plot.complex) result.imaginary.push_back(plot.imaginary[i]);
  }
  return result;
}

std::vector<Plot> chosen_vectors(std::vector<Plot> plots, const std::vector<std::string>& wanted,
                                 const std::string& file) {
  if (wanted.empty()) return plots;
  for (const std::string& pattern : wanted)
    if (std::ranges::all_of(plots, [&](const Plot& plot) { return matching_vectors(plot, pattern).empty(); }))
      terms_of(plots.front(), pattern, file);  // says what there is
  for (Plot& plot : plots) plot = with_vectors(plot, wanted);
  return plots;
}

nlohmann::ordered_json network_of_deck(const std::string& path) {
  if (path.empty() || path == "-") return {};
  return network_json(elaborate(parse_file(path)));
}

void write_view(Page page, const std::string& path, bool quiet) {
  if (std::ranges::all_of(page.plots, [](const Plot& plot) { return plot.rows() == 0; }))
    throw UsageError(fmt::format("'{}' has no rows", page.source));
  write_page(page, path);
  if (!quiet) print_out("written: {}: a page for any browser\n", path);
}

int view(const ViewArguments& arguments) {
  if (arguments.words.empty())
    throw UsageError("no waveform file given",
                     "memspice view out.raw --deck deck.cir, or memspice view --help");
  const std::string& file = arguments.words.front();
  const std::string output = arguments.output.empty()
                                 ? std::filesystem::path(file).replace_extension(".html").string()
                                 : arguments.output;
  if (const std::string suffix = to_lower(std::filesystem::path(output).extension().string());
      suffix != ".html" && suffix != ".htm")
    throw UsageError(fmt::format("'{}' has no suffix of a page", output), "choose .html");
  for (const std::string& input : {file, arguments.deck}) refuse_to_overwrite(output, input);
  read_page_template();  // before the work
  Page page{.source = std::filesystem::path(file).filename().string(),
            .plots = chosen_vectors(join_points(waveforms_of(file)),
                                    {arguments.words.begin() + 1, arguments.words.end()}, file),
            .network = network_of_deck(arguments.deck)};
  write_view(std::move(page), output, arguments.quiet);
  return success;
}

}  // namespace

void view_plots(const std::string& deck, const std::string& output, std::vector<Plot> plots, bool quiet) {
  const std::filesystem::path path =
      output.empty() ? std::filesystem::path(deck).filename() : std::filesystem::path(output);
  write_view({.source = path.filename().string(),
              .plots = join_points(std::move(plots)),
              .network = network_of_deck(deck)},
             std::filesystem::path(path).replace_extension(".html").string(), quiet);
}

void add_view_command(CLI::App& app, int& exit_code) {
  const auto arguments = std::make_shared<ViewArguments>();
  CLI::App* command = app.add_subcommand("view", "Write waveforms, and the network, as a page for a browser");
  command->footer(
      "The page is one file that needs no network: waveforms to zoom and measure, XY loops, spectra, and "
      "with --deck\n"
      "the graph of a memristive network, its branches coloured by state, current, voltage or power at any "
      "time.\n"
      "After the file, names or patterns say which vectors the page gets (all). memspice deck.cir --view "
      "runs a deck and\n"
      "writes deck.html.\n\n"
      "Examples:\n"
      "  memspice view out.raw\n"
      "  memspice view out.raw --deck grid.cir -o grid.html\n"
      "  memspice view out.raw 'w(*)' 'i(v1)'\n\n"
      "Exit codes: 0 the page is written, 2 bad usage or a mistake in the deck, 3 a file cannot be read or "
      "written, or\n"
      "the page is not installed.");
  command->add_option("words", arguments->words, "Waveform file; vectors")->type_name("WORD");
  command->add_option("--deck", arguments->deck, "Deck whose network is drawn")->type_name("FILE");
  command->add_option("-o,--output", arguments->output, "Page to write [the waveform file's name with .html]")
      ->type_name("FILE");
  command->add_flag("-q,--quiet", arguments->quiet, "Print errors only");
  command->callback([arguments, &exit_code] { exit_code = view(*arguments); });
}

}  // namespace memspice::app
