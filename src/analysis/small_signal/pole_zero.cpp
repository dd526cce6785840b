#include "analysis/small_signal/pole_zero.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/output/analysis_frame.hpp"
#include "analysis/small_signal/port_spectrum.hpp"
#include "analysis/small_signal/small_signal.hpp"
#include "analysis/types/analysis_run.hpp"
#include "base/characters.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {
namespace {

constexpr std::size_t most_dynamic = 1000;  // unknowns: their matrix is dense, and its eigenvalues take n³

/// The voltage source that is the input, or its number of them when there is none.
std::size_t source_across(const Circuit& circuit, const PoleZeroCard& card) {
  const auto found = std::ranges::find_if(circuit.voltage_sources, [&](const Source& source) {
    return (source.plus == card.input_plus && source.minus == card.input_minus) ||
           (source.plus == card.input_minus && source.minus == card.input_plus);
  });
  return static_cast<std::size_t>(found - circuit.voltage_sources.begin());
}

void check_pole_zero(const Circuit& circuit, const AnalysisCard& given) {
  const auto& card = given.as<PoleZeroCard>();
  const std::size_t input = source_across(circuit, card);
  const auto refuse = [&](std::string message, std::string hint) {
    throw DeckError(diagnose(*circuit.sources, card.where, 3, std::move(message), std::move(hint)));
  };
  if (card.from_current && input < circuit.voltage_sources.size())
    refuse(fmt::format("'{}' holds the voltage where .pz feeds a current",
                       std::string(circuit.element_names[circuit.voltage_sources[input].name])),
           "make it a current source, or write vol");
  for (std::size_t i = 0; i < circuit.voltage_sources.size(); ++i)
    if (i != input && circuit.voltage_sources[i].extras->ac_magnitude != 0)
      refuse(fmt::format("'{}' has an AC value and is not the input of this .pz",
                         std::string(circuit.element_names[circuit.voltage_sources[i].name])),
             "ngspice takes such a source out of the circuit: leave it out, or its AC value");
  if (!circuit.lines.empty())
    refuse("a circuit with lossless lines has infinitely many poles", "write .ac, or a ladder of L and C");
  check_linearisation(circuit);
}

/// y/u of voltages from one pair of nodes to another, or of the voltage by a current there.
class Ports {
 public:
  Ports(SmallSignal& small, const PoleZeroCard& card) : small_(small), card_(card) {}

  /// From the current into the input, the voltage there or at the output.
  [[nodiscard]] Channel from_current(NodeId plus, NodeId minus) const {
    Channel channel{std::vector<double>(small_.system().size()), output(plus, minus), 0};
    small_.linear().inject<double>(card_.input_minus, card_.input_plus, 1.0, channel.input);
    channel.input[0] = 0;
    return channel;
  }
  /// From a source to the voltage at the output.
  [[nodiscard]] Channel from_source(std::size_t source) const {
    Channel channel{std::vector<double>(small_.system().size()),
                    output(card_.output_plus, card_.output_minus), 0};
    SourceChanges<double> unit = small_.linear().no_changes();
    unit.voltage[source] = 1;
    small_.linear().right_side<double>(unit, channel.input);
    channel.input[0] = 0;
    BranchChanges<double> offsets;
    small_.linear().recover_voltages<double>(std::vector<double>(channel.input.size()), unit, offsets);
    channel.direct = offsets.voltage[card_.output_plus] - offsets.voltage[card_.output_minus];
    return channel;
  }

 private:
  [[nodiscard]] std::vector<double> output(NodeId plus, NodeId minus) const {
    std::vector<double> gradient(small_.system().size());
    const auto& forest = small_.system().unknowns().forest();
    gradient[forest.row(plus)] += 1;
    gradient[forest.row(minus)] -= 1;
    gradient[0] = 0;
    return gradient;
  }

  SmallSignal& small_;
  const PoleZeroCard& card_;
};

struct Found {
  std::vector<Complex> poles, zeros;
};

Found find(SmallSignal& small, const Circuit& circuit, const PoleZeroCard& card) {
  if (small.depends_on_frequency() || !small.linear().delayed().empty())
    throw SimulationError(
        ".pz: an expression reads the frequency, or an element has a delay: there is no end of poles\n"
        "  try: .ac, or a rational function behind LAPLACE");
  PortSpectrum spectrum(small.linear());
  if (spectrum.dynamic_unknowns() > most_dynamic)
    throw SimulationError(fmt::format(
        ".pz: {} unknowns have derivatives, more than the {} whose poles are sought in a dense matrix\n"
        "  try: .eigen, which gives the outermost ones, or .ac",
        spectrum.dynamic_unknowns(), most_dynamic));
  const auto zeros_of = [&](const Channel& channel, std::string_view what) {
    std::optional<std::vector<Complex>> zeros = spectrum.zeros(channel);
    if (!zeros)
      throw SimulationError(
          fmt::format(".pz: {} does not depend on the input beyond rounding\n  try: other nodes, or .tf, "
                      "which tells the gain",
                      what));
    return std::move(*zeros);
  };
  Found found;
  const Ports ports(small, card);
  const std::size_t source = source_across(circuit, card);
  const bool by_source = source < circuit.voltage_sources.size();
  // The voltage at a port that only a current could enter is held where that port has a zero.
  if (card.poles)
    found.poles =
        card.from_current || by_source
            ? spectrum.poles()
            : zeros_of(ports.from_current(card.input_plus, card.input_minus), "the voltage at the input");
  if (card.zeros)
    found.zeros = zeros_of(
        by_source ? ports.from_source(source) : ports.from_current(card.output_plus, card.output_minus),
        "the output");
  return found;
}

AnalysisReport run_pole_zero(AnalysisRun& run, const PoleZeroCard& card) {
  check_pole_zero(run.circuit, card);
  AnalysisReport report;
  Stopwatch watch;
  SmallSignal small(run.circuit, ".pz");
  report.statistics.setup_seconds = watch.lap();
  Found found;
  run_guarded(report, [&] {
    small.find_operating_point();
    report.operating_point = small.quiet_point().method();
    report.statistics.operating_point_seconds = watch.lap();
    found = find(small, run.circuit, card);
  });
  report.summary =
      fmt::format("poles and zeros: {} pole{}, {} zero{}", found.poles.size(),
                  found.poles.size() == 1 ? "" : "s", found.zeros.size(), found.zeros.size() == 1 ? "" : "s");
  std::vector<double> row;
  OutputPlan plan(run.circuit, type_of<PoleZeroCard>(), {}, run.warnings);
  const auto add = [&](std::string_view name, const std::vector<Complex>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      plan.append(fmt::format("v({}({}))", name, i + 1), Quantity::rate);
      row.push_back(values[i].real());
      row.push_back(values[i].imag());
    }
  };
  add("pole", found.poles);
  add("zero", found.zeros);
  if (row.empty()) return report;
  AnalysisOutput rows(run.circuit, plan, true, run.sink, run.warnings);
  fill_plot(report, rows, [&] {
    rows.row(row);
    report.statistics.rows = 1;
    small.report(report.statistics);
    report.statistics.integration_seconds = watch.lap();
  });
  return report;
}

/// Takes one of the words.
bool either(CardContext& card, std::string_view word, std::string_view other, std::string_view both = {}) {
  const std::string_view at = card.reader.peek().text;
  if (card.reader.accept_word(word)) return true;
  if (card.reader.accept_word(other)) return false;
  throw Problem{at, fmt::format("expected {} or {}{}, not '{}'", word, other, both, at),
                "its form is .pz n1 n2 n3 n4 cur|vol pol|zer|pz"};
}

void read_pole_zero(CardContext& card) {
  PoleZeroCard read;
  read.where = card.where;
  for (NodeId* node : {&read.input_plus, &read.input_minus, &read.output_plus, &read.output_minus}) {
    card.reader.skip_commas();
    *node = card.elaboration.names.existing_node(card.reader.word("a node"), card.scope);
  }
  const auto distinct = [&](NodeId plus, NodeId minus, std::string_view what) {
    if (plus == minus)
      throw Problem{card.at, fmt::format("the {} of .pz is one node against itself", what),
                    "its form is .pz n1 n2 n3 n4 cur|vol pol|zer|pz"};
  };
  distinct(read.input_plus, read.input_minus, "input");
  distinct(read.output_plus, read.output_minus, "output");
  card.reader.skip_commas();
  read.from_current = either(card, "cur", "vol");
  card.reader.skip_commas();
  if (!card.reader.accept_word("pz")) {
    read.zeros = either(card, "zer", "pol", " or pz");
    read.poles = !read.zeros;
  }
  card.reader.expect_end();
  card.circuit.analyses.emplace_back(read);
}

}  // namespace

const AnalysisType& type_of(const PoleZeroCard*) {
  static constexpr AnalysisType type{
      .card = {.description = {".pz", "", "n1 n2 n3 n4 cur|vol pol|zer|pz",
                               "poles and zeros of the linearised circuit"},
               .group = CardGroup::analyses,
               .read = read_pole_zero,
               .analysis = &type},
      .plot = "Pole-Zero Analysis",
      .check = check_pole_zero,
      .run = run_reported<PoleZeroCard, run_pole_zero>,
  };
  return type;
}

}  // namespace memspice
