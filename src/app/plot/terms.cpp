#include "app/plot/terms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/characters.hpp"
#include "base/problem.hpp"
#include "base/spelling.hpp"
#include "base/usage_error.hpp"
#include "base/wildcard.hpp"
#include "expression/aggregate.hpp"
#include "expression/column_expression.hpp"
#include "expression/vector_compiler.hpp"
#include "waveform/quantity.hpp"

namespace memspice::app {

namespace {

using TermNode = VectorExpression::Node;

/// "r1" of "i(r1)" and of "r1#branch"; empty: the name has no such part.
std::string_view element_in(std::string_view vector) {
  const std::size_t open = vector.find('(');
  if (open != std::string_view::npos && vector.ends_with(')'))
    return vector.substr(open + 1, vector.size() - open - 2);
  const std::size_t branch = vector.find("#branch");
  return branch == std::string_view::npos ? std::string_view() : vector.substr(0, branch);
}

/// A file has no parameters and no functions of its own.
class FileEnvironment : public Environment {
 public:
  explicit FileEnvironment(const Plot& plot) : plot_(plot) {}
  std::optional<double> parameter(std::string_view) override { return {}; }
  [[nodiscard]] bool has_parameter(std::string_view) const override { return false; }
  [[nodiscard]] const FunctionDefinition* function(std::string_view) const override { return nullptr; }
  [[nodiscard]] bool has_element(std::string_view name) const override {
    return std::ranges::any_of(plot_.vectors,
                               [&](const VectorInfo& vector) { return element_in(vector.name) == name; });
  }
  [[nodiscard]] double temperature() const override { return 27; }
  [[nodiscard]] double junction_conductance() const override { return 1e-12; }
  void append_parameters(std::vector<std::string_view>&) const override {}
  void append_functions(std::vector<std::string_view>&) const override {}

 private:
  const Plot& plot_;
};

[[noreturn]] void fail_unknown_vector(const Plot& plot, const std::string& name, const std::string& file) {
  constexpr std::size_t shown = 8;
  std::vector<std::string_view> names;
  for (const VectorInfo& vector : plot.vectors)
    if (names.size() < most_candidates) names.push_back(vector.name);
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) {
    const bool more = names.size() > shown;
    if (more) names.resize(shown);
    hint = fmt::format("it has {}{}", fmt::join(names, ", "),
                       more ? fmt::format(" and {} more", plot.vectors.size() - shown) : "");
  }
  throw UsageError(fmt::format("'{}' has no vector '{}'", file, name), hint);
}

/// An expression over the vectors of a plot.
class TermExpression {
 public:
  TermExpression(const Plot& plot, const std::string& text, const std::string& file)
      : plot_(plot), file_(file) {
    const std::uint32_t source = sources_.add(file, text);
    const Options options;
    Messages messages(sources_);
    Evaluator evaluator(options, messages);
    FileEnvironment environment(plot);
    expression_ =
        VectorCompiler(sources_, evaluator, environment, {}).compile(parse_expression(sources_.text(source)));
  }

  Term values() {
    ColumnExpression column(expression_, sources_,
                            {.complex_rows = plot_.complex,
                             .vector = [this](const TermNode& node) { return place(node.name); },
                             .measure = [](const TermNode&) { return 0.0; }});
    Term result{
        .name = expression_.text, .unit = unit(expression_.nodes.size() - 1), .values = {}, .imaginary = {}};
    const std::size_t rows = plot_.rows();
    result.values.reserve(rows);
    if (column.complex()) result.imaginary.reserve(rows);
    std::vector<double> row(plot_.complex ? 2 * inputs_.size() : inputs_.size());
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t k = 0; k < inputs_.size(); ++k) {
        if (plot_.complex) {
          row[2 * k] = inputs_[k].values[i];
          row[2 * k + 1] = inputs_[k].imaginary.empty() ? 0 : inputs_[k].imaginary[i];
        } else {
          row[k] = inputs_[k].values[i];
        }
      }
      const ColumnExpression::Complex value = column.value(row);
      result.values.push_back(value.real());
      if (column.complex()) result.imaginary.push_back(value.imag());
    }
    return result;
  }

 private:
  ColumnExpression::Place place(const std::string& name) {
    const auto known = std::ranges::find(inputs_, name, &Term::name);
    const std::size_t index = static_cast<std::size_t>(known - inputs_.begin());
    if (known == inputs_.end()) {
      inputs_.push_back(input(name));
      inputs_.back().name = name;
    }
    return {index, plot_.complex && inputs_[index].unit != "Hz"};
  }

  Term input(const std::string& name) {
    if (const std::size_t vector = find(name); vector != Plot::npos) return vector_term(plot_, vector);
    if (const std::optional<Aggregate> wanted = read_aggregate(name)) return aggregate(*wanted);
    // v(a,b) is v(a) - v(b).
    const std::string_view both = element_in(name);
    const std::size_t comma = both.find(',');
    if (name.starts_with("v(") && comma != std::string_view::npos)
      return difference(std::string(both.substr(0, comma)), std::string(both.substr(comma + 1)));
    fail_unknown_vector(plot_, name, file_);
  }

  [[nodiscard]] std::size_t find(const std::string& name) const {
    std::vector<std::string> spellings{name};
    const std::string element(element_in(name));
    if (name.starts_with("i(")) spellings.push_back(element + "#branch");
    if (name.starts_with("v(")) spellings.push_back(element);
    if (element.empty()) spellings.push_back(fmt::format("v({})", name));
    const std::size_t bracket = name.find('[');
    if (name.starts_with('@') && bracket != std::string::npos && name.ends_with(']'))
      spellings.push_back(fmt::format("{}({})", name.substr(bracket + 1, name.size() - bracket - 2),
                                      name.substr(1, bracket - 1)));
    for (const std::string& spelling : spellings)
      if (const std::size_t vector = plot_.find(spelling); vector != Plot::npos) return vector;
    return Plot::npos;
  }

  Term node_voltage(const std::string& node) {
    if (node == "0") return {"v(0)", "V", std::vector<double>(plot_.rows()), {}};
    return input(fmt::format("v({})", node));
  }

  Term difference(const std::string& plus, const std::string& minus) {
    Term result = node_voltage(plus);
    const Term other = node_voltage(minus);
    for (std::size_t i = 0; i < result.values.size(); ++i) result.values[i] -= other.values[i];
    if (result.imaginary.empty()) result.imaginary.resize(other.imaginary.size());
    for (std::size_t i = 0; i < other.imaginary.size(); ++i) result.imaginary[i] -= other.imaginary[i];
    return result;
  }

  [[nodiscard]] Term aggregate(const Aggregate& wanted) const {
    const std::vector<std::size_t> vectors = matching_vectors(plot_, wanted.pattern);
    if (vectors.empty()) throw UsageError(fmt::format("no vector of '{}' fits '{}'", file_, wanted.pattern));
    if (plot_.complex) throw UsageError(fmt::format("'{}' has no meaning for complex values", wanted.name()));
    Term result = vector_term(plot_, vectors.front());
    std::vector<double> row(vectors.size());
    for (std::size_t i = 0; i < result.values.size(); ++i) {
      for (std::size_t k = 0; k < row.size(); ++k) row[k] = plot_.columns[vectors[k]][i];
      result.values[i] = wanted.value(row);
    }
    return result;
  }

  /// Of a node's value; empty: it has none, or nobody knows.
  [[nodiscard]] std::string unit(std::size_t index) const {
    const TermNode& node = expression_.nodes[index];
    if (node.kind == TermNode::Kind::vector) return std::ranges::find(inputs_, node.name, &Term::name)->unit;
    if (node.kind != TermNode::Kind::call) return {};
    if (node.name == "db") return "dB";
    if (node.name == "ph" || node.name == "phase") return "rad";
    std::vector<std::string> units;  // of operands that are no numbers
    for (const std::uint32_t operand : node.operands)
      if (expression_.nodes[operand].kind != TermNode::Kind::number) units.push_back(unit(operand));
    static constexpr std::string_view keeping[] = {"+",   "-",         "neg", "abs",  "min", "max",
                                                   "mag", "magnitude", "re",  "real", "im",  "imag"};
    const bool same =
        !units.empty() && std::ranges::all_of(units, [&](auto& each) { return each == units[0]; });
    if (std::ranges::find(keeping, node.name) != std::end(keeping)) return same ? units[0] : "";
    const bool number_below = expression_.nodes[node.operands.back()].kind == TermNode::Kind::number;
    if (node.name == "*" || node.name == "/") {
      if (units.size() == 1 && (node.name == "*" || number_below)) return units[0];
      if (units.size() != 2) return {};
      if (node.name == "/") return units[0] == "V" && units[1] == "A" ? "Ω" : "";
      return (units[0] == "V" && units[1] == "A") || (units[0] == "A" && units[1] == "V") ? "W" : "";
    }
    return {};
  }

  const Plot& plot_;
  const std::string& file_;
  SourceFiles sources_;
  VectorExpression expression_;
  std::vector<Term> inputs_;
};

}  // namespace

Term vector_term(const Plot& plot, std::size_t vector) {
  const VectorInfo& info = plot.vectors[vector];
  std::string unit(quantity_unit(info.quantity));
  if (unit == "Ohm") unit = "Ω";
  return {
      info.name, unit, plot.columns[vector],
      plot.complex && info.quantity != Quantity::frequency ? plot.imaginary[vector] : std::vector<double>()};
}

std::vector<std::size_t> matching_vectors(const Plot& plot, const std::string& pattern) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < plot.vectors.size(); ++i)
    if (matches(pattern, plot.vectors[i].name)) found.push_back(i);
  return found;
}

std::vector<Term> terms_of(const Plot& plot, const std::string& text, const std::string& file) {
  const std::string name = without_blanks(text);
  if (const std::size_t vector = plot.find(name); vector != Plot::npos) return {vector_term(plot, vector)};
  const std::size_t open = name.find('(');
  const bool one_call =
      open != std::string::npos && name.find('(', open + 1) == std::string::npos && name.ends_with(')');
  if (has_wildcard(name) && (one_call || open == std::string::npos)) {
    std::vector<Term> terms;
    for (const std::size_t vector : matching_vectors(plot, name)) terms.push_back(vector_term(plot, vector));
    if (!terms.empty()) return terms;
    // 2*v(a) is a product.
    if (one_call && has_wildcard(std::string_view(name).substr(open)))
      throw UsageError(fmt::format("no vector of '{}' fits '{}'", file, text));
  }
  try {
    return {TermExpression(plot, text, file).values()};
  } catch (const Problem& problem) {
    throw UsageError(fmt::format("'{}': {}", text, problem.message), problem.hint);
  } catch (const DeckError& error) {
    const Diagnostic& first = error.diagnostics().front();
    throw UsageError(fmt::format("'{}': {}", text, first.message), first.hint);
  }
}

Term term_of(const Plot& plot, const std::string& text, const std::string& file) {
  std::vector<Term> terms = terms_of(plot, text, file);
  if (terms.size() != 1)
    throw UsageError(fmt::format("'{}' stands for {} vectors where one is meant", text, terms.size()),
                     fmt::format("name one, such as {}", terms.front().name));
  return std::move(terms.front());
}

}  // namespace memspice::app
