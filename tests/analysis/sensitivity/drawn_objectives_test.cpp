// Whatever .sens is asked for, beside whatever analyses: a run, or a message at its place.
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

template <std::size_t n>
std::string_view drawn(testing::Random& random, const std::string_view (&words)[n]) {
  return words[random.below(n)];
}

std::string expression(testing::Random& random, bool wild, int depth = 0) {
  static constexpr std::string_view plain[] = {"v(a)", "v(b)", "i(v1)", "v(a,b)", "r", "temper", "2", "time"};
  static constexpr std::string_view strange[] = {"i(r1)",         "w(y1)",          "frequency",  "vm(b)",
                                                 "vp(a)",         "@r1[r]",         "mean(w(*))", "v(*)",
                                                 "v(x1.m)",       "hertz",          "R1",         "v(zz)",
                                                 "agauss(0,1,1)", "ddt(v(a))",      "1e300",      "nan",
                                                 "hist(w(*))",    "ddx(v(a),v(b))", "idt(v(a))"};
  static constexpr std::string_view operators[] = {"+", "-", "*", "/", ">", "**", "&&", "?"};
  static constexpr std::string_view functions[] = {"sqrt",  "abs", "exp", "sgn", "limit",
                                                   "table", "db",  "ph",  "max"};
  const std::uint32_t kind = random.below(10);
  if (depth > 3 || kind < 4)
    return std::string(wild && random.coin() ? drawn(random, strange) : drawn(random, plain));
  if (kind < 8) {
    const std::string_view sign = operators[random.below(wild ? std::size(operators) : 4)];
    return fmt::format("({}{}{})", expression(random, wild, depth + 1), sign,
                       expression(random, wild, depth + 1));
  }
  const std::string_view function = functions[random.below(wild ? std::size(functions) : 4)];
  return fmt::format("{}({})", function, expression(random, wild, depth + 1));
}

std::string card(testing::Random& random, bool wild) {
  static constexpr std::string_view kinds[] = {"objfunc", "objvars", "acobjfunc"};
  static constexpr std::string_view variables[] = {"a", "v(b)", "i(v1)", "v(a,b)"};
  static constexpr std::string_view values[] = {"R1:R",    "C1:C",    "Y1:w0",  "V1",      "L1", "X1:R1",
                                                "R2",      "Y1:ron",  "R3:tc1", "E1:gain", "zz", "Y1",
                                                "V1:dcv0", "D1:area", "temp",   "mem:ron"};
  std::string text = ".sens";
  for (std::uint32_t k = random.below(2); k < 2; ++k) {
    const std::string_view kind = drawn(random, kinds);
    text += fmt::format(" {}=", kind);
    for (std::uint32_t i = random.below(2); i < 2; ++i)
      text +=
          (kind == "objvars" ? std::string(drawn(random, variables)) : "{" + expression(random, wild) + "}") +
          (i == 0 ? "," : "");
  }
  if (random.below(10) == 0) return text + "\n";
  text += " param=";
  text += values[random.below(wild ? std::size(values) : 9)];
  return text + "," + std::string(values[random.below(9)]) + "\n";
}

std::string deck(testing::Random& random) {
  static constexpr std::string_view sources[] = {"1", "SIN(0 1 1k)", "DC 1 AC 1",
                                                 "PULSE(0 1 0 1u 1u 10u 50u)"};
  static constexpr std::string_view cards[] = {
      ".tran 1u 10u\n",  ".tran 10u uic\n",     ".ac dec 2 1 100\n",        ".op\n",
      ".dc V1 0 1 .5\n", ".dc r 1k 2k 500\n",   ".step param r 1k 2k 1k\n", ".temp 0 50\n",
      ".print sens\n",   ".print sens v(r1)\n", ".meas sens q max v(r1)\n", ".options interp\n",
      ".mc 2\n"};
  std::string text = fmt::format(
      "V1 in 0 {}\nR1 in a {{r}}\nC1 a 0 1u\nY1 a b mem w0={}\n.model mem memristor ron=100 roff=1k beta=0.1 "
      "alpha=0\n"
      "R2 b 0 1k\nX1 b 0 s\n.subckt s p q\nR1 p m 1k\nR2 m q {{2*r}}\n.ends\nL1 a c {}\nR3 c 0 1k\nD1 b 0 "
      "dm\n"
      ".model dm d\nE1 e 0 a 0 2\nR4 e 0 1k\n.param r=1k\n",
      drawn(random, sources), random.below(3) * 0.5, random.below(4) == 0 ? "0" : "1m");
  for (std::uint32_t k = random.below(4); k < 4; ++k) text += drawn(random, cards);
  return text + card(random, random.below(3) == 0);
}

}  // namespace

TEST_CASE("whatever objectives .sens has, they run or are refused with a message") {
  testing::Random random(61);
  int complete = 0, refused = 0;
  for (int k = 0; k < 600; ++k) {
    const std::string text = deck(random);
    CAPTURE(text);
    try {
      const auto run = testing::try_circuit(testing::circuit_of(text));
      const bool whole = run.report.outcome() == Outcome::complete;
      complete += whole;
      for (const AnalysisReport& analysis : run.report.analyses)
        if (analysis.outcome == Outcome::failed) CHECK(!analysis.message.empty());
    } catch (const DeckError& error) {
      ++refused;
      CHECK(!error.diagnostics().front().message.empty());
    }
  }
  CHECK(complete > 150);
  CHECK(refused > 50);
}
