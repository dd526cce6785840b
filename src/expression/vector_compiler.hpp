#pragma once

#include <span>
#include <string>
#include <string_view>

#include "expression/aggregate.hpp"
#include "expression/evaluator.hpp"
#include "memspice/circuit.hpp"

namespace memspice {

/// Gives expressions over output vectors their meaning: parameters get their numbers, functions of the deck
/// are expanded, what is left are vectors, earlier measures and functions. Throws Problem.
class VectorCompiler {
 public:
  /// `measures` are the names of those that may be read.
  VectorCompiler(const SourceFiles& sources, Evaluator& evaluator, Environment& environment,
                 std::span<const std::string> measures)
      : sources_(sources), evaluator_(evaluator), environment_(environment), measures_(measures) {}

  VectorExpression compile(const Expression& expression);

 private:
  struct Frame {  // a function's arguments
    const FunctionDefinition* function = nullptr;
    std::vector<std::uint32_t> nodes;
    std::vector<std::string> names;  // as written: may name a node
    const Frame* caller = nullptr;
  };
  std::uint32_t node(const Expression& expression, std::uint32_t index, const Frame* frame);
  std::uint32_t variable(const Expression::Node& node, const Frame* frame);
  std::uint32_t call(const Expression& expression, const Expression::Node& node, const Frame* frame);
  std::uint32_t vector(const Expression& expression, const Expression::Node& node, std::string_view accessor,
                       const Frame* frame);
  std::uint32_t slope(const Expression& expression, const Expression::Node& call, const Frame* frame);
  std::optional<Aggregate> aggregate(const Expression& expression, const Expression::Node& node,
                                     const Frame* frame);
  Aggregate histogram(const Expression& expression, const Expression::Node& call, const Frame* frame,
                      std::string pattern);
  std::uint32_t constant(const Expression& expression, std::uint32_t operand, const Frame* frame);
  std::uint32_t add(VectorExpression::Node::Kind kind, std::string name, std::string_view at,
                    std::vector<std::uint32_t> operands = {});
  std::uint32_t apply(std::string_view function, std::string_view at, std::vector<std::uint32_t> operands);
  /// Makes this node the value.
  void remove_unused(std::uint32_t root);

  const SourceFiles& sources_;
  Evaluator& evaluator_;
  Environment& environment_;
  std::span<const std::string> measures_;
  VectorExpression result_;
};

/// A function that is a part of an accessor's name, as in vdb(out): `accessor` "v", `function` "db". Empty
/// where the name is none of these.
struct AccessorPart {
  std::string_view name;
  std::string_view accessor;
  std::string_view function;
};
const AccessorPart* find_accessor_part(std::string_view name);

/// A piece of a deck in lower case, without blanks, comments and line ends.
std::string without_blanks(std::string_view text);

}  // namespace memspice
