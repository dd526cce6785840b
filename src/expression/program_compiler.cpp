#include "expression/program_compiler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "expression/operators.hpp"
#include "expression/slope.hpp"

namespace memspice {
namespace {

using ExpressionKind = Expression::Kind;

void check_operand_count(const Expression::Node& node, std::size_t least, int most) {
  check_argument_count(node.at, node.operands.size(), static_cast<int>(least), most);
}

/// Cuts a list of arguments at its commas, those inside parentheses left alone.
std::vector<std::string_view> split_arguments(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  bool quoted = false;
  std::size_t begin = 0;
  const auto add = [&](std::size_t end) {
    const char* const last = text.data() + end;
    const char* at = skip_blanks(text.data() + begin, last);
    std::size_t length = static_cast<std::size_t>(last - at);
    while (length > 0 && (is_blank(at[length - 1]) || at[length - 1] == '\n')) --length;
    if (length >= 2 && at[0] == '"' && at[length - 1] == '"') {
      ++at;
      length -= 2;
    }
    parts.emplace_back(at, length);
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '(' || c == '{') ++depth;
    if (c == ')' || c == '}') --depth;
    if (c != ',' || depth > 0) continue;
    add(i);
    begin = i + 1;
  }
  add(text.size());
  return parts;
}

/// 17 of 17.0: numbers may name nodes.
std::string_view as_node_number(std::string_view name) {
  const std::size_t dot = name.find('.');
  const bool is_whole = dot > 0 && dot != std::string_view::npos &&
                        name.find_first_not_of("0", dot + 1) == std::string_view::npos &&
                        name.find_first_not_of("0123456789") == dot;
  return is_whole ? name.substr(0, dot) : name;
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return character_class(c) == CharacterClass::word; });
}

/// The accessor of what stands for the name that ddx() derives by.
constexpr std::string_view derived_by = "d/dx";

/// How many operands of a function are compiled into a program of their own.
std::size_t operands_apart(const Function& function) {
  switch (function.kind) {
    case Function::Kind::derivative:
    case Function::Kind::integral:
      return 1;
    case Function::Kind::slope:
      return 2;
    default:
      return 0;
  }
}

/// The derivative of an input by another one, which is the voltage of one node or something else.
double input_by_input(const Probe& input, const Probe& by, bool by_node) {
  if (input == by) return 1;
  if (input.kind != Probe::Kind::voltage || by.kind != Probe::Kind::voltage) return 0;
  if (by_node) return (input.plus == by.plus ? 1 : 0) - (input.minus == by.plus ? 1 : 0);
  return input.plus == by.minus && input.minus == by.plus ? -1 : 0;
}

struct NestedCall {
  explicit NestedCall(int& of) : depth(of) { ++depth; }
  ~NestedCall() { --depth; }
  NestedCall(const NestedCall&) = delete;
  NestedCall& operator=(const NestedCall&) = delete;
  int& depth;
};

}  // namespace

Compiler::Id Compiler::compile(const Expression& expression, Environment& environment, Program& program) {
  problems_.clear();
  work_ = 0;
  depth_ = 0;
  ProgramBuilder builder(program);
  Place place{expression, environment, nullptr, builder};
  return need(part(place, static_cast<std::uint32_t>(expression.nodes.size() - 1)));
}

Compiler::Id Compiler::need(const Value& value) const {
  if (value.id == Program::none) throw problems_[value.problem];
  return value.id;
}

Compiler::Value Compiler::remember(Problem problem) {
  problems_.push_back(std::move(problem));
  return {Program::none, static_cast<std::uint32_t>(problems_.size() - 1)};
}

// Node after node, operands first: the depth of an expression costs no stack.
Compiler::Value Compiler::part(Place& place, std::uint32_t root) {
  const std::vector<bool> needed = needed_nodes(place, root);
  std::vector<Value> values(root + 1);
  for (std::uint32_t i = 0; i <= root; ++i) {
    if (!needed[i]) continue;
    const Expression::Node& node = place.expression.nodes[i];
    evaluator_.work(node.at);
    if (++work_ > most_work)
      throw Problem{node.at, "this expression is too large, with the functions it uses"};
    try {
      values[i].id = this->node(place, node, values);
    } catch (const Problem& problem) {
      values[i] = remember(problem);
    }
  }
  return values[root];
}

std::vector<bool> Compiler::needed_nodes(const Place& place, std::uint32_t root) const {
  std::vector<bool> needed(root + 1);
  needed[root] = true;
  for (std::uint32_t i = root + 1; i-- > 0;) {
    if (!needed[i]) continue;
    const Expression::Node& node = place.expression.nodes[i];
    std::size_t first = 0;
    if (node.kind == ExpressionKind::call && place.environment.function(node.name) == nullptr) {
      const Function* const function = find_function(node.name);
      if (function == nullptr) continue;  // a quantity: its arguments are names
      first = operands_apart(*function);
    }
    for (std::size_t k = first; k < node.operands.size(); ++k) needed[node.operands[k]] = true;
  }
  return needed;
}

Compiler::Id Compiler::node(Place& place, const Expression::Node& node, const std::vector<Value>& values) {
  ProgramBuilder& b = place.builder;
  const auto operand = [&](std::size_t i) { return need(values[node.operands[i]]); };
  switch (node.kind) {
    case ExpressionKind::number:
      return b.constant(node.number);
    case ExpressionKind::variable:
      return variable(place, node);
    case ExpressionKind::call:
      return call(place, node, values);
    case ExpressionKind::logical_and:
    case ExpressionKind::logical_or: {
      const Id left = b.truth(operand(0));
      const bool all = node.kind == ExpressionKind::logical_and;
      if (b.is_constant(left) && (b.constant_value(left) != 0) != all) return left;
      return all ? b.logical_and(left, operand(1)) : b.logical_or(left, operand(1));
    }
    case ExpressionKind::conditional:
      return choose(place, node, values);
    default:
      break;
  }
  std::vector<Id> operands;
  for (std::size_t i = 0; i < node.operands.size(); ++i) operands.push_back(operand(i));
  const Operator& known = find_operator(node.kind);
  if (known.divides && b.is_constant(operands[1]) && b.constant_value(operands[1]) == 0)
    throw Problem{node.at, "division by zero"};
  if (node.kind == ExpressionKind::power) warn_of_power(place, node, operands[0], operands[1]);
  return known.build(b, operands);
}

void Compiler::warn_of_power(const Place& place, const Expression::Node& node, Id base, Id exponent) {
  const ProgramBuilder& b = place.builder;
  warn_of_exclusive_or(place.expression, node, messages_);
  if (b.is_constant(exponent) && !b.is_constant(base) &&
      std::fmod(std::abs(b.constant_value(exponent)), 2) == 1)
    messages_.warning({node.at, fmt::format("the power is of the left side's absolute value, as in ngspice"),
                       "write pwr(x, y) to keep the sign, or multiply"});
}

Compiler::Id Compiler::choose(Place& place, const Expression::Node& node, const std::vector<Value>& values) {
  ProgramBuilder& b = place.builder;
  const Id condition = b.truth(need(values[node.operands[0]]));
  if (b.is_constant(condition)) return need(values[node.operands[b.constant_value(condition) != 0 ? 1 : 2]]);
  return b.select(condition, need(values[node.operands[1]]), need(values[node.operands[2]]));
}

const Compiler::Unknown* Compiler::find_unknown(const Place& place, std::string_view name,
                                                const Frame* argument_of) {
  for (const Unknown* at = place.unknown; at; at = at->outer)
    if (at->name == name && at->argument_of == argument_of) return at;
  return nullptr;
}

Compiler::Id Compiler::variable(Place& place, const Expression::Node& node) {
  ProgramBuilder& b = place.builder;
  if (place.frame) {
    const auto& names = place.frame->function->arguments;
    const auto found = std::find(names.begin(), names.end(), node.name);
    if (found != names.end()) {
      if (const Unknown* const by = find_unknown(place, node.name, place.frame))
        return b.program().input(by->probe);
      return argument(place, place.frame->arguments[static_cast<std::size_t>(found - names.begin())]);
    }
  }
  if (const Unknown* const by = find_unknown(place, node.name, nullptr)) return b.program().input(by->probe);
  if (node.name.starts_with('@')) {
    const std::size_t open = node.at.find('[');
    if (open == std::string_view::npos || !node.at.ends_with(']'))
      throw Problem{node.at, fmt::format("'{}' is no quantity of an element", node.at),
                    "the form is @element[quantity], such as @r1[i]"};
    return element_quantity(place, node.at.substr(open + 1, node.at.size() - open - 2),
                            node.at.substr(1, open - 1));
  }
  if (const Id special = circuitry_.variable(b.program(), node.name); special != Program::none)
    return special;
  // Parameters of these names are hidden, as in ngspice; `freq`, which is Xyce's, is often one.
  if (node.name == "time") return b.program().input({.kind = Probe::Kind::time});
  if (node.name == "hertz") return b.program().input({.kind = Probe::Kind::frequency});
  if (const std::optional<double> number = evaluator_.named_value(node.name, place.environment))
    return b.constant(*number);
  if (is_circuit_variable(node.name)) return b.program().input({.kind = Probe::Kind::frequency});
  Evaluator::fail_unknown(node, place.environment);
}

Compiler::Id Compiler::argument(Place& place, const Argument& argument) {
  const Frame& frame = *place.frame;
  if (frame.program == &place.builder.program()) return need(argument.value);
  // The body of an integral is a program of its own.
  Place caller{*frame.expression, place.environment, frame.caller, place.builder, frame.unknown};
  return need(part(caller, argument.node));
}

Compiler::Id Compiler::call(Place& place, const Expression::Node& node, const std::vector<Value>& values) {
  if (const FunctionDefinition* const function = place.environment.function(node.name))
    return call_defined(place, *function, node, values);
  if (const Function* const function = find_function(node.name))
    return call_known(place, *function, node, values);
  if (node.name == "v" || node.name == "n" || circuitry_.is_accessor(node.name)) return quantity(place, node);
  Evaluator::fail_unknown(node, place.environment);
}

Compiler::Id Compiler::call_defined(Place& place, const FunctionDefinition& function,
                                    const Expression::Node& node, const std::vector<Value>& values) {
  check_operand_count(node, function.arguments.size(), static_cast<int>(function.arguments.size()));
  for (const Frame* at = place.frame; at; at = at->caller)
    if (at->function == &function) throw Problem{node.at, fmt::format("function '{}' calls itself", node.at)};
  if (depth_ >= deepest_call)
    throw Problem{node.at, fmt::format("functions call each other more than {} deep", deepest_call)};
  Frame frame{&function, {}, &place.expression, place.frame, &place.builder.program(), place.unknown};
  const std::vector<std::string_view> texts = split_arguments(node.inside);
  for (std::size_t i = 0; i < node.operands.size(); ++i)
    frame.arguments.push_back({values[node.operands[i]], node.operands[i],
                               texts.size() == node.operands.size() ? texts[i] : std::string_view()});
  Place inner{function.body, place.environment, &frame, place.builder, place.unknown};
  const NestedCall nested(depth_);
  return need(part(inner, static_cast<std::uint32_t>(function.body.nodes.size() - 1)));
}

Compiler::Id Compiler::call_known(Place& place, const Function& function, const Expression::Node& node,
                                  const std::vector<Value>& values) {
  check_operand_count(node, static_cast<std::size_t>(function.least), function.most);
  if (function.kind == Function::Kind::condition) return choose(place, node, values);
  if (function.kind == Function::Kind::derivative || function.kind == Function::Kind::integral)
    return auxiliary(place, function, node, values);
  if (function.kind == Function::Kind::slope) return slope(place, node);
  ProgramBuilder& b = place.builder;
  std::vector<Id> operands;
  std::vector<double> numbers;
  for (const std::uint32_t operand : node.operands) {
    operands.push_back(need(values[operand]));
    if (b.is_constant(operands.back())) numbers.push_back(b.constant_value(operands.back()));
  }
  const bool constant = numbers.size() == operands.size();
  if (constant) {
    const double number = evaluator_.call(function, node, numbers);
    if (function.build == nullptr || evaluator_.draws(function, operands.size())) return b.constant(number);
  }
  if (function.build == nullptr || evaluator_.draws(function, operands.size()))
    throw Problem{node.at, fmt::format("the arguments of '{}' must be numbers", node.at),
                  "it has one value for the whole simulation; the voltage of a TRRANDOM or TRNOISE source "
                  "varies"};
  const Id result = function.build(b, operands);
  if (result == Program::none)
    throw Problem{node.at,
                  fmt::format("the points of '{}' are not pairs of numbers in ascending order", node.at),
                  "write its argument, then x1,y1, x2,y2, …"};
  return result;
}

Compiler::Id Compiler::auxiliary(Place& place, const Function& function, const Expression::Node& node,
                                 const std::vector<Value>& values) {
  ProgramBuilder& b = place.builder;
  const bool integral = function.kind == Function::Kind::integral;
  double initial = 0;
  if (node.operands.size() > 1) {
    const Id given = need(values[node.operands[1]]);
    if (!b.is_constant(given))
      throw Problem{node.at, fmt::format("the initial value of '{}' must be a number", node.at)};
    initial = b.constant_value(given);
  }
  Program body;
  ProgramBuilder inner_builder(body);
  Place inner{place.expression, place.environment, place.frame, inner_builder, place.unknown};
  body.finish(need(part(inner, node.operands[0])));
  if (std::ranges::any_of(body.inputs(), [](const Probe& input) { return input.accessor == derived_by; }))
    throw Problem{node.at, fmt::format("'ddx' does not derive {}()", node.at)};
  if (body.is_constant() && !integral) return b.constant(0);
  const std::uint32_t number = circuitry_.auxiliary(integral, std::move(body), initial);
  return b.program().input(
      {.kind = integral ? Probe::Kind::integral : Probe::Kind::derivative, .auxiliary = number});
}

Compiler::Id Compiler::slope(Place& place, const Expression::Node& node) {
  const Expression::Node& by = place.expression.nodes[node.operands[1]];
  const bool named = by.kind == ExpressionKind::variable && !by.name.starts_with('@');
  if (!named && by.kind != ExpressionKind::variable && by.kind != ExpressionKind::call)
    throw Problem{by.at, fmt::format("'{}' derives by one quantity, no expression", node.at),
                  "it may be v(node), i(element), time, a parameter or an argument of a .func"};
  Program alone;
  ProgramBuilder alone_builder(alone);
  Place by_place{place.expression, place.environment, place.frame, alone_builder, place.unknown};
  const Id by_id = need(part(by_place, node.operands[1]));
  std::optional<Probe> quantity;
  if (const Program::Instruction& read = alone.code()[by_id]; read.operation == Program::Operation::input)
    quantity = alone.inputs()[read.a];
  if (!named && !quantity)
    throw Problem{by.at, fmt::format("'{}' is no quantity that '{}' derives by", by.at, node.at)};
  const Frame* argument_of = nullptr;
  if (named && place.frame &&
      std::ranges::find(place.frame->function->arguments, by.name) != place.frame->function->arguments.end())
    argument_of = place.frame;
  std::uint32_t depth = 0;
  for (const Unknown* at = place.unknown; at; at = at->outer) ++depth;
  const Unknown unknown{by.name,
                        argument_of,
                        {.kind = Probe::Kind::element, .element = depth, .accessor = std::string(derived_by)},
                        place.unknown};
  // A quantity of the circuit is derived by wherever it is read, a name where it is written.
  const bool by_name = named && (argument_of != nullptr || !quantity);
  const Probe& probe = by_name ? unknown.probe : *quantity;
  const bool by_node = by.kind == ExpressionKind::call && split_arguments(by.inside).size() == 1;
  Program body;
  ProgramBuilder inner_builder(body);
  Place inner{place.expression, place.environment, place.frame, inner_builder,
              by_name ? &unknown : place.unknown};
  const Id value = need(part(inner, node.operands[0]));
  body.finish(append_slope(inner_builder, value, [&](const Probe& input) {
    if (input.kind == Probe::Kind::integral || input.kind == Probe::Kind::derivative)
      throw Problem{node.at, fmt::format("'{}' does not derive ddt() and idt()", node.at)};
    return input_by_input(input, probe, by_node);
  }));
  std::vector<Id> inputs(body.inputs().size(), Program::none);
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (by_name && body.inputs()[i] == unknown.probe) inputs[i] = need(part(place, node.operands[1]));
  return place.builder.program().append(body, inputs);
}

Compiler::Id Compiler::quantity(Place& place, const Expression::Node& node) {
  std::vector<std::string_view> names = split_arguments(node.inside);
  const bool voltage = node.name == "v";
  if (names.size() > (voltage ? 2u : 1u))
    throw Problem{node.at, fmt::format("'{}' takes {}, not {}", node.at, voltage ? "1 or 2 names" : "1 name",
                                       names.size())};
  for (std::string_view& name : names) {
    if (const std::string_view given = name_behind(name, place.frame); given.data() != name.data())
      name = as_node_number(given);
    if (!is_word(name))
      throw Problem{name.empty() ? node.at : name, fmt::format("expected the name of {} in '{}(…)'",
                                                               voltage ? "a node" : "an element", node.at)};
  }
  Program& program = place.builder.program();
  if (node.name == "n") {  // Xyce's for all unknowns of a circuit
    const std::size_t colon = names[0].rfind(':');
    if (colon == std::string_view::npos) return circuitry_.voltage(program, names[0], {});
    return element_quantity(place, names[0].substr(colon + 1), names[0].substr(0, colon));
  }
  if (!voltage) return element_quantity(place, node.at, names[0]);
  return circuitry_.voltage(program, names[0], names.size() > 1 ? names[1] : std::string_view());
}

Compiler::Id Compiler::element_quantity(Place& place, std::string_view accessor, std::string_view element) {
  return circuitry_.element(place.builder.program(), accessor, element);
}

std::string_view Compiler::name_behind(std::string_view name, const Frame* frame) const {
  for (; frame; frame = frame->caller) {
    const std::string lower_case = to_lower(name);
    const auto& names = frame->function->arguments;
    const auto found = std::find(names.begin(), names.end(), lower_case);
    if (found == names.end()) break;
    name = frame->arguments[static_cast<std::size_t>(found - names.begin())].text;
  }
  return name;
}

}  // namespace memspice
