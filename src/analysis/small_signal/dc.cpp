#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "analysis/output/analysis_frame.hpp"
#include "analysis/output/analysis_output.hpp"
#include "analysis/output/row_budget.hpp"
#include "analysis/small_signal/small_signal.hpp"
#include "analysis/types/analysis_run.hpp"
#include "analysis/types/ongoing_plot.hpp"
#include "analysis/types/report_archive.hpp"
#include "netlist/cards/data_tables.hpp"
#include "netlist/cards/sweeps.hpp"

namespace memspice {

namespace {

bool is_source(const Sweep& sweep) {
  return sweep.target == Sweep::Target::voltage_source || sweep.target == Sweep::Target::current_source;
}

bool is_resistance(const Circuit& circuit, const Sweep& sweep) {
  if (sweep.target != Sweep::Target::device_parameter || sweep.model || !sweep.parameter.empty())
    return false;
  const std::uint32_t name = circuit.element_names.find(sweep.name);
  return std::ranges::any_of(circuit.groups, [&](const DeviceGroup& group) {
    return group.type->resistance && std::ranges::find(group.names, name) != group.names.end();
  });
}

Quantity quantity_of(const Circuit& circuit, const Sweep& sweep) {
  if (sweep.target == Sweep::Target::voltage_source) return Quantity::voltage;
  if (sweep.target == Sweep::Target::current_source) return Quantity::current;
  return is_resistance(circuit, sweep) ? Quantity::impedance : Quantity::notype;
}

/// The innermost sweep is called as ngspice calls it, the others by what they sweep.
std::string scale_name(const Circuit& circuit, const Sweep& sweep) {
  if (sweep.target == Sweep::Target::voltage_source) return "v(v-sweep)";
  if (sweep.target == Sweep::Target::current_source) return "i(i-sweep)";
  if (sweep.target == Sweep::Target::temperature) return "temp-sweep";
  return is_resistance(circuit, sweep) ? "res-sweep" : sweep.label();
}

/// "1.5 kohm"
std::string shown(const Circuit& circuit, const Sweep& sweep, double value) {
  switch (quantity_of(circuit, sweep)) {
    case Quantity::voltage:
      return with_prefix(value, "V");
    case Quantity::current:
      return with_prefix(value, "A");
    case Quantity::impedance:
      return with_prefix(value, "ohm");
    default:
      return fmt::format("{:.6g}{}", value, sweep.target == Sweep::Target::temperature ? " °C" : "");
  }
}

std::string summary_of(const Circuit& circuit, const DcCard& card) {
  std::string text = "DC sweep:";
  for (std::size_t i = 0; i < card.sweeps.size(); ++i) {
    const Sweep& sweep = card.sweeps[i];
    text += fmt::format("{} {} from {} to {} in {} points", i == 0 ? "" : ", for", sweep.label(),
                        shown(circuit, sweep, sweep.values.front()),
                        shown(circuit, sweep, sweep.values.back()), sweep.values.size());
  }
  return text;
}

/// Whether vectors mean the same in both. An inductance of 0 is no inductor, for one.
bool same_structure(const Circuit& a, const Circuit& b) {
  return a.node_names.size() == b.node_names.size() && a.element_names.size() == b.element_names.size() &&
         std::ranges::equal(a.groups, b.groups, [](const DeviceGroup& x, const DeviceGroup& y) {
           return x.type == y.type && x.names == y.names;
         });
}

/// The circuit at one point of the sweep after the other, each solved from the last.
class SweptCircuit {
 public:
  SweptCircuit(const Circuit& original, const DcCard& card)
      : original_(original),
        card_(card),
        values_(card.sweeps.size(), not_given),
        circuit_(std::make_unique<Circuit>(original)) {}

  /// `values`: one a sweep. Throws SimulationError and DeckError.
  void solve(const std::vector<double>& values) {
    bool rebuild = point_ == nullptr;
    for (std::size_t i = 0; i < values.size(); ++i)
      rebuild |= !is_source(card_.sweeps[i]) && values[i] != values_[i];
    values_ = values;
    if (rebuild) build();
    set_sources();
    point_->solve();
  }
  /// The last point, written, or made anew from what is read.
  void exchange(Archive& archive) {
    archive(values_);
    if (archive.reading()) {
      point_.reset();
      circuit_ = std::make_unique<Circuit>(original_);
      build();
      set_sources();
    }
    point_->exchange(archive);
  }
  [[nodiscard]] QuietPoint& point() { return *point_; }
  /// What expressions over vectors read of the circuit's parameters here.
  void fill_parameters(const OutputPlan& plan, std::span<double> row) const {
    for (const auto& [name, place] : plan.parameters()) {
      const auto found = circuit_->outputs.parameters.find(name);  // not there: .if left the card out
      row[place] =
          found == circuit_->outputs.parameters.end() ? original_.outputs.parameters.at(name) : found->second;
    }
  }

 private:
  void set_sources() {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const Sweep& sweep = card_.sweeps[i];
      if (sweep.target == Sweep::Target::voltage_source)
        circuit_->voltage_sources[sweep.index].dc = values_[i];
      if (sweep.target == Sweep::Target::current_source) {
        Source& source = circuit_->current_sources[sweep.index];
        source.dc = values_[i] * source.extras->copies;
      }
    }
  }
  void build() {
    Variation variation;
    for (std::size_t i = 0; i < values_.size(); ++i)
      if (!is_source(card_.sweeps[i])) variation.values.emplace_back(card_.sweeps[i], values_[i]);
    if (variation.values.empty()) {
      point_ = std::make_unique<QuietPoint>(*circuit_);
      return;
    }
    auto circuit = std::make_unique<Circuit>(variant(original_, variation));
    if (!same_structure(*circuit, original_))
      throw SimulationError(
          "the circuit has other nodes, elements or states here: .dc cannot go on\n"
          "  try: .step, which begins anew at every value");
    auto point = std::make_unique<QuietPoint>(*circuit);
    if (point_ != nullptr) point->start_from(*point_);
    point_ = std::move(point);  // before the circuit that the old one refers to
    circuit_ = std::move(circuit);
  }

  const Circuit& original_;
  const DcCard& card_;
  std::vector<double> values_;
  std::unique_ptr<Circuit> circuit_;
  std::unique_ptr<QuietPoint> point_;
};

/// The combinations of all values, one after the other.
class SweepPlace {
 public:
  explicit SweepPlace(const DcCard& card) : card_(card), place_(card.sweeps.size(), 0) {}
  [[nodiscard]] std::vector<double> values() const {
    std::vector<double> values;
    for (std::size_t i = 0; i < place_.size(); ++i) values.push_back(card_.sweeps[i].values[place_[i]]);
    return values;
  }
  /// False behind the last one.
  bool advance() {
    for (std::size_t i = 0; i < place_.size(); ++i) {
      if (++place_[i] < card_.sweeps[i].values.size()) return true;
      place_[i] = 0;
    }
    return false;
  }
  /// "v1 = 2, temp = 27"
  [[nodiscard]] std::string text() const {
    std::string text;
    for (std::size_t i = 0; i < place_.size(); ++i)
      text += fmt::format("{}{} = {:.6g}", i == 0 ? "" : ", ", card_.sweeps[i].label(),
                          card_.sweeps[i].values[place_[i]]);
    return text;
  }
  void exchange(Archive& archive) {
    archive(place_);
    for (std::size_t i = 0; i < place_.size(); ++i)
      archive.require(place_[i] < card_.sweeps[i].values.size());
  }

 private:
  const DcCard& card_;
  std::vector<std::size_t> place_;
};

AnalysisReport run_dc(AnalysisRun& run, const DcCard& card) {
  const Circuit& circuit = run.circuit;
  AnalysisReport report;
  report.summary = summary_of(circuit, card);
  Stopwatch watch;
  const std::optional<std::vector<std::byte>> kept = run.keeper ? run.keeper->take() : std::nullopt;
  OngoingPlot sink(run.sink, kept.has_value());
  const std::size_t warnings = run.warnings.size();
  std::vector<VectorInfo> scale;
  for (const Sweep& sweep : card.sweeps)
    scale.push_back(
        {scale.empty() ? scale_name(circuit, sweep) : sweep.label(), quantity_of(circuit, sweep)});
  OutputPlan plan(circuit, type_of<DcCard>(), std::move(scale), run.warnings);
  AnalysisOutput output(circuit, plan, false, sink, run.warnings);
  if (kept) run.warnings.resize(warnings);  // they have been given
  SweptCircuit swept(circuit, card);
  SweepPlace place(card);
  const auto exchange_all = [&](Archive& archive) {
    exchange(archive, report);
    place.exchange(archive);
    output.exchange(archive);
    swept.exchange(archive);
  };
  fill_plot(report, output, [&] {
    report.statistics.setup_seconds = watch.lap();
    std::vector<double> row(plan.width());
    bool more = true;
    if (kept) {
      Archive archive(*kept);
      exchange_all(archive);
    }
    while (more) {
      if (interrupted(report, run.options, place.text())) break;
      const std::vector<double> values = place.values();
      try {
        swept.solve(values);
      } catch (const SimulationError& error) {
        throw SimulationError(fmt::format("at {}: {}", place.text(), error.what()));
      }
      QuietPoint& point = swept.point();
      if (report.operating_point.empty()) report.operating_point = point.method();
      std::ranges::copy(values, row.begin());
      plan.circuit_columns().evaluate(point.system(), 0.0, point.at(), row);
      swept.fill_parameters(plan, row);
      output.row(row);
      ++report.statistics.rows;
      more = place.advance();
      const auto rows = static_cast<double>(report.statistics.rows);
      const bool told = run.options.interrupted && run.options.interrupted();
      if (!more || run.keeper == nullptr ||
          !(told ? run.keeper->is_due_at_end(rows) : run.keeper->is_due(rows)))
        continue;
      // What goes on is made of what is saved alone, as another process would.
      Archive archive;
      exchange_all(archive);
      const std::vector<std::byte> saved = archive.take();
      run.keeper->keep(rows, saved);
      Archive same(saved);
      exchange_all(same);
    }
    if (report.statistics.rows == 0) return;  // interrupted before there was a point
    const MatrixStatistics& matrix = swept.point().system().matrix().statistics();
    report.statistics.unknowns = swept.point().system().size();
    report.statistics.matrix_size = swept.point().system().unknowns().rows() - 1;
    report.statistics.matrix_nonzeros = swept.point().system().matrix().nonzeros();
    report.statistics.factorisation = matrix.cholesky ? "cholesky" : "lu";
    report.statistics.factorisations = matrix.factorisations;
    report.statistics.solves = matrix.solves;
    report.statistics.integration_seconds = watch.lap();
  });
  return report;
}

RowCount rows_of_sweeps(const Circuit&, const AnalysisCard& card) {
  double values = 1;
  for (const Sweep& sweep : card.as<DcCard>().sweeps) values *= static_cast<double>(sweep.values.size());
  return rows_of_values(values);
}

void read_dc(CardContext& card) {
  DcCard read;
  read.where = card.where;
  do {
    card.reader.skip_commas();
    const std::string_view at = card.reader.peek().text;
    Sweep added = sweep(card, ".dc");
    for (const Sweep& known : read.sweeps)
      if (known.target == added.target && known.label() == added.label())
        throw Problem{at, fmt::format("'{}' is swept twice", added.label())};
    read.sweeps.push_back(std::move(added));
    read_sweep_behind(card);
    card.reader.skip_commas();
  } while (!card.reader.at_end());
  check_combinations(card, read.sweeps);
  card.circuit.analyses.emplace_back(std::move(read));
}

}  // namespace

const AnalysisType& type_of(const DcCard*) {
  static constexpr AnalysisType type{
      .card = {.description = {".dc", "", "[dec|oct] source first last step … | source list value …",
                               "DC values swept: sources, temp, parameters, elements, @element[parameter]; "
                               "the first one fastest"},
               .group = CardGroup::analyses,
               .read = read_dc,
               .analysis = &type},
      .plot = "DC transfer characteristic",
      .vectors = AnalysisType::Vectors::circuit,
      .scale = {"sweep"},
      .sweeps_parameters = true,
      .check = [](const Circuit& circuit,
                  const AnalysisCard&) { require_potentials(circuit, EquationMode::equilibrium); },
      .scales = [](const AnalysisCard& card) { return card.as<DcCard>().sweeps.size(); },
      .rows = rows_of_sweeps,
      .run = run_reported<DcCard, run_dc>,
  };
  return type;
}

}  // namespace memspice
