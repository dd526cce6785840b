#include "analysis/column_expression.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace memspice {

ColumnExpression::ColumnExpression(const VectorExpression& expression, const SourceFiles& sources,
                                   const Binding& binding)
    : complex_rows_(binding.complex_rows), values_(expression.nodes.size()) {
  using Kind = VectorExpression::Node::Kind;
  const auto read = [](Step& step, const Place& place) {
    step.vector = true;
    step.place = place.index;
    step.complex = place.complex;
  };
  for (const VectorExpression::Node& node : expression.nodes) {
    Step step;
    step.operands = node.operands;
    switch (node.kind) {
      case Kind::number:
        step.number = node.number;
        break;
      case Kind::measure:
        step.number = binding.measure(node);
        break;
      case Kind::parameter:
        step.number = node.number;
        if (binding.parameter)
          if (const std::optional<Place> place = binding.parameter(node)) read(step, *place);
        break;
      case Kind::vector:
        read(step, binding.vector(node));
        break;
      case Kind::call: {
        step.function = find_output_function(node.name);
        step.complex_operands = std::ranges::any_of(
            node.operands, [&](std::uint32_t operand) { return steps_[operand].complex; });
        step.complex = step.complex_operands && !step.function->gives_real;
        if (step.complex_operands && step.function->complex == nullptr)
          throw DeckError(diagnose(sources, node.where, node.length,
                                   fmt::format("'{}' has no meaning for complex values", node.name),
                                   "take mag(), db(), ph(), re() or im() of them first"));
        break;
      }
    }
    steps_.push_back(std::move(step));
  }
}

ColumnExpression::Complex ColumnExpression::value(std::span<const double> row) {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    if (step.function == nullptr) {
      if (!step.vector) {
        values_[i] = step.number;
      } else if (complex_rows_) {
        values_[i] = {row[2 * step.place], step.complex ? row[2 * step.place + 1] : 0.0};
      } else {
        values_[i] = row[step.place];
      }
    } else if (step.complex_operands) {
      complexes_.clear();
      for (const std::uint32_t operand : step.operands) complexes_.push_back(values_[operand]);
      values_[i] = step.function->complex(complexes_);
    } else {
      reals_.clear();
      for (const std::uint32_t operand : step.operands) reals_.push_back(values_[operand].real());
      values_[i] = step.function->real(reals_);
    }
  }
  return values_.back();
}

}  // namespace memspice
