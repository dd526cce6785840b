// ddx(): against difference quotients, closed forms, and itself applied twice.

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "expression/functions.hpp"
#include "expression/operators.hpp"
#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::run_deck;

namespace {

/// The values of expressions of v(x), v(y) and the parameter p at these numbers.
std::vector<double> values_of(const std::vector<std::string>& expressions, double x, double y, double p,
                              const std::string& cards = {}) {
  std::string deck = fmt::format(".param p={:.17g}\nVx x 0 {:.17g}\nVy y 0 {:.17g}\n{}", p, x, y, cards);
  for (std::size_t i = 0; i < expressions.size(); ++i)
    deck += fmt::format("B{0} b{0} 0 V={{{1}}}\nR{0} b{0} 0 1\n", i, expressions[i]);
  const auto run = run_deck(deck + ".op\n");
  std::vector<double> values;
  for (std::size_t i = 0; i < expressions.size(); ++i) values.push_back(run[fmt::format("v(b{})", i)][0]);
  return values;
}

double value_of(const std::string& expression, double x, double y, double p, const std::string& cards = {}) {
  return values_of({expression}, x, y, p, cards)[0];
}

std::string refusal(const std::string& deck) {
  try {
    run_deck(deck);
  } catch (const DeckError& error) {
    return error.diagnostics().front().message;
  }
  return {};
}

}  // namespace

TEST_CASE("ddx of every function and operator is the limit of its difference quotients") {
  testing::Random random(8);
  std::vector<std::string> forms{"-{0}",
                                 "({0})/({1})",
                                 "({0})*({1})",
                                 "({0})-({1})",
                                 "({0})**2.5",
                                 "2**({0})",
                                 "({0}) > 0 ? ({0})*({0}) : ({1})"};
  for (const Function& function : functions()) {
    if (function.kind != Function::Kind::plain || function.build == nullptr) continue;
    const bool table = function.name == "table" || function.name == "pwl";
    std::string form = fmt::format("{}({{0}}", function.name);
    for (int k = 1; k < (function.most > 0 ? function.most : 2) && !table; ++k)
      form += k == 1 ? ", {1}" : ", 3*({1})";
    forms.push_back(form + (table ? ", -2, 1, 0.3, 2, 1, -1)" : ")"));
  }
  CHECK(forms.size() > 45);
  for (const std::string& form : forms) {
    for (int round = 0; round < 6; ++round) {
      const double x = random.uniform(0.05, 0.9) + (form.starts_with("acosh") ? 1 : 0);
      const double y = random.uniform(1, 2), p = random.uniform(0.5, 2);
      const auto at = [&](const std::string& a, const std::string& b) {
        return fmt::format(fmt::runtime(form), a, b);
      };
      constexpr double h = 1e-5;
      for (const auto& [f, by, dx, dy, dp] : {std::tuple{at("v(x)", "v(y)"), "v(x)", h, 0., 0.},
                                              {at("v(x)", "v(y)"), "v(y)", 0., h, 0.},
                                              {at("v(x)*p/1.3", "v(y)+p"), "p", 0., 0., h}}) {
        CAPTURE(f);
        CAPTURE(by);
        const auto found = values_of({"ddx(" + f + ", " + by + ")", f}, x, y, p);
        const double above = value_of(f, x + dx, y + dy, p + dp), below = value_of(f, x - dx, y - dy, p - dp);
        if (std::abs(above - below) > 1e-3 * (1 + std::abs(above))) continue;  // a jump
        if (std::abs(above - 2 * found[1] + below) > 1e-7) continue;           // a corner
        CHECK(found[0] == testing::approx((above - below) / (2 * h)).epsilon(1e-5).scale(0.01));
      }
    }
  }
}

TEST_CASE("ddx goes through functions, arguments, itself, differences and currents") {
  const std::string cards =
      ".func g(a,b) {a*a*b}\n.func dg(a,b) {ddx(g(a,b), a)}\n.func slope(n) {ddx(v(n)*v(n), v(n))}\n"
      ".func by(a) {a + ddx(a*p, p)}\n";
  const double x = 0.7, y = 1.3, p = 2;
  const auto value = [&](const std::string& expression) { return value_of(expression, x, y, p, cards); };
  CHECK(value("dg(v(x), v(y))") == testing::approx(2 * x * y));
  CHECK(value("slope(x)") == testing::approx(2 * x));
  CHECK(value("ddx(dg(v(x), v(y)), v(x))") == testing::approx(2 * y));
  CHECK(value("ddx(dg(p, p), p)") == testing::approx(4 * p));
  CHECK(value("ddx(ddx(p*p*p*v(x)*v(x), p), v(x))") == testing::approx(3 * p * p * 2 * x));
  CHECK(value("ddx(ddx(sin(p*v(x)), v(x)), p)") ==
        testing::approx(std::cos(p * x) - p * x * std::sin(p * x)));
  CHECK(value("by(p*p)") == testing::approx(p * p + p * p));  // an argument does not change with p
  CHECK(value("ddx(v(x,y)*v(x,y), v(x))") == testing::approx(2 * (x - y)));
  CHECK(value("ddx(v(x,y)*v(x,y), v(y))") == testing::approx(-2 * (x - y)));
  CHECK(value("ddx(v(x,y)*v(y,x), v(x,y))") == testing::approx(-2 * (x - y)));
  CHECK(value_of("ddx(i(Rs)*i(Rs), i(Rs))", x, y, p, "Rs x 0 2\n") == testing::approx(x));
}

TEST_CASE("ddx of the running circuit: by time, in its Jacobian, in outputs") {
  const auto run = run_deck(
      "V1 a 0 SIN(0 1 1k)\nB1 b 0 V={ddx(sin(6283*time)*v(a), time)}\nR1 b 0 1\n.tran 1u 1m\n"
      ".meas tran worst max {abs(ddx(v(a)*v(a)*v(a), v(a)) - 3*v(a)*v(a))}\n"
      ".meas tran other max {abs(ddx(v(a,b)*v(a,b), v(b)) + 2*v(a,b))}\n");
  for (std::size_t row = 0; row < run.rows(); ++row)
    CHECK(
        run["v(b)"][row] ==
        testing::approx(6283 * std::cos(6283 * run["time"][row]) * run["v(a)"][row]).epsilon(1e-6).scale(1));
  CHECK(*run.analysis().measures[0].value < 1e-12);
  CHECK(*run.analysis().measures[1].value < 1e-12);
  // x³/3 with its own slope as the current: x² = 2 V.
  const auto solved =
      run_deck("I1 0 x 2\nB1 x 0 I={ddx(v(x)*v(x)*v(x)/3, v(x))}\nR1 x 0 1e9\n.nodeset v(x)=1\n.op\n");
  CHECK(solved["v(x)"][0] == testing::approx(std::sqrt(2)).epsilon(1e-6));
}

TEST_CASE("ddx by what is no quantity is refused") {
  const auto of = [](const std::string& value) {
    return refusal("V1 a 0 1\nR1 b 0 1\nB1 b 0 V={" + value + "}\n.op\n");
  };
  CHECK(of("ddx(v(a), 2*v(a))") == "'ddx' derives by one quantity, no expression");
  CHECK(of("ddx(v(a), 3)") == "'ddx' derives by one quantity, no expression");
  CHECK(of("ddx(v(a), v(0))") == "'v' is no quantity that 'ddx' derives by");
  CHECK(of("ddx(ddt(v(a)), v(a))") == "'ddx' does not derive ddt() and idt()");
  CHECK(of("ddx(v(a), nowhere)") == "unknown parameter 'nowhere'");
  CHECK(of("ddx(v(a))") == "'ddx' takes 2 arguments, not 1");
}
