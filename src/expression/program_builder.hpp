#pragma once

#include <cstdint>
#include <span>
#include <unordered_set>

#include "memspice/detail/program.hpp"

namespace memspice {

/// Builds a Program in the words of a deck. Logical values are the numbers 1 and 0; any number but 0 counts
/// as true. All that jumps is made of the program's events.
class ProgramBuilder {
 public:
  using Id = std::uint32_t;
  using Operation = Program::Operation;
  enum class Rounding : std::uint32_t { down, up, to_zero, nearest };

  explicit ProgramBuilder(Program& program) : program_(program) {}

  [[nodiscard]] Program& program() { return program_; }
  [[nodiscard]] bool is_constant(Id a) const { return program_.code()[a].operation == Operation::constant; }
  [[nodiscard]] double constant_value(Id a) const { return program_.code()[a].constant; }

  Id constant(double value) { return program_.constant(value); }
  Id apply(Operation operation, Id a, Id b = 0) { return program_.apply(operation, a, b); }
  Id add(Id a, Id b) { return apply(Operation::add, a, b); }
  Id subtract(Id a, Id b) { return apply(Operation::subtract, a, b); }
  Id multiply(Id a, Id b) { return apply(Operation::multiply, a, b); }
  Id divide(Id a, Id b) { return apply(Operation::divide, a, b); }
  // Conditions are events, at which steps end: where both sides meet smoothly a formula without one is
  // better.
  Id select(Id condition, Id a, Id b);

  Id logical_not(Id a) { return remember(subtract(constant(1), truth(a))); }
  Id logical_and(Id a, Id b) { return remember(multiply(truth(a), truth(b))); }
  Id logical_or(Id a, Id b) { return remember(apply(Operation::maximum, truth(a), truth(b))); }
  Id greater(Id a, Id b) { return positive(subtract(a, b)); }
  Id greater_equal(Id a, Id b) { return logical_not(greater(b, a)); }
  Id equal(Id a, Id b) { return logical_not(truth(subtract(a, b))); }

  /// 1 where a > 0.
  Id positive(Id a) { return remember(apply(Operation::step, a)); }
  /// 1 where a != 0.
  Id truth(Id a);
  Id sign(Id a) { return subtract(positive(a), positive(apply(Operation::negate, a))); }
  /// 1 where a > 0, a half at 0.
  Id unit_step(Id a);
  Id round(Id a, Rounding how) { return apply(Operation::round, a, static_cast<Id>(how)); }
  /// a - b n, with n the whole number next to a/b on the side of 0.
  Id remainder(Id a, Id b) { return subtract(a, multiply(b, round(divide(a, b), Rounding::to_zero))); }
  Id clamp(Id a, Id one_end, Id other_end);
  /// Straight on beyond its ends (`straight`) or constant there.
  Id table(Id argument, const Program::Table& points, bool straight);

 private:
  Id remember(Id a) {
    truths_.insert(a);
    return a;
  }

  Program& program_;
  std::unordered_set<Id> truths_;  // known to be 1 or 0
};

}  // namespace memspice
