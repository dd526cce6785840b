#include "app/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/compare_command.hpp"
#include "app/console/console.hpp"
#include "app/console/exit_code.hpp"
#include "app/convert_command.hpp"
#include "app/deck_arguments.hpp"
#include "app/device_help.hpp"
#include "app/generate/generate_command.hpp"
#include "app/info_command.hpp"
#include "app/manual/manual.hpp"
#include "app/manual/reference.hpp"
#include "app/output_format.hpp"
#include "app/plot/plot_command.hpp"
#include "app/recover_command.hpp"
#include "app/show_command.hpp"
#include "app/simulate_command.hpp"
#include "app/view/view_command.hpp"
#include "base/spelling.hpp"
#include "base/usage_error.hpp"

namespace memspice::app {

namespace {

constexpr const char* program_footer =
    R"(Examples:
  memspice deck.cir -o out.raw            run the deck, write what ngspice's `load` reads
  memspice deck.cir -o out.csv            the same as a table
  memspice deck.cir --report run.json     solver statistics, .omega and warnings as JSON
  memspice compare out.raw other.raw      are these the same waveforms?
  memspice info out.raw                   what is in the file?
  memspice generate grid --size 30x30 -o grid.cir
                                          write the deck of a network
  memspice convert deck.cir --to ngspice -o deck_ngspice.cir
                                          the same circuit for ngspice or Xyce, to compare with
  memspice plot out.raw 'v(out)' -o out.svg
                                          a picture; without -o in the terminal
  memspice view out.raw --deck grid.cir   a page for a browser, waveforms and network
  memspice recover out.raw.4711-0.part    the rows that a killed run has left

Exit codes: 0 all well, 1 the simulation failed, 2 bad usage or a mistake in the deck, 3 a file cannot be read or
written, 128 + n ended by signal n, such as 130 by Ctrl-C (the rows so far are kept), 141 nobody reads standard
output any longer.)";

// Something that works, for who typed what does not.
std::string attempt_of(const CLI::App& command) {
  if (command.get_name() == "compare") return "memspice compare a.raw b.raw, or memspice compare --help";
  if (command.get_name() == "generate")
    return "memspice generate grid --size 30x30 -o grid.cir, or memspice generate --help";
  if (command.get_name() == "convert")
    return "memspice convert deck.cir --to ngspice, or memspice convert --help";
  if (command.get_name() == "plot") return "memspice plot out.raw -o out.svg, or memspice plot --help";
  if (command.get_name() == "view") return "memspice view out.raw, or memspice view --help";
  if (command.get_name() == "info") return "memspice info out.raw, or memspice info --help";
  if (command.get_name() == "recover")
    return "memspice recover out.raw.4711-0.part, or memspice recover --help";
  return "memspice --help";
}

std::string nearest_option(const CLI::App& command, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return did_you_mean(word.substr(0, word.find('=')), {names.begin(), names.end()});
}

std::string usage_error(const CLI::App& app, const CLI::Error& error) {
  std::string reason = error.what();
  const bool running = app.get_subcommands().empty();
  const CLI::App& command = running ? app : *app.get_subcommands().front();
  std::string attempt = attempt_of(command);
  if (const std::vector<std::string> extra = app.remaining(true); !extra.empty()) {
    const bool option = extra.front().starts_with('-');
    reason = fmt::format("{} '{}'", option ? "unknown option" : "unexpected", extra.front());
    if (!option && running)
      attempt = fmt::format("memspice deck.cir -o {}, or memspice --help", extra.front());
    const std::string guess = option ? nearest_option(command, extra.front()) : "";
    if (!guess.empty()) reason += fmt::format("\n  hint: {}", guess);
  } else if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError)) {
    reason = "two waveform files are needed";
  } else if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ArgumentMismatch)) {
    const bool missing = reason.find("missing") != std::string::npos;
    reason = fmt::format("{} {}", reason.substr(0, reason.find(':')),
                         missing ? "wants a value" : "is given more than once");
  } else if (reason.starts_with("Could not convert: ") && reason.find(" = ") != std::string::npos) {
    const std::size_t name = reason.find(": ") + 2, value = reason.find(" = ", name);
    reason =
        fmt::format("{} does not take '{}'", reason.substr(name, value - name), reason.substr(value + 3));
  }
  return fmt::format("memspice: error: {}\n  try: {}\n", reason, attempt);
}

int help_device(const std::string& name) {
  print_out(device_help(*standard_catalogue(), name));
  return success;
}

/// A part of the language that the program lists.
struct HelpPage {
  const char* option;
  const char* description;
  std::string (*text)();
};

std::string expression_help() {
  std::string text;
  for (const ReferenceTable& table : expression_tables()) text += (text.empty() ? "" : "\n") + as_text(table);
  return text;
}

constexpr HelpPage help_pages[] = {
    {"--help-elements", "list the elements of a deck with their forms",
     [] { return as_text(element_table(*standard_catalogue())); }},
    {"--help-waveforms", "list the waveforms of sources, their values with unit and default",
     [] { return as_text(waveform_table()); }},
    {"--help-functions", "list what expressions know: operators, constants, functions, quantities",
     expression_help},
    {"--help-cards", "list the dot cards of a deck with their forms", [] { return as_text(card_table()); }},
    {"--help-options", "list the names of .options with defaults and examples",
     [] { return as_text(option_table()); }},
};

/// The command line with `--option -1:1` joined to `--option=-1:1`, and `plot out.raw '-v(out)'` in
/// parentheses: CLI11 takes what begins with '-' for an option.
std::vector<std::string> with_negative_values(int argc, char** argv) {
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const bool number = word.size() > 1 && word[0] == '-' &&
                        (std::isdigit(static_cast<unsigned char>(word[1])) != 0 || word[1] == '.');
    const bool behind_option = !words.empty() && words.back().starts_with("--") &&
                               words.back().find('=') == std::string::npos && words.back().size() > 2;
    const bool expression = word.starts_with('-') && word.find('(') != std::string_view::npos;
    if (number && behind_option) {
      words.back().append("=").append(word);
    } else if (expression && !behind_option && !words.empty() && words.front() == "plot") {
      words.push_back(fmt::format("({})", word));
    } else {
      words.emplace_back(word);
    }
  }
  return words;
}

/// What CLI11 says at the end of parsing, help included.
int exit_of(const CLI::App& app, const CLI::Error& end) {
  std::ostringstream out, err;
  const int code = app.exit(end, out, err);
  print_error(err.str());
  print_out(out.str());
  return code == 0 ? success : bad_input;
}

/// `-o "$out"` of a script whose variable is empty asks for a file all the same.
void refuse_empty_names(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->results())
      if (name.empty() && option->get_type_name() == "FILE")
        throw UsageError(fmt::format("{} wants the name of a file, not an empty one", option->get_name()));
}

void add_commands(CLI::App& app, int& code) {
  add_compare_command(app, code);
  add_generate_command(app, code);
  add_convert_command(app, code);
  add_info_command(app, code);
  add_recover_command(app, code);
  add_plot_command(app, code);
  add_view_command(app, code);
}

void add_show_options(CLI::App& app, ShowWish& show) {
  app.add_flag("--plot", show.plot, "draw the waveforms in the terminal when the run has ended");
  app.add_flag("--view", show.view, "write waveforms and network as a page for a browser, deck.html");
}

/// Those of ngspice's flags that scripts give.
void add_ngspice_flags(CLI::App& app) {
  for (const char* names : {"-b,--batch", "-n,--no-spiceinit", "-a,--autorun"})
    app.add_flag_callback(
        names, [] {}, "accepted for ngspice's sake: memspice always does so");
  for (const char* names : {"-p,--pipe", "-s,--server", "-i,--interactive"})
    app.add_flag_callback(names,
                          [names] {
                            throw UsageError(
                                fmt::format("{} is ngspice's: memspice has no commands to type", names),
                                "give it a deck; - as its name reads one from standard input");
                          })
        ->group("");
}

void add_limit_option(CLI::App& app, SimulateArguments& arguments) {
  app.add_option("--limit", arguments.limits,
                 "set a budget: bytes, files, elements, instances, expressions, corners, points, analyses,\n"
                 "columns, rows, memory or seconds (repeatable); goes before .options max_NAME and --safe")
      ->type_name("NAME=NUMBER")
      ->allow_extra_args(false);
}

void add_checkpoint_options(CLI::App& app, SimulateArguments& arguments) {
  app.add_option(
         "--checkpoint", arguments.checkpoint,
         "save the run to this file every 60 seconds, or every SECONDS, and on SIGUSR1, so that --resume\n"
         "goes on from there when it is killed")
      ->type_name("FILE[,SECONDS]");
  app.add_option(
         "--checkpoint-at", arguments.checkpoint_at,
         "save the run at these times of a .tran, or behind so many rows of a .dc; 2:1m is a time of the\n"
         "second analysis")
      ->type_name("TIME,...");
  app.add_option("--resume", arguments.resume,
                 "go on from this checkpoint, with the same deck, options and output, and save the run to it")
      ->type_name("FILE");
}

void add_patience_option(CLI::App& app, SimulateArguments& arguments) {
  app.add_option(
         "--give-up", arguments.give_up,
         "end a run with exit code 1 when at its pace more than so many hours are left (10h), or so many\n"
         "times what it has taken (1000x); its rows so far are kept")
      ->type_name("HOURS|RATIO");
}

void add_simulate_options(CLI::App& app, SimulateArguments& arguments, std::string& raw_file) {
  app.add_option("deck", arguments.deck, "netlist to run; - reads standard input")->type_name("FILE");
  app.add_option("-o,--output", arguments.output,
                 "waveform file: .csv and .tsv are tables, .raw a raw file; - is standard output;\n"
                 "with -r the log, as in ngspice")
      ->type_name("FILE");
  app.add_option("-r,--rawfile", raw_file, "waveform file, as in ngspice: -o is the log then")
      ->type_name("FILE");
  app.add_option("--format", arguments.format, "format of the waveform file, whatever its name is")
      ->type_name("raw|ascii|csv|tsv|hdf5")
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(format_words), std::end(format_words)))
                  .description(""));
  app.add_option("-D,--define", arguments.definitions, "set a .param of the deck (repeatable)")
      ->type_name("NAME=NUMBER")
      ->allow_extra_args(false);
  app.add_option("--set", arguments.settings,
                 "set a value of an element or a model: r1=2k, y1:w0=0.3, mymodel:beta=0.06 (repeatable)")
      ->type_name("NAME=NUMBER")
      ->allow_extra_args(false);
  app.add_option("--report", arguments.report,
                 "write statistics, .omega and warnings as JSON; of a refused deck its errors")
      ->type_name("FILE");
  app.add_option("--print", arguments.print, "write tables, measures and harmonics there")->type_name("FILE");
  app.add_flag_callback(
         "--ascii", [&arguments] { arguments.format = "ascii"; },
         "write the raw file as text: --format ascii")
      ->excludes("--format");
  app.add_flag("--separate", arguments.separate,
               "one waveform file per analysis: out.transient.raw, out.operating-point.raw");
  app.add_flag("--plot-per-step", arguments.plot_per_step,
               "one plot for each point of .step, .mc and .temp, instead of one for all");
  app.add_option("--threads", arguments.threads,
                 "cores to use, for points or inside one large network (default: all; same results)")
      ->type_name("NUMBER")
      ->check(CLI::Range(1, 4096));
  app.add_flag("--command-line", arguments.command_line,
               "write the line 'Command:' into raw files, by which spicelib knows their dialect");
  app.add_flag("--check", arguments.check, "read and check the deck, run nothing");
  app.add_flag("--verify", arguments.verify,
               "as .options verify: integrate a tenth of every .tran with both integrators, and compare");
  app.add_flag(
      "--safe", arguments.safe,
      "for decks of unknown origin: read only files below the deck's folder, and what cards name is\n"
      "written below the working directory, over nothing");
  add_limit_option(app, arguments);
  add_checkpoint_options(app, arguments);
  add_patience_option(app, arguments);
  app.add_flag("-q,--quiet", arguments.quiet,
               "print errors only, and what .print, .measure and .four ask for");
  app.add_flag("-v,--verbose", arguments.verbose, "print what the solvers did");
}

int run_program(int argc, char** argv, SimulateArguments& arguments) {
  CLI::App app("memspice: circuits with memristors, simulated and cross-checked", "memspice");
  app.footer(program_footer);
  app.set_version_flag("--version", "memspice " MEMSPICE_VERSION);
  int code = success;
  // First: CLI11 2.4 takes --deck of memspice view for the deck of memspice where that is known by then.
  add_commands(app, code);
  std::string raw_file;
  add_simulate_options(app, arguments, raw_file);
  ShowWish show;
  add_show_options(app, show);
  std::string device;
  CLI::Option* device_option =
      app.add_option("--help-device", device, "list the devices, or one device's parameters")
          ->type_name("DEVICE")
          ->expected(0, 1);
  const HelpPage* help = nullptr;
  for (const HelpPage& page : help_pages)
    app.add_flag_callback(
        page.option, [&help, &page] { help = &page; }, page.description);
  std::string manual, shell;  // for the build, which installs them
  app.add_option("--manual", manual)->group("")->check(CLI::IsMember({"program", "deck"}));
  app.add_option("--completion-for", shell)->group("");
  add_ngspice_flags(app);
  app.failure_message(
      [](const CLI::App* failed, const CLI::Error& error) { return usage_error(*failed, error); });
  try {
    std::vector<std::string> words = with_negative_values(argc, argv);
    std::ranges::reverse(words);  // as CLI11 wants them
    app.parse(words);
  } catch (const CLI::ParseError& end) {
    return exit_of(app, end);
  }
  refuse_empty_names(app);
  if (!raw_file.empty()) {
    arguments.log = std::exchange(arguments.output, raw_file);
    arguments.output_option = "-r";
  }
  if (app.get_subcommands().empty()) {
    if (device_option->count() > 0) return help_device(device);
    if (help) {
      print_out(help->text());
      return success;
    }
    if (!manual.empty() || !shell.empty()) {
      complete_generate_command(app);
      print_out(!shell.empty()        ? completion(app, shell)
                : manual == "program" ? program_page(app)
                                      : deck_page(*standard_catalogue()));
      return success;
    }
    if (arguments.deck.empty()) {
      print_error(
          "memspice: error: no deck given\n  try: memspice deck.cir -o out.raw, or memspice --help\n");
      return bad_input;
    }
    code = show.any() ? simulate_and_show(arguments, show) : simulate(arguments);
  }
  return code;
}

}  // namespace

int run_command_line(int argc, char** argv) {
  SimulateArguments arguments;
  const auto program = [&] { return run_program(argc, argv, arguments); };
  // Of compare, 1 says that the files differ, of which nothing is known.
  const bool compares = argc > 1 && std::string_view(argv[1]) == "compare";
  return run_to_exit_code(
      std::cref(program),  // so that there is nothing to allocate
      [&] { return arguments.deck.empty() ? "memspice" : name_of_deck(arguments.deck); },
      compares ? file_trouble : simulation_failed);
}

}  // namespace memspice::app
