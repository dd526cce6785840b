#include "expression/program_builder.hpp"

namespace memspice {

using Id = ProgramBuilder::Id;

Id ProgramBuilder::select(Id condition, Id a, Id b) {
  return program_.apply(Operation::select, truth(condition), a, b);
}

Id ProgramBuilder::truth(Id a) {
  if (is_constant(a)) return constant(constant_value(a) != 0 ? 1 : 0);
  if (truths_.contains(a)) return a;
  return remember(add(positive(a), positive(apply(Operation::negate, a))));
}

Id ProgramBuilder::unit_step(Id a) {
  return add(constant(0.5), multiply(constant(0.5), sign(a)));
}

Id ProgramBuilder::clamp(Id a, Id one_end, Id other_end) {
  const Id low = apply(Operation::minimum, one_end, other_end);
  const Id high = apply(Operation::maximum, one_end, other_end);
  return apply(Operation::minimum, apply(Operation::maximum, a, low), high);
}

Id ProgramBuilder::table(Id argument, const Program::Table& points, bool straight) {
  const Id inside = program_.table(argument, points);
  if (!straight || points.size() < 2) return inside;
  const auto slope = [](const auto& left, const auto& right) {
    return (right.second - left.second) / (right.first - left.first);
  };
  const double first_slope = slope(points[0], points[1]);
  const double last_slope = slope(points[points.size() - 2], points.back());
  const Id before =
      apply(Operation::minimum, subtract(argument, constant(points.front().first)), constant(0));
  const Id behind = apply(Operation::ramp, subtract(argument, constant(points.back().first)));
  return add(inside, add(multiply(constant(first_slope), before), multiply(constant(last_slope), behind)));
}

}  // namespace memspice
