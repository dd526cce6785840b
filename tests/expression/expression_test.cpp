#include "expression/expression.hpp"

#include <doctest/doctest.h>

#include "base/problem.hpp"

using namespace memspice;

namespace {

using Kind = Expression::Kind;

const Expression::Node& root(const Expression& expression) {
  return expression.nodes.back();
}

}  // namespace

TEST_CASE("nodes of any name may be read in an expression") {
  const Expression sum = parse_expression("v(out+) + V(3a, n/2)*2");
  REQUIRE(root(sum).kind == Kind::add);
  const Expression::Node& plus = sum.nodes[root(sum).operands[0]];
  CHECK(plus.kind == Kind::call);
  CHECK(sum.nodes[plus.operands.at(0)].name == "out+");
  const Expression::Node& pair = sum.nodes[sum.nodes[root(sum).operands[1]].operands[0]];
  REQUIRE(pair.operands.size() == 2);
  CHECK(sum.nodes[pair.operands[0]].at == "3a");
}

TEST_CASE("what is not a list of names keeps its message") {
  for (const char* text : {"v(+)*(", "sin(1+)", "v(a b)", "v(a"}) {
    CAPTURE(std::string(text));
    CHECK_THROWS_AS(parse_expression(text), Problem);
  }
  CHECK(parse_expression("w(a-b)").nodes.size() == 4);  // might be a function of the deck's
}

TEST_CASE("braces and quotes group inside an expression, and @ names a quantity of an element") {
  const Expression par = parse_expression("par('v(a)*2') + {1+1}");
  CHECK(root(par).kind == Kind::add);
  const Expression current = parse_expression("2*@R1[i]");
  CHECK(current.nodes[root(current).operands[1]].name == "@r1[i]");
  CHECK_THROWS_AS(parse_expression("{1+1"), Problem);
  CHECK_THROWS_AS(parse_expression("@r1"), Problem);
}

TEST_CASE("a quoted name and a name with an operator in it are names") {
  const Expression quoted = parse_expression("v(\"a b\")");
  CHECK(root(quoted).inside == "\"a b\"");
  CHECK(root(parse_expression("i(v-1)")).inside == "v-1");
}

TEST_CASE("a colon joins the parts of a name, but not of a conditional") {
  CHECK(parse_expression("x1:r1:r * 2").nodes[0].name == "x1:r1:r");
  CHECK(parse_expression("a ? b:c").nodes.size() == 4);
  CHECK(parse_expression("a ? f(b):c").nodes.size() == 5);
}

TEST_CASE("an equals sign compares in a condition only") {
  CHECK(parse_condition("(a = 2)").nodes.back().kind == Expression::Kind::equal);
  CHECK_THROWS_AS(parse_expression("(a = 2)"), Problem);
}

TEST_CASE("LTspice's logical operators are read") {
  CHECK(root(parse_expression("a & b | c")).kind == Kind::logical_or);
  CHECK(root(parse_expression("~a")).kind == Kind::logical_not);
}
