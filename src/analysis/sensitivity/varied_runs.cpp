#include "analysis/sensitivity/varied_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <stdexcept>
#include <utility>

#include "analysis/output/analysis_frame.hpp"
#include "circuit/element_view.hpp"

namespace memspice {

namespace {

constexpr double relative_step = 1e-3;  // of a value
constexpr double run_reltol = 1e-9;     // its errors, over a step, are those of the derivatives
constexpr double doubtful = 1e-2;       // error of a derivative, of the largest one along the run
constexpr double resolved = 1e-6;       // of the largest value: smaller changes by a whole value are rounding

/// Of a formula for the derivative of what is known at multiples of a step, times the step.
struct StencilPoint {
  int at;
  double weight;
  double coarse;  // of a formula of lower order, whose distance tells the error
};
constexpr std::array<StencilPoint, 4> around{
    {{-2, 1.0 / 12, 0}, {-1, -8.0 / 12, -0.5}, {1, 8.0 / 12, 0.5}, {2, -1.0 / 12, 0}}};
constexpr std::array<StencilPoint, 5> one_sided{
    {{0, -25.0 / 12, -11.0 / 6}, {1, 4, 3}, {2, -3, -1.5}, {3, 4.0 / 3, 1.0 / 3}, {4, -0.25, 0}}};

/// What a circuit has of a value that Circuit::with() knows: in the unit of the card.
struct NominalValue {
  double value = not_given;
  std::string_view unit;
};

NominalValue nominal_value(const Circuit& circuit, const std::string& name) {
  const std::size_t colon = name.rfind(':');
  const std::uint32_t element = circuit.element_names.find(name.substr(0, colon));
  const ElementPlace place = element_places(circuit)[element];
  if (place.kind == ElementPlace::Kind::voltage_source) return {circuit.voltage_sources[place.index].dc, "V"};
  if (place.kind == ElementPlace::Kind::current_source) {
    const Source& source = circuit.current_sources[place.index];
    return {source.dc / source.extras->copies, "A"};
  }
  if (place.kind != ElementPlace::Kind::device) return {};
  const DeviceGroup& group = circuit.groups[place.group];
  const std::size_t parameter =
      colon == std::string::npos ? 0 : group.type->find_parameter(name.substr(colon + 1)).value_or(0);
  double factor = 1;
  for (const ValueFactor& known : circuit.records.value_factors)
    if (known.group == place.group && known.index == place.index && known.parameter == parameter)
      factor = known.factor;
  return {group.parameter(place.index, parameter) / factor, group.type->parameters[parameter].unit};
}

/// By how much a value is changed. Throws SimulationError where nothing tells.
double step_of(const std::string& name, const NominalValue& nominal) {
  if (std::isnan(nominal.value))
    throw SimulationError(fmt::format("'{}' has no value that could be varied\n  try: give it one", name));
  if (nominal.value != 0) return relative_step * std::abs(nominal.value);
  if (nominal.unit == "V" || nominal.unit == "1") return relative_step;
  if (nominal.unit == "A") return relative_step * 1e-3;
  throw SimulationError(fmt::format(
      "'{}' is 0, so that nothing tells how far it may be varied\n  try: give it a small value", name));
}

/// The circuit whose run gives nothing but the objective's values.
Circuit observed(Circuit circuit, const SensitivityCard& card) {
  const AnalysisCard& course = card.along.front();
  circuit.outputs.saves.clear();
  for (const VectorExpression::Node& node : card.objective.nodes)
    if (node.kind == VectorExpression::Node::Kind::vector)
      circuit.outputs.saves.push_back({.pattern = node.name, .where = node.where});
  circuit.outputs.measures.clear();
  circuit.outputs.fouriers.clear();
  PrintCard print{.analysis = &course.type(), .items = {}, .layout = {}, .file = {}, .where = card.where};
  print.items.push_back({.pattern = {}, .expression = card.objective, .where = card.where});
  circuit.outputs.prints.assign(1, std::move(print));
  circuit.observers.clear();
  circuit.options.interp = true;  // rows at the same times in each run
  circuit.options.verify = false;
  const double factor = run_reltol / circuit.options.reltol;
  if (factor < 1) {
    for (auto* tolerance : {&circuit.options.vntol, &circuit.options.abstol, &circuit.options.statetol})
      if (*tolerance) **tolerance *= factor;
    circuit.options.reltol = run_reltol;
  }
  return circuit;
}

/// Rows that nobody needs: the table has what is wanted of them.
class NoRows final : public WaveformSink {
 public:
  void begin_plot(const PlotInfo&) override {}
  void row(std::span<const double>) override {}
  void end_plot() override {}
  void commit(std::string_view) override {}
};

/// The runs of one objective, all with the same rows.
class VariedRuns {
 public:
  VariedRuns(AnalysisRun& run, const SensitivityCard& card, AnalysisReport& report)
      : run_(run), card_(card), report_(report) {}

  struct Derivative {
    std::vector<double> values;  // by row, each `width()` numbers
    double error = 0;            // the largest one, of the largest value
  };
  /// Throws SimulationError and Interrupted.
  Derivative derivative(const std::string& name) {
    const NominalValue nominal = nominal_value(run_.circuit, name);
    double step = step_of(name, nominal);
    std::span<const StencilPoint> points = around;
    if (!can_be(name, nominal.value + 2 * step)) {
      points = one_sided;
      step = -step;
    } else if (!can_be(name, nominal.value - 2 * step)) {
      points = one_sided;
    }
    Derivative found;
    std::vector<double> coarse;
    for (const StencilPoint& point : points) {
      const std::vector<double> values = values_at(name, nominal.value + point.at * step);
      found.values.resize(values.size());
      coarse.resize(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        found.values[i] += point.weight / step * values[i];
        coarse[i] += point.coarse / step * values[i];
      }
    }
    found.error = error_of(found.values, coarse, std::abs(step) / relative_step);
    return found;
  }

  [[nodiscard]] const std::vector<double>& scale() const { return scale_; }
  /// 2 where the objective is complex.
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] std::size_t runs() const { return runs_; }

 private:
  [[nodiscard]] double error_of(std::span<const double> values, std::span<const double> coarse,
                                double unit) const {
    double largest = resolved * largest_objective_ / unit, distance = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      largest = std::max(largest, std::abs(values[i]));
      distance = std::max(distance, std::abs(values[i] - coarse[i]));
    }
    return largest > 0 ? distance / largest : 0;
  }

  [[nodiscard]] bool can_be(const std::string& name, double value) const {
    try {
      (void)run_.circuit.with(name, value);
      return true;
    } catch (const std::invalid_argument&) {
      return false;
    } catch (const DeckError&) {
      return false;
    }
  }

  std::vector<double> values_at(const std::string& name, double value) {
    const Circuit circuit = observed(run_.circuit.with(name, value), card_);
    RunOptions options;
    options.interrupted = run_.options.interrupted;
    options.threads = run_.options.threads;
    const std::size_t all = around.size() * card_.values.size();
    if (run_.options.progress)
      options.progress = [&](double t, double stop) {
        const double part =
            (static_cast<double>(runs_) + t / stop) / static_cast<double>(std::max(all, runs_ + 1));
        run_.options.progress(part * stop, stop);
      };
    NoRows sink;
    std::vector<Diagnostic> warnings;
    Findings found;
    AnalysisRun varied{circuit, sink, options, warnings, found};
    const Outcome outcome = card_.along.front().type().run(varied, card_.along.front());
    ++runs_;
    if (found.analyses.empty()) throw Interrupted{};
    const AnalysisReport& report = found.analyses.back();
    if (outcome == Outcome::interrupted) throw Interrupted{};
    if (outcome == Outcome::failed)
      throw SimulationError(fmt::format("with {} = {:g}: {}", name, value, report.message));
    report_.statistics.steps += report.statistics.steps;
    return values_of(report.tables.front());
  }

  std::vector<double> values_of(const PrintedTable& table) {
    const std::size_t columns = table.columns.size();
    width_ = columns - 1;
    std::vector<double> scale, values;
    for (std::size_t i = 0; i < table.values.size(); i += columns) {
      scale.push_back(table.values[i]);
      values.insert(values.end(), table.values.begin() + static_cast<std::ptrdiff_t>(i + 1),
                    table.values.begin() + static_cast<std::ptrdiff_t>(i + columns));
    }
    if (scale_.empty()) scale_ = std::move(scale);
    for (const double value : values) largest_objective_ = std::max(largest_objective_, std::abs(value));
    if (values.size() != width_ * scale_.size())
      throw SimulationError("the runs with other values have other rows");
    return values;
  }

  AnalysisRun& run_;
  const SensitivityCard& card_;
  AnalysisReport& report_;
  std::vector<double> scale_;
  double largest_objective_ = 0;
  std::size_t width_ = 1;
  std::size_t runs_ = 0;
};

std::string vector_of(std::string name) {
  std::ranges::replace(name, ':', '_');
  return fmt::format("v({})", name);
}

void warn_of_error(AnalysisRun& run, const SensitivityCard& card, const std::string& name, double error) {
  run.warnings.push_back(
      at_card(run.circuit, card.where,
              fmt::format("the derivative of {} by {} may be off by {:.1g} of its largest value",
                          card.objective.text, name, error),
              "it bends or jumps where the value changes by a thousandth: an event may move there",
              Severity::warning));
}

}  // namespace

AnalysisReport sensitivity_along(AnalysisRun& run, const SensitivityCard& card) {
  const AnalysisType& course = card.along.front().type();
  AnalysisReport report;
  report.summary = fmt::format("sensitivities of {} along {}", card.objective.text, card_name(course));
  Stopwatch watch;
  run_guarded(report, [&] {
    VariedRuns runs(run, card, report);
    std::vector<std::vector<double>> derivatives;
    for (const std::string& name : card.values) {
      VariedRuns::Derivative derivative = runs.derivative(name);
      if (derivative.error > doubtful) warn_of_error(run, card, name, derivative.error);
      derivatives.push_back(std::move(derivative.values));
    }
    const bool complex = course.vectors == AnalysisType::Vectors::changes;
    const VectorInfo scale{course.scale.name, course.scale.quantity};
    OutputPlan plan(run.circuit, type_of<SensitivityCard>(), {scale}, run.warnings);
    for (const std::string& name : card.values) plan.append(vector_of(name), Quantity::notype);
    AnalysisOutput rows(run.circuit, plan, complex, run.sink, run.warnings);
    fill_plot(report, rows, [&] {
      std::vector<double> row;
      const std::size_t width = runs.width();
      for (std::size_t i = 0; i < runs.scale().size(); ++i) {
        row.assign(1, runs.scale()[i]);
        if (complex) row.push_back(0);
        for (const std::vector<double>& values : derivatives) {
          row.push_back(values[width * i]);
          if (complex) row.push_back(width == 2 ? values[2 * i + 1] : 0);
        }
        rows.row(row);
        ++report.statistics.rows;
      }
    });
    report.summary += fmt::format(": {} runs", runs.runs());
    if (course.scale.quantity == Quantity::time) report.end_time = runs.scale().back();
  });
  report.statistics.integration_seconds = watch.lap();
  return report;
}

void check_varied(const Circuit& circuit, const SensitivityCard& card) {
  const Circuit varied = observed(circuit, card);
  const AnalysisCard& course = card.along.front();
  AnalysisOutput::check(varied, course.type());
  if (course.type().check) course.type().check(varied, course);
}

RowCount rows_of_varied(const Circuit& circuit, const SensitivityCard& card) {
  const AnalysisCard& course = card.along.front();
  return course.type().rows(observed(circuit, card), course);
}

}  // namespace memspice
