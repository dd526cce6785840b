#include "netlist/cards/vectors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "expression/aggregate.hpp"
#include "expression/output_functions.hpp"
#include "expression/vector_compiler.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

bool touches(std::string_view left, std::string_view right) {
  return left.data() + left.size() == right.data();
}

}  // namespace

bool at_vector_pattern(const CardReader& reader) {
  if (!reader.peek().is(Kind::word)) return false;
  if (!reader.peek(1).is(Kind::open)) return true;
  const std::string name = to_lower(reader.peek().text);
  if (!is_name_start(name.front()) || !std::ranges::all_of(name, is_name)) return false;  // -v(a), 2*v(a)
  if (name == "par" || find_accessor_part(name) || find_output_function(name) || find_aggregate(name))
    return false;
  std::size_t n = 2;
  while (reader.peek(n).is(Kind::word) || reader.peek(n).is(Kind::comma)) ++n;
  if (!reader.peek(n).is(Kind::close)) return false;
  // v(a)-v(b): an operator without a blank before it goes on with an expression.
  const Token& behind = reader.peek(n + 1);
  return !behind.is(Kind::word) || !touches(reader.peek(n).text, behind.text) ||
         is_name_start(behind.text.front());
}

bool at_named_expression(const CardReader& reader) {
  return reader.at_assignment() && same_word(reader.peek(2).text, "par") && reader.peek(3).is(Kind::open);
}

VectorExpression vector_expression(CardContext& card, const Expression& read, const MeasureCard* measure) {
  std::vector<std::string> names;
  if (measure != nullptr)
    for (const MeasureCard& earlier : card.circuit.outputs.measures)
      if (earlier.analysis == measure->analysis) names.push_back(earlier.name);
  ScopeEnvironment environment(card.elaboration.values, card.scope);
  VectorExpression expression =
      VectorCompiler(*card.deck.sources, card.elaboration.evaluator, environment, names).compile(read);
  for (const VectorExpression::Node& node : expression.nodes)
    if (node.kind == VectorExpression::Node::Kind::parameter)
      card.circuit.outputs.parameters.emplace(node.name, node.number);
  return expression;
}

VectorExpression vector_expression(CardContext& card, CardReader::Blanks blanks, const MeasureCard* measure) {
  return vector_expression(card, card.reader.expression(blanks), measure);
}

VectorExpression named_expression(CardContext& card) {
  if (!at_named_expression(card.reader)) return vector_expression(card, CardReader::Blanks::end_it, nullptr);
  std::string name = to_lower(card.reader.take().text);
  card.reader.take();
  VectorExpression expression = vector_expression(card, CardReader::Blanks::end_it, nullptr);
  expression.text = std::move(name);
  return expression;
}

RequestedVectors requested_vectors(CardContext& card) {
  const Location where = card.location(card.reader.peek().text);
  if (at_vector_pattern(card.reader)) return {{{vector_pattern(card.reader), where}}, false};
  RequestedVectors requested;
  const VectorExpression expression = vector_expression(card, CardReader::Blanks::end_it, nullptr);
  for (const auto& node : expression.nodes)
    if (node.kind == VectorExpression::Node::Kind::vector) requested.vectors.push_back({node.name, where});
  requested.of_expression = expression.nodes.size() > 1 || !read_aggregate(expression.nodes.front().name);
  return requested;
}

std::string vector_pattern(CardReader& reader) {
  std::string pattern = to_lower(reader.word("a vector such as v(out)"));
  if (!reader.accept(Kind::open)) return pattern;
  pattern += '(';
  append_lower(pattern, reader.word("a name"));
  while (!reader.accept(Kind::close)) {
    reader.accept(Kind::comma);
    pattern += ',';
    append_lower(pattern, reader.word("a name or ')'"));
  }
  return pattern + ')';
}

}  // namespace memspice
