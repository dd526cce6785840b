#include "expression/vector_compiler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/characters.hpp"
#include "base/messages.hpp"
#include "base/problem.hpp"
#include "base/spelling.hpp"
#include "base/wildcard.hpp"
#include "expression/operators.hpp"
#include "expression/output_functions.hpp"

namespace memspice {
namespace {

using ExpressionKind = Expression::Kind;
using VectorNode = VectorExpression::Node;

constexpr std::size_t most_nodes = 100000;  // functions may expand to many

constexpr std::array<AccessorPart, 10> accessor_parts{{
    {"vm", "v", "mag"},
    {"vp", "v", "ph"},
    {"vr", "v", "re"},
    {"vi", "v", "im"},
    {"vdb", "v", "db"},
    {"im", "i", "mag"},
    {"ip", "i", "ph"},
    {"ir", "i", "re"},
    {"ii", "i", "im"},
    {"idb", "i", "db"},
}};

// Of elements, and of vectors that other cards add. Elements of other kinds may have more.
constexpr std::string_view vector_accessors[] = {"v",  "i",  "ix", "p",     "w",   "r",
                                                 "i1", "i2", "wo", "drift", "dno", "dni"};

/// What stands between the parentheses of a call.
std::string argument_text(const Expression& expression, const Expression::Node& call) {
  const char* const end = expression.text.data() + expression.text.size();
  const char* const open = std::find(call.at.data() + call.at.size(), end, '(');
  const char* const close = std::find(open, end, ')');
  return open == end ? std::string() : without_blanks({open + 1, static_cast<std::size_t>(close - open - 1)});
}

bool is_number(const VectorNode& node) {
  return node.kind == VectorNode::Kind::number || node.kind == VectorNode::Kind::parameter;
}

[[noreturn]] void fail_random(const Expression::Node& call) {
  throw Problem{call.at, fmt::format("'{}' is a random function, it has no value here", call.at),
                "draw the number in a .param"};
}

}  // namespace

const AccessorPart* find_accessor_part(std::string_view name) {
  const auto found = std::ranges::find(accessor_parts, name, &AccessorPart::name);
  return found == accessor_parts.end() ? nullptr : &*found;
}

std::string without_blanks(std::string_view text) {
  std::string squeezed;
  const char* const end = text.data() + text.size();
  for (const char* at = skip_blanks(text.data(), end); at != end; at = skip_blanks(at + 1, end))
    squeezed += lower(*at);
  return squeezed;
}

VectorExpression VectorCompiler::compile(const Expression& expression) {
  result_ = {};
  remove_unused(node(expression, static_cast<std::uint32_t>(expression.nodes.size() - 1), nullptr));
  std::string& text = result_.text = without_blanks(expression.text);
  if (text.starts_with("par('") && text.ends_with("')")) text = text.substr(5, text.size() - 7);
  return std::move(result_);
}

std::uint32_t VectorCompiler::node(const Expression& expression, std::uint32_t index, const Frame* frame) {
  const Expression::Node& node = expression.nodes[index];
  switch (node.kind) {
    case ExpressionKind::number: {
      const std::uint32_t number = add(VectorNode::Kind::number, {}, node.at);
      result_.nodes[number].number = node.number;
      return number;
    }
    case ExpressionKind::variable:
      return variable(node, frame);
    case ExpressionKind::call:
      return call(expression, node, frame);
    default:
      break;
  }
  std::vector<std::uint32_t> operands;
  for (const std::uint32_t operand : node.operands)
    operands.push_back(this->node(expression, operand, frame));
  return apply(find_operator(node.kind).name, node.at, std::move(operands));
}

std::uint32_t VectorCompiler::variable(const Expression::Node& node, const Frame* frame) {
  if (frame) {
    const auto& arguments = frame->function->arguments;
    const auto found = std::ranges::find(arguments, node.name);
    if (found != arguments.end()) return frame->nodes[static_cast<std::size_t>(found - arguments.begin())];
  }
  if (node.name.starts_with('@')) return add(VectorNode::Kind::vector, node.name, node.at);
  if (const std::size_t branch = node.name.find("#branch"); branch != std::string::npos)
    return add(VectorNode::Kind::vector, fmt::format("i({})", node.name.substr(0, branch)), node.at);
  if (std::ranges::find(measures_, node.name) != measures_.end())
    return add(VectorNode::Kind::measure, node.name, node.at);
  const bool temperature =
      !environment_.has_parameter(node.name) && (node.name == "temper" || node.name == "temp");
  if (temperature || environment_.has_parameter(node.name) || find_constant(node.name)) {
    const std::uint32_t number = temperature ? add(VectorNode::Kind::parameter, "temper", node.at)
                                 : environment_.has_parameter(node.name)
                                     ? add(VectorNode::Kind::parameter, node.name, node.at)
                                     : add(VectorNode::Kind::number, {}, node.at);
    result_.nodes[number].number = evaluator_.value({{node}, node.at}, environment_);
    return number;
  }
  const bool frequency = node.name == "freq" || node.name == "hertz";
  return add(VectorNode::Kind::vector, frequency ? "frequency" : node.name, node.at);
}

std::uint32_t VectorCompiler::call(const Expression& expression, const Expression::Node& call,
                                   const Frame* frame) {
  const auto operands = [&] {
    std::vector<std::uint32_t> nodes;
    for (const std::uint32_t operand : call.operands) nodes.push_back(node(expression, operand, frame));
    return nodes;
  };
  if (const FunctionDefinition* function = environment_.function(call.name)) {
    if (function->arguments.size() != call.operands.size())
      throw Problem{call.at,
                    fmt::format("'{}' takes {} argument{}, not {}", call.at, function->arguments.size(),
                                function->arguments.size() == 1 ? "" : "s", call.operands.size())};
    for (const Frame* at = frame; at; at = at->caller)
      if (at->function == function)
        throw Problem{call.at, fmt::format("function '{}' calls itself", call.at)};
    Frame inner{function, operands(), {}, frame};
    for (const std::uint32_t operand : call.operands) inner.names.emplace_back(expression.nodes[operand].at);
    return node(function->body, static_cast<std::uint32_t>(function->body.nodes.size() - 1), &inner);
  }
  if (const std::optional<Aggregate> found = aggregate(expression, call, frame)) {
    const auto end = expression.text.data() + expression.text.size();
    const auto close = std::find(std::find(call.at.data(), end, ')') + 1, end, ')');
    return add(VectorNode::Kind::vector, found->name(),
               {call.at.data(), static_cast<std::size_t>(std::min(close + 1, end) - call.at.data())});
  }
  if (const Function* known = find_function(call.name); known && known->kind == Function::Kind::slope)
    return slope(expression, call, frame);
  if (call.name == "par" && call.operands.size() == 1) return node(expression, call.operands[0], frame);
  const bool of_element = environment_.has_element(argument_text(expression, call));
  if (const AccessorPart* part = find_accessor_part(call.name))
    if (part->accessor == "v" || of_element || !find_output_function(call.name))
      return apply(part->function, call.at, {vector(expression, call, part->accessor, frame)});
  if (const OutputFunction* function = find_output_function(call.name)) {
    const auto given = static_cast<int>(call.operands.size());
    if (given < function->least || (function->most >= 0 && given > function->most))
      throw Problem{call.at, fmt::format("'{}' takes {}{} argument{}, not {}", call.at,
                                         function->most == function->least ? "" : "at least ",
                                         function->least, function->least == 1 ? "" : "s", given)};
    if (function->draws_below > given) fail_random(call);
    return apply(function->name, call.at, operands());
  }
  if (of_element || std::ranges::find(vector_accessors, call.name) != std::end(vector_accessors) ||
      call.name.starts_with("output_impedance_at_"))  // of .tf
    return vector(expression, call, call.name, frame);
  if (const Function* known = find_function(call.name); known && known->kind == Function::Kind::random)
    fail_random(call);
  throw Problem{call.at, fmt::format("unknown function '{}'", call.at),
                did_you_mean(call.name, output_function_names())};
}

/// ddx() of an expression by a vector.
std::uint32_t VectorCompiler::slope(const Expression& expression, const Expression::Node& call,
                                    const Frame* frame) {
  check_argument_count(call.at, call.operands.size(), 2, 2);
  const std::uint32_t of = node(expression, call.operands[0], frame);
  const std::uint32_t by = node(expression, call.operands[1], frame);
  if (result_.nodes[by].kind != VectorNode::Kind::vector)
    throw Problem{expression.nodes[call.operands[1]].at,
                  fmt::format("in outputs '{}' derives by a vector", call.at),
                  "B sources know its derivative by a parameter"};
  return apply(call.name, call.at, {of, by});
}

/// What a call of mean(), max() … makes of a pattern; nothing: it is another function.
std::optional<Aggregate> VectorCompiler::aggregate(const Expression& expression, const Expression::Node& call,
                                                   const Frame* frame) {
  const std::optional<Aggregate::Kind> kind = find_aggregate(call.name);
  if (!kind) return {};
  const auto pattern_of = [&](std::uint32_t operand) {
    const Expression::Node& node = expression.nodes[operand];
    std::string names = node.kind == ExpressionKind::call ? argument_text(expression, node) : std::string();
    return has_wildcard(names) && names.find('(') == std::string::npos
               ? fmt::format("{}({})", node.name, names)
               : std::string();
  };
  const bool is_function = find_output_function(call.name) != nullptr;  // of numbers too
  const bool any =
      std::ranges::any_of(call.operands, [&](auto operand) { return !pattern_of(operand).empty(); });
  if (!any && is_function) return {};
  if (*kind == Aggregate::Kind::hist)
    return histogram(expression, call, frame, call.operands.empty() ? "" : pattern_of(call.operands.front()));
  const bool quantile = *kind == Aggregate::Kind::quantile;
  const std::string pattern = call.operands.empty() ? std::string() : pattern_of(call.operands.front());
  if (pattern.empty() || call.operands.size() != (quantile ? 2 : 1))
    throw Problem{call.at,
                  quantile ? fmt::format("'{}' takes one pattern of vectors and a part from 0 to 1", call.at)
                           : fmt::format("'{}' takes one pattern of vectors", call.at),
                  fmt::format("write {}(w(*){})", call.at, quantile ? ", 0.9" : "")};
  Aggregate result{.kind = *kind, .pattern = pattern};
  if (!quantile) return result;
  const std::uint32_t part = node(expression, call.operands[1], frame);
  result.part = result_.nodes[part].number;
  if (!is_number(result_.nodes[part]) || !(result.part >= 0 && result.part <= 1))
    throw Problem{
        expression.nodes[call.operands[1]].at, "the part of a quantile is a number from 0 to 1", {}};
  return result;
}

Aggregate VectorCompiler::histogram(const Expression& expression, const Expression::Node& call,
                                    const Frame* frame, std::string pattern) {
  constexpr const char* hint = "write hist(w(*), 20), or hist(v(*), 20, -1, 1)";
  Aggregate result{.kind = Aggregate::Kind::hist, .pattern = std::move(pattern)};
  std::vector<double> numbers;
  for (std::size_t i = 1; i < call.operands.size(); ++i) {
    const VectorNode& number = result_.nodes[constant(expression, call.operands[i], frame)];
    if (!is_number(number))
      throw Problem{expression.nodes[call.operands[i]].at, "bins and range of a hist are numbers", hint};
    numbers.push_back(number.number);
  }
  if (result.pattern.empty()) throw Problem{call.at, "'hist' takes one pattern of vectors", hint};
  if (const std::string_view wrong = take_bins(result, numbers); !wrong.empty())
    throw Problem{call.at, std::string(wrong), hint};
  return result;
}

/// The value of numbers and parameters, as one node.
std::uint32_t VectorCompiler::constant(const Expression& expression, std::uint32_t operand,
                                       const Frame* frame) {
  const std::uint32_t at = node(expression, operand, frame);
  const VectorNode found = result_.nodes[at];  // add() moves it
  if (found.kind != VectorNode::Kind::call || found.name != "neg" ||
      !is_number(result_.nodes[found.operands[0]]))
    return at;
  const std::uint32_t negative = add(VectorNode::Kind::number, {}, expression.nodes[operand].at);
  result_.nodes[negative].number = -result_.nodes[found.operands[0]].number;
  return negative;
}

std::uint32_t VectorCompiler::vector(const Expression& expression, const Expression::Node& node,
                                     std::string_view accessor, const Frame* frame) {
  std::string names = argument_text(expression, node);
  if (names.empty())
    throw Problem{node.at, fmt::format("'{}' names nothing", node.at),
                  fmt::format("write {}(name)", node.at)};
  if (frame) {  // a function's argument may be the name of a node
    std::string replaced;
    for (std::size_t begin = 0; begin <= names.size();) {
      const std::size_t end = std::min(names.find(',', begin), names.size());
      const std::string name = names.substr(begin, end - begin);
      const auto found = std::ranges::find(frame->function->arguments, name);
      if (!replaced.empty()) replaced += ',';
      replaced +=
          found == frame->function->arguments.end()
              ? name
              : to_lower(frame->names[static_cast<std::size_t>(found - frame->function->arguments.begin())]);
      begin = end + 1;
    }
    names = std::move(replaced);
  }
  const auto end =
      std::find(node.at.data() + node.at.size(), expression.text.data() + expression.text.size(), ')');
  const std::string_view whole(node.at.data(), static_cast<std::size_t>(end + 1 - node.at.data()));
  return add(VectorNode::Kind::vector, fmt::format("{}({})", accessor, names), whole);
}

std::uint32_t VectorCompiler::add(VectorNode::Kind kind, std::string name, std::string_view at,
                                  std::vector<std::uint32_t> operands) {
  evaluator_.work(at);
  if (result_.nodes.size() >= most_nodes) throw Problem{at, "this expression is too long"};
  result_.nodes.push_back({kind, 0, std::move(name), std::move(operands), locate(sources_, at),
                           static_cast<std::uint32_t>(at.size())});
  return static_cast<std::uint32_t>(result_.nodes.size() - 1);
}

std::uint32_t VectorCompiler::apply(std::string_view function, std::string_view at,
                                    std::vector<std::uint32_t> operands) {
  return add(VectorNode::Kind::call, std::string(function), at, std::move(operands));
}

// What only named a node to a function has served.
void VectorCompiler::remove_unused(std::uint32_t root) {
  std::vector<VectorNode>& nodes = result_.nodes;
  nodes.resize(root + 1);
  std::vector<bool> used(nodes.size());
  used.back() = true;
  for (std::size_t i = nodes.size(); i-- > 0;)
    if (used[i])
      for (const std::uint32_t operand : nodes[i].operands) used[operand] = true;
  std::vector<std::uint32_t> place(nodes.size());
  std::uint32_t kept = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!used[i]) continue;
    for (std::uint32_t& operand : nodes[i].operands) operand = place[operand];
    place[i] = kept;
    if (kept != i) nodes[kept] = std::move(nodes[i]);
    ++kept;
  }
  nodes.resize(kept);
}

}  // namespace memspice
