#include "expression/column_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "expression/slope.hpp"

namespace memspice {
namespace {

/// The derivative of a vector by another one: v(a,b) has that of v(a) and that of v(b).
double slope_of_vector(const std::string& name, const std::string& by) {
  if (name == by) return 1;
  const std::size_t comma = name.find(',');
  if (!name.starts_with("v(") || comma == std::string::npos) return 0;
  const std::string plus = name.substr(2, comma - 2), minus = name.substr(comma + 1, name.size() - comma - 2);
  if (by == "v(" + minus + "," + plus + ")") return -1;
  return (by == "v(" + plus + ")" ? 1 : 0) - (by == "v(" + minus + ")" ? 1 : 0);
}

}  // namespace

/// A node of the expression, bound.
struct ColumnExpression::Part {
  static constexpr std::uint32_t none = 0xffffffffu;

  double number = 0;
  std::optional<Place> place = {};
  const OutputFunction* function = nullptr;
  bool slope = false;         // ddx(), the only call that is no function of values
  bool complex = false;       // its value
  bool has_complex = false;   // its operands, or itself: it is in no program
  std::uint32_t step = none;  // whose value it is
};

ColumnExpression::ColumnExpression(const VectorExpression& expression, const SourceFiles& sources,
                                   const Binding& binding)
    : complex_rows_(binding.complex_rows) {
  using NodeKind = VectorExpression::Node::Kind;
  std::vector<Part> parts;
  for (const VectorExpression::Node& node : expression.nodes) {
    Part part{.number = node.number};
    switch (node.kind) {
      case NodeKind::number:
        break;
      case NodeKind::measure:
        part.number = binding.measure(node);
        break;
      case NodeKind::parameter:
        if (binding.parameter) part.place = binding.parameter(node);
        break;
      case NodeKind::vector:
        part.place = binding.vector(node);
        break;
      case NodeKind::call:
        part.function = find_output_function(node.name);
        part.has_complex =
            std::ranges::any_of(node.operands, [&](std::uint32_t operand) { return parts[operand].complex; });
        part.complex = part.has_complex && part.function && !part.function->gives_real;
        part.slope = part.function == nullptr;
        if (part.has_complex && (part.slope || part.function->complex == nullptr))
          throw DeckError(diagnose(sources, node.where, node.length,
                                   fmt::format("'{}' has no meaning for complex values", node.name),
                                   "take mag(), db(), ph(), re() or im() of them first"));
        break;
    }
    if (part.place && part.place->complex) part.complex = part.has_complex = true;
    parts.push_back(part);
  }
  for (std::uint32_t i = 0; i < parts.size(); ++i) {
    if (parts[i].has_complex) add_step(expression, sources, parts, i);
  }
  add_step(expression, sources, parts, static_cast<std::uint32_t>(parts.size() - 1));
  values_.resize(steps_.size());
}

/// The step whose value a node is, made when there is none. The last one made is the expression's.
std::uint32_t ColumnExpression::add_step(const VectorExpression& expression, const SourceFiles& sources,
                                         std::vector<Part>& parts, std::uint32_t node) {
  Part& part = parts[node];
  if (part.step != Part::none) return part.step;
  Step step;
  step.complex = part.complex;
  if (part.place) {
    step.place = part.place->index;
  } else if (part.has_complex) {
    step.kind = Step::Kind::complex_call;
    step.form = part.function->complex;
    for (const std::uint32_t operand : expression.nodes[node].operands)
      step.operands.push_back(add_step(expression, sources, parts, operand));
  } else {
    step.kind = Step::Kind::program;
    build_program(step, expression, sources, parts, node);
  }
  steps_.push_back(std::move(step));
  return part.step = static_cast<std::uint32_t>(steps_.size() - 1);
}

void ColumnExpression::build_program(Step& step, const VectorExpression& expression,
                                     const SourceFiles& sources, const std::vector<Part>& parts,
                                     std::uint32_t root) const {
  std::vector<bool> needed(root + 1);
  needed[root] = true;
  for (std::uint32_t i = root + 1; i-- > 0;)
    if (needed[i] && !parts[i].has_complex)
      for (const std::uint32_t operand : expression.nodes[i].operands) needed[operand] = true;
  ProgramBuilder builder(step.program);
  std::vector<ProgramBuilder::Id> ids(root + 1), operands;
  for (std::uint32_t i = 0; i <= root; ++i) {
    const Part& part = parts[i];
    if (!needed[i]) continue;
    if (part.has_complex || part.place) {
      ids[i] = step.program.input({.kind = Probe::Kind::voltage, .plus = i});
      continue;
    }
    const VectorExpression::Node& node = expression.nodes[i];
    if (part.slope) {
      ids[i] = append_slope(builder, ids[node.operands[0]], [&](const Probe& input) {
        return slope_of_vector(expression.nodes[input.plus].name, expression.nodes[node.operands[1]].name);
      });
      continue;
    }
    if (part.function == nullptr) {
      ids[i] = builder.constant(part.number);
      continue;
    }
    operands.clear();
    for (const std::uint32_t operand : node.operands) operands.push_back(ids[operand]);
    const bool by_zero = part.function->divides && builder.is_constant(operands[1]) &&
                         builder.constant_value(operands[1]) == 0;
    ids[i] = by_zero ? builder.constant(std::nan("")) : part.function->build(builder, operands);
    if (ids[i] == Program::none)
      throw DeckError(
          diagnose(sources, node.where, node.length,
                   fmt::format("the points of '{}' are not pairs of numbers in ascending order", node.name),
                   "write its argument, then x1,y1, x2,y2, …"));
  }
  step.program.finish(ids[root]);
  for (const Probe& input : step.program.inputs()) {
    const Part& part = parts[input.plus];
    step.inputs.push_back({part.has_complex, part.has_complex ? part.step : part.place->index});
  }
}

ColumnExpression::Complex ColumnExpression::value(std::span<const double> row) {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    switch (step.kind) {
      case Step::Kind::vector:
        values_[i] = {real(row, step.place), step.complex ? row[2 * step.place + 1] : 0.0};
        break;
      case Step::Kind::program:
        reals_.clear();
        for (const Step::Input& input : step.inputs)
          reals_.push_back(input.of_step ? values_[input.index].real() : real(row, input.index));
        values_[i] = step.program.value(reals_, {}, work_);
        break;
      case Step::Kind::complex_call:
        complexes_.clear();
        for (const std::uint32_t operand : step.operands) complexes_.push_back(values_[operand]);
        values_[i] = step.form(complexes_);
        break;
    }
  }
  return values_.back();
}

}  // namespace memspice
