#include "app/generate/generate_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/console/console.hpp"
#include "app/console/exit_code.hpp"
#include "app/generate/generate_arguments.hpp"
#include "app/generate/generate_topology.hpp"
#include "base/usage_error.hpp"
#include "generate/build.hpp"
#include "generate/deck_head.hpp"
#include "generate/deck_writer.hpp"
#include "waveform/output_file.hpp"

namespace memspice::app {

namespace {

constexpr const char* generate_footer =
    R"(Values: numbers with SPICE's suffixes (16k, 10m). Where RANDOM is allowed, every device draws its own:
  -1:1 even between two numbers, 50:200:log even in factors, 0.5:0.1:normal with mean and standard deviation
  (drawn again beyond four of them). The same seed gives the same deck, byte for byte, on every machine.

Where sources are, --drive: in series with all memristors, with a random fraction of them, or with one; as a
  port, one source from ground to the farthest node, the left electrode or the first row; at the rows of a crossbar.

Families, and what --size means:
  ring, complete            nodes
  grid, torus               rows x columns of nodes, 30x30, or one number for both
  ladder                    rungs, between two rails
  random                    nodes; each pair joined with --probability, or so that the mean is --degree
  regular                   nodes; all with --degree, otherwise random
  small-world               nodes; a ring with --degree nearest neighbours, a fraction --rewire moved (Watts-Strogatz)
  scale-free                nodes; each new one joined to --links others, favouring the joined (Barabasi-Albert)
  crossbar                  rows x columns of crossing wires, a memristor at every crossing
  nanowire                  wires at random places in a box, a memristor where two cross, electrodes left and right

Examples:
  memspice generate grid --size 30x30 --seed 7 -o grid.cir
  memspice generate random --size 1k --degree 4 --ron 50:200:log --polarity mixed --card .omega -o random.cir
  memspice generate crossbar --size 64x64 --rline 2.5 --source dc --amplitude 0:0.5 -o crossbar.cir
  memspice generate scale-free --size 100 --seed 1:20 -o 'net_{seed}.cir'
  memspice generate nanowire --size 2k --density 12 --source dc --amplitude 2 -o wires.cir
  memspice generate nanowire --size 500 --model kuncic --parameter lambda0=-1m:1m --source dc -o junctions.cir

Exit codes: 0 the deck is written, 2 bad usage, 3 the deck cannot be written.)";

int generate_one(const GenerateArguments& arguments) {
  const generate::Specification specification = specification_of(arguments);
  const std::string path = arguments.output.value_or("-");
  OutputFile file(path);  // opened now: a wrong path must not cost the work
  std::optional<OutputFile> edges;
  const std::string edges_path = std::filesystem::path(path).replace_extension(".edges").string();
  if (arguments.compact) edges.emplace(edges_path);
  const generate::Network network = generate::build(specification);
  const generate::EdgeList list{std::filesystem::path(edges_path).filename().string(),
                                [&](std::string_view text) { edges->write(text); }};
  generate::write_deck(
      specification, network, [&](std::string_view text) { file.write(text); },
      arguments.compact ? &list : nullptr);
  if (edges) edges->commit();
  file.commit();
  if (arguments.quiet) return success;
  const std::string loss = generate::describe_loss(network);
  if (!loss.empty()) print_error("note: {}\n", loss);
  if (network.loops() == 0 && generate::driven_memristors(specification.sources, network) > 0)
    print_error(
        "note: the network has no loop: sources in series with memristors drive no current\n"
        "  hint: --drive port\n");
  if (path != "-")
    print_out("{}: {}\nwritten: {}{}\n", generate::describe(specification.topology),
              generate::describe(network), path, arguments.compact ? " and " + edges_path : "");
  return success;
}

std::string with_seed(std::string text, const std::string& seed) {
  constexpr std::string_view mark = "{seed}";
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += seed.size())
    text.replace(at, mark.size(), seed);
  return text;
}

/// A deck for each seed.
int run_generate(const GenerateArguments& given) {
  const auto [first, last] = seeds_of(given.seed);
  if (first != last && given.output.value_or("").find("{seed}") == std::string::npos)
    throw UsageError("several seeds make several decks, whose names -o does not tell apart",
                     "write {seed} in the name: -o 'grid_{seed}.cir'");
  for (std::uint64_t seed = first;; ++seed) {
    GenerateArguments arguments = given;
    arguments.seed = std::to_string(seed);
    if (given.output) arguments.output = with_seed(*given.output, *arguments.seed);
    if (const int code = generate_one(arguments); code != success || seed == last) return code;
  }
}

void add_generate_options(CLI::App& command, GenerateArguments& a) {
  command.add_option("family", a.family, "Which network: see below");
  const auto add = [&](const char* group, const char* name, GenerateArguments::Text& text, const char* type,
                       const char* help) {
    command.add_option(name, text, help)->type_name(type)->group(group);
  };
  add("Options", "-o,--output", a.output, "FILE",
      "Deck to write, {seed} in it stands for the seed; without it, or with -, standard output");
  command.add_flag("--compact", a.compact,
                   "Memristors as lines of an edge list, FILE with the ending .edges, not of the deck");
  add("Options", "--seed", a.seed, "NUMBER",
      "Seed of everything random, a whole number, or FIRST:LAST for a deck each [1]");
  command.add_flag("-q,--quiet", a.quiet, "Print errors only");

  const char* graph = "Network";
  add(graph, "--size", a.size, "N or RxC", "Size, required: see below");
  add(graph, "--degree", a.degree, "NUMBER", "Edges of a node: random (mean), regular, small-world [4]");
  add(graph, "--probability", a.probability, "FRACTION", "Of an edge between two nodes: random");
  add(graph, "--rewire", a.rewire, "FRACTION", "Of the edges that move: small-world [0.1]");
  add(graph, "--links", a.links, "NUMBER", "Edges of a new node: scale-free [2]");
  add(graph, "--rline", a.rline, "OHM",
      "Wire from one crossing to the next: crossbar; 0 for ideal wires [1]");
  add(graph, "--density", a.density, "NUMBER",
      "Wires per square of a wire's length: nanowire; percolates above 5.64 [10]");
  add(graph, "--length", a.length, "LENGTH",
      "Of a wire, instead of the density; the box has side 1: nanowire");
  add(graph, "--rcontact", a.rcontact, "OHM", "From an electrode to a wire: nanowire [10]");

  const char* sources = "Sources";
  add(sources, "--source", a.source, "sin|dc|pulse|telegraph|none|WAVEFORM",
      "sin, dc, pulse, telegraph (random, between +-amplitude), none,\n"
      "or a waveform as a card has it, 'pwl(0 0 1 1)' [sin]");
  add(sources, "--drive", a.drive, "WHERE",
      "all, a fraction (0.3), one, port or rows: see below [all; crossbar rows, nanowire port]");
  add(sources, "--amplitude", a.amplitude, "RANDOM", "V [-1:1; with one or port: 1]");
  add(sources, "--frequency", a.frequency, "RANDOM", "Hz: sin, pulse [1]");
  add(sources, "--phase", a.phase, "RANDOM", "Degrees: sin [0]");
  add(sources, "--rate", a.rate, "NUMBER", "Switches per second: telegraph [10]");

  const char* devices = "Memristors";
  add(devices, "--model", a.model, "LEVEL",
      "linear, or a level of the memristor: kuncic, vteam, ... (--help-device y) "
      "[linear]");
  command
      .add_option("--parameter", a.parameters,
                  "name=RANDOM of such a model, in place of its default (repeatable)")
      ->type_name("NAME=RANDOM")
      ->allow_extra_args(false)
      ->group(devices);
  add(devices, "--ron", a.ron, "RANDOM", "Resistance at w = 0, ohm [100]");
  add(devices, "--roff", a.roff, "RANDOM", "Resistance at w = 1, ohm [16k]");
  add(devices, "--alpha", a.alpha, "RANDOM", "Decay of the state towards 1, 1/s [0]");
  add(devices, "--beta", a.beta, "RANDOM", "Flux scale, V s [0.05; voltage control 1]");
  add(devices, "--w0", a.w0, "RANDOM", "State at the start, 0 to 1 [0.3:0.7]");
  add(devices, "--polarity", a.polarity, "WHICH", "1, -1, mixed (half of them -1) or mixed:FRACTION [1]");
  add(devices, "--active", a.active, "FRACTION", "Of the memristors with negative resistance [0]");
  add(devices, "--control", a.control, "current|voltage",
      "What drives the state: current or voltage [current]");

  const char* cards = "Cards";
  add(cards, "--tran", a.tran, "TIMES",
      "'tstep tstop' of the transient, s, or none [100 points a period, 3 periods]");
  add(cards, "--save", a.save, "VECTORS", "What a run writes [w(*), and i(v*) with port and rows]");
  command.add_option("--card", a.cards, "Another card, such as .omega (repeatable)")
      ->type_name("CARD")
      ->allow_extra_args(false)
      ->group(cards);
}

}  // namespace

void complete_generate_command(CLI::App& app) {
  static GenerateArguments unused;
  CLI::App& command = *app.get_subcommand("generate");
  add_generate_options(command, unused);
  command.get_option("family")->type_name(fmt::format("{}", fmt::join(family_names(), "|")));
}

generate::Network wires_of_command(const std::string& command, std::uint32_t most_nodes) {
  constexpr std::string_view beginning = "memspice generate ";
  if (!command.starts_with(std::string(beginning) + "nanowire ")) return {};
  GenerateArguments arguments;
  CLI::App reader;
  add_generate_options(reader, arguments);
  try {
    reader.parse(command.substr(beginning.size()));
    const generate::Specification specification = specification_of(arguments);
    if (specification.topology.columns > most_nodes) return {};
    return generate::build(specification);
  } catch (const CLI::ParseError&) {
    return {};
  } catch (const UsageError&) {
    return {};
  }
}

void add_generate_command(CLI::App& app, int& exit_code) {
  const auto arguments = std::make_shared<GenerateArguments>();
  CLI::App* command = app.add_subcommand(
      "generate", "Write the deck of a memristive network: a grid, a random graph, a crossbar, ...");
  command->footer(generate_footer);
  // Made when they are asked for: a seventh of what --version computes went into them.
  command->preparse_callback(
      [command, arguments](std::size_t) { add_generate_options(*command, *arguments); });
  command->callback([arguments, &exit_code] { exit_code = run_generate(*arguments); });
}

}  // namespace memspice::app
