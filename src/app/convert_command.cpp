#include "app/convert_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <memspice/simulate.hpp>
#include <optional>

#include "analysis/output/output_plan.hpp"
#include "app/confinement/confinement.hpp"
#include "app/console/console.hpp"
#include "app/console/exit_code.hpp"
#include "app/deck_arguments.hpp"
#include "app/generate/generate_values.hpp"
#include "app/output_paths.hpp"
#include "app/run_limits.hpp"
#include "convert/deck_writer.hpp"
#include "waveform/output_file.hpp"

namespace memspice::app {

namespace {

constexpr const char* convert_footer =
    R"(The deck is flat: subcircuits expanded, parameters replaced by numbers, names made legal. Memristors become
subcircuits of behavioural sources that integrate the same equations with the same bounds. What the peer
cannot do is a comment in the deck and a warning here. The deck's head has the commands that run both and
compare them.

Examples:
  memspice convert k4.cir --to ngspice -o k4_ngspice.cir
  ngspice -b k4_ngspice.cir -r k4_ngspice.raw
  memspice k4.cir -o k4.raw
  memspice compare k4.raw k4_ngspice.raw --names k4_ngspice.cir

Exit codes: 0 the deck is written, 2 bad usage or a mistake in the deck, 3 a file cannot be read or written.)";

struct ConvertArguments {
  std::string deck;
  std::optional<std::string> peer;
  std::string output = "-";
  std::vector<std::string> definitions;  // name=value
  std::vector<std::string> limits;       // of budgets
  bool safe = false;
  bool quiet = false;
};

convert::Peer peer_of(const ConvertArguments& arguments) {
  static constexpr Choice<convert::Peer> choices[] = {{"ngspice", convert::Peer::ngspice},
                                                      {"xyce", convert::Peer::xyce}};
  if (!arguments.peer) refuse("no peer given", "--to ngspice or --to xyce");
  return choose<convert::Peer>("--to", *arguments.peer, choices);
}

/// What memspice would write, without the time, and what .measure reads.
std::vector<std::string> vectors_of(const Circuit& circuit, std::vector<Diagnostic>& warnings) {
  OutputPlan plan(circuit, type_of<TransientCard>(), {{"time", Quantity::time}}, warnings);
  const auto read = [&](const VectorExpression& expression) {
    for (const VectorExpression::Node& node : expression.nodes)
      if (node.kind == VectorExpression::Node::Kind::vector) plan.column(node.name, node.where, node.length);
  };
  for (const MeasureCard& measure : circuit.outputs.measures) {
    if (measure.analysis != &type_of<TransientCard>()) continue;
    read(measure.value);
    for (const MeasureEvent& event : {measure.from, measure.to}) {
      read(event.left);
      read(event.right);
    }
  }
  std::vector<std::string> vectors;
  for (std::size_t i = plan.scale(); i < plan.width(); ++i) vectors.push_back(plan.info(i).name);
  return vectors;
}

/// The circuit of the deck, checked against what is to be written.
Circuit read_circuit(const ConvertArguments& arguments, const Budgets& budgets) {
  const auto definitions = definitions_of(arguments.definitions);
  const auto deck =
      std::make_shared<const Deck>(parse_file(arguments.deck, {.safe = arguments.safe, .budgets = budgets}));
  OutputPaths paths(*deck);
  paths.add(arguments.output, "-o");
  Circuit circuit = elaborate(deck, standard_catalogue(), {.parameters = definitions});
  paths.check_data(circuit);
  check_structure(circuit);
  return circuit;
}

int convert_deck(const ConvertArguments& arguments) {
  if (arguments.deck.empty()) refuse("no deck given", "memspice convert deck.cir --to ngspice");
  const convert::Peer peer = peer_of(arguments);
  Budgets budgets = budgets_of(arguments.limits);
  budgets.safe = arguments.safe;
  if (arguments.safe) confine(reach_of(arguments.deck, {arguments.output}));
  const RunLimits limits(budgets);
  const Circuit circuit = limits.read([&] { return read_circuit(arguments, budgets); });
  std::vector<Diagnostic> warnings = circuit.warnings;
  const convert::Request request{.peer = peer,
                                 .vectors = vectors_of(circuit, warnings),
                                 .deck = arguments.deck == "-" ? "" : arguments.deck,
                                 .output = arguments.output == "-" ? "" : arguments.output};
  OutputFile file(arguments.output);
  const std::vector<Diagnostic> left_out =
      convert::write_deck(circuit, request, [&](std::string_view text) { file.write(text); });
  file.commit();
  warnings.insert(warnings.end(), left_out.begin(), left_out.end());
  if (!arguments.quiet) print_warnings(warnings);
  if (!arguments.quiet && arguments.output != "-")
    print_out("written: {}; its head says how to run and compare it\n", arguments.output);
  return success;
}

}  // namespace

void add_convert_command(CLI::App& app, int& exit_code) {
  const auto arguments = std::make_shared<ConvertArguments>();
  CLI::App* command = app.add_subcommand("convert", "Write the same circuit as a deck for ngspice or Xyce");
  command->footer(convert_footer);
  command->add_option("deck", arguments->deck, "Deck to convert; - reads standard input")->type_name("FILE");
  command->add_option("--to", arguments->peer, "whose language")->type_name("ngspice|xyce");
  command
      ->add_option("-o,--output", arguments->output, "Deck to write; without it, or with -, standard output")
      ->type_name("FILE");
  command->add_option("-D,--define", arguments->definitions, "Set a .param of the deck (repeatable)")
      ->type_name("NAME=NUMBER")
      ->allow_extra_args(false);
  command->add_flag("--safe", arguments->safe, "Refuse to include files from outside the deck's folder");
  command->add_option("--limit", arguments->limits, "Set a budget of the deck's reading (repeatable)")
      ->type_name("NAME=NUMBER")
      ->allow_extra_args(false);
  command->add_flag("-q,--quiet", arguments->quiet, "Print errors only");
  command->callback([arguments, &exit_code] { exit_code = convert_deck(*arguments); });
}

}  // namespace memspice::app
