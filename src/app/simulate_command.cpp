#include "app/simulate_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <new>
#include <optional>
#include <stdexcept>

#include "analysis/network/network_report.hpp"
#include "app/checkpoint/circuit_fingerprint.hpp"
#include "app/checkpoint/run_checkpoints.hpp"
#include "app/confinement/confinement.hpp"
#include "app/console/console.hpp"
#include "app/console/exit_code.hpp"
#include "app/console/interrupt.hpp"
#include "app/console/progress.hpp"
#include "app/deck_arguments.hpp"
#include "app/output_format.hpp"
#include "app/output_paths.hpp"
#include "app/printed_output.hpp"
#include "app/report/refusal.hpp"
#include "app/report/report_json.hpp"
#include "app/report/summary.hpp"
#include "app/run_limits.hpp"
#include "base/stopwatch.hpp"
#include "base/usage_error.hpp"
#include "memspice/simulate.hpp"
#include "waveform/ascii.hpp"
#include "waveform/file_sink.hpp"
#include "waveform/output_file.hpp"
#include "waveform/part_file.hpp"
#include "waveform/separate_sink.hpp"

namespace memspice::app {

namespace {

/// Whether the waveforms take standard output from the texts.
bool streams_waveforms(const SimulateArguments& arguments) {
  return names_standard_output(arguments.output) && arguments.log.empty();
}

std::string mark_of(const Circuit& circuit, const RunReport& report) {
  if (!report.points.empty()) {
    if (report.outcome() == Outcome::complete) return {};
    return summary_of(report.points);
  }
  for (const AnalysisReport& analysis : report.analyses) {
    const bool along_time = analysis.analysis == "tran";
    if (analysis.outcome == Outcome::interrupted)
      return along_time ? fmt::format("interrupted at {:.6g} s", analysis.end_time) : analysis.message;
    if (analysis.outcome == Outcome::failed) return fmt::format("failed at {:.6g} s", analysis.end_time);
  }
  // What follows the analyses adds nothing to their rows.
  if (report.analyses.size() < circuit.analyses.size() && !report.interrupted_in.empty())
    return fmt::format("interrupted in {}", report.interrupted_in);
  return {};
}

/// Where the deck says that something is written: with --safe not outside of this folder.
void check_file(const Deck& deck, const std::string& file, Location where, std::string_view card,
                const SimulateArguments& arguments) {
  const std::filesystem::path base(file);
  if (arguments.safe && (base.is_absolute() || std::ranges::find(base, "..") != base.end()))
    throw DeckError(
        diagnose(*deck.sources, where, card.size(),
                 fmt::format("'{}' is not below the working directory, and --safe is given", file),
                 "choose a name without '..' that does not begin with '/'"));
}

void add_card_files(OutputPaths& paths, const Deck& deck, const Circuit& circuit,
                    const SimulateArguments& arguments) {
  if (const auto* network = find_card<NetworkCard>(circuit.before_analyses);
      network && !network->file.empty()) {
    const NetworkCard& card = *network;
    for (const std::string_view ending : network_file_endings)
      paths.add(card.file + std::string(ending), ".network", card.where);
    check_file(deck, card.file, card.where, ".network", arguments);
  }
  for (const PrintCard& card : circuit.outputs.prints) {
    if (card.file.empty()) continue;
    paths.add(card.file, ".print", card.where);
    check_file(deck, card.file, card.where, ".print", arguments);
  }
}

CheckpointOptions checkpoints_of(const SimulateArguments& arguments) {
  return checkpoint_options(arguments.checkpoint, arguments.checkpoint_at, arguments.resume);
}

/// The circuit of the deck, checked against what is to be written.
Circuit read_circuit(const SimulateArguments& arguments, const Budgets& budgets, ReadingTimes& reading) {
  const auto definitions = definitions_of(arguments.definitions);
  if (arguments.separate && (arguments.output.empty() || arguments.output == "-"))
    throw UsageError("--separate needs a file name to begin with", "for example -o out.raw");
  Stopwatch watch;
  const auto deck =
      std::make_shared<const Deck>(parse_file(arguments.deck, {.safe = arguments.safe, .budgets = budgets}));
  reading.parse = watch.lap();
  OutputPaths paths(*deck);
  paths.add(arguments.output, arguments.output_option);
  paths.add(arguments.log, "-o");
  if (!arguments.output.empty()) static_cast<void>(output_format(arguments.output, arguments.format));
  paths.add(arguments.report, "--report");
  paths.add(arguments.print, "--print");
  if (const CheckpointOptions checkpoints = checkpoints_of(arguments); checkpoints.any())
    paths.add(checkpoints.file, "--checkpoint");
  watch.lap();
  Circuit circuit = elaborate(deck, standard_catalogue(), {.parameters = definitions});
  circuit = with_settings(std::move(circuit), arguments.settings);
  reading.elaborate = watch.seconds();
  if (!arguments.quiet) print_warnings(circuit.warnings);
  add_card_files(paths, *deck, circuit, arguments);
  paths.check_data(circuit);
  return circuit;
}

void require_analyses(const Circuit& circuit, const SimulateArguments& arguments) {
  const auto refuse = [&](std::string message, std::string hint) {
    throw DeckError(Diagnostic{.message = std::move(message),
                               .hint = std::move(hint),
                               .file = name_of_deck(arguments.deck),
                               .text = {}});
  };
  if (circuit.before_analyses.empty() && circuit.analyses.empty() && circuit.after_analyses.empty())
    refuse("nothing to do: the deck has no analysis card", "add .op or .tran tstep tstop");
  if (circuit.analyses.empty() && !arguments.output.empty())
    refuse(fmt::format("the deck has no analysis whose waveforms could be written to '{}'", arguments.output),
           "leave -o out, or add .op or .tran tstep tstop");
}

int check_only(const Circuit& circuit, const SimulateArguments& arguments) {
  const std::vector<Diagnostic> warnings = check_structure(circuit);
  if (!arguments.report.empty()) {
    OutputFile file(arguments.report);
    Refusal checked{.outcome = "checked", .warnings = {}, .failures = {}};
    for (const auto* list : {&circuit.warnings, &warnings})
      for (const Diagnostic& warning : *list) checked.warnings.push_back(warning.message);
    write_report(file, arguments.deck, checked);
  }
  if (arguments.quiet) return success;
  print_warnings(warnings);
  print_out("{}: no errors\n", name_of_deck(arguments.deck));
  return success;
}

/// Where the waveforms go.
struct WaveformFiles {
  std::unique_ptr<WaveformSink> sink;  // nullptr: nowhere
  SeparateSink* separate = nullptr;
  FileSink* whole = nullptr;
  std::string output;

  explicit WaveformFiles(const SimulateArguments& arguments) : output(arguments.output) {
    if (arguments.output.empty()) return;
    const WaveformFormat format = output_format(arguments.output, arguments.format);
    const SinkOptions options{.command_line = arguments.command_line};
    if (arguments.separate) {
      auto sinks = std::make_unique<SeparateSink>(arguments.output, format, options);
      separate = sinks.get();
      sink = std::move(sinks);
    } else {
      auto file = open_file_sink(arguments.output, format, options);
      whole = file.get();
      sink = std::move(file);
    }
  }

  void flush() const {
    if (separate) separate->flush();
    if (whole) whole->flush();
  }
  void exchange(Archive& archive) const {
    if (separate) separate->exchange(archive);
    if (whole) whole->exchange(archive);
  }
  /// Their files, once they are committed.
  [[nodiscard]] std::vector<std::string> paths() const {
    return separate ? separate->paths() : std::vector{whole->path()};
  }
  void tell_of_other_places(const std::string& deck) const {
    if (!sink) return;
    const std::vector<std::string> asked = separate ? separate->asked() : std::vector{output};
    const std::vector<std::string> actual = paths();
    for (std::size_t i = 0; i < asked.size(); ++i)
      if (asked[i] != actual[i])
        print_error("{}: the rows so far are in '{}': '{}' holds a complete run and stays\n", deck, actual[i],
                    asked[i]);
  }
};

/// Of earlier runs of this output that were killed.
std::vector<std::filesystem::path> leftovers_of(const std::filesystem::path& output, bool separate) {
  const std::string name = output.filename().string();
  const std::string stem = output.stem().string() + '.', suffix = output.extension().string();
  return leftovers(output.parent_path(), [&](const std::string& target) {
    return separate ? target.starts_with(stem) && target.ends_with(suffix) : target == name;
  });
}

void warn_of_leftovers(const SimulateArguments& arguments) {
  constexpr std::string_view left = "memspice: warning: '{0}' is what a killed run has left\n  try: ";
  const auto is_file = [](const std::string& path) { return !path.empty() && !names_standard_output(path); };
  if (is_file(arguments.output))
    for (const std::filesystem::path& part : leftovers_of(arguments.output, arguments.separate))
      print_error("{}memspice recover {}, or remove it\n", fmt::format(left, part.string()), part.string());
  for (const std::string& path : {arguments.print, arguments.report}) {
    if (!is_file(path)) continue;
    for (const std::filesystem::path& part : leftovers_of(path, false)) {
      std::error_code error;  // what is written at the end is empty until then, and goes
      if (std::filesystem::file_size(part, error) == 0 && std::filesystem::remove(part, error)) continue;
      print_error("{}remove it\n", fmt::format(left, part.string()));
    }
  }
}

void warn_of_missing_tables(const Circuit& circuit, const SimulateArguments& arguments) {
  if (!streams_waveforms(arguments) || !arguments.print.empty()) return;
  if (circuit.outputs.prints.empty() && circuit.outputs.measures.empty() && circuit.outputs.fouriers.empty())
    return;
  print_error(
      "{}: warning: standard output carries the waveforms, tables and measures are left out\n"
      "  try: --print FILE\n",
      name_of_deck(arguments.deck));
}

/// Nothing, where the run is not saved.
std::unique_ptr<RunCheckpoints> checkpoints_of(const Circuit& circuit, const SimulateArguments& arguments,
                                               const WaveformFiles& files, SummarySink& summary) {
  const CheckpointOptions options = checkpoints_of(arguments);
  if (!options.any()) return nullptr;
  if ((files.whole && !files.whole->can_go_on()) || (files.separate && !files.separate->can_go_on()) ||
      arguments.unwritten)
    throw UsageError("a run can be saved when its waveforms go to a .raw, .csv or .tsv file",
                     "leave --checkpoint and --resume out, or add -o out.raw");
  std::vector<std::string> words{arguments.format};
  for (const std::vector<std::string>* list : {&arguments.definitions, &arguments.settings})
    for (const std::string& word : *list) words.push_back(word);
  for (const bool flag :
       {arguments.verify, arguments.plot_per_step, arguments.separate, arguments.command_line})
    words.emplace_back(flag ? "yes" : "no");
  auto checkpoints =
      std::make_unique<RunCheckpoints>(options, fingerprint_of(circuit, words), arguments.output);
  checkpoints->set_outputs([&files, &summary](Archive& archive) {
    files.exchange(archive);
    summary.exchange(archive);
  });
  return checkpoints;
}

RunReport run_with_progress(const Circuit& circuit, const SimulateArguments& arguments,
                            const RunLimits& limits, const WaveformFiles& files, WaveformSink& sink,
                            RunCheckpoints* checkpoints, Progress& progress) {
  RunOptions options;
  options.interrupted = [&] { return interrupt_signal() != 0 || limits.is_late() || progress.gives_up(); };
  int flushed = user_signals();
  options.progress = [&](double time, double stop) {
    progress.show(time, stop);
    if (const int asked = user_signals(); asked != flushed) {
      flushed = asked;
      files.flush();
    }
  };
  options.points_done = [&](std::size_t done, std::size_t points) { progress.show(done, points); };
  options.warned = [&](const Diagnostic& warning) {
    progress.clear();
    progress.note(warning);
    if (!arguments.quiet) print_warnings({warning});
  };
  options.threads = arguments.threads;
  options.verify = arguments.verify;
  options.plot_per_point = arguments.plot_per_step;
  if (checkpoints == nullptr) return run(circuit, sink, options);
  try {
    return run(circuit, sink, options, *checkpoints);
  } catch (const std::logic_error& error) {  // what is saved contradicts itself, or the deck
    if (arguments.resume.empty()) throw;
    throw FileError(fmt::format("cannot go on from '{}': {}", arguments.resume, error.what()));
  }
}

void print_results(const Circuit& circuit, const RunReport& report, const SummarySink& summary,
                   const WaveformFiles& files, const SimulateArguments& arguments) {
  print_out("{}\n", circuit.title);
  if (report.network) print_out(app::describe(*report.network));
  if (!report.points.empty()) print_out("{}\n", summary_of(report.points));
  for (const AnalysisReport& analysis : report.analyses)
    print_out(app::describe(analysis, arguments.verbose));
  print_out(summary.table());
  for (const FixedPointReport& point : report.fixed_points) print_out(app::describe(point));
  for (const EigenReport& spectrum : report.eigenvalues) print_out(app::describe(spectrum));
  if (files.sink) {
    print_out("\nwritten: {}\n", fmt::join(files.paths(), ", "));
  } else if (!circuit.analyses.empty()) {
    print_out("\nno file written: add -o out.raw (or .csv) to keep the waveforms\n");
  }
}

int end_of(const RunReport& report, const RunLimits& limits, const Progress& progress,
           const std::string& deck) {
  print_error(describe_failures(report, deck));
  if (report.points.empty())
    for (const AnalysisReport& analysis : report.analyses)
      if (analysis.outcome == Outcome::interrupted)
        print_error("{}: {}; the rows so far are kept\n", deck, analysis.message);
  if (!report.interrupted_in.empty())
    print_error("{}: interrupted in {}; what was finished before is kept\n", deck, report.interrupted_in);
  switch (report.outcome()) {
    case Outcome::complete:
      return success;
    case Outcome::interrupted:
      if (interrupt_signal() == 0 && !progress.reason().empty())
        throw SimulationError(fmt::format("given up: {}", progress.reason()));
      if (interrupt_signal() == 0) limits.refuse(Resource::seconds);
      return 128 + interrupt_signal();
    case Outcome::failed:
      return simulation_failed;
  }
  return success;
}

/// Messages about the deck go there too: whether it would overwrite something is asked before the deck is
/// read.
void open_log(const SimulateArguments& arguments) {
  for (const auto& [other, what] :
       {std::pair{arguments.output, arguments.output_option}, {arguments.deck, "the deck"}})
    if (!other.empty() && file_identity(other) == file_identity(arguments.log))
      throw UsageError(fmt::format("the log of -o and {} are both '{}'", what, arguments.log),
                       "with -r FILE the waveforms go there and -o is the log; without -r they go to -o");
  constexpr std::string_view deck_suffixes[] = {".cir", ".sp",  ".net", ".ckt",
                                                ".lib", ".inc", ".mod", ".sub"};
  const std::string suffix = lower_case(std::filesystem::path(arguments.log).extension().string());
  if (std::ranges::find(deck_suffixes, suffix) != std::end(deck_suffixes))
    throw UsageError(fmt::format("the log of -o would be '{}', which is a deck's name", arguments.log),
                     "for example -r out.raw -o out.log");
  write_log(arguments.log);
}

void confine_run(const SimulateArguments& arguments) {
  const std::string held =
      confine(reach_of(arguments.deck, {arguments.output, arguments.log, arguments.report, arguments.print,
                                        checkpoints_of(arguments).file, arguments.resume}));
  if (arguments.verbose)
    print_error("memspice: --safe: the kernel bounds {}\n", held.empty() ? "nothing" : held);
}

int run_deck(const SimulateArguments& arguments, const Budgets& budgets, RunLimits& limits) {
  ReadingTimes reading;
  const Circuit circuit = limits.read([&] { return read_circuit(arguments, budgets, reading); });
  limits.take(circuit.options.budgets);
  if (arguments.check) return check_only(circuit, arguments);
  require_analyses(circuit, arguments);
  Progress progress(name_of_deck(arguments.deck), !arguments.quiet, Patience(arguments.give_up));
  watch_for_interrupts();  // from here on there are files to commit
  const WaveformFiles files(arguments);
  if (!arguments.quiet) warn_of_leftovers(arguments);
  std::optional<OutputFile> report_file;  // opened now: a wrong path must not cost the run
  if (!arguments.report.empty()) report_file.emplace(arguments.report);
  SummarySink summary(files.sink ? files.sink.get() : arguments.unwritten);
  warn_of_missing_tables(circuit, arguments);
  PrintedOutput printed(circuit, arguments.print, !streams_waveforms(arguments));
  const std::unique_ptr<RunCheckpoints> checkpoints = checkpoints_of(circuit, arguments, files, summary);
  const RunReport report =
      run_with_progress(circuit, arguments, limits, files, summary, checkpoints.get(), progress);
  progress.clear();
  summary.commit(mark_of(circuit, report));
  if (report_file)
    write_report(*report_file, arguments.deck, circuit, report, reading,
                 checkpoints ? checkpoints->places() : Restarts());
  files.tell_of_other_places(name_of_deck(arguments.deck));
  printed.write(report);
  if (checkpoints && report.outcome() == Outcome::complete) checkpoints->remove();
  if (!arguments.quiet) print_results(circuit, report, summary, files, arguments);
  return end_of(report, limits, progress, name_of_deck(arguments.deck));
}

}  // namespace

int simulate(const SimulateArguments& given) {
  SimulateArguments arguments = given;
  arguments.quiet |= streams_waveforms(arguments);
  if (arguments.safe && !arguments.shown) confine_run(arguments);
  if (!arguments.log.empty()) open_log(arguments);
  // Where another output is asked for under the report's name, neither is written.
  const auto shared = [&](const std::string& other) {
    return !other.empty() && file_identity(other) == file_identity(arguments.report);
  };
  const bool own = !shared(arguments.output) && !shared(arguments.log) && !shared(arguments.print) &&
                   !shared(arguments.deck);
  return report_refusal(own ? arguments.report : "", arguments.deck, [&] {
    Budgets budgets = budgets_of(arguments.limits);
    budgets.safe = arguments.safe;
    RunLimits limits(budgets);
    try {
      return run_deck(arguments, budgets, limits);
    } catch (const std::bad_alloc&) {
      if (limits.limits_memory()) limits.refuse(Resource::memory);
      throw;
    }
  });
}

}  // namespace memspice::app
