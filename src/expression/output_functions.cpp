#include "expression/output_functions.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <utility>

namespace memspice {
namespace {

using Complex = std::complex<double>;
using Complexes = std::span<const Complex>;
using Builder = ProgramBuilder;
using Operands = Function::Operands;
using Id = Builder::Id;

/// The phase of 0 is 0, whatever the signs of its zeros.
double phase(Complex x) {
  return x == 0.0 ? 0.0 : std::atan2(x.imag(), x.real());
}

Id decibel(Builder& b, Operands x) {
  const Id magnitude = b.apply(Program::Operation::absolute, x[0]);
  return b.multiply(b.constant(20), b.apply(Program::Operation::decimal_logarithm, magnitude));
}

// Of outputs only.
constexpr OutputFunction own_functions[] = {
    {"mag", 1, 1, [](Builder& b, Operands x) { return b.apply(Program::Operation::absolute, x[0]); },
     [](Complexes x) -> Complex { return std::abs(x[0]); }, true},
    {"ph", 1, 1,
     [](Builder& b, Operands x) {
       return b.multiply(b.greater(b.constant(0), x[0]), b.constant(std::numbers::pi));
     },
     [](Complexes x) -> Complex { return phase(x[0]); }, true},
    {"re", 1, 1, [](Builder&, Operands x) { return x[0]; },
     [](Complexes x) -> Complex { return x[0].real(); }, true},
    {"im", 1, 1, [](Builder& b, Operands) { return b.constant(0); },
     [](Complexes x) -> Complex { return x[0].imag(); }, true},
    {"db", 1, 1, decibel, [](Complexes x) -> Complex { return 20 * std::log10(std::abs(x[0])); }, true},
};

constexpr std::pair<std::string_view, std::string_view> aliases[] = {
    {"magnitude", "mag"}, {"phase", "ph"}, {"real", "re"},
    {"imag", "im"},       {"if", "?:"},    {"ternary_fcn", "?:"},
};

std::vector<OutputFunction> make_table() {
  std::vector<OutputFunction> table(std::begin(own_functions), std::end(own_functions));
  for (const Operator& known : operators())
    table.push_back(
        {known.name, known.operands, known.operands, known.build, known.complex, false, known.divides});
  for (const auto& [alias, name] : aliases) {
    OutputFunction copy = *std::ranges::find(table, name, &OutputFunction::name);
    copy.name = alias;
    table.push_back(copy);
  }
  for (const Function& function : functions()) {
    if (function.build == nullptr) continue;
    const int draws_below = function.draw == nullptr ? 0 : function.most;
    table.push_back({function.name, function.least, function.most, function.build, function.complex,
                     function.gives_real, false, draws_below});
  }
  return table;
}

const std::vector<OutputFunction>& table() {
  static const std::vector<OutputFunction> functions = make_table();
  return functions;
}

}  // namespace

const OutputFunction* find_output_function(std::string_view name) {
  const auto found = std::ranges::find(table(), name, &OutputFunction::name);
  return found == table().end() ? nullptr : &*found;
}

std::vector<std::string_view> output_function_names() {
  std::vector<std::string_view> names;
  for (const OutputFunction& function : table())
    if (function.name.front() >= 'a' && function.name != "neg") names.push_back(function.name);
  return names;
}

}  // namespace memspice
