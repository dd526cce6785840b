// One expression language: every operator and every function gives the same in .param, in a B source, in
// .print, .measure and .save.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "expression/functions.hpp"
#include "expression/operators.hpp"
#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

/// `form` with %0, %1, … replaced by the arguments' spellings.
std::string with_arguments(std::string form, const std::vector<std::string>& arguments) {
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const std::string hole = fmt::format("%{}", k);
    for (std::size_t at = form.find(hole); at != std::string::npos; at = form.find(hole, at))
      form.replace(at, hole.size(), arguments[k]);
  }
  return form;
}

struct Values {
  double parameter = 0;  // .param
  double source = 0;     // B source
  double printed = 0;    // an expression of .measure, as .print and .save have it
};

/// The value of a form at these arguments in each place. `fixed` arguments are numbers everywhere.
Values evaluate(const std::string& form, const std::vector<double>& x, std::size_t fixed_from) {
  std::vector<std::string> numbers, voltages;
  std::string sources;
  for (std::size_t k = 0; k < x.size(); ++k) {
    numbers.push_back(fmt::format("({:.17g})", x[k]));
    if (k >= fixed_from) {
      voltages.push_back(numbers.back());
      continue;
    }
    voltages.push_back(fmt::format("v(x{})", k));
    sources += fmt::format("V{} x{} 0 {:.17g}\n", k, k, x[k]);
  }
  const std::string deck = fmt::format(
      "{}.param p={{{}}}\nVP p 0 {{p}}\nB1 b 0 V={{{}}}\nR1 p 0 1\nR2 b 0 1\n.op\n.meas op m find {{{}}}\n",
      sources, with_arguments(form, numbers), with_arguments(form, voltages), with_arguments(form, voltages));
  CAPTURE(deck);
  const testing::DeckRun result = testing::run_deck(deck);
  REQUIRE(result.analysis().measures.size() == 1);
  REQUIRE(result.analysis().measures[0].value);
  return {result["v(p)"][0], result["v(b)"][0], *result.analysis().measures[0].value};
}

void check_alike(const std::string& form, const std::vector<double>& x, bool parameters_differ,
                 std::size_t fixed_from = 99) {
  CAPTURE(form);
  CAPTURE(fmt::format("{}", fmt::join(x, ", ")));
  const Values found = evaluate(form, x, fixed_from);
  CHECK(found.printed == testing::approx(found.source).epsilon(1e-9));
  if (!parameters_differ) CHECK(found.parameter == testing::approx(found.source).epsilon(1e-9));
}

}  // namespace

TEST_CASE("operators mean the same wherever expressions stand") {
  testing::Random random(3);
  const std::map<std::string, std::string, std::less<>> spelled{
      {"neg", "-%0"}, {"!", "!%0"}, {"?:", "%0 ? %1 : %2"}};
  for (const Operator& known : operators()) {
    const auto found = spelled.find(known.name);
    const std::string form = found != spelled.end() ? found->second : fmt::format("%0 {} %1", known.name);
    for (int round = 0; round < 12; ++round) {
      std::vector<double> x;
      for (int k = 0; k < known.operands; ++k) {
        double value = random.coin() ? random.uniform(-8, 8) : std::floor(random.uniform(-8, 8));
        if (k == 1 && known.kind == Expression::Kind::power) value = std::floor(random.uniform(0, 5));
        if (k == 1 && known.divides && value == 0) value = 3;
        x.push_back(value);
      }
      if (round == 0 && x.size() == 2) x[1] = known.divides ? x[1] : x[0];
      if (round == 1) x[0] = 0;
      check_alike(form, x, false);
    }
  }
  // What had two meanings once.
  check_alike("%0 ** 3", {-7}, false);
  check_alike("%0 ^ 3", {-7}, false);
  check_alike("%0 \\ 2", {7}, false);
  check_alike("%0 \\ 2", {0}, false);
}

TEST_CASE("functions mean the same wherever expressions stand") {
  testing::Random random(4);
  const auto range = [](std::string_view name) -> std::pair<double, double> {
    if (name == "asin" || name == "acos" || name == "atanh") return {-0.99, 0.99};
    if (name == "acosh") return {1, 9};
    if (name == "ln" || name == "log" || name == "log10" || name == "sqrt") return {0.01, 90};
    return {-6, 6};
  };
  std::size_t checked = 0;
  for (const Function& function : functions()) {
    const bool table = function.name == "table" || function.name == "pwl";
    if (function.kind == Function::Kind::derivative || function.kind == Function::Kind::integral) continue;
    if (function.kind == Function::Kind::slope) continue;  // slope_test.cpp
    if (function.kind == Function::Kind::random && function.build == nullptr) continue;
    const auto [low, high] = range(function.name);
    const bool differs = function.name == "pow" || function.name == "pwr";  // as ngspice has it
    for (int round = 0; round < 8; ++round) {
      const int count = function.most > 0 ? function.most : table ? 7 : 3;
      std::vector<double> x;
      std::string form = fmt::format("{}(", function.name);
      for (int k = 0; k < count; ++k) {
        const double whole = std::floor(random.uniform(low, high) + 1);
        x.push_back(round % 2 == 0 || whole < low || whole > high ? random.uniform(low, high) : whole);
        form += fmt::format("{}%{}", k == 0 ? "" : ", ", k);
      }
      if (table)
        for (std::size_t k = 1; k < x.size(); k += 2) x[k] = static_cast<double>(k) - 3;
      if (function.name == "fmod" && x[1] == 0) x[1] = 2;
      if (differs) x[1] = std::floor(std::abs(x[1]));
      check_alike(form + ")", x, differs, table ? 1 : 99);
      ++checked;
    }
  }
  CHECK(checked > 300);
}

TEST_CASE("pow and pwr keep ngspice's two meanings, one in .param, one in the running circuit") {
  const Values pow = evaluate("pow(%0, 3)", {-2}, 99), pwr = evaluate("pwr(%0, 3)", {-2}, 99);
  CHECK(pow.parameter == -8);
  CHECK(pow.source == 8);
  CHECK(pow.printed == 8);
  CHECK(pwr.parameter == 8);
  CHECK(pwr.source == -8);
  CHECK(pwr.printed == -8);
}

TEST_CASE("columns of .print and .save follow the same program, at every row") {
  const auto rows = testing::run_deck(
      "V1 a 0 0\nB1 b 0 V={v(a)\\2 + v(a)**3 + (v(a) > 1 ? 10 : 20)}\nR1 b 0 1\n.dc V1 -4 4 0.5\n"
      ".meas dc worst max {abs(v(b) - (v(a)\\2 + v(a)**3 + (v(a) > 1 ? 10 : 20)))}\n");
  REQUIRE(rows.analysis().measures[0].value);
  CHECK(*rows.analysis().measures[0].value == 0);
}
