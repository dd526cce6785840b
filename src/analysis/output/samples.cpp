#include "analysis/output/samples.hpp"

#include <algorithm>
#include <cmath>

namespace memspice {

void Samples::want(const VectorExpression& expression, Tolerance tolerance,
                   const ColumnExpression::Binding& binding) {
  using Kind = VectorExpression::Node::Kind;
  wanted_ = true;
  for (const VectorExpression::Node& node : expression.nodes) {
    if (slots_.contains(node.name)) continue;
    std::optional<ColumnExpression::Place> found;
    if (node.kind == Kind::vector) found = binding.vector(node);
    if (node.kind == Kind::parameter) found = binding.parameter(node);
    if (!found) continue;
    slots_.emplace(node.name, ColumnExpression::Place{places_.size(), found->complex});
    places_.push_back(found->index);
  }
  if (complex_ || expression.empty()) return;
  watched_.push_back({ColumnExpression(expression, sources_, binding), tolerance});
}

void Samples::add(double scale, std::span<const double> row) {
  scale_.push_back(scale);
  for (const std::size_t place : places_) {
    values_.push_back(row[complex_ ? 2 * place : place]);
    if (complex_) values_.push_back(row[2 * place + 1]);
  }
  for (Watched& watched : watched_) {
    watched.last = watched.value.value(row).real();
    watched.largest = std::max(watched.largest, std::abs(watched.last));
  }
}

double Samples::bend(std::span<const double> middle, std::span<const double> end) {
  double largest = 0;
  for (Watched& watched : watched_) {
    const double to = watched.value.value(end).real();
    const double distance = std::abs(watched.value.value(middle).real() - 0.5 * (watched.last + to));
    const double allowed = watched.tolerance.relative * std::max(watched.largest, std::abs(to));
    if (distance > 0) largest = std::max(largest, distance / (allowed + watched.tolerance.absolute));
  }
  return largest;
}

ColumnExpression Samples::bind(const VectorExpression& expression, const MeasureValues& measures,
                               bool points) const {
  return ColumnExpression(
      expression, sources_,
      {complex_, [this](const VectorExpression::Node& node) { return slots_.at(node.name); },
       [&measures](const VectorExpression::Node& node) {
         const auto found = measures.find(node.name);
         return found == measures.end() ? 0.0 : found->second;
       },
       [this, points](const VectorExpression::Node& node) -> std::optional<ColumnExpression::Place> {
         const auto found = slots_.find(node.name);
         if (!points || found == slots_.end()) return std::nullopt;
         return found->second;
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
  return bind(expression, measures, false).value({}).real();
}

bool Samples::is_complex(const VectorExpression& expression) const {
  return bind(expression, {}).complex();
}

}  // namespace memspice
