#include "analysis/output/analysis_output.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/output/fourier.hpp"
#include "analysis/output/measure_kinds.hpp"
#include "analysis/output/measures.hpp"
#include "expression/aggregate.hpp"

namespace memspice {

namespace {

/// An expression that is one vector.
VectorExpression vector_expression(std::string name, Location where, std::size_t length) {
  VectorExpression expression;
  expression.nodes.push_back({.kind = VectorExpression::Node::Kind::vector,
                              .name = name,
                              .where = where,
                              .length = static_cast<std::uint32_t>(length)});
  expression.text = std::move(name);
  return expression;
}

/// "op, tran and dc"; those that have a few numbers of their own only come last.
std::string words_of_analyses() {
  std::vector<const AnalysisType*> types;
  for (const CardKind* kind : standard_analyses())
    if (kind->analysis) types.push_back(kind->analysis);
  std::stable_partition(types.begin(), types.end(), [](const AnalysisType* type) {
    return type->vectors != AnalysisType::Vectors::own || *type->scale.name != 0;
  });
  std::string words;
  for (const AnalysisType* type : types) {
    if (!words.empty()) words += type == types.back() ? " and " : ", ";
    words += type->word();
  }
  return words;
}

}  // namespace

AnalysisOutput::AnalysisOutput(const Circuit& circuit, OutputPlan& plan, bool complex, WaveformSink* sink,
                               std::vector<Diagnostic>& warnings)
    : circuit_(circuit),
      plan_(plan),
      sink_(sink),
      complex_(complex),
      guard_(plan, complex),
      samples_(*circuit.sources, complex) {
  std::vector<Diagnostic> mistakes;
  const auto attempt = [&](auto action) {
    if (mistakes.size() >= most_mistakes) return;
    try {
      action();
    } catch (const DeckError& error) {
      mistakes.push_back(error.diagnostics().front());
    }
  };
  for (const PrintCard& card : circuit.outputs.prints)
    if (!card.analysis || card.analysis == &plan.type()) {
      attempt([&] {
        try {
          add_table(card, warnings);
        } catch (const DeckError& error) {
          if (may_be_left_out(card)) return;
          // Of two .sens cards one may have it.
          const auto same_type = [&](const AnalysisCard& c) { return &c.type() == &plan_.type(); };
          const bool several = !plan_.of_circuit() && std::ranges::count_if(circuit.analyses, same_type) > 1;
          if (!card.script && !several) throw;
          warnings.push_back(error.diagnostics().front());
          warnings.back().severity = Severity::warning;
        }
      });
    }
  for (const MeasureCard& card : circuit.outputs.measures)
    if (card.analysis == &plan.type()) attempt([&] { want_measure(card, warnings); });
  if (plan.along_time())
    for (const FourierCard& card : circuit.outputs.fouriers)
      for (const VectorExpression& vector : card.vectors) attempt([&] { want(vector); });
  if (!mistakes.empty()) throw DeckError(std::move(mistakes));
  plan.close();
  if (sink) sink->begin_plot({circuit.title, std::string(plan.type().plot), complex, plan.vectors()});
}

/// A card without an analysis is about all that have what it names.
bool AnalysisOutput::may_be_left_out(const PrintCard& card) const {
  return !card.analysis && !plan_.of_circuit() &&
         std::ranges::any_of(circuit_.analyses,
                             [&](const AnalysisCard& c) { return &c.type() != &plan_.type(); });
}

void AnalysisOutput::check(const Circuit& circuit, OutputPlan& plan, bool complex) {
  std::vector<Diagnostic> warnings;
  AnalysisOutput(circuit, plan, complex, nullptr, warnings);
}

void AnalysisOutput::check(const Circuit& circuit, const AnalysisType& type) {
  std::vector<Diagnostic> warnings;
  std::vector<VectorInfo> scale;
  if (*type.scale.name != 0) scale.push_back({type.scale.name, type.scale.quantity});
  OutputPlan plan(circuit, type, std::move(scale), warnings, OutputPlan::Purpose::check);
  if (plan.along_time())
    for (const ObserverCard& observer : circuit.observers) observer.type().declare(circuit, plan);
  check(circuit, plan, type.vectors == AnalysisType::Vectors::changes);
}

ColumnExpression::Place AnalysisOutput::place(const VectorExpression::Node& node) {
  const std::size_t column = plan_.column(node.name, node.where, node.length);
  return {column, complex_ && column >= plan_.scale()};
}

ColumnExpression::Binding AnalysisOutput::binding() {
  using Node = VectorExpression::Node;
  return {complex_, [this](const Node& node) { return place(node); }, [](const Node&) { return 0.0; },
          [this](const Node& node) -> std::optional<ColumnExpression::Place> {
            if (!plan_.type().sweeps_parameters) return std::nullopt;
            return ColumnExpression::Place{plan_.parameter(node.name), false};
          }};
}

/// What is smaller than the integrator's own tolerance is no bend.
void AnalysisOutput::want(const VectorExpression& expression) {
  constexpr double finest = 1e-5;  // straight lines cannot follow the integrator at any price
  Samples::Tolerance tolerance{std::max(circuit_.options.reltol, finest), 0};
  if (!expression.empty() && expression.nodes.back().kind == VectorExpression::Node::Kind::vector) {
    const Quantity quantity = plan_.info(place(expression.nodes.back()).index).quantity;
    if (quantity == Quantity::voltage) tolerance.absolute = circuit_.options.voltage_tolerance();
    if (quantity == Quantity::current) tolerance.absolute = circuit_.options.current_tolerance();
    if (quantity == Quantity::notype) tolerance.absolute = circuit_.options.state_tolerance();
  }
  samples_.want(expression, tolerance, binding());
}

void AnalysisOutput::add_table(const PrintCard& card, std::vector<Diagnostic>& warnings) {
  Table table;
  table.table.plot = plan_.type().plot;
  table.table.layout = card.layout;
  table.table.file = card.file;
  for (std::size_t i = 0; i < plan_.scale(); ++i)
    add_column(table, card, vector_expression(plan_.vectors()[i].name, card.where, 1),
               plan_.vectors()[i].name);
  for (const PrintCard::Item& item : card.items) {
    if (item.pattern.empty()) {
      add_column(table, card, item.expression, item.expression.text);
      continue;
    }
    const NamedColumns found = columns_of(card, item);
    if (found.places.empty()) warn_of_nothing(card, item, found.leaves_out, warnings);
    for (const std::size_t column : found.places) {
      if (column < plan_.scale()) continue;
      const std::string name = plan_.info(column).name;
      add_column(table, card, vector_expression(name, item.where, item.pattern.size()), name);
    }
  }
  tables_.push_back(std::move(table));
}

void AnalysisOutput::warn_of_nothing(const PrintCard& card, const PrintCard::Item& item, bool leaves_out,
                                     std::vector<Diagnostic>& warnings) {
  if (card.analysis && read_aggregate(item.pattern))
    plan_.column(item.pattern, item.where, item.pattern.size());  // says that it has no value
  std::string message = fmt::format("'{}' matches nothing in this circuit", item.pattern);
  if (leaves_out)
    message = fmt::format("'{}' is left out of .ac: it is no voltage, current or state", item.pattern);
  warnings.push_back(diagnose(*circuit_.sources, item.where, item.pattern.size(), std::move(message), {},
                              Severity::warning));
}

/// The first word of a card may have been meant for an analysis.
NamedColumns AnalysisOutput::columns_of(const PrintCard& card, const PrintCard::Item& item) {
  try {
    return plan_.columns(item.pattern, item.where);
  } catch (const UnknownWord&) {
    if (card.analysis || &item != &card.items.front()) throw;
    throw DeckError(diagnose(*circuit_.sources, item.where, item.pattern.size(),
                             fmt::format("'{}' is neither an analysis nor a node", item.pattern),
                             "the analyses are " + words_of_analyses()));
  }
}

void AnalysisOutput::add_column(Table& table, const PrintCard& card, const VectorExpression& expression,
                                const std::string& title) {
  const Budgets& budgets = circuit_.options.budgets;
  if (++table_columns_ > budgets.limit(Resource::columns))
    throw DeckError(diagnose(*circuit_.sources, card.where, 1, budgets.message(Resource::columns),
                             budgets.hint(Resource::columns)));
  table.columns.emplace_back(expression, *circuit_.sources, binding());
  if (table.columns.back().complex()) {
    table.table.columns.push_back(fmt::format("re({})", title));
    table.table.columns.push_back(fmt::format("im({})", title));
  } else {
    table.table.columns.push_back(title);
  }
}

void AnalysisOutput::want_measure(const MeasureCard& card, std::vector<Diagnostic>& warnings) {
  warn_of_density(card, warnings);
  for (const VectorExpression* expression :
       {&card.value, &card.from.left, &card.from.right, &card.to.left, &card.to.right}) {
    want(*expression);
    if (expression->empty() || !samples_.is_complex(*expression)) continue;
    const VectorExpression::Node& node = expression->nodes.back();
    warnings.push_back(diagnose(
        *circuit_.sources, node.where, node.length,
        fmt::format("'{}' is complex: measure '{}' takes its real part", expression->text, card.name),
        "as ngspice does; write vm(…) or mag(…) for the magnitude", Severity::warning));
  }
}

/// In LTspice the integral of a density is the noise of the band.
void AnalysisOutput::warn_of_density(const MeasureCard& card, std::vector<Diagnostic>& warnings) {
  if (!card.kind->integrates || card.value.nodes.size() != 1) return;
  const VectorExpression::Node& node = card.value.nodes.front();
  if (node.kind != VectorExpression::Node::Kind::vector) return;
  const Quantity quantity = plan_.info(place(node).index).quantity;
  if (quantity != Quantity::voltage_density && quantity != Quantity::current_density) return;
  warnings.push_back(diagnose(
      *circuit_.sources, node.where, node.length,
      fmt::format("measure '{}' integrates V/√Hz, which is no noise voltage", card.name),
      "the noise of the band, LTspice's integ, is max onoise_total or max inoise_total", Severity::warning));
}

void AnalysisOutput::row(std::span<const double> values) {
  guard_.check(values);
  sink_->row(values.first(plan_.vectors().size() * (complex_ ? 2 : 1)));
  for (Table& table : tables_) {
    for (ColumnExpression& column : table.columns) {
      const ColumnExpression::Complex value = column.value(values);
      table.table.values.push_back(value.real());
      if (column.complex()) table.table.values.push_back(value.imag());
    }
  }
  point(values);
}

void AnalysisOutput::point(std::span<const double> values) {
  if (samples_.wanted()) samples_.add(plan_.scale() > 0 ? values[0] : 0, values);
}

double AnalysisOutput::last_point() const {
  return samples_.size() == 0 ? -infinity : samples_.scale().back();
}

void AnalysisOutput::finish(AnalysisReport& report) {
  sink_->end_plot();
  guard_.finish(report);
  const std::string early = report.outcome == Outcome::complete ? "" : "the analysis ended early";
  report.measures = take_measures(circuit_, plan_.type(), samples_, early);
  if (plan_.along_time()) {
    for (const FourierCard& card : circuit_.outputs.fouriers)
      for (FourierReport& fourier : find_harmonics(circuit_, card, samples_, early))
        report.fouriers.push_back(std::move(fourier));
  }
  for (Table& table : tables_) report.tables.push_back(std::move(table.table));
}

}  // namespace memspice
