#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/messages.hpp"
#include "expression/evaluator.hpp"
#include "expression/functions.hpp"
#include "expression/program_builder.hpp"

namespace memspice {

/// Turns expressions of the running circuit into programs. Parameters become numbers, the deck's functions
/// are expanded where they are called. Members throw Problem.
class Compiler {
 public:
  using Id = ProgramBuilder::Id;

  /// What an expression reads of the circuit. Names are views into the deck's source.
  class Circuitry {
   public:
    virtual ~Circuitry() = default;
    /// `minus` is empty for a voltage against ground.
    virtual Id voltage(Program& program, std::string_view plus, std::string_view minus) = 0;
    virtual Id element(Program& program, std::string_view accessor, std::string_view name) = 0;
    /// What a name without arguments is here, before everything else that it might be; none: nothing special.
    virtual Id variable(Program& program, std::string_view name) = 0;
    /// Whether elements have a quantity of this name.
    virtual bool is_accessor(std::string_view name) = 0;
    /// Keeps the argument of an integral or a derivative; returns its number in Circuit::auxiliaries.
    virtual std::uint32_t auxiliary(bool integral, Program argument, double initial) = 0;
  };

  Compiler(Evaluator& evaluator, Messages& messages, Circuitry& circuitry)
      : evaluator_(evaluator), messages_(messages), circuitry_(circuitry) {}

  Id compile(const Expression& expression, Environment& environment, Program& program);

 private:
  /// What a part of an expression is in a program, or why it has no meaning: the names of nodes have none
  /// where they are handed to a function of the deck, and nobody minds.
  struct Value {
    Id id = Program::none;
    std::uint32_t problem = 0;  // in problems_, when there is no id
  };
  struct Argument {
    Value value;
    std::uint32_t node = 0;  // where it stands in the caller's expression
    std::string_view text;
  };
  struct Frame;
  struct Unknown {  // a name that ddx() derives by
    std::string_view name;
    const Frame* argument_of;  // null: a parameter
    Probe probe;
    const Unknown* outer;
  };
  struct Frame {  // a call of a function of the deck
    const FunctionDefinition* function = nullptr;
    std::vector<Argument> arguments;
    const Expression* expression = nullptr;  // the caller's
    const Frame* caller = nullptr;
    const Program* program = nullptr;  // of the arguments' values
    const Unknown* unknown = nullptr;  // the caller's
  };
  struct Place {  // what is being compiled
    const Expression& expression;
    Environment& environment;
    const Frame* frame;
    ProgramBuilder& builder;
    const Unknown* unknown = nullptr;
  };

  Value part(Place& place, std::uint32_t root);
  std::vector<bool> needed_nodes(const Place& place, std::uint32_t root) const;
  Id node(Place& place, const Expression::Node& node, const std::vector<Value>& values);
  void warn_of_power(const Place& place, const Expression::Node& node, Id base, Id exponent);
  static const Unknown* find_unknown(const Place& place, std::string_view name, const Frame* argument_of);
  Id variable(Place& place, const Expression::Node& node);
  Id argument(Place& place, const Argument& argument);
  Id call(Place& place, const Expression::Node& node, const std::vector<Value>& values);
  Id call_defined(Place& place, const FunctionDefinition& function, const Expression::Node& node,
                  const std::vector<Value>& values);
  Id call_known(Place& place, const Function& function, const Expression::Node& node,
                const std::vector<Value>& values);
  Id choose(Place& place, const Expression::Node& node, const std::vector<Value>& values);
  Id auxiliary(Place& place, const Function& function, const Expression::Node& node,
               const std::vector<Value>& values);
  Id slope(Place& place, const Expression::Node& node);
  Id quantity(Place& place, const Expression::Node& node);
  Id element_quantity(Place& place, std::string_view accessor, std::string_view element);
  /// The name that a function's argument stands for, or the name itself.
  std::string_view name_behind(std::string_view name, const Frame* frame) const;
  Id need(const Value& value) const;
  Value remember(Problem problem);

  static constexpr std::size_t most_work = 10'000'000;  // parts compiled for one expression
  static constexpr int deepest_call = 256;

  Evaluator& evaluator_;
  Messages& messages_;
  Circuitry& circuitry_;
  std::vector<Problem> problems_;
  std::size_t work_ = 0;
  int depth_ = 0;
};

}  // namespace memspice
