#include "expression/slope.hpp"

#include <vector>

#include "expression/operations.hpp"

namespace memspice {
namespace {

using Id = ProgramBuilder::Id;
using Operation = Program::Operation;
using Instruction = Program::Instruction;

/// The chain rule, an instruction at a time.
class Slopes {
 public:
  explicit Slopes(ProgramBuilder& builder) : b_(builder) {}

  /// Of the instruction `r` with operands a and b, whose slopes are da and db (none of them 0 both).
  Id of(const Instruction& instruction, Id r, Id da, Id db) {
    const Id a = instruction.a, b = instruction.b;
    switch (instruction.operation) {
      case Operation::add:
      case Operation::subtract:
      case Operation::negate:
        return b_.apply(instruction.operation, da, db);
      case Operation::multiply:
        return b_.add(b_.multiply(da, b), b_.multiply(a, db));
      case Operation::divide:
        return b_.divide(b_.subtract(da, b_.multiply(r, db)), b);
      case Operation::minimum:
        return choice(b_.subtract(a, b), db, da);
      case Operation::maximum:
        return choice(b_.subtract(b, a), db, da);
      case Operation::hypotenuse:
        return b_.divide(b_.add(b_.multiply(a, da), b_.multiply(b, db)), r);
      case Operation::arc_tangent_2: {
        const Id h = b_.apply(Operation::hypotenuse, a, b);
        return b_.divide(b_.subtract(b_.multiply(b_.divide(b, h), da), b_.multiply(b_.divide(a, h), db)), h);
      }
      case Operation::power:
      case Operation::absolute_power:
      case Operation::signed_power:
        return power(instruction, r, da, db);
      default:
        return b_.multiply(unary(instruction.operation, a, r), da);
    }
  }

  /// Of a table by its argument: the slope of each piece, 0 outside.
  Id table(const Program::Table& points, Id argument, Id slope) {
    Id result = number(0);
    for (std::size_t k = 0; k < points.size(); ++k) {
      const double piece = k + 1 == points.size() ? 0
                                                  : (points[k + 1].second - points[k].second) /
                                                        (points[k + 1].first - points[k].first);
      result = choice(b_.subtract(argument, number(points[k].first)), number(piece), result);
    }
    return b_.multiply(result, slope);
  }

 private:
  Id number(double value) { return b_.constant(value); }
  /// One where x > 0, the other elsewhere.
  Id choice(Id x, Id one, Id other) { return b_.select(b_.positive(x), one, other); }
  Id one_minus(Id x) { return b_.subtract(number(1), x); }
  Id squared(Id x) { return b_.multiply(x, x); }
  Id within_exponents(Id a) {
    return b_.clamp(a, number(-operations::largest_exponent), number(operations::largest_exponent));
  }
  Id inverse_root(Id square) {
    const Id least = b_.apply(Operation::maximum, square, number(operations::smallest_square));
    return b_.divide(number(1), b_.apply(Operation::square_root, least));
  }
  /// What a slope is where x > 0; where the function goes on as a constant it is 0.
  Id inside(Id x, Id slope) { return choice(x, slope, number(0)); }

  Id power(const Instruction& instruction, Id r, Id da, Id db) {
    const Id a = instruction.a, b = instruction.b;
    const Operation lower = instruction.operation == Operation::absolute_power ? Operation::signed_power
                            : instruction.operation == Operation::signed_power ? Operation::absolute_power
                                                                               : Operation::power;
    const Id by_base = b_.multiply(b_.multiply(b, b_.apply(lower, a, b_.subtract(b, number(1)))), da);
    if (b_.is_constant(db) && b_.constant_value(db) == 0) return by_base;
    const Id base = instruction.operation == Operation::power ? a : b_.apply(Operation::absolute, a);
    const Id logarithm = inside(base, b_.apply(Operation::logarithm, base));
    return b_.add(by_base, b_.multiply(b_.multiply(r, logarithm), db));
  }

  Id unary(Operation operation, Id a, Id r) {
    switch (operation) {
      case Operation::absolute:
        return choice(b_.apply(Operation::negate, a), number(-1), number(1));
      case Operation::sine:
        return b_.apply(Operation::cosine, a);
      case Operation::cosine:
        return b_.apply(Operation::negate, b_.apply(Operation::sine, a));
      case Operation::tangent:
        return b_.add(number(1), squared(r));
      case Operation::arc_sine:
        return inside(one_minus(squared(a)), inverse_root(one_minus(squared(a))));
      case Operation::arc_cosine:
        return b_.apply(Operation::negate, unary(Operation::arc_sine, a, r));
      case Operation::arc_tangent:
        return b_.divide(number(1), b_.add(number(1), squared(a)));
      case Operation::hyperbolic_sine:
        return b_.apply(Operation::hyperbolic_cosine, within_exponents(a));
      case Operation::hyperbolic_cosine:
        return b_.apply(Operation::hyperbolic_sine, within_exponents(a));
      case Operation::hyperbolic_tangent:
        return b_.divide(number(1), squared(b_.apply(Operation::hyperbolic_cosine, within_exponents(a))));
      case Operation::area_sine:
        return b_.divide(number(1), b_.apply(Operation::hypotenuse, a, number(1)));
      case Operation::area_cosine:
        return inside(b_.subtract(a, number(1)), inverse_root(b_.subtract(squared(a), number(1))));
      case Operation::area_tangent:
        return inside(one_minus(squared(a)), b_.divide(number(1), one_minus(squared(a))));
      case Operation::exponential:
        return b_.apply(Operation::exponential,
                        b_.apply(Operation::minimum, a, number(operations::largest_exponent)));
      case Operation::logarithm:
        return inside(a, b_.divide(number(1), a));
      case Operation::decimal_logarithm:
        return inside(a, b_.divide(number(0.43429448190325182765), a));
      case Operation::square_root:
        return inside(a, b_.multiply(number(0.5), inverse_root(a)));
      case Operation::ramp:
        return b_.positive(a);
      default:  // what jumps
        return number(0);
    }
  }

  ProgramBuilder& b_;
};

}  // namespace

Id append_slope(ProgramBuilder& builder, Id of, const std::function<double(const Probe&)>& of_input) {
  Program& program = builder.program();
  Slopes slopes(builder);
  const Id zero = builder.constant(0);
  std::vector<Id> slope(of + 1, zero);
  for (Id i = 0; i <= of; ++i) {
    const Instruction instruction = program.code()[i];
    switch (instruction.operation) {
      case Operation::constant:
        break;
      case Operation::input:
        slope[i] = builder.constant(of_input(program.inputs()[instruction.a]));
        break;
      case Operation::select:
        slope[i] =
            program.apply(Operation::select, instruction.a, slope[instruction.b], slope[instruction.c]);
        break;
      case Operation::table:
        if (slope[instruction.a] != zero) {
          const Program::Table points = program.tables()[instruction.b];
          slope[i] = slopes.table(points, instruction.a, slope[instruction.a]);
        }
        break;
      default: {
        const bool binary =
            instruction.operation > Operation::ramp && instruction.operation < Operation::table;
        const Id da = slope[instruction.a], db = binary ? slope[instruction.b] : zero;
        if (da != zero || db != zero) slope[i] = slopes.of(instruction, i, da, db);
      }
    }
  }
  return slope[of];
}

}  // namespace memspice
