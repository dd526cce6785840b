#include "analysis/samples.hpp"

namespace memspice {

void Samples::want(const VectorExpression& expression,
                   const std::function<ColumnExpression::Place(const VectorExpression::Node&)>& place) {
  wanted_ = true;
  for (const VectorExpression::Node& node : expression.nodes) {
    if (node.kind != VectorExpression::Node::Kind::vector || slots_.contains(node.name)) continue;
    const ColumnExpression::Place found = place(node);
    slots_.emplace(node.name, ColumnExpression::Place{places_.size(), found.complex});
    places_.push_back(found.index);
  }
}

void Samples::add(double scale, std::span<const double> row) {
  scale_.push_back(scale);
  for (const std::size_t place : places_) {
    if (complex_) {
      values_.push_back(row[2 * place]);
      values_.push_back(row[2 * place + 1]);
    } else {
      values_.push_back(row[place]);
    }
  }
}

ColumnExpression Samples::bind(const VectorExpression& expression, const MeasureValues& measures) const {
  return ColumnExpression(
      expression, sources_,
      {complex_, [this](const VectorExpression::Node& node) { return slots_.at(node.name); },
       [&measures](const VectorExpression::Node& node) {
         const auto found = measures.find(node.name);
         return found == measures.end() ? 0.0 : found->second;
       }});
}

std::vector<double> Samples::values(const VectorExpression& expression, const MeasureValues& measures) const {
  ColumnExpression bound = bind(expression, measures);
  const std::size_t width = places_.size() * (complex_ ? 2 : 1);
  std::vector<double> values;
  values.reserve(size());
  for (std::size_t k = 0; k < size(); ++k)
    values.push_back(bound.value(std::span(values_).subspan(k * width, width)).real());
  return values;
}

double Samples::constant(const VectorExpression& expression, const MeasureValues& measures) const {
  return bind(expression, measures).value({}).real();
}

bool Samples::is_complex(const VectorExpression& expression) const {
  return bind(expression, {}).complex();
}

}  // namespace memspice
