#include "circuit/functions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace memspice {
namespace {

using Values = std::span<const double>;

template <double (*f)(double)>
double unary(Values x) {
  return f(x[0]);
}

template <double (*f)(double, double)>
double binary(Values x) {
  return f(x[0], x[1]);
}

// x, then pairs of increasing arguments and values: linear between them, constant outside.
double interpolate(Values values) {
  const double x = values[0];
  const Values pairs = values.subspan(1);
  const std::size_t n = pairs.size() / 2;
  if (2 * n != pairs.size()) return std::nan("");
  for (std::size_t i = 1; i < n; ++i)
    if (pairs[2 * i] <= pairs[2 * i - 2]) return std::nan("");
  if (x <= pairs[0]) return pairs[1];
  for (std::size_t i = 1; i < n; ++i) {
    const double left = pairs[2 * i - 2], right = pairs[2 * i];
    if (x <= right) return std::lerp(pairs[2 * i - 1], pairs[2 * i + 1], (x - left) / (right - left));
  }
  return pairs.back();
}

double sign(Values x) {
  return x[0] > 0 ? 1 : x[0] < 0 ? -1 : 0;
}
double step(Values x) {
  return x[0] > 0 ? 1 : x[0] < 0 ? 0 : 0.5;
}
double ramp(Values x) {
  return std::max(x[0], 0.0);
}
double smallest(Values x) {
  return *std::min_element(x.begin(), x.end());
}
double largest(Values x) {
  return *std::max_element(x.begin(), x.end());
}
double absolute_power(Values x) {
  return std::pow(std::abs(x[0]), x[1]);
}
double between(Values x) {
  return std::min(std::max(x[0], std::min(x[1], x[2])), std::max(x[1], x[2]));
}

constexpr Function functions[] = {
    {"sin", 1, 1, unary<std::sin>},
    {"cos", 1, 1, unary<std::cos>},
    {"tan", 1, 1, unary<std::tan>},
    {"asin", 1, 1, unary<std::asin>},
    {"acos", 1, 1, unary<std::acos>},
    {"atan", 1, 1, unary<std::atan>},
    {"arctan", 1, 1, unary<std::atan>},
    {"atan2", 2, 2, binary<std::atan2>},
    {"sinh", 1, 1, unary<std::sinh>},
    {"cosh", 1, 1, unary<std::cosh>},
    {"tanh", 1, 1, unary<std::tanh>},
    {"asinh", 1, 1, unary<std::asinh>},
    {"acosh", 1, 1, unary<std::acosh>},
    {"atanh", 1, 1, unary<std::atanh>},
    {"exp", 1, 1, unary<std::exp>},
    {"ln", 1, 1, unary<std::log>},
    {"log", 1, 1, unary<std::log>},
    {"log10", 1, 1, unary<std::log10>},
    {"sqrt", 1, 1, unary<std::sqrt>},
    {"abs", 1, 1, unary<std::fabs>},
    {"sgn", 1, 1, sign},
    {"min", 1, -1, smallest},
    {"max", 1, -1, largest},
    {"floor", 1, 1, unary<std::floor>},
    {"ceil", 1, 1, unary<std::ceil>},
    {"int", 1, 1, unary<std::trunc>},
    {"nint", 1, 1, unary<std::nearbyint>},
    {"pow", 2, 2, binary<std::pow>},
    {"pwr", 2, 2, absolute_power},
    {"limit", 3, 3, between},
    {"hypot", 2, 2, binary<std::hypot>},
    {"u", 1, 1, step},
    {"uramp", 1, 1, ramp},
    {"table", 3, -1, interpolate},
    {"pwl", 3, -1, interpolate},
};

constexpr std::pair<std::string_view, double> constants[] = {
    {"pi", std::numbers::pi},
    {"e", std::numbers::e},
    {"boltz", 1.380649e-23},
    {"planck", 6.62607015e-34},
    {"echarge", 1.602176634e-19},
    {"kelvin", -273.15},
    {"true", 1},
    {"false", 0},
};

constexpr std::string_view of_waveforms = "a quantity of the running simulation";
constexpr std::string_view of_chance = "a random function";
constexpr std::pair<std::string_view, std::string_view> reserved[] = {
    {"ddt", of_waveforms},   {"idt", of_waveforms}, {"sdt", of_waveforms},  {"v", of_waveforms},
    {"i", of_waveforms},     {"w", of_waveforms},   {"time", of_waveforms}, {"temper", of_waveforms},
    {"hertz", of_waveforms}, {"gauss", of_chance},  {"agauss", of_chance},  {"unif", of_chance},
    {"aunif", of_chance},    {"flat", of_chance},   {"mc", of_chance},
};

}  // namespace

const Function* find_function(std::string_view name) {
  const auto found = std::find_if(std::begin(functions), std::end(functions),
                                  [name](const Function& function) { return function.name == name; });
  return found == std::end(functions) ? nullptr : found;
}

std::vector<std::string_view> function_names() {
  std::vector<std::string_view> names = {"if", "ternary_fcn"};  // evaluated lazily, by the evaluator itself
  for (const Function& function : functions) names.push_back(function.name);
  return names;
}

std::optional<double> find_constant(std::string_view name) {
  for (const auto& [constant, value] : constants)
    if (constant == name) return value;
  return std::nullopt;
}

std::vector<std::string_view> constant_names() {
  std::vector<std::string_view> names;
  for (const auto& [constant, value] : constants) names.push_back(constant);
  return names;
}

std::string_view reserved_meaning(std::string_view name) {
  for (const auto& [word, meaning] : reserved)
    if (word == name) return meaning;
  return {};
}

}  // namespace memspice
