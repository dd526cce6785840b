#include "circuit/output_functions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace memspice {
namespace {

using Complex = std::complex<double>;
using Reals = std::span<const double>;
using Complexes = std::span<const Complex>;

double decibel(double magnitude) {
  return 20 * std::log10(magnitude);
}

/// The phase of 0 is 0, whatever the signs of its zeros.
double phase(Complex x) {
  return x == 0.0 ? 0.0 : std::atan2(x.imag(), x.real());
}

// In the order of their names' first appearance in the reference.
constexpr OutputFunction own_functions[] = {
    {"neg", 1, 1, [](Reals x) { return -x[0]; }, [](Complexes x) { return -x[0]; }},
    {"!", 1, 1, [](Reals x) -> double { return x[0] == 0; }},
    {"+", 2, 2, [](Reals x) { return x[0] + x[1]; }, [](Complexes x) { return x[0] + x[1]; }},
    {"-", 2, 2, [](Reals x) { return x[0] - x[1]; }, [](Complexes x) { return x[0] - x[1]; }},
    {"*", 2, 2, [](Reals x) { return x[0] * x[1]; }, [](Complexes x) { return x[0] * x[1]; }},
    {"/", 2, 2, [](Reals x) { return x[0] / x[1]; }, [](Complexes x) { return x[0] / x[1]; }},
    {"%", 2, 2, [](Reals x) { return std::fmod(x[0], x[1]); }},
    {"**", 2, 2, [](Reals x) { return std::pow(x[0], x[1]); },
     [](Complexes x) { return std::pow(x[0], x[1]); }},
    {"&&", 2, 2, [](Reals x) -> double { return x[0] != 0 && x[1] != 0; }},
    {"||", 2, 2, [](Reals x) -> double { return x[0] != 0 || x[1] != 0; }},
    {"==", 2, 2, [](Reals x) -> double { return x[0] == x[1]; }},
    {"!=", 2, 2, [](Reals x) -> double { return x[0] != x[1]; }},
    {"<", 2, 2, [](Reals x) -> double { return x[0] < x[1]; }},
    {"<=", 2, 2, [](Reals x) -> double { return x[0] <= x[1]; }},
    {">", 2, 2, [](Reals x) -> double { return x[0] > x[1]; }},
    {">=", 2, 2, [](Reals x) -> double { return x[0] >= x[1]; }},
    {"?:", 3, 3, [](Reals x) { return x[0] != 0 ? x[1] : x[2]; },
     [](Complexes x) { return x[0] != 0.0 ? x[1] : x[2]; }},
    {"mag", 1, 1, [](Reals x) { return std::abs(x[0]); },
     [](Complexes x) -> Complex { return std::abs(x[0]); }, true},
    {"ph", 1, 1, [](Reals x) { return phase(x[0]); }, [](Complexes x) -> Complex { return phase(x[0]); },
     true},
    {"re", 1, 1, [](Reals x) { return x[0]; }, [](Complexes x) -> Complex { return x[0].real(); }, true},
    {"im", 1, 1, [](Reals) { return 0.0; }, [](Complexes x) -> Complex { return x[0].imag(); }, true},
    {"db", 1, 1, [](Reals x) { return decibel(std::abs(x[0])); },
     [](Complexes x) -> Complex { return decibel(std::abs(x[0])); }, true},
};

constexpr std::pair<std::string_view, std::string_view> aliases[] = {
    {"magnitude", "mag"}, {"phase", "ph"}, {"real", "re"},
    {"imag", "im"},       {"if", "?:"},    {"ternary_fcn", "?:"},
};

struct ComplexForm {
  std::string_view name;
  Complex (*value)(Complexes);
  bool gives_real = false;
};

// Of functions that parameters know too.
constexpr ComplexForm complex_forms[] = {
    {"abs", [](Complexes x) -> Complex { return std::abs(x[0]); }, true},
    {"sqrt", [](Complexes x) { return std::sqrt(x[0]); }},
    {"exp", [](Complexes x) { return std::exp(x[0]); }},
    {"ln", [](Complexes x) { return std::log(x[0]); }},
    {"log", [](Complexes x) { return std::log(x[0]); }},
    {"log10", [](Complexes x) { return std::log10(x[0]); }},
    {"sin", [](Complexes x) { return std::sin(x[0]); }},
    {"cos", [](Complexes x) { return std::cos(x[0]); }},
    {"tan", [](Complexes x) { return std::tan(x[0]); }},
    {"pow", [](Complexes x) { return std::pow(x[0], x[1]); }},
};

std::vector<OutputFunction> make_table() {
  std::vector<OutputFunction> table(std::begin(own_functions), std::end(own_functions));
  for (const auto& [alias, name] : aliases) {
    OutputFunction copy = *std::ranges::find(own_functions, name, &OutputFunction::name);
    copy.name = alias;
    table.push_back(copy);
  }
  for (const std::string_view name : function_names()) {
    const Function* function = find_function(name);
    if (function == nullptr || function->value == nullptr) continue;
    OutputFunction own{function->name, function->least, function->most, function->value};
    const auto form = std::ranges::find(complex_forms, name, &ComplexForm::name);
    if (form != std::end(complex_forms)) {
      own.complex = form->value;
      own.gives_real = form->gives_real;
    }
    table.push_back(own);
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
