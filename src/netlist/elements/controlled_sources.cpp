#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/elements/behaviour.hpp"
#include "netlist/elements/element_words.hpp"
#include "netlist/elements/source_factor.hpp"
#include "netlist/elements/transfer_functions.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;
using Operation = Program::Operation;

constexpr std::size_t most_dimensions = 64;

/// The expression table(argument, x1, y1, …).
Expression table_call(Expression argument, const Program::Table& points, std::string_view at) {
  std::vector<std::uint32_t> operands{static_cast<std::uint32_t>(argument.nodes.size() - 1)};
  const auto add = [&](double value) {
    operands.push_back(static_cast<std::uint32_t>(argument.nodes.size()));
    argument.nodes.push_back({Expression::Kind::number, at, value, {}, {}});
  };
  for (const auto& [x, y] : points) {
    add(x);
    add(y);
  }
  argument.nodes.push_back({Expression::Kind::call, at, 0, "table", std::move(operands)});
  return argument;
}

/// SPICE2's polynomial: degree by degree, and within one the products in the order of their variables: 1, a,
/// b, a a, a b, b b, a a a, …
std::uint32_t polynomial(Program& program, std::span<const std::uint32_t> variables,
                         std::span<const double> coefficients) {
  struct Product {
    std::uint32_t value;
    std::size_t last;  // the last variable in it
  };
  std::vector<Product> products{{program.constant(1), 0}};  // of one degree
  std::uint32_t sum = program.constant(0);
  for (std::size_t next = 0; next < coefficients.size();) {
    for (const Product& product : products) {
      if (next == coefficients.size()) break;
      const double coefficient = coefficients[next++];
      if (coefficient == 0) continue;
      const std::uint32_t term =
          program.apply(Operation::multiply, program.constant(coefficient), product.value);
      sum = program.apply(Operation::add, sum, term);
    }
    std::vector<Product> higher;
    for (const Product& product : products) {
      if (next + higher.size() >= coefficients.size()) break;  // all that is needed
      for (std::size_t k = product.last; k < variables.size(); ++k)
        higher.push_back({program.apply(Operation::multiply, product.value, variables[k]), k});
    }
    products = std::move(higher);
  }
  return sum;
}

/// HSPICE's word for a controlled source, which may stand behind the nodes.
std::string_view type_word(char letter) {
  switch (letter) {
    case 'e':
      return "vcvs";
    case 'f':
      return "cccs";
    case 'g':
      return "vccs";
    default:
      return "ccvs";
  }
}

[[noreturn]] void refuse_transfer_function(std::string_view at) {
  throw Problem{at, fmt::format("memspice does not have the transfer function '{}'", at),
                "LAPLACE and FREQ are there, and R, L, C and linear sources"};
}

/// Whether an expression controls LAPLACE or FREQ, and not HSPICE's two nodes or an element.
bool by_expression(const CardReader& reader) {
  return reader.peek().is(Kind::expression) || reader.peek(1).is(Kind::open);
}

Program transfer_input(CardContext& card, bool by_current) {
  Program input;
  const std::uint32_t value =
      by_expression(card.reader)
          ? compile_into(card, input, card.reader.expression(CardReader::Blanks::end_it))
          : controlling_quantity(card, input, by_current);
  input.finish(value);
  return input;
}

/// HSPICE's `k0 k1 … / d0 d1 …`.
RationalFunction polynomials(CardContext& card, std::string_view at) {
  RationalFunction function{{}, {}, 0};
  for (std::vector<double>* part : {&function.numerator, &function.denominator}) {
    while (!at_end_of_list(card.reader) && card.reader.peek().text != "/")
      part->push_back(card.value(CardReader::Blanks::end_it));
    if (part == &function.numerator && !card.reader.at_end() && card.reader.peek().text == "/")
      card.reader.take();
    while (part->size() > 1 && part->back() == 0) part->pop_back();
  }
  if (function.numerator.empty() || function.denominator.empty() ||
      (function.denominator.size() == 1 && function.denominator[0] == 0))
    throw Problem{at, "this LAPLACE has no denominator", "write LAPLACE {v(a)} = {1/(1+s*1m)}"};
  if (function.numerator.size() > function.denominator.size() + 1)
    throw Problem{
        at,
        "the numerator of this LAPLACE has a power of s that is more than 1 above that of the denominator",
        "add poles far above all frequencies of interest"};
  return function;
}

std::uint32_t laplace_source(CardContext& card, std::string_view name, bool by_current, Program& program) {
  const std::string_view at = card.reader.take().text;
  card.reader.accept(Kind::equals);
  const bool braced = by_expression(card.reader);
  const Program input = transfer_input(card, by_current);
  card.reader.accept(Kind::equals);
  card.reader.skip_commas();
  const bool numbers = !braced && !card.reader.peek().is(Kind::expression);
  const RationalFunction function =
      numbers ? polynomials(card, at)
              : rational_function(card, card.reader.expression(CardReader::Blanks::end_it));
  return laplace_response(card, name, function, input, program);
}

std::uint32_t frequency_source(CardContext& card, bool by_current, Program& program) {
  const std::string_view at = card.reader.take().text;
  card.reader.accept(Kind::equals);
  const Program input = transfer_input(card, by_current);
  card.reader.accept(Kind::equals);
  std::vector<std::string> words;
  for (card.reader.skip_marks();
       card.reader.peek().is(Kind::word) && is_name_start(card.reader.peek().text.front());
       card.reader.skip_marks()) {
    const std::string_view word = card.reader.peek().text;
    words.push_back(to_lower(word));
    static constexpr std::string_view known[] = {"db", "mag", "deg", "rad", "r_i"};
    if (std::ranges::find(known, words.back()) == std::end(known))
      throw Problem{word, fmt::format("'{}' is no form of FREQ", word), "they are DB, MAG, DEG, RAD and R_I"};
    card.reader.take();
  }
  card.reader.accept(Kind::equals);
  return table_response(card, at, words, input, program);
}

double source_options(CardContext& card, std::string_view name, bool by_expression, bool voltage) {
  std::vector<std::string_view> names{"m", "ic"};
  if (by_expression) names.insert(names.end(), SourceFactor::names.begin() + 1, SourceFactor::names.end());
  SourceFactor factors;
  for (std::string option; element_option(card.reader, name, names, option);) {
    if (option == "ic")
      card.messages.warning(
          {card.reader.peek().text, "the initial condition of a controlled source has no effect"});
    const std::string_view at = card.reader.peek().text;
    const double given = card.value(CardReader::Blanks::allowed);
    if (option == "m" && !(given > 0))
      throw Problem{at, fmt::format("m must be greater than 0, not {:g}", given)};
    const auto found = std::find(SourceFactor::names.begin(), SourceFactor::names.end(), option);
    if (found != SourceFactor::names.end())
      factors.given[static_cast<std::size_t>(found - SourceFactor::names.begin())] = given;
  }
  const double around = voltage ? 1 : card.scope.multiplier;
  // Linear voltage sources side by side are one; the expression of one is multiplied, as in ngspice.
  if (voltage && !by_expression) return 1;
  const double factor = factors.value(card.circuit.options.temperature) * around;
  if (!std::isfinite(factor))
    throw Problem{name, fmt::format("the factor of '{}' from m, tc1 and tc2 is infinite", name)};
  return factor;
}

Program::Table table_points(CardContext& card) {
  Program::Table points;
  const std::string_view begin = card.reader.peek().text;
  while (!at_end_of_list(card.reader)) {
    const std::string_view at = card.reader.peek().text;
    const double x = card.value(CardReader::Blanks::end_it);
    if (!points.empty() && x <= points.back().first)
      throw Problem{
          at, fmt::format("the arguments of a TABLE must ascend: {:g} follows {:g}", x, points.back().first)};
    if (at_end_of_list(card.reader)) throw Problem{at, "this argument of the TABLE has no value"};
    points.emplace_back(x, card.value(CardReader::Blanks::end_it));
  }
  if (points.empty()) throw Problem{begin, "a TABLE needs at least one pair (x, y)"};
  return points;
}

std::uint32_t linear_source(CardContext& card, Program& program, std::string_view name, bool by_current,
                            double& gain) {
  const std::uint32_t input = controlling_quantity(card, program, by_current);
  card.reader.skip_marks();
  const std::string_view at = card.reader.peek().text;
  if (card.reader.at_assignment()) {
    if (same_word(at, "table")) {  // LTspice
      card.reader.take();
      card.reader.take();
      return program.table(input, table_points(card));
    }
    if (same_word(at, "laplace")) {  // LTspice
      card.reader.take();
      card.reader.take();
      Program alone = std::exchange(program, {});
      alone.finish(input);
      const RationalFunction function =
          rational_function(card, card.reader.expression(CardReader::Blanks::allowed));
      return laplace_response(card, name, function, alone, program);
    }
  }
  if (card.reader.at_end() || card.reader.at_assignment())
    throw Problem{at.empty() ? name : at, fmt::format("'{}' has no gain", name),
                  by_current ? "write it behind the controlling element: n+ n- Vname gain"
                             : "write it behind the controlling nodes: n+ n- nc+ nc- gain"};
  gain = card.value(CardReader::Blanks::end_it);
  return program.apply(Operation::multiply, program.constant(gain), input);
}

std::uint32_t polynomial_source(CardContext& card, Program& program, bool by_current) {
  const std::string_view at = card.reader.take().text;
  card.reader.expect(Kind::open, "'('");
  const std::string_view dimensions_at = card.reader.peek().text;
  const double given = card.value(CardReader::Blanks::end_it);
  if (given < 1 || given > most_dimensions || given != std::floor(given))
    throw Problem{dimensions_at, fmt::format("the dimensions of a POLY are a whole number from 1 to {}, not "
                                             "{:g}",
                                             most_dimensions, given)};
  card.reader.expect(Kind::close, "')'");
  std::vector<std::uint32_t> variables;
  for (auto n = static_cast<std::size_t>(given); n > 0; --n)
    variables.push_back(controlling_quantity(card, program, by_current));
  std::vector<double> coefficients;
  while (!at_end_of_list(card.reader)) coefficients.push_back(card.value(CardReader::Blanks::end_it));
  if (coefficients.empty())
    throw Problem{
        at, "this POLY has no coefficients",
        by_current ? "they follow the controlling elements" : "they follow the pairs of controlling nodes"};
  if (variables.size() == 1 && coefficients.size() == 1) {
    card.messages.warning(
        {at, "the only coefficient of this POLY(1) is a gain, as in SPICE2 and PSpice",
         "in ngspice it is a constant; write a 0 before it, or behind it, to say which is meant"});
    coefficients.insert(coefficients.begin(), 0.0);
  }
  return polynomial(program, variables, coefficients);
}

}  // namespace

void read_controlled_source(CardContext& card) {
  const char letter = card.letter;
  const bool by_current = letter == 'f' || letter == 'h';
  BehaviouralSource source;
  source.where = card.where;
  source.voltage = letter == 'e' || letter == 'h';
  const std::string_view name = card.reader.take().text;
  source.plus = card.node(listed_word(card.reader, "the node n+"));
  source.minus = card.node(listed_word(card.reader, "the node n-"));
  card.reader.skip_marks();
  card.reader.accept_word(type_word(letter));
  card.reader.skip_marks();

  // What is given: an expression, or a program of which the result is known.
  std::optional<Expression> expression;
  Program program;
  std::uint32_t result = 0;
  double gain = 0;
  const std::string word = to_lower(card.reader.peek().text);
  const Token& behind = card.reader.peek(1);
  const bool valued = behind.is(Kind::equals) || behind.is(Kind::expression);
  if ((word == "value" && (valued || behind.is(Kind::open))) ||
      (word == (source.voltage ? "vol" : "cur") && valued)) {
    card.reader.take();
    card.reader.accept(Kind::equals);
    expression = card.reader.expression(CardReader::Blanks::allowed);
  } else if (word == "table" && (valued || behind.is(Kind::open))) {
    const std::string_view at = card.reader.take().text;
    card.reader.accept(Kind::equals);
    Expression argument = card.reader.expression(CardReader::Blanks::end_it);
    card.reader.accept(Kind::equals);
    expression = table_call(std::move(argument), table_points(card), at);
  } else if (word == "poly" && behind.is(Kind::open)) {
    if (!source.voltage && card.scope.multiplier != 1)
      card.elaboration.dialect.name_difference(name, copied_sources);
    result = polynomial_source(card, program, by_current);
  } else if (word == "laplace") {
    result = laplace_source(card, name, by_current, program);
  } else if (word == "freq") {
    result = frequency_source(card, by_current, program);
  } else if (word == "chebyshev") {
    refuse_transfer_function(card.reader.peek().text);
  } else {
    result = linear_source(card, program, name, by_current, gain);
  }

  const double multiplier = source_options(card, name, expression.has_value(), source.voltage);
  if (expression) {
    source.program = compile(card, *expression, multiplier);
  } else {
    program.finish(program.apply(Operation::multiply, program.constant(multiplier), result));
    if (gain != 0 && program.inputs().size() == 1) {
      Program::Workspace work;
      constexpr double one[] = {1};
      source.per_gain = program.value(one, {}, work) / gain;
    }
    source.program = add_program(card.circuit, std::move(program));
  }
  source.name = card.new_element(name);
  card.circuit.behavioural_sources.push_back(source);
}

}  // namespace memspice
