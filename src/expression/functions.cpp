#include "expression/functions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "random/draws.hpp"

namespace memspice {
namespace {

using Values = Function::Values;
using Operands = Function::Operands;
using Builder = ProgramBuilder;
using Id = Builder::Id;
using Operation = Program::Operation;
using Rounding = Builder::Rounding;
using FunctionKind = Function::Kind;

template <double (*f)(double)>
double unary(Values x) {
  return f(x[0]);
}

template <double (*f)(double, double)>
double binary(Values x) {
  return f(x[0], x[1]);
}

using Complex = std::complex<double>;
using Complexes = std::span<const Complex>;

template <Operation operation>
Id build_unary(Builder& b, Operands x) {
  return b.apply(operation, x[0]);
}

template <Operation operation>
Id build_binary(Builder& b, Operands x) {
  return b.apply(operation, x[0], x[1]);
}

template <Operation operation>
Id build_all(Builder& b, Operands x) {
  Id result = x[0];
  for (const Id next : x.subspan(1)) result = b.apply(operation, result, next);
  return result;
}

template <Rounding how>
Id build_rounding(Builder& b, Operands x) {
  return b.round(x[0], how);
}

Id build_random_step(Builder& b, Operands x) {
  return b.apply(Operation::random, b.round(x[0], Rounding::down));
}

Id build_random_smooth(Builder& b, Operands x) {
  const Id whole = b.round(x[0], Rounding::down), part = b.subtract(x[0], whole);
  const Id from = b.apply(Operation::random, whole);
  const Id to = b.apply(Operation::random, b.add(whole, b.constant(1)));
  const Id weight =
      b.multiply(b.multiply(part, part), b.subtract(b.constant(3), b.multiply(b.constant(2), part)));
  return b.add(from, b.multiply(b.subtract(to, from), weight));
}

// The points behind the argument of a table; none when they are no table.
Program::Table points_of(Values pairs) {
  Program::Table points;
  if (pairs.size() % 2 != 0) return points;
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    if (i > 0 && pairs[i] <= pairs[i - 2]) return {};
    points.emplace_back(pairs[i], pairs[i + 1]);
  }
  return points;
}

template <bool straight>
double interpolate(Values values) {
  const Program::Table points = points_of(values.subspan(1));
  if (points.empty()) return std::nan("");
  Program program;
  Builder builder(program);
  return builder.constant_value(builder.table(builder.constant(values[0]), points, straight));
}

template <bool straight>
Id build_table(Builder& b, Operands x) {
  std::vector<double> pairs;
  for (const Id pair : x.subspan(1)) {
    if (!b.is_constant(pair)) return Program::none;
    pairs.push_back(b.constant_value(pair));
  }
  const Program::Table points = points_of(pairs);
  return points.empty() ? Program::none : b.table(x[0], points, straight);
}

double sign(double x) {
  return x > 0 ? 1 : x < 0 ? -1 : 0;
}
double unit_step(double x) {
  return x > 0 ? 1 : x < 0 ? 0 : 0.5;
}
double ramp(double x) {
  return std::max(x, 0.0);
}
double short_ramp(double x) {
  return std::clamp(x, 0.0, 1.0);
}
double square(double x) {
  return x * x;
}
double absolute_power(double x, double y) {
  return std::pow(std::abs(x), y);
}
double real_power(double x, double y) {
  return std::pow(x, y);
}
double with_sign_of(double x, double y) {
  return y < 0 ? -std::abs(x) : std::abs(x);
}
double smallest(Values x) {
  return *std::min_element(x.begin(), x.end());
}
double largest(Values x) {
  return *std::max_element(x.begin(), x.end());
}
double between(Values x) {
  return std::min(std::max(x[0], std::min(x[1], x[2])), std::max(x[1], x[2]));
}

constexpr double least_zone = 1e-300;  // in place of none: the bound is sharp

double kept_above(Values x) {
  const double zone = std::max(x[2], least_zone);
  const double inside = (x[0] - x[1]) / zone - 1;
  return inside < 0 ? x[1] + zone * std::exp(inside) : x[0];
}
double kept_below(Values x) {
  return -kept_above(std::array{-x[0], -x[1], x[2]});
}

/// bound + z exp(min(d/z - 1, 0)) + max(d - z, 0), d from the bound to x: up where sign is 1.
Id build_kept(Builder& b, Operands x, double sign) {
  const Id distance = b.multiply(b.constant(sign), b.subtract(x[0], x[1]));
  const Id zone = b.apply(Operation::maximum, x[2], b.constant(least_zone));
  const Id inside =
      b.apply(Operation::minimum, b.subtract(b.divide(distance, zone), b.constant(1)), b.constant(0));
  const Id kept = b.add(b.multiply(zone, b.apply(Operation::exponential, inside)),
                        b.apply(Operation::ramp, b.subtract(distance, zone)));
  return b.add(x[1], b.multiply(b.constant(sign), kept));
}

// clang-format off
constexpr Function all_functions[] = {
    {"sin", "x", "sine of x radians", "sin(pi/2)", "1", 1, 1, FunctionKind::plain,
     unary<std::sin>, build_unary<Operation::sine>, nullptr, [](Complexes x) { return std::sin(x[0]); }},
    {"cos", "x", "cosine", "cos(pi)", "-1", 1, 1, FunctionKind::plain,
     unary<std::cos>, build_unary<Operation::cosine>, nullptr, [](Complexes x) { return std::cos(x[0]); }},
    {"tan", "x", "tangent", "tan(pi/4)", "1", 1, 1, FunctionKind::plain,
     unary<std::tan>, build_unary<Operation::tangent>, nullptr, [](Complexes x) { return std::tan(x[0]); }},
    {"asin", "x", "arc sine, in radians", "asin(1)", "pi/2", 1, 1, FunctionKind::plain,
     unary<std::asin>, build_unary<Operation::arc_sine>},
    {"acos", "x", "arc cosine", "acos(-1)", "pi", 1, 1, FunctionKind::plain,
     unary<std::acos>, build_unary<Operation::arc_cosine>},
    {"atan", "x", "arc tangent", "atan(1)", "pi/4", 1, 1, FunctionKind::plain,
     unary<std::atan>, build_unary<Operation::arc_tangent>},
    {"arctan", "x", "the same", "arctan(1)", "pi/4", 1, 1, FunctionKind::plain,
     unary<std::atan>, build_unary<Operation::arc_tangent>},
    {"atan2", "y,x", "angle of the point (x, y)", "atan2(1, -1)", "3*pi/4", 2, 2, FunctionKind::plain,
     binary<std::atan2>, build_binary<Operation::arc_tangent_2>},
    {"sinh", "x", "hyperbolic sine", "sinh(ln(2))", "0.75", 1, 1, FunctionKind::plain,
     unary<std::sinh>, build_unary<Operation::hyperbolic_sine>},
    {"cosh", "x", "hyperbolic cosine", "cosh(ln(2))", "1.25", 1, 1, FunctionKind::plain,
     unary<std::cosh>, build_unary<Operation::hyperbolic_cosine>},
    {"tanh", "x", "hyperbolic tangent", "tanh(ln(2))", "0.6", 1, 1, FunctionKind::plain,
     unary<std::tanh>, build_unary<Operation::hyperbolic_tangent>},
    {"asinh", "x", "inverse of sinh", "asinh(0.75)", "ln(2)", 1, 1, FunctionKind::plain,
     unary<std::asinh>, build_unary<Operation::area_sine>},
    {"acosh", "x", "inverse of cosh", "acosh(1.25)", "ln(2)", 1, 1, FunctionKind::plain,
     unary<std::acosh>, build_unary<Operation::area_cosine>},
    {"atanh", "x", "inverse of tanh", "atanh(0.6)", "ln(2)", 1, 1, FunctionKind::plain,
     unary<std::atanh>, build_unary<Operation::area_tangent>},
    {"exp", "x", "e to the power x", "exp(1)", "e", 1, 1, FunctionKind::plain,
     unary<std::exp>, build_unary<Operation::exponential>, nullptr, [](Complexes x) { return std::exp(x[0]); }},
    {"ln", "x", "natural logarithm", "ln(e)", "1", 1, 1, FunctionKind::plain,
     unary<std::log>, build_unary<Operation::logarithm>, nullptr, [](Complexes x) { return std::log(x[0]); }},
    {"log", "x", "natural logarithm too", "log(e)", "1", 1, 1, FunctionKind::plain,
     unary<std::log>, build_unary<Operation::logarithm>, nullptr, [](Complexes x) { return std::log(x[0]); }},
    {"log10", "x", "decimal logarithm", "log10(1k)", "3", 1, 1, FunctionKind::plain,
     unary<std::log10>, build_unary<Operation::decimal_logarithm>, nullptr, [](Complexes x) { return std::log10(x[0]); }},
    {"sqrt", "x", "square root", "sqrt(2)**2", "2", 1, 1, FunctionKind::plain,
     unary<std::sqrt>, build_unary<Operation::square_root>, nullptr, [](Complexes x) { return std::sqrt(x[0]); }},
    {"sqr", "x", "x squared", "sqr(-3)", "9", 1, 1, FunctionKind::plain,
     unary<square>, [](Builder& b, Operands x) { return b.multiply(x[0], x[0]); }},
    {"pow", "x,y", "x to the power y; of the running circuit |x| to the power y", "pow(2, 0.5)", "sqrt(2)", 2, 2, FunctionKind::plain,
     binary<real_power>, build_binary<Operation::absolute_power>, nullptr, [](Complexes x) { return std::pow(x[0], x[1]); }},
    {"pwr", "x,y", "|x| to the power y; of the running circuit with the sign of x", "pwr(4, 0.5)", "2", 2, 2, FunctionKind::plain,
     binary<absolute_power>, build_binary<Operation::signed_power>},
    {"hypot", "x,y", "√(x² + y²)", "hypot(3, 4)", "5", 2, 2, FunctionKind::plain,
     binary<std::hypot>, build_binary<Operation::hypotenuse>},
    {"abs", "x", "absolute value", "abs(-2)", "2", 1, 1, FunctionKind::plain,
     unary<std::fabs>, build_unary<Operation::absolute>, nullptr, [](Complexes x) -> Complex { return std::abs(x[0]); }, true},
    {"sgn", "x", "1, 0 or −1: the sign of x", "sgn(-2)", "-1", 1, 1, FunctionKind::plain,
     unary<sign>, [](Builder& b, Operands x) { return b.sign(x[0]); }},
    {"sign", "x,y", "|x| with the sign of y", "sign(3, -2)", "-3", 2, 2, FunctionKind::plain,
     binary<with_sign_of>,
     [](Builder& b, Operands x) {
       const Id magnitude = b.apply(Operation::absolute, x[0]);
       return b.select(b.greater_equal(x[1], b.constant(0)), magnitude,
                       b.apply(Operation::negate, magnitude));
     }},
    {"min", "x,…", "the smallest of any number of values", "min(3, 1, 2)", "1", 1, -1, FunctionKind::plain,
     smallest, build_all<Operation::minimum>},
    {"max", "x,…", "the largest", "max(3, 1, 2)", "3", 1, -1, FunctionKind::plain,
     largest, build_all<Operation::maximum>},
    {"limit", "x,a,b", "x, kept between a and b; `limit(x,d)`: x + d or x − d, drawn with equal odds", "limit(7, 0, 5)", "5", 2, 3, FunctionKind::random,
     between,
     [](Builder& b, Operands x) { return b.clamp(x[0], x[1], x[2]); },
     [](RandomStream& s, Values x) { return draw_limit(s, x[0], x[1]); }},
    {"uplim", "x,y,z", "LTspice's soft limit: x up to y − z, above it y − z exp((y − x)/z − 1), which never passes y", "uplim(1, 1, 0.2)", "1 - 0.2*exp(-1)", 3, 3, FunctionKind::plain,
     kept_below, [](Builder& b, Operands x) { return build_kept(b, x, -1); }},
    {"dnlim", "x,y,z", "x down to y + z, below it y + z exp((x − y)/z − 1), which never falls below y", "dnlim(1.1, 1, 0.2)", "1 + 0.2*exp(-0.5)", 3, 3, FunctionKind::plain,
     kept_above, [](Builder& b, Operands x) { return build_kept(b, x, 1); }},
    {"floor", "x", "the whole number below", "floor(-1.5)", "-2", 1, 1, FunctionKind::plain,
     unary<std::floor>, build_rounding<Rounding::down>},
    {"ceil", "x", "the whole number above", "ceil(-1.5)", "-1", 1, 1, FunctionKind::plain,
     unary<std::ceil>, build_rounding<Rounding::up>},
    {"int", "x", "the whole number towards 0", "int(-1.5)", "-1", 1, 1, FunctionKind::plain,
     unary<std::trunc>, build_rounding<Rounding::to_zero>},
    {"nint", "x", "the nearest whole number; halves to the even one", "nint(2.5)", "2", 1, 1, FunctionKind::plain,
     unary<std::nearbyint>, build_rounding<Rounding::nearest>},
    {"round", "x", "the same", "round(1.5)", "2", 1, 1, FunctionKind::plain,
     unary<std::nearbyint>, build_rounding<Rounding::nearest>},
    {"fmod", "x,y", "as `x % y`", "fmod(7, 4)", "3", 2, 2, FunctionKind::plain,
     binary<std::fmod>, [](Builder& b, Operands x) { return b.remainder(x[0], x[1]); }},
    {"u", "x", "unit step: 1 for x > 0, 0.5 at 0, otherwise 0", "u(2)", "1", 1, 1, FunctionKind::plain,
     unary<unit_step>, [](Builder& b, Operands x) { return b.unit_step(x[0]); }},
    {"stp", "x", "the same", "stp(-2)", "0", 1, 1, FunctionKind::plain,
     unary<unit_step>, [](Builder& b, Operands x) { return b.unit_step(x[0]); }},
    {"u2", "x", "x, kept between 0 and 1", "u2(0.3)", "0.3", 1, 1, FunctionKind::plain,
     unary<short_ramp>, [](Builder& b, Operands x) { return b.clamp(x[0], b.constant(0), b.constant(1)); }},
    {"uramp", "x", "x for x > 0, otherwise 0", "uramp(-2)", "0", 1, 1, FunctionKind::plain,
     unary<ramp>, build_unary<Operation::ramp>},
    {"buf", "x", "1 for x > 0.5, otherwise 0", "buf(0.7)", "1", 1, 1, FunctionKind::plain,
     [](Values x) { return x[0] > 0.5 ? 1.0 : 0.0; }, [](Builder& b, Operands x) { return b.greater(x[0], b.constant(0.5)); }},
    {"inv", "x", "0 for x > 0.5, otherwise 1", "inv(0.7)", "0", 1, 1, FunctionKind::plain,
     [](Values x) { return x[0] > 0.5 ? 0.0 : 1.0; },
     [](Builder& b, Operands x) { return b.logical_not(b.greater(x[0], b.constant(0.5))); }},
    {"eq0", "x", "1 where x = 0, otherwise 0", "eq0(0)", "1", 1, 1, FunctionKind::plain,
     [](Values x) { return x[0] == 0 ? 1.0 : 0.0; }, [](Builder& b, Operands x) { return b.logical_not(x[0]); }},
    {"ne0", "x", "1 where x ≠ 0", "ne0(0)", "0", 1, 1, FunctionKind::plain,
     [](Values x) { return x[0] != 0 ? 1.0 : 0.0; }, [](Builder& b, Operands x) { return b.truth(x[0]); }},
    {"gt0", "x", "1 where x > 0", "gt0(2)", "1", 1, 1, FunctionKind::plain,
     [](Values x) { return x[0] > 0 ? 1.0 : 0.0; }, [](Builder& b, Operands x) { return b.positive(x[0]); }},
    {"ge0", "x", "1 where x ≥ 0", "ge0(0)", "1", 1, 1, FunctionKind::plain,
     [](Values x) { return x[0] >= 0 ? 1.0 : 0.0; }, [](Builder& b, Operands x) { return b.greater_equal(x[0], b.constant(0)); }},
    {"lt0", "x", "1 where x < 0", "lt0(2)", "0", 1, 1, FunctionKind::plain,
     [](Values x) { return x[0] < 0 ? 1.0 : 0.0; }, [](Builder& b, Operands x) { return b.greater(b.constant(0), x[0]); }},
    {"le0", "x", "1 where x ≤ 0", "le0(0)", "1", 1, 1, FunctionKind::plain,
     [](Values x) { return x[0] <= 0 ? 1.0 : 0.0; }, [](Builder& b, Operands x) { return b.greater_equal(b.constant(0), x[0]); }},
    {"if", "c,a,b", "as `c ? a : b`", "if(2 > 1, 5, 6)", "5", 3, 3, FunctionKind::condition},
    {"ternary_fcn", "c,a,b", "the same", "ternary_fcn(2 < 1, 5, 6)", "6", 3, 3, FunctionKind::condition},
    {"table", "x,x1,y1,…", "straight lines between the points, constant outside", "table(3, 0, 0, 1, 10)", "10", 3, -1, FunctionKind::plain,
     interpolate<false>, build_table<false>},
    {"pwl", "x,x1,y1,…", "straight lines between the points, the outer ones going on", "pwl(3, 0, 0, 1, 10)", "30", 3, -1, FunctionKind::plain,
     interpolate<true>, build_table<true>},
    {"ddt", "x", "dx/dt; 0 at the operating point", "ddt(5*time)", "5", 1, 1, FunctionKind::derivative},
    {"idt", "x,ic", "integral of x over time from t = 0 on, plus ic (left out: 0)", "idt(2*time, 3)", "4", 1, 2, FunctionKind::integral},
    {"sdt", "x,ic", "the same", "sdt(2*time)", "1", 1, 2, FunctionKind::integral},
    {"ddx", "f,x", "derivative of the expression f by x: a voltage, a current, `time`, a parameter or an argument of a `.func`", "ddx(time**3, time)", "3", 2, 2, FunctionKind::slope},
    {"gauss", "x,r,s", "drawn: normal with mean x and standard deviation x r/s; `gauss(d)`: mean 0, deviation d", "gauss(10, 0.1, 3)", "8 … 12", 1, 3, FunctionKind::random,
     nullptr, nullptr,
     [](RandomStream& s, Values x) {
       return x.size() == 1 ? draw_agauss(s, 0, x[0], 1)
                            : draw_gauss(s, x[0], x[1], x.size() == 3 ? x[2] : 1);
     }},
    {"agauss", "x,d,s", "drawn: normal with mean x and standard deviation d/s", "agauss(10, 1, 3)", "8 … 12", 2, 3, FunctionKind::random,
     nullptr, nullptr, [](RandomStream& s, Values x) { return draw_agauss(s, x[0], x[1], x.size() == 3 ? x[2] : 1); }},
    {"unif", "x,r", "drawn evenly from x (1 − r) to x (1 + r)", "unif(10, 0.1)", "9 … 11", 2, 2, FunctionKind::random,
     nullptr, nullptr, [](RandomStream& s, Values x) { return draw_unif(s, x[0], x[1]); }},
    {"aunif", "x,d", "drawn evenly from x − d to x + d", "aunif(10, 2)", "8 … 12", 2, 2, FunctionKind::random,
     nullptr, nullptr, [](RandomStream& s, Values x) { return draw_aunif(s, x[0], x[1]); }},
    {"flat", "d", "drawn evenly from −d to d", "flat(2)", "-2 … 2", 1, 1, FunctionKind::random,
     nullptr, nullptr, [](RandomStream& s, Values x) { return draw_aunif(s, 0, x[0]); }},
    {"mc", "x,r", "as `unif(x,r)`", "mc(10, 0.1)", "9 … 11", 2, 2, FunctionKind::random,
     nullptr, nullptr, [](RandomStream& s, Values x) { return draw_unif(s, x[0], x[1]); }},
    {"rand", "x", "a number from 0 to 1 for every whole number below x, always the same one", "rand(7)", "0 … 1", 1, 1, FunctionKind::plain,
     unary<random_step>, build_random_step},
    {"random", "x", "as `rand(x)`, with a smooth way from one number to the next", "random(7.5)", "0 … 1", 1, 1, FunctionKind::plain,
     unary<random_smooth>, build_random_smooth},
    {"white", "x", "as `random(x)`, from −0.5 to 0.5", "white(7.5)", "-0.5 … 0.5", 1, 1, FunctionKind::plain,
     [](Values x) { return random_smooth(x[0]) - 0.5; },
     [](Builder& b, Operands x) { return b.subtract(build_random_smooth(b, x), b.constant(0.5)); }},
};
// clang-format on

constexpr NamedValue all_constants[] = {
    {"pi", std::numbers::pi, "3.14159…"},
    {"e", std::numbers::e, "2.71828…"},
    {"boltz", 1.380649e-23, "Boltzmann's constant, 1.380649e-23 J/K"},
    {"planck", 6.62607015e-34, "Planck's constant, 6.62607015e-34 J s"},
    {"echarge", 1.602176634e-19, "elementary charge, 1.602176634e-19 C"},
    {"kelvin", -273.15, "−273.15, 0 K in degrees Celsius"},
    {"ctok", 273.15, "273.15, 0 °C in kelvin"},
    {"true", 1, "1"},
    {"false", 0, "0"},
};

constexpr Description operator_rows[] = {
    {"`**` `^`", "power of the left side's absolute value; from left to right: `2**3**2` is 64"},
    {"`-` `+` `!` `~` before a value", "`-2**2` is −4; `!` and `~` make 1 of 0 and 0 of anything else"},
    {"`*` `/` `%` `\\`",
     "`%` is the remainder, with the sign of the left side; `\\` the quotient without its fraction"},
    {"`+` `-`", ""},
    {"`<` `<=` `>` `>=`", "comparisons give 1 or 0"},
    {"`==` `!=` `<>`", "equal, not equal"},
    {"`&&` `&`", "1 where both sides are not 0"},
    {"`||` `|`", "1 where one of the sides is not 0"},
    {"`condition ? a : b`", "only the chosen side is evaluated"},
};

constexpr Description quantities[] = {
    {"v(n)", "voltage of node n against ground, V"},
    {"v(n,m)", "voltage of node n against node m"},
    {"i(e)", "current through an element with two ends, A"},
    {"p(e)", "power it takes up, W"},
    {"w(y)", "state of a memristor"},
    {"r(y)", "its resistance, Ω"},
    {"@e[q]", "quantity q of an element: `@y1[w]` is `w(y1)`"},
    {"n(e:q)", "the same; `n(n)` is `v(n)`"},
    {"time", "s; 0 at the operating point"},
    {"hertz", "frequency of an .ac or .noise analysis, Hz; otherwise 0; also `freq`, `frequency`"},
    {"temper", "temperature of the circuit, °C, also `temp`; parameters may use it too"},
    {"vt", "thermal voltage k T/q at this temperature, V; parameters may use it too"},
    {"gmin", "that of .options, S; parameters may use it too"},
};

}  // namespace

std::span<const Function> functions() {
  return all_functions;
}

const Function* find_function(std::string_view name) {
  const auto* const found = std::find_if(std::begin(all_functions), std::end(all_functions),
                                         [name](const Function& function) { return function.name == name; });
  return found == std::end(all_functions) ? nullptr : found;
}

std::vector<std::string_view> function_names() {
  std::vector<std::string_view> names;
  for (const Function& function : all_functions) names.push_back(function.name);
  return names;
}

std::span<const NamedValue> constants() {
  return all_constants;
}

std::optional<double> find_constant(std::string_view name) {
  for (const NamedValue& constant : all_constants)
    if (constant.name == name) return constant.value;
  return std::nullopt;
}

std::vector<std::string_view> constant_names() {
  std::vector<std::string_view> names;
  for (const NamedValue& constant : all_constants) names.push_back(constant.name);
  return names;
}

std::span<const Description> operator_descriptions() {
  return operator_rows;
}

std::span<const Description> quantity_descriptions() {
  return quantities;
}

bool is_circuit_variable(std::string_view name) {
  return name == "time" || name == "hertz" || name == "freq" || name == "frequency";
}

}  // namespace memspice
