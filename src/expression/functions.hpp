#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "expression/operators.hpp"
#include "expression/program_builder.hpp"
#include "random/random_stream.hpp"

namespace memspice {

/// A function that expressions know.
struct Function {
  enum class Kind : std::uint8_t {
    plain,
    condition,   // only the chosen side is evaluated
    derivative,  // of the running circuit
    integral,    // of the running circuit
    slope,       // by a quantity of the running circuit, or a parameter
    random,      // drawn when the deck is read
  };
  using Values = std::span<const double>;
  using Operands = std::span<const ProgramBuilder::Id>;

  std::string_view name;
  std::string_view arguments;  // "x,y", as in the reference
  std::string_view help;       // one line
  std::string_view example;    // a call, and
  std::string_view result;     // what it gives: an expression, or a range `a … b` of what is drawn
  int least = 1;               // number of arguments
  int most = 1;                // -1: any number
  Kind kind = Kind::plain;
  double (*value)(Values) = nullptr;                                 // of numbers; not a number: no value
  ProgramBuilder::Id (*build)(ProgramBuilder&, Operands) = nullptr;  // of quantities of the running circuit
  double (*draw)(RandomStream&, Values) = nullptr;
  ComplexForm complex = nullptr;  // of outputs
  bool gives_real = false;        // of complex arguments
};

/// A name that expressions know without arguments, or a row of another table of the reference.
struct NamedValue {
  std::string_view name;
  double value = 0;
  std::string_view help;
};

/// All functions, in the order of the reference.
std::span<const Function> functions();
/// nullptr when there is none of this (lower-case) name.
const Function* find_function(std::string_view name);
std::vector<std::string_view> function_names();

std::span<const NamedValue> constants();
std::optional<double> find_constant(std::string_view name);
std::vector<std::string_view> constant_names();

/// Operators with their help, the strongest first, and quantities of the running circuit with theirs.
struct Description {
  std::string_view form;
  std::string_view help;
};
std::span<const Description> operator_descriptions();
std::span<const Description> quantity_descriptions();

/// Whether a name without arguments is a quantity of the running circuit: time, hertz.
bool is_circuit_variable(std::string_view name);

}  // namespace memspice
