#pragma once

#include <complex>
#include <cstdint>
#include <span>
#include <string_view>

#include "expression/expression.hpp"
#include "expression/program_builder.hpp"

namespace memspice {

/// What an operator or a function does with complex values; nullptr: it has no meaning for them.
using ComplexForm = std::complex<double> (*)(std::span<const std::complex<double>>);

/// An operator of expressions, wherever they stand. The conditional and what may leave a side out have their
/// meaning for numbers in the evaluator too, which does not look at that side.
struct Operator {
  Expression::Kind kind = Expression::Kind::number;
  std::string_view name;  // as it is spelled; the minus before a value is "neg", the conditional "?:"
  int operands = 2;
  double (*value)(std::span<const double>) = nullptr;  // of numbers
  ProgramBuilder::Id (*build)(ProgramBuilder&, std::span<const ProgramBuilder::Id>) = nullptr;
  ComplexForm complex = nullptr;
  bool divides = false;  // has no value where the right side is 0
};

std::span<const Operator> operators();
/// Of an expression's node that is neither a number nor a name nor a call.
const Operator& find_operator(Expression::Kind kind);

}  // namespace memspice
