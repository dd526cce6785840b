#include "expression/operators.hpp"

#include <cmath>
#include <iterator>

namespace memspice {
namespace {

using Numbers = std::span<const double>;
using Builder = ProgramBuilder;
using Ids = std::span<const Builder::Id>;
using Complex = std::complex<double>;
using Complexes = std::span<const Complex>;
using ExpressionKind = Expression::Kind;

// `**` and `^` are the power of the left side's absolute value everywhere, as in ngspice.
// In the order of Expression::Kind.
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

constexpr std::size_t place_of(ExpressionKind kind) {
  return static_cast<std::size_t>(kind) - static_cast<std::size_t>(all_operators[0].kind);
}

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(all_operators); ++i)
    if (place_of(all_operators[i].kind) != i) return false;
  return true;
}
static_assert(in_order());

}  // namespace

std::span<const Operator> operators() {
  return all_operators;
}

const Operator& find_operator(Expression::Kind kind) {
  return all_operators[place_of(kind)];
}

}  // namespace memspice
