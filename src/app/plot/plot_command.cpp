#include "app/plot/plot_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>

#include "app/console/console.hpp"
#include "app/console/exit_code.hpp"
#include "app/console/waveform_file.hpp"
#include "app/plot/character_drawing.hpp"
#include "app/plot/gnuplot.hpp"
#include "app/plot/points.hpp"
#include "app/plot/terminal.hpp"
#include "app/plot/thinning.hpp"
#include "base/characters.hpp"
#include "base/number.hpp"
#include "base/usage_error.hpp"
#include "waveform/output_file.hpp"

namespace memspice::app {

namespace {

constexpr const char* plot_footer =
    R"(The words are files and what is drawn of them: vectors by name or pattern (w(*)), or expressions with the operators
and functions of a deck: 'v(a)-v(b)', 'db(v(out))', 'v(in)*i(v1)', 'mean(w(*))'. Without any all vectors are drawn, what
has one unit in one panel. Of several files all curves are laid over one another, and of .step, .mc and .temp those of all
points; complex vectors of .ac are drawn as decibels and degrees; operating points of .mc as histograms.

Without -o the picture is in the terminal: as sixel graphics where it shows them and gnuplot is there, else in
characters. .svg, .png and .pdf need gnuplot (5.2 or later); .gp is the script that gnuplot draws it from.

Examples:
  memspice plot out.raw                             everything, in the terminal
  memspice plot out.raw 'v(out)' 'v(a)-v(b)' -o out.svg
  memspice plot out.raw 'i(y1)' --x 'v(in)' -o loop.pdf
  memspice plot ac.raw 'v(out)' 'db(v(out)/v(in))' --log x
  memspice plot one.raw two.raw 'w(y1)'             two runs laid over one another

Exit codes: 0 the picture is there, 2 bad usage or nothing to draw, 3 a file cannot be read or written, or gnuplot is
missing or fails.)";

struct PlotArguments {
  std::vector<std::string> words;
  PlotWish wish;
  std::string log;
  PlotTarget target;
};

/// What a suffix of -o means.
struct PictureFormat {
  std::string_view suffix;
  std::string_view terminal;  // of gnuplot; empty: its script is the file
};
constexpr std::array<PictureFormat, 4> picture_formats{
    {{".svg", "svg"}, {".png", "pngcairo"}, {".pdf", "pdfcairo"}, {".gp", ""}}};

const PictureFormat& format_of_picture(const std::string& path) {
  const std::string suffix = to_lower(std::filesystem::path(path).extension().string());
  const auto found = std::ranges::find(picture_formats, suffix, &PictureFormat::suffix);
  if (found == picture_formats.end())
    throw UsageError(fmt::format("'{}' has no suffix of a picture that memspice makes", path),
                     "choose .svg, .png, .pdf, or .gp for gnuplot's script");
  return *found;
}

PictureSize size_of_picture(const std::string& text) {
  if (text.empty()) return {};
  const std::size_t cross = text.find('x');
  const auto number = [](std::string_view word) {
    const std::optional<double> value = signed_number(word);
    const bool fits = value && *value >= 100 && *value <= 20000 && *value == static_cast<int>(*value);
    return fits ? static_cast<int>(*value) : 0;
  };
  const PictureSize size = cross == std::string::npos
                               ? PictureSize{0, 0}
                               : PictureSize{number(std::string_view(text).substr(0, cross)),
                                             number(std::string_view(text).substr(cross + 1))};
  if (size.width == 0 || size.height == 0)
    throw UsageError(
        fmt::format("--size wants width x height in pixels, each from 100 to 20000, not '{}'", text),
        "for example --size 900x520");
  return size;
}

void read_log(const std::string& text, PlotWish& wish) {
  if (!text.empty() && text != "x" && text != "y" && text != "xy" && text != "yx")
    throw UsageError(fmt::format("--log wants x, y or xy, not '{}'", text));
  wish.log_x = text.find('x') != std::string::npos;
  wish.log_y = text.find('y') != std::string::npos;
}

bool looks_like_file(const std::string& word) {
  for (const std::string_view suffix : {".raw", ".csv", ".prn", ".tsv", ".part", ".tr0"})
    if (to_lower(word).ends_with(suffix)) return true;
  std::error_code ignored;
  return word.find('(') == std::string::npos && std::filesystem::exists(word, ignored);
}

std::vector<PlotSource> sources_of(std::vector<std::string>& words) {
  std::vector<PlotSource> sources;
  std::vector<std::string> rest;
  for (std::string& word : words) {
    if (sources.empty() || looks_like_file(word)) {
      sources.push_back({word, join_points(waveforms_of(word))});
    } else {
      rest.push_back(std::move(word));
    }
  }
  words = std::move(rest);
  return sources;
}

void draw_on_terminal(Picture picture, bool text) {
  const Terminal terminal = standard_terminal();
  if (!text && shows_sixel() && has_gnuplot()) {
    constexpr int width_of_letter = 9;
    PictureSize size{.width = std::clamp(terminal.columns * width_of_letter, 480, 1600)};
    thin_out(picture);
    print_drawing(run_gnuplot(gnuplot_script(picture, "sixelgd", size)));
    return;
  }
  thin_out(picture, {.across = 4 * terminal.columns, .down = 400});
  print_drawing(draw_characters(picture, {terminal.columns, terminal.rows, terminal.colours}));
}

int draw_to_file(Picture picture, const PlotTarget& target) {
  const PictureFormat& format = format_of_picture(target.output);
  const PictureSize size = size_of_picture(target.size);
  OutputFile file(target.output);  // opened now: a wrong path must not cost the work
  thin_out(picture);
  const std::string script = gnuplot_script(picture, format.terminal, size);
  const std::string bytes = format.terminal.empty() ? script : run_gnuplot(script);
  std::string_view left = bytes;
  while (!left.empty()) {
    const std::size_t piece = std::min(left.size(), OutputFile::buffer_size / 2);
    file.write(left.substr(0, piece));
    left.remove_prefix(piece);
  }
  file.commit();
  if (!target.quiet) print_out("written: {}\n", file.path());
  return success;
}

int plot(PlotArguments arguments) {
  if (arguments.words.empty())
    throw UsageError("no waveform file given", "memspice plot out.raw, or memspice plot --help");
  read_log(arguments.log, arguments.wish);
  if (!arguments.target.output.empty()) format_of_picture(arguments.target.output);
  size_of_picture(arguments.target.size);
  const std::vector<PlotSource> sources = sources_of(arguments.words);
  for (const PlotSource& source : sources) refuse_to_overwrite(arguments.target.output, source.name);
  arguments.wish.vectors = std::move(arguments.words);
  Composition composition = compose(sources, arguments.wish);
  if (!arguments.target.quiet)
    for (const std::string& remark : composition.remarks) print_error("note: {}\n", remark);
  if (!arguments.target.output.empty()) return draw_to_file(std::move(composition.picture), arguments.target);
  draw_on_terminal(std::move(composition.picture), arguments.target.text);
  return success;
}

}  // namespace

void show_plots(const std::string& name, std::vector<Plot> plots) {
  const std::vector<PlotSource> sources{{name, join_points(std::move(plots))}};
  Composition composition = compose(sources, {});
  for (const std::string& remark : composition.remarks) print_error("note: {}\n", remark);
  draw_on_terminal(std::move(composition.picture), false);
}

void add_plot_command(CLI::App& app, int& exit_code) {
  const auto arguments = std::make_shared<PlotArguments>();
  CLI::App* command = app.add_subcommand("plot", "Draw waveforms: in the terminal, or as SVG, PNG or PDF");
  command->footer(plot_footer);
  command->add_option("words", arguments->words, "Waveform files; vectors and expressions, see below")
      ->type_name("WORD");
  command
      ->add_option("--x", arguments->wish.x,
                   "Vector or expression to draw over [the scale: time, frequency, ...]")
      ->type_name("VECTOR");
  command->add_option("--log", arguments->log, "Logarithmic axes: x, y or xy [x where it is a frequency]")
      ->type_name("x|y|xy");
  command
      ->add_option("--plot", arguments->wish.plot,
                   "Of a file with several plots: its number, or how its name begins")
      ->type_name("PLOT");
  command->add_flag("--histogram", arguments->wish.histogram,
                    "How often the last values of the points of .mc or .step are what");
  command
      ->add_option("-o,--output", arguments->target.output,
                   "File to write: .svg, .png, .pdf, or .gp for gnuplot's script [the terminal]")
      ->type_name("FILE");
  command
      ->add_option("--size", arguments->target.size,
                   "Of the picture in pixels [900x520, higher with several panels]")
      ->type_name("WxH");
  command->add_flag("--text", arguments->target.text,
                    "In the terminal: characters, even where it shows graphics");
  command->add_flag("-q,--quiet", arguments->target.quiet, "Print errors only");
  command->callback([arguments, &exit_code] { exit_code = plot(*arguments); });
}

}  // namespace memspice::app
