#include "expression/evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/spelling.hpp"
#include "expression/operators.hpp"

namespace memspice {
namespace {

using ExpressionKind = Expression::Kind;

constexpr int deepest_value = 2048;  // sanitized builds need some 3 kB of stack for a level
constexpr std::size_t most_steps = 10'000'000;

// Quantities of the running circuit that are written like functions.
constexpr std::string_view quantity_accessors[] = {"v", "i", "p", "w", "r", "n"};

class DepthGuard {
 public:
  DepthGuard(int& depth, std::string_view at) : depth_(depth) {
    if (depth_ >= deepest_value)
      throw Problem{at, "this value is nested too deeply, with the parameters it uses"};
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

bool is_comparison(const Expression::Node& node) {
  switch (node.kind) {
    case ExpressionKind::equal:
    case ExpressionKind::not_equal:
    case ExpressionKind::less:
    case ExpressionKind::less_equal:
    case ExpressionKind::greater:
    case ExpressionKind::greater_equal:
    case ExpressionKind::logical_not:
    case ExpressionKind::logical_and:
    case ExpressionKind::logical_or:
      return true;
    default:
      return false;
  }
}

}  // namespace

void warn_of_exclusive_or(const Expression& expression, const Expression::Node& power, Messages& messages) {
  if (power.at != "^" || !is_comparison(expression.nodes[power.operands[0]]) ||
      !is_comparison(expression.nodes[power.operands[1]]))
    return;
  messages.warning(
      {power.at, power_warning, "of two conditions '!=' is the exclusive or, '**' the power in all"});
}

void check_argument_count(std::string_view at, std::size_t given, int least, int most) {
  const auto count = static_cast<int>(given);
  if (count >= least && (most < 0 || count <= most)) return;
  const std::string range = most == least       ? fmt::format("{}", least)
                            : most < 0          ? fmt::format("at least {}", least)
                            : most == least + 1 ? fmt::format("{} or {}", least, most)
                                                : fmt::format("{} to {}", least, most);
  throw Problem{at, fmt::format("'{}' takes {} argument{}, not {}", at, range,
                                (most < 0 ? least : most) == 1 ? "" : "s", count)};
}

double Evaluator::value(const Expression& expression, Environment& environment) {
  if (depth_ == 0) steps_ = 0;
  return evaluate(expression, static_cast<std::uint32_t>(expression.nodes.size() - 1), environment, nullptr);
}

void Evaluator::refuse_more_work(std::string_view at) {
  messages_.error(
      {at, options_.budgets.message(Resource::expressions), options_.budgets.hint(Resource::expressions)});
  messages_.throw_errors();
  throw std::logic_error("an error has not been thrown");
}

double Evaluator::evaluate(const Expression& expression, std::uint32_t index, Environment& environment,
                           const Frame* frame) {
  const Expression::Node& node = expression.nodes[index];
  const DepthGuard guard(depth_, node.at);
  work(node.at);
  if (++steps_ > most_steps)
    throw Problem{node.at, "this value takes too long, with the functions and parameters it uses"};
  const auto operand = [&](std::size_t i) {
    return evaluate(expression, node.operands[i], environment, frame);
  };
  switch (node.kind) {
    case ExpressionKind::number:
      return node.number;
    case ExpressionKind::variable:
      return variable(node, environment, frame);
    case ExpressionKind::call:
      return call(expression, node, environment, frame);
    case ExpressionKind::negate:
      return -operand(0);
    case ExpressionKind::logical_not:
      return operand(0) == 0;
    case ExpressionKind::logical_and:
      return operand(0) != 0 && operand(1) != 0;
    case ExpressionKind::logical_or:
      return operand(0) != 0 || operand(1) != 0;
    case ExpressionKind::conditional:
      return operand(0) != 0 ? operand(1) : operand(2);
    default:
      break;
  }
  const std::array operands{operand(0), operand(1)};
  const Operator& known = find_operator(node.kind);
  if (known.divides && operands[1] == 0) throw Problem{node.at, "division by zero"};
  const double result = finite(known.value(operands), node.at, "the result");
  if (node.kind == ExpressionKind::power) warn_of_power(expression, node, operands[0], operands[1], result);
  return result;
}

double Evaluator::variable(const Expression::Node& node, Environment& environment, const Frame* frame) {
  if (frame) {
    const auto& arguments = frame->function->arguments;
    const auto found = std::find(arguments.begin(), arguments.end(), node.name);
    if (found != arguments.end()) return frame->values[static_cast<std::size_t>(found - arguments.begin())];
  }
  if (const std::optional<double> value = named_value(node.name, environment)) return *value;
  fail_unknown(node, environment);
}

std::optional<double> Evaluator::named_value(const std::string& name, Environment& environment) {
  if (const std::optional<double> value = environment.parameter(name)) return value;
  if (name == "temper" || name == "temp") return environment.temperature();
  if (name == "vt") {  // Xyce
    const double kelvin = environment.temperature() - *find_constant("kelvin");
    return *find_constant("boltz") * kelvin / *find_constant("echarge");
  }
  if (name == "gmin") return environment.junction_conductance();  // PSpice, Xyce
  return find_constant(name);
}

void Evaluator::fail_unknown(const Expression::Node& node, const Environment& environment) {
  const bool call = node.kind == ExpressionKind::call;
  const bool quantity = call ? std::find(std::begin(quantity_accessors), std::end(quantity_accessors),
                                         node.name) != std::end(quantity_accessors)
                             : is_circuit_variable(node.name) || node.name.starts_with('@');
  const Function* const function = call ? find_function(node.name) : nullptr;
  if (quantity || function)
    throw Problem{node.at,
                  fmt::format("'{}' is a quantity of the running simulation, it has no value here", node.at),
                  "the expression of a B source may use it"};
  std::vector<std::string_view> candidates = call ? function_names() : constant_names();
  call ? environment.append_functions(candidates) : environment.append_parameters(candidates);
  throw Problem{node.at, fmt::format("unknown {} '{}'", call ? "function" : "parameter", node.at),
                did_you_mean(node.name, candidates)};
}

void Evaluator::warn_of_power(const Expression& expression, const Expression::Node& node, double base,
                              double exponent, double result) {
  warn_of_exclusive_or(expression, node, messages_);
  if (base < 0 && std::fmod(std::abs(exponent), 2) == 1)
    messages_.warning({node.at,
                       fmt::format("{:g}{}{:g} is {:g}, the power of the absolute value, as in ngspice", base,
                                   node.at, exponent, result),
                       fmt::format("pow({:g}, {:g}) keeps the sign", base, exponent)});
}

double Evaluator::call(const Expression& expression, const Expression::Node& node, Environment& environment,
                       const Frame* frame) {
  const auto operand = [&](std::size_t i) {
    return evaluate(expression, node.operands[i], environment, frame);
  };
  const auto all_operands = [&] {
    std::vector<double> values;
    for (std::size_t i = 0; i < node.operands.size(); ++i) values.push_back(operand(i));
    return values;
  };
  if (const FunctionDefinition* const function = environment.function(node.name)) {
    const auto count = static_cast<int>(function->arguments.size());
    check_argument_count(node.at, node.operands.size(), count, count);
    return call_defined(*function, all_operands(), node, environment, frame);
  }
  const Function* const function = find_function(node.name);
  if (!function || function->kind == Function::Kind::derivative ||
      function->kind == Function::Kind::integral || function->kind == Function::Kind::slope)
    fail_unknown(node, environment);
  check_argument_count(node.at, node.operands.size(), function->least, function->most);
  if (function->kind == Function::Kind::condition) return operand(0) != 0 ? operand(1) : operand(2);
  return call(*function, node, all_operands());
}

double Evaluator::call(const Function& function, const Expression::Node& node,
                       std::span<const double> arguments) {
  double result = 0;
  if (draws(function, arguments.size())) {
    if (!random_) random_.emplace(seed_ ? *seed_ : options_.seed.value_or(1), fmt::format("run {}", run_));
    result = function.draw(*random_, arguments);
  } else {
    result = function.value(arguments);
  }
  return finite(result, node.at, fmt::format("{}({:g})", node.name, fmt::join(arguments, ", ")));
}

bool Evaluator::draws(const Function& function, std::size_t arguments) {
  // limit() is drawn with two arguments, and a clamp with three.
  return function.draw != nullptr &&
         (function.value == nullptr || static_cast<int>(arguments) < function.most);
}

void Evaluator::seed(std::optional<std::uint64_t> seed, std::uint64_t run) {
  seed_ = seed;
  run_ = run;
  random_.reset();
}

std::uint64_t Evaluator::seed_for(std::string_view name) const {
  return RandomStream(seed_ ? *seed_ : options_.seed.value_or(1), fmt::format("run {} {}", run_, name))
      .next();
}

double Evaluator::call_defined(const FunctionDefinition& function, std::vector<double> arguments,
                               const Expression::Node& node, Environment& environment, const Frame* frame) {
  for (const Frame* at = frame; at; at = at->caller)
    if (at->function == &function) throw Problem{node.at, fmt::format("function '{}' calls itself", node.at)};
  const Frame inner{&function, std::move(arguments), frame};
  return evaluate(function.body, static_cast<std::uint32_t>(function.body.nodes.size() - 1), environment,
                  &inner);
}

}  // namespace memspice
