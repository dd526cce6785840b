#include "circuit/operators.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

namespace memspice {
namespace {

using Numbers = std::span<const double>;
using Builder = ProgramBuilder;
using Ids = std::span<const Builder::Id>;
using Complex = std::complex<double>;
using Complexes = std::span<const Complex>;
using ExpressionKind = Expression::Kind;

// `**` and `^` are the power of the left side's absolute value everywhere, as in ngspice.
constexpr Operator all_operators[] = {
    {ExpressionKind::negate, "neg", 1, [](Numbers x) { return -x[0]; },
     [](Builder& b, Ids x) { return b.apply(Program::Operation::negate, x[0]); },
     [](Complexes x) { return -x[0]; }},
    {ExpressionKind::logical_not, "!", 1, [](Numbers x) -> double { return x[0] == 0; },
     [](Builder& b, Ids x) { return b.logical_not(x[0]); }},
    {ExpressionKind::add, "+", 2, [](Numbers x) { return x[0] + x[1]; },
     [](Builder& b, Ids x) { return b.add(x[0], x[1]); }, [](Complexes x) { return x[0] + x[1]; }},
    {ExpressionKind::subtract, "-", 2, [](Numbers x) { return x[0] - x[1]; },
     [](Builder& b, Ids x) { return b.subtract(x[0], x[1]); }, [](Complexes x) { return x[0] - x[1]; }},
    {ExpressionKind::multiply, "*", 2, [](Numbers x) { return x[0] * x[1]; },
     [](Builder& b, Ids x) { return b.multiply(x[0], x[1]); }, [](Complexes x) { return x[0] * x[1]; }},
    {ExpressionKind::divide, "/", 2, [](Numbers x) { return x[0] / x[1]; },
     [](Builder& b, Ids x) { return b.divide(x[0], x[1]); }, [](Complexes x) { return x[0] / x[1]; }, true},
    {ExpressionKind::modulo, "%", 2, [](Numbers x) { return std::fmod(x[0], x[1]); },
     [](Builder& b, Ids x) { return b.remainder(x[0], x[1]); }, nullptr, true},
    {ExpressionKind::whole_divide, "\\", 2, [](Numbers x) { return std::trunc(x[0] / x[1]); },
     [](Builder& b, Ids x) { return b.round(b.divide(x[0], x[1]), Builder::Rounding::to_zero); }, nullptr,
     true},
    {ExpressionKind::power, "**", 2, [](Numbers x) { return std::pow(std::abs(x[0]), x[1]); },
     [](Builder& b, Ids x) { return b.apply(Program::Operation::absolute_power, x[0], x[1]); },
     [](Complexes x) -> Complex { return std::pow(std::abs(x[0]), x[1]); }},
    {ExpressionKind::logical_and, "&&", 2, [](Numbers x) -> double { return x[0] != 0 && x[1] != 0; },
     [](Builder& b, Ids x) { return b.logical_and(x[0], x[1]); }},
    {ExpressionKind::logical_or, "||", 2, [](Numbers x) -> double { return x[0] != 0 || x[1] != 0; },
     [](Builder& b, Ids x) { return b.logical_or(x[0], x[1]); }},
    {ExpressionKind::equal, "==", 2, [](Numbers x) -> double { return x[0] == x[1]; },
     [](Builder& b, Ids x) { return b.equal(x[0], x[1]); }},
    {ExpressionKind::not_equal, "!=", 2, [](Numbers x) -> double { return x[0] != x[1]; },
     [](Builder& b, Ids x) { return b.truth(b.subtract(x[0], x[1])); }},
    {ExpressionKind::less, "<", 2, [](Numbers x) -> double { return x[0] < x[1]; },
     [](Builder& b, Ids x) { return b.greater(x[1], x[0]); }},
    {ExpressionKind::less_equal, "<=", 2, [](Numbers x) -> double { return x[0] <= x[1]; },
     [](Builder& b, Ids x) { return b.greater_equal(x[1], x[0]); }},
    {ExpressionKind::greater, ">", 2, [](Numbers x) -> double { return x[0] > x[1]; },
     [](Builder& b, Ids x) { return b.greater(x[0], x[1]); }},
    {ExpressionKind::greater_equal, ">=", 2, [](Numbers x) -> double { return x[0] >= x[1]; },
     [](Builder& b, Ids x) { return b.greater_equal(x[0], x[1]); }},
    {ExpressionKind::conditional, "?:", 3, [](Numbers x) { return x[0] != 0 ? x[1] : x[2]; },
     [](Builder& b, Ids x) { return b.select(b.truth(x[0]), x[1], x[2]); },
     [](Complexes x) { return x[0] != 0.0 ? x[1] : x[2]; }},
};

}  // namespace

std::span<const Operator> operators() {
  return all_operators;
}

const Operator& find_operator(Expression::Kind kind) {
  const auto* const found = std::ranges::find(all_operators, kind, &Operator::kind);
  if (found == std::end(all_operators))
    throw std::logic_error("an operator without a row; please report this");
  return *found;
}

const Operator* find_operator(std::string_view name) {
  const auto* const found = std::ranges::find(all_operators, name, &Operator::name);
  return found == std::end(all_operators) ? nullptr : found;
}

}  // namespace memspice
