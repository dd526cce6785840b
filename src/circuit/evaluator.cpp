#include "circuit/evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuit/functions.hpp"
#include "circuit/spelling.hpp"

namespace memspice {
namespace {

using Kind = Expression::Kind;

constexpr int deepest = 4096;

class DepthGuard {
 public:
  DepthGuard(int& depth, std::string_view at) : depth_(depth) {
    if (depth_ >= deepest) throw Problem{at, "this value is nested too deeply, with the parameters it uses"};
    ++depth_;
  }
  ~DepthGuard() { --depth_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;

 private:
  int& depth_;
};

double finite(double value, std::string_view at, std::string_view what) {
  if (std::isnan(value)) throw Problem{at, fmt::format("{} is not a number", what)};
  if (std::isinf(value)) throw Problem{at, fmt::format("{} is infinite", what)};
  return value;
}

double operation(const Expression::Node& node, double a, double b) {
  switch (node.kind) {
    case Kind::add:
      return a + b;
    case Kind::subtract:
      return a - b;
    case Kind::multiply:
      return a * b;
    case Kind::divide:
    case Kind::modulo:
      if (b == 0) throw Problem{node.at, "division by zero"};
      return node.kind == Kind::divide ? a / b : std::fmod(a, b);
    case Kind::power:
      return std::pow(a, b);
    case Kind::equal:
      return a == b;
    case Kind::not_equal:
      return a != b;
    case Kind::less:
      return a < b;
    case Kind::less_equal:
      return a <= b;
    case Kind::greater:
      return a > b;
    default:
      return a >= b;
  }
}

std::string signature(std::string_view name, int least, int most) {
  if (most == least) return fmt::format("'{}' takes {} argument{}", name, least, least == 1 ? "" : "s");
  return fmt::format("'{}' takes at least {} argument{}", name, least, least == 1 ? "" : "s");
}

}  // namespace

double Evaluator::value(const Expression& expression, Scope& scope) {
  return evaluate(expression, static_cast<std::uint32_t>(expression.nodes.size() - 1), scope, nullptr);
}

double Evaluator::parameter(Scope& scope, std::uint32_t number) {
  const ParameterDefinition& definition = scope.body->parameters[number];
  switch (scope.states[number]) {
    case Scope::State::given:
    case Scope::State::known:
      return scope.values[number];
    case Scope::State::failed:
      throw failures_.at({&scope, number});
    case Scope::State::in_progress:
      fail_cycle(scope, number);
    case Scope::State::unknown:
      break;
  }
  scope.states[number] = Scope::State::in_progress;
  active_.push_back({&scope, number});
  try {
    scope.values[number] = value(definition.expression, scope);
  } catch (const Problem& problem) {
    active_.pop_back();
    scope.states[number] = Scope::State::failed;
    failures_.insert_or_assign({&scope, number}, problem);
    throw;
  }
  active_.pop_back();
  scope.states[number] = Scope::State::known;
  return scope.values[number];
}

void Evaluator::fail_cycle(const Scope& scope, std::uint32_t number) const {
  const auto first = std::find_if(active_.begin(), active_.end(), [&](const Active& active) {
    return active.scope == &scope && active.number == number;
  });
  std::string chain;
  for (auto active = first; active != active_.end(); ++active)
    chain += fmt::format("{} -> ", active->scope->body->parameters[active->number].at);
  const std::string_view name = scope.body->parameters[number].at;
  throw Problem{name, fmt::format("parameter '{}' depends on itself: {}{}", name, chain, name)};
}

double Evaluator::evaluate(const Expression& expression, std::uint32_t index, Scope& scope,
                           const Frame* frame) {
  const Expression::Node& node = expression.nodes[index];
  const DepthGuard guard(depth_, node.at);
  const auto operand = [&](std::size_t i) { return evaluate(expression, node.operands[i], scope, frame); };
  switch (node.kind) {
    case Kind::number:
      return node.number;
    case Kind::variable:
      return variable(node, scope, frame);
    case Kind::call:
      return call(expression, node, scope, frame);
    case Kind::negate:
      return -operand(0);
    case Kind::logical_not:
      return operand(0) == 0;
    case Kind::logical_and:
      return operand(0) != 0 && operand(1) != 0;
    case Kind::logical_or:
      return operand(0) != 0 || operand(1) != 0;
    case Kind::conditional:
      return operand(0) != 0 ? operand(1) : operand(2);
    default:
      break;
  }
  const double left = operand(0);
  return finite(operation(node, left, operand(1)), node.at, "the result");
}

double Evaluator::variable(const Expression::Node& node, Scope& scope, const Frame* frame) {
  if (frame) {
    const auto& arguments = frame->function->arguments;
    const auto found = std::find(arguments.begin(), arguments.end(), node.name);
    if (found != arguments.end()) return frame->values[static_cast<std::size_t>(found - arguments.begin())];
  }
  for (Scope* at = &scope; at; at = at->caller)
    if (const auto found = at->body->parameter_numbers.find(node.name);
        found != at->body->parameter_numbers.end())
      return parameter(*at, found->second);
  if (const std::optional<double> constant = find_constant(node.name)) return *constant;
  if (const std::string_view meaning = reserved_meaning(node.name); !meaning.empty())
    throw Problem{node.at, fmt::format("'{}' is {}, it has no value here", node.at, meaning),
                  "memspice does not evaluate it yet"};
  std::vector<std::string_view> candidates = constant_names();
  for (const Scope* at = &scope; at; at = at->caller) append_names(at->body->parameter_numbers, candidates);
  throw Problem{node.at, fmt::format("unknown parameter '{}'", node.at), did_you_mean(node.name, candidates)};
}

double Evaluator::call(const Expression& expression, const Expression::Node& node, Scope& scope,
                       const Frame* frame) {
  const auto operand = [&](std::size_t i) { return evaluate(expression, node.operands[i], scope, frame); };
  const auto check_count = [&](int least, int most) {
    const auto given = static_cast<int>(node.operands.size());
    if (given < least || (most >= 0 && given > most))
      throw Problem{node.at, fmt::format("{}, not {}", signature(node.at, least, most), given)};
  };
  const auto all_operands = [&] {
    std::vector<double> values;
    for (std::size_t i = 0; i < node.operands.size(); ++i) values.push_back(operand(i));
    return values;
  };
  for (Scope* at = &scope; at; at = at->caller)
    if (const auto found = at->body->functions.find(node.name); found != at->body->functions.end()) {
      const auto count = static_cast<int>(found->second.arguments.size());
      check_count(count, count);
      return call_defined(found->second, all_operands(), node, scope, frame);
    }
  if (node.name == "if" || node.name == "ternary_fcn") {
    check_count(3, 3);
    return operand(0) != 0 ? operand(1) : operand(2);
  }
  if (const Function* function = find_function(node.name)) {
    check_count(function->least, function->most);
    const std::vector<double> values = all_operands();
    return finite(function->value(values), node.at,
                  fmt::format("{}({:g})", node.name, fmt::join(values, ", ")));
  }
  if (const std::string_view meaning = reserved_meaning(node.name); !meaning.empty())
    throw Problem{node.at, fmt::format("'{}' is {}, it has no value here", node.at, meaning),
                  "memspice does not evaluate it yet"};
  std::vector<std::string_view> candidates = function_names();
  for (const Scope* at = &scope; at; at = at->caller) append_names(at->body->functions, candidates);
  throw Problem{node.at, fmt::format("unknown function '{}'", node.at), did_you_mean(node.name, candidates)};
}

double Evaluator::call_defined(const FunctionDefinition& function, std::vector<double> arguments,
                               const Expression::Node& node, Scope& scope, const Frame* frame) {
  for (const Frame* at = frame; at; at = at->caller)
    if (at->function == &function) throw Problem{node.at, fmt::format("function '{}' calls itself", node.at)};
  const Frame inner{&function, std::move(arguments), frame};
  return evaluate(function.body, static_cast<std::uint32_t>(function.body.nodes.size() - 1), scope, &inner);
}

}  // namespace memspice
