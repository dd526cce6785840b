#include <cmath>
#include <numbers>

#include "netlist/circuits.hpp"
#include "support/approx.hpp"

using namespace memspice;

namespace {

double value_of(const std::string& text, const std::string& cards = {}) {
  return parameter(circuit_of(cards + "R1 a 0 " + text + "\nR2 a 0 1\n"), "r1", "r");
}

}  // namespace

TEST_CASE("operators bind as in ngspice") {
  CHECK(value_of("{1+2*3}") == 7);
  CHECK(value_of("{(1+2)*3}") == 9);
  CHECK(value_of("{2-1-1}") == 0);
  CHECK(value_of("{-2**2}") == -4);
  CHECK(value_of("{2**3**2}") == 64);
  CHECK(value_of("{(-2)**3}") == 8);
  CHECK(value_of("{1 & 0 | ~0}") == 1);
  CHECK(value_of("{2^-1}") == 0.5);
  CHECK(value_of("{10%3*2}") == 2);
  CHECK(value_of("{-8/-2}") == 4);
  CHECK(value_of("{!0+1}") == 2);
  CHECK(value_of("{3--1}") == 4);
  CHECK(value_of("{1k*2}") == 2000);
  CHECK(value_of("{1 < 2 && 2 <= 2 || 0}") == 1);
  CHECK(value_of("{1 > 2 || 2 >= 3}") == 0);
  CHECK(value_of("{(1 == 1) + (1 != 1) + (1 <> 2)}") == 2);
  CHECK(value_of("{0 ? 1 : 1 ? 2 : 3}") == 2);
  CHECK(value_of("'2 * (3 + 4)'") == 14);
}

TEST_CASE("functions and constants have their usual values") {
  CHECK(value_of("{sin(pi/2)+cos(0)+tan(0)}") == testing::approx(2));
  CHECK(value_of("{asin(1)+acos(0)}") == testing::approx(std::numbers::pi));
  CHECK(value_of("{atan2(1,-1)}") == testing::approx(0.75 * std::numbers::pi));
  CHECK(value_of("{atanh(tanh(0.3))+asinh(sinh(1))+acosh(cosh(2))}") == testing::approx(3.3));
  CHECK(value_of("{log(e)+ln(e)+log10(1000)}") == testing::approx(5));
  CHECK(value_of("{sqrt(16)+abs(-1)+sgn(-3)+hypot(3,4)}") == 9);
  CHECK(value_of("{min(3,1,2)+max(3,1,2)}") == 4);
  CHECK(value_of("{floor(-1.5)+ceil(-1.5)+int(-1.5)}") == -4);
  CHECK(value_of("{nint(2.5)+nint(3.5)}") == 6);
  CHECK(value_of("{pow(-2,3)}") == -8);
  CHECK(value_of("{pwr(-2,3)}") == 8);
  CHECK(value_of("{limit(5,1,3)+limit(0,3,1)}") == 4);
  CHECK(value_of("{u(1)+u(-1)+u(0)+uramp(-1)+uramp(2)}") == 3.5);
  CHECK(value_of("{table(1.5, 0,0, 1,10, 2,30)}") == 20);
  CHECK(value_of("{table(9, 0,0, 1,10)}") == 10);
  CHECK(value_of("{pwl(9, 0,0, 1,10)}") == 90);
  CHECK(value_of("{pwl(-1, 0,0, 1,10, 2,30)}") == -10);
  CHECK(value_of("{exp(true)+false}") == std::numbers::e);
  CHECK(value_of("{boltz/echarge*(0-kelvin)}") == testing::approx(0.0235382458055).epsilon(1e-9));
  CHECK(value_of("{planck}") == 6.62607015e-34);
  CHECK(value_of("{ctok+kelvin+1}") == 1);
  CHECK(value_of("{gmin}") == 1e-12);
  CHECK(value_of("{gmin}", ".options gmin=3e-9\n") == 3e-9);
  CHECK(value_of("{gmin}", ".param gmin=5\n") == 5);
}

TEST_CASE("an expression in braces goes on behind them") {
  CHECK(value_of("r={a}*2", ".param a=3\n") == 6);
  CHECK(value_of("{a}*2+{a}", ".param a=3\n") == 9);
  CHECK(value_of("r = 'a' - 1", ".param a=3\n") == 2);
  CHECK(value_of("{b}", ".param a=3 b={a}/2 c=1\n") == 1.5);
}

TEST_CASE("the branch that is not taken is not evaluated") {
  CHECK(value_of("{if(a == 0, 5, 1/a)}", ".param a=0\n") == 5);
  CHECK(value_of("{a != 0 ? 1/a : 6}", ".param a=0\n") == 6);
  CHECK(value_of("{a != 0 && 1/a > 0}", ".param a=0\n") == 0);
  CHECK(value_of("{ternary_fcn(1, 7, 1/0)}") == 7);
}

TEST_CASE("parameters may be used before they are defined, with blanks or without") {
  CHECK(value_of("{a}", ".param a = 2 * b  c=1\n.param b={c+1}\n") == 4);
  CHECK(value_of("a", ".param A=3\n") == 3);
  CHECK(value_of("2*(a+1)", ".param a=3, b=4\n") == 8);
  CHECK(value_of("r = 2 * a", ".param a=3\n") == 6);
  CHECK(value_of("{e+pi}", ".param e=1 pi=2\n") == 3);
}

TEST_CASE("an expression goes on in continuation lines") {
  CHECK(value_of("{1 +\n* comment\n+ 2\n+}") == 3);
  CHECK(value_of("{a}", ".param a = 1 + ; comment\n+ 2 // more\n+ + 3 $ end\n") == 6);
}

TEST_CASE("functions of the deck take arguments, parameters and each other") {
  CHECK(value_of("{twice(3)}", ".func twice(x) {2*x}\n") == 6);
  CHECK(value_of("{area(2,3)}", ".param k=10\n.func area(a, b) = 'sum(a,b)*k'\n.func sum(a b) {a+b}\n") ==
        50);
  CHECK(value_of("{f(1)}", ".param f(x)={x+1}\n") == 2);
  CHECK(value_of("{f(f(1))}", ".func f(x) {x+1}\n") == 3);
}

TEST_CASE("deep nesting is an error, not a crash") {
  const std::string open(10000, '('), close(10000, ')');
  CHECK(error_of("R1 a 0 {" + open + "1" + close + "}\n") == "this expression is nested too deeply");
  CHECK(error_of("R1 a 0 {" + std::string(10000, '-') + "1}\n") == "this expression is nested too deeply");
  CHECK(value_of("{" + std::string(200, '(') + "1" + std::string(200, ')') + "}") == 1);
  std::string chain = ".param p0={p1}\n";
  for (int i = 1; i < 20000; ++i)
    chain += ".param p" + std::to_string(i) + "={p" + std::to_string(i + 1) + "}\n";
  CHECK(error_of(chain + ".param p20000=1\nR1 a 0 {p0}\n") ==
        "this value is nested too deeply, with the parameters it uses");
  std::string sum = "1";
  for (int i = 0; i < 20000; ++i) sum += "+1";
  CHECK(error_of("R1 a 0 {" + sum + "}\n") == "this value is nested too deeply, with the parameters it uses");
}

TEST_CASE("a parameter from the command line replaces the deck's and must be one of them") {
  ElaborateOptions options;
  options.parameters = {{"A", 7}};
  CHECK(parameter(circuit_of(".param a={1/0} b={2*a}\nR1 n 0 {b}\nR2 n 0 1\n", options), "r1", "r") == 14);
  CHECK(error_of(".param b=1\nR1 n 0 {b}\nR2 n 0 1\n", options) == "the deck has no parameter 'A' to be set");
  options.parameters = {{"b", infinity}};
  CHECK(error_of(".param b=1\nR1 n 0 {b}\nR2 n 0 1\n", options) == "parameter 'b' cannot be set to inf");
}

TEST_CASE("a .csparam is checked and otherwise left to scripts") {
  CHECK(error_of(".param a=1\n.csparam b={a}\nR1 n 0 1\nR2 n 0 1\n").empty());
  CHECK(error_of(".csparam b={a}\nR1 n 0 1\nR2 n 0 1\n") == "unknown parameter 'a'");
}
