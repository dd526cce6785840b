#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memspice {

/// A parsed expression: nodes in one block, the root last. It knows no meaning of names; the circuit
/// evaluates it.
struct Expression {
  enum class Kind : std::uint8_t {
    number,
    variable,
    call,  // call: any number of operands
    negate,
    logical_not,
    add,
    subtract,
    multiply,
    divide,
    modulo,
    whole_divide,
    power,
    logical_and,
    logical_or,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    conditional,  // condition ? first : second
  };
  struct Node {
    Kind kind = Kind::number;
    std::string_view at;  // the name, number or operator in the source
    double number = 0;
    std::string name;                     // variable, call: lower case
    std::vector<std::uint32_t> operands;  // earlier nodes
    std::string_view inside = {};         // call: all between the parentheses, which may be names
  };
  std::vector<Node> nodes;
  std::string_view text;  // the whole expression in the source

  [[nodiscard]] bool empty() const { return nodes.empty(); }
};

/// Parses a text that is an expression from end to end. Throws Problem.
Expression parse_expression(std::string_view text);

/// The same of the condition of an .if, where `=` alone means `==`.
Expression parse_condition(std::string_view text);

/// Parses the expression at the beginning of the text and sets `after` to what follows it: the first token
/// that cannot continue it, or, unless `blanks_allowed`, the first blank outside parentheses.
Expression parse_bare_expression(std::string_view text, bool blanks_allowed, const char*& after);

}  // namespace memspice
