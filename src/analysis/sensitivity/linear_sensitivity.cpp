#include "analysis/sensitivity/linear_sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numbers>
#include <tuple>

#include "analysis/output/analysis_frame.hpp"
#include "analysis/small_signal/linear_output.hpp"
#include "analysis/small_signal/swept_circuit.hpp"
#include "base/interruption.hpp"
#include "equations/linear/local_derivatives.hpp"
#include "equations/linear/program_derivatives.hpp"

namespace memspice {

namespace {

std::string name_of(const Circuit& circuit, const LocalDerivatives::Parameter& parameter) {
  const DeviceGroup& group = circuit.groups[parameter.group];
  const std::string element = circuit.element_names[group.names[parameter.instance]];
  if (group.type->positional && parameter.index == 0) return fmt::format("v({})", element);
  return fmt::format("v({}_{})", element, group.type->parameters[parameter.index].name);
}

/// What the stored value of each parameter is in units of the card's, by which it is differentiated; with
/// `small_signal` 0 for a resistance in whose place ac= stands.
std::vector<double> card_factors(const Circuit& circuit,
                                 const std::vector<LocalDerivatives::Parameter>& parameters,
                                 bool small_signal = false) {
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, double> known;
  for (const ValueFactor& value : circuit.records.value_factors)
    known[{value.group, value.index, value.parameter}] = value.factor;
  for (const SmallSignalResistor& resistor : circuit.records.small_signal_resistors)
    if (small_signal && resistor.resistance != 0) known[{resistor.group, resistor.index, 0}] = 0;
  std::vector<double> factors;
  for (const auto& parameter : parameters) {
    const auto found = known.find({static_cast<std::uint32_t>(parameter.group),
                                   static_cast<std::uint32_t>(parameter.instance),
                                   static_cast<std::uint32_t>(parameter.index)});
    factors.push_back(found != known.end() ? found->second : 1);
  }
  return factors;
}

void add_gains(const Circuit& circuit, const ProgramDerivatives& programs, OutputPlan& plan) {
  for (const std::uint32_t source : programs.gains())
    plan.append(fmt::format("v({}_gain)", circuit.element_names[circuit.behavioural_sources[source].name]),
                Quantity::notype);
}

void add_sources(const Circuit& circuit, std::string_view suffix, OutputPlan& plan) {
  for (const auto* sources : {&circuit.voltage_sources, &circuit.current_sources}) {
    for (const Source& source : *sources)
      plan.append(fmt::format("v({}{})", circuit.element_names[source.name], suffix), Quantity::notype);
  }
}

template <class Number, class Row>
void append_values(Row& row, const std::vector<Number>& values) {
  row.insert(row.end(), values.begin(), values.end());
}

/// d output / d source and d output / d parameter at an operating point.
class RestSensitivity {
 public:
  RestSensitivity(const Circuit& circuit, const LinearOutput& output, QuietPoint& quiet)
      : circuit_(circuit),
        output_(output),
        rest_(quiet, ".sens"),
        local_(quiet.system(), 0.0, quiet.at().y.data(), quiet.at().derivative.data()),
        programs_(quiet.system(), 0.0, quiet.at().y.data(), quiet.at().derivative.data()) {}

  void describe_rows(OutputPlan& plan) const {
    add_sources(circuit_, "", plan);
    for (const auto& parameter : local_.parameters())
      plan.append(name_of(circuit_, parameter), Quantity::notype);
    add_gains(circuit_, programs_, plan);
  }

  /// The values of a row behind the scales.
  void evaluate(std::vector<double>& row) {
    std::vector<double> lambda(rest_.system().size());
    output_.add_gradient<double>(rest_.system(), lambda);
    rest_.solve_transposed(lambda);
    const SourceChanges<double> sources =
        output_.source_gradient<double>(rest_.linear(), circuit_, lambda, rest_.system());
    append_values(row, sources.voltage);
    append_values(row, sources.current);
    const std::vector<double> factors = card_factors(circuit_, local_.parameters());
    const std::vector<double> changes = local_.of_equations<double>(lambda);
    for (std::size_t i = 0; i < changes.size(); ++i) row.push_back(0.0 - factors[i] * changes[i]);
    for (const double change : programs_.of_equations<double>(lambda)) row.push_back(0.0 - change);
  }

  void report(SolverStatistics& statistics) const { rest_.report(statistics); }

 private:
  const Circuit& circuit_;
  const LinearOutput& output_;
  RestPoint rest_;
  LocalDerivatives local_;
  ProgramDerivatives programs_;
};

/// The derivatives of one phasor at a frequency after the other.
class PhasorSensitivity {
 public:
  PhasorSensitivity(const Circuit& circuit, const LinearOutput& output, SmallSignal& small)
      : circuit_(circuit),
        output_(output),
        small_(small),
        rest_(small.quiet_point(), ".sens"),
        local_(small.system(), 0.0, small.at().y.data(), small.at().derivative.data()),
        quiet_local_(quiet_system(), 0.0, small.quiet_point().at().y.data(),
                     small.quiet_point().at().derivative.data()),
        programs_(small.system(), 0.0, small.at().y.data(), small.at().derivative.data()),
        quiet_programs_(quiet_system(), 0.0, small.quiet_point().at().y.data(),
                        small.quiet_point().at().derivative.data()),
        factors_(card_factors(circuit, local_.parameters())),
        direct_factors_(card_factors(circuit, local_.parameters(), true)),
        sources_(source_phasors(circuit)),
        x_(small.system().size()),
        lambda_(small.system().size()) {
    // A parameter of an inductor has no part in the operating point.
    std::size_t next = 0;
    const auto& quiet = quiet_local_.parameters();
    for (const auto& parameter : local_.parameters()) {
      const bool same = next < quiet.size() && quiet[next].group == parameter.group &&
                        quiet[next].instance == parameter.instance && quiet[next].index == parameter.index;
      quiet_parameter_.push_back(same ? next++ : Unknowns::npos);
    }
  }

  void describe_rows(OutputPlan& plan) const {
    add_sources(circuit_, "", plan);
    add_sources(circuit_, "_acmag", plan);
    for (const auto& parameter : local_.parameters())
      plan.append(name_of(circuit_, parameter), Quantity::notype);
    add_gains(circuit_, programs_, plan);
  }

  /// The values of a row behind the frequency, at which `small` has been factorised.
  void evaluate(Complex s, std::vector<Complex>& row) {
    std::ranges::fill(x_, Complex{});
    small_.linear().right_side<Complex>(sources_, x_);
    small_.solve(x_);
    small_.recover(x_, sources_, changes_);
    std::ranges::fill(lambda_, Complex{});
    output_.add_gradient<Complex>(small_.system(), lambda_);
    small_.solve_transposed(lambda_);
    const ProgramDerivatives::Changes changes{x_, changes_.voltage, sources_.current, s};
    find_effect_of_point(changes);
    append_values(row, point_sources_.voltage);
    append_values(row, point_sources_.current);
    const SourceChanges<Complex> gains =
        output_.source_gradient<Complex>(small_.linear(), circuit_, lambda_, small_.system());
    const auto by_magnitude = [&](const std::vector<Source>& sources, const std::vector<Complex>& gain) {
      for (std::size_t i = 0; i < sources.size(); ++i)
        row.push_back(gain[i] * std::polar(1.0, sources[i].extras->ac_phase * std::numbers::pi / 180));
    };
    by_magnitude(circuit_.voltage_sources, gains.voltage);
    by_magnitude(circuit_.current_sources, gains.current);
    const std::vector<Complex> direct = local_.of_linear(lambda_, x_, changes_.voltage, s);
    for (std::size_t i = 0; i < direct.size(); ++i) {
      const std::size_t at_rest = quiet_parameter_[i];
      const Complex by_point = at_rest == Unknowns::npos ? 0.0 : point_parameters_[at_rest];
      row.push_back(0.0 - direct_factors_[i] * direct[i] - factors_[i] * by_point);
    }
    const std::vector<Complex> gain = programs_.of_linear(lambda_, changes);
    for (std::size_t i = 0; i < gain.size(); ++i) row.push_back(0.0 - gain[i] - point_gains_[i]);
  }

 private:
  EquationSystem& quiet_system() { return small_.quiet_point().system(); }

  /// What parameters and the sources' DC values do to the phasor by moving the operating point: with A x = b
  /// linearised at y, λ ∂(A x - b)/∂y dy/dp by a second adjoint solution, that of the circuit at rest.
  void find_effect_of_point(const ProgramDerivatives::Changes& changes) {
    LocalDerivatives::PointGradient gradient;
    local_.of_point(lambda_, x_, changes_.voltage, changes.s, gradient);
    EquationSystem& quiet = quiet_system();
    std::vector<Complex> mu(quiet.size()), by_source(circuit_.current_sources.size());
    quiet_programs_.spread(programs_.of_point(lambda_, changes), gradient.by_node, mu, by_source);
    for (Complex& value : mu) value = -value;
    for (NodeId node = 1; node < gradient.by_node.size(); ++node)
      mu[quiet.unknowns().forest().row(node)] -= gradient.by_node[node];
    for (const auto& unknown : gradient.by_unknown) {
      const std::size_t index = quiet.unknowns().index(unknown.group, unknown.instance, unknown.unknown);
      if (index != Unknowns::npos) mu[index] -= unknown.value;
    }
    mu[0] = 0;
    std::vector<double> re(mu.size()), im(mu.size());
    std::ranges::transform(mu, re.begin(), [](Complex z) { return z.real(); });
    std::ranges::transform(mu, im.begin(), [](Complex z) { return z.imag(); });
    rest_.solve_transposed(re);
    rest_.solve_transposed(im);
    for (std::size_t i = 0; i < mu.size(); ++i) mu[i] = {re[i], im[i]};
    for (Complex& value : gradient.by_node) value = -value;
    point_sources_ = rest_.linear().source_gradient<Complex>(mu, gradient.by_node);
    for (std::size_t i = 0; i < by_source.size(); ++i) point_sources_.current[i] -= by_source[i];
    point_parameters_ = quiet_local_.of_equations<Complex>(mu);
    point_gains_ = quiet_programs_.of_equations<Complex>(mu);
  }

  const Circuit& circuit_;
  const LinearOutput& output_;
  SmallSignal& small_;
  RestPoint rest_;
  LocalDerivatives local_;
  LocalDerivatives quiet_local_;
  ProgramDerivatives programs_;
  ProgramDerivatives quiet_programs_;
  std::vector<double> factors_, direct_factors_;  // by parameter of local_
  std::vector<std::size_t> quiet_parameter_;      // by parameter of local_
  SourceChanges<Complex> sources_;
  std::vector<Complex> x_, lambda_;
  BranchChanges<Complex> changes_;
  SourceChanges<Complex> point_sources_;
  std::vector<Complex> point_parameters_;  // λ·∂F/∂p at rest, as of the next
  std::vector<Complex> point_gains_;
};

}  // namespace

AnalysisReport sensitivity_at_rest(AnalysisRun& run, const SensitivityCard& card) {
  const LinearOutput output(card.output);
  const Circuit circuit = output.prepare(run.circuit);
  AnalysisReport report;
  report.summary = fmt::format("sensitivities of {}", card.output.text);
  if (!card.sweeps.empty()) report.summary += ": " + describe(circuit, card.sweeps);
  Stopwatch watch;
  SweptCircuit swept(circuit, card.sweeps,
                     [&](const Variation& values) { return output.prepare(variant(run.circuit, values)); });
  SweepPlace place(card.sweeps);
  std::optional<OutputPlan> plan;  // which parameters there are is known at the first point
  std::optional<AnalysisOutput> rows;
  run_guarded(report, [&] {
    do {
      if (interrupted(report, run.options, place.text())) break;
      std::vector<double> row = place.values();
      swept.solve(row);
      if (!plan) {
        report.operating_point = swept.point().method();
        report.statistics.operating_point_seconds = watch.lap();
      }
      RestSensitivity sensitivity(swept.circuit(), output, swept.point());
      if (!plan) {
        plan.emplace(circuit, type_of<SensitivityCard>(), scales_of(circuit, card.sweeps), run.warnings);
        sensitivity.describe_rows(*plan);
        rows.emplace(circuit, *plan, false, run.sink, run.warnings);
      }
      sensitivity.evaluate(row);
      rows->row(row);
      ++report.statistics.rows;
      sensitivity.report(report.statistics);
    } while (place.advance());
  });
  if (rows) rows->finish(report);
  report.statistics.integration_seconds = watch.lap();
  return report;
}

AnalysisReport sensitivity_of_phasor(AnalysisRun& run, const SensitivityCard& card) {
  const LinearOutput output(card.output);
  const Circuit circuit = output.prepare(run.circuit);
  AnalysisReport report;
  report.summary =
      fmt::format("sensitivities of {}: {}", card.output.text, describe_frequencies(card.frequencies));
  Stopwatch watch;
  SmallSignal small(circuit, ".sens");
  report.statistics.setup_seconds = watch.lap();
  try {
    small.find_operating_point();
    report.operating_point = small.quiet_point().method();
    PhasorSensitivity sensitivity(circuit, output, small);
    report.statistics.operating_point_seconds = watch.lap();
    OutputPlan plan(circuit, type_of<SensitivityCard>(), {{"frequency", Quantity::frequency}}, run.warnings);
    sensitivity.describe_rows(plan);
    AnalysisOutput rows(circuit, plan, true, run.sink, run.warnings);
    fill_plot(report, rows, [&] {
      std::vector<Complex> row;
      for (const double hertz : card.frequencies) {
        if (interrupted(report, run.options, with_prefix(hertz, "Hz"))) break;
        small.set_frequency(hertz);
        row.assign(1, hertz);
        sensitivity.evaluate({0.0, 2 * std::numbers::pi * hertz}, row);
        rows.row({reinterpret_cast<const double*>(row.data()), 2 * row.size()});
        ++report.statistics.rows;
      }
    });
  } catch (const SimulationError& error) {
    report.outcome = Outcome::failed;
    report.message = error.what();
  } catch (const Interrupted&) {
    note_interruption(report);
  }
  small.report(report.statistics);
  report.statistics.integration_seconds = watch.lap();
  return report;
}

}  // namespace memspice
