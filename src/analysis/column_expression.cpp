#include "analysis/column_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memspice {

ColumnExpression::ColumnExpression(const VectorExpression& expression, const SourceFiles& sources,
                                   const Binding& binding)
    : complex_rows_(binding.complex_rows), values_(expression.nodes.size()) {
  using NodeKind = VectorExpression::Node::Kind;
  for (const VectorExpression::Node& node : expression.nodes) {
    Step step;
    std::optional<Place> place;
    switch (node.kind) {
      case NodeKind::number:
        step.number = node.number;
        break;
      case NodeKind::measure:
        step.number = binding.measure(node);
        break;
      case NodeKind::parameter:
        step.number = node.number;
        if (binding.parameter) place = binding.parameter(node);
        break;
      case NodeKind::vector:
        place = binding.vector(node);
        break;
      case NodeKind::call:
        step = call(node, sources);
        break;
    }
    if (place) {
      step.kind = Step::Kind::vector;
      step.place = place->index;
      step.complex = place->complex;
    }
    steps_.push_back(std::move(step));
  }
}

ColumnExpression::Step ColumnExpression::call(const VectorExpression::Node& node,
                                              const SourceFiles& sources) const {
  const OutputFunction& function = *find_output_function(node.name);
  Step step;
  if (std::ranges::none_of(node.operands, [&](std::uint32_t operand) { return steps_[operand].complex; })) {
    step.operands = node.operands;
    bind_real(step, function, node, sources);
    return step;
  }
  if (function.complex == nullptr)
    throw DeckError(diagnose(sources, node.where, node.length,
                             fmt::format("'{}' has no meaning for complex values", node.name),
                             "take mag(), db(), ph(), re() or im() of them first"));
  step.kind = Step::Kind::complex_call;
  step.complex = !function.gives_real;
  step.form = function.complex;
  step.operands = node.operands;
  return step;
}

void ColumnExpression::bind_real(Step& step, const OutputFunction& function,
                                 const VectorExpression::Node& node, const SourceFiles& sources) const {
  ProgramBuilder builder(step.program);
  std::vector<ProgramBuilder::Id> operands;
  for (std::uint32_t i = 0; i < node.operands.size(); ++i) {
    const Step& operand = steps_[node.operands[i]];
    operands.push_back(operand.kind == Step::Kind::number
                           ? builder.constant(operand.number)
                           : step.program.input({.kind = Probe::Kind::voltage, .plus = i}));
  }
  const bool by_zero =
      function.divides && builder.is_constant(operands[1]) && builder.constant_value(operands[1]) == 0;
  const ProgramBuilder::Id result =
      by_zero ? builder.constant(std::nan("")) : function.build(builder, operands);
  if (result == Program::none)
    throw DeckError(
        diagnose(sources, node.where, node.length,
                 fmt::format("the points of '{}' are not pairs of numbers in ascending order", node.name),
                 "write its argument, then x1,y1, x2,y2, …"));
  step.program.finish(result);
  if (step.program.is_constant()) {
    step.number = step.program.code().back().constant;
    return;
  }
  step.kind = Step::Kind::real_call;
  std::vector<std::uint32_t> used;
  for (const Probe& input : step.program.inputs()) used.push_back(step.operands[input.plus]);
  step.operands = std::move(used);
}

ColumnExpression::Complex ColumnExpression::value(std::span<const double> row) {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    switch (step.kind) {
      case Step::Kind::number:
        values_[i] = step.number;
        break;
      case Step::Kind::vector:
        values_[i] = complex_rows_
                         ? Complex(row[2 * step.place], step.complex ? row[2 * step.place + 1] : 0.0)
                         : Complex(row[step.place]);
        break;
      case Step::Kind::real_call:
        reals_.clear();
        for (const std::uint32_t operand : step.operands) reals_.push_back(values_[operand].real());
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
