#include <fmt/format.h>

#include <cmath>

#include "analysis/output/analysis_frame.hpp"
#include "analysis/small_signal/linear_output.hpp"
#include "analysis/types/analysis_run.hpp"
#include "netlist/cards/output_quantity.hpp"

namespace memspice {

namespace {

/// As ngspice writes a resistance through which no current flows.
double resistance(double voltage, double current) {
  constexpr double open = 1e20;
  return std::abs(current) < 1 / open ? open : voltage / current;
}

/// Linear solutions for one change of the sources after the other.
class Response {
 public:
  explicit Response(RestPoint& rest) : rest_(rest), sources_(rest.linear().no_changes()) {}

  /// Sets one source to one unit and the others to nothing; `inject` adds to the right-hand side.
  template <class Inject>
  void solve(Inject&& inject) {
    x_.assign(rest_.system().size(), 0.0);
    rest_.linear().right_side<double>(sources_, x_);
    inject(std::span<double>(x_));
    rest_.solve(x_);
    rest_.linear().recover<double>(x_, sources_, 0, changes_);
  }
  [[nodiscard]] SourceChanges<double>& sources() { return sources_; }
  [[nodiscard]] const BranchChanges<double>& changes() const { return changes_; }
  [[nodiscard]] double value(const LinearOutput& output) const {
    return output.value<double>(rest_.system(), x_, sources_, changes_);
  }

 private:
  RestPoint& rest_;
  SourceChanges<double> sources_;
  std::vector<double> x_;
  BranchChanges<double> changes_;
};

std::size_t find_source(const std::vector<Source>& sources, std::uint32_t name) {
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (sources[i].name == name) return i;
  return Unknowns::npos;
}

void describe_transfer_rows(const Circuit& circuit, const TransferFunctionCard& card, OutputPlan& plan) {
  const std::string input = circuit.element_names[card.input];
  const bool from_voltage = find_source(circuit.voltage_sources, card.input) != Unknowns::npos;
  const Quantity gain = from_voltage != card.output.current ? Quantity::notype
                        : card.output.current               ? Quantity::notype
                                                            : Quantity::impedance;
  plan.append("v(transfer_function)", gain);
  plan.append(fmt::format("v({}#input_impedance)", input), Quantity::impedance);
  if (!card.output.current) {
    plan.append(fmt::format("v(output_impedance_at_{})", card.output.text), Quantity::impedance);
  } else if (find_source(circuit.voltage_sources, card.output.element) != Unknowns::npos) {
    plan.append(fmt::format("v({}#output_impedance)", circuit.element_names[card.output.element]),
                Quantity::impedance);
  }
}

void check_transfer_function(const Circuit& original, const AnalysisCard& given) {
  const auto& card = given.as<TransferFunctionCard>();
  const Circuit circuit = LinearOutput(card.output).prepare(original);
  std::vector<Diagnostic> warnings;
  OutputPlan plan(circuit, given.type(), {}, warnings);
  describe_transfer_rows(circuit, card, plan);
  AnalysisOutput::check(circuit, plan, false);
  EquationSystem(original, EquationSystem::Mode::equilibrium);
}

AnalysisReport run_transfer_function(AnalysisRun& run, const TransferFunctionCard& card) {
  AnalysisReport report;
  const LinearOutput output(card.output);
  const Circuit circuit = output.prepare(run.circuit);
  const std::string input = circuit.element_names[card.input];
  report.summary = fmt::format("transfer function from {} to {}", input, card.output.text);
  const std::size_t voltage = find_source(circuit.voltage_sources, card.input);
  const std::size_t current = find_source(circuit.current_sources, card.input);
  const bool from_voltage = voltage != Unknowns::npos;
  const std::size_t sensed =
      card.output.current ? find_source(circuit.voltage_sources, card.output.element) : Unknowns::npos;
  OutputPlan plan(circuit, type_of<TransferFunctionCard>(), {}, run.warnings);
  describe_transfer_rows(circuit, card, plan);
  AnalysisOutput rows(circuit, plan, false, run.sink, run.warnings);
  Stopwatch watch;
  fill_plot(report, rows, [&] {
    QuietPoint quiet(circuit);
    report.statistics.setup_seconds = watch.lap();
    quiet.solve();
    report.operating_point = quiet.method();
    report.statistics.operating_point_seconds = watch.lap();
    RestPoint rest(quiet, ".tf");
    Response response(rest);
    const auto nothing = [](std::span<double>) {};
    double& source = from_voltage ? response.sources().voltage[voltage] : response.sources().current[current];
    source = 1;
    response.solve(nothing);
    std::vector<double> row{response.value(output)};
    if (from_voltage) {
      row.push_back(resistance(-1, response.changes().source_current[voltage]));
    } else {
      const Source& element = circuit.current_sources[current];
      row.push_back(response.changes().voltage[element.minus] - response.changes().voltage[element.plus]);
    }
    source = 0;
    if (!card.output.current) {
      response.solve([&](std::span<double> b) {
        rest.linear().inject<double>(card.output.minus, card.output.plus, 1, b);
      });
      row.push_back(response.value(output));
    } else if (sensed != Unknowns::npos) {
      response.sources().voltage[sensed] = 1;
      response.solve(nothing);
      row.push_back(resistance(-1, response.changes().source_current[sensed]));
    }
    rows.row(row);
    report.statistics.rows = 1;
    rest.report(report.statistics);
    report.statistics.integration_seconds = watch.lap();
  });
  return report;
}

void read_transfer_function(CardContext& card) {
  TransferFunctionCard read;
  read.where = card.where;
  read.output = output_quantity(card, ".tf");
  read.input = independent_source(card, ".tf");
  card.reader.expect_end();
  card.circuit.analyses.emplace_back(std::move(read));
}

}  // namespace

const AnalysisType& type_of(const TransferFunctionCard*) {
  static constexpr AnalysisType type{
      .card = {.description = {".tf", "", "v(node[,node])|i(source) source",
                               "transfer function and resistances at 0 Hz"},
               .group = CardGroup::analyses,
               .read = read_transfer_function,
               .analysis = &type},
      .plot = "Transfer Function",
      .check = check_transfer_function,
      .run = run_reported<TransferFunctionCard, run_transfer_function>,
  };
  return type;
}

}  // namespace memspice
