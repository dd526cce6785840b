// What circuits whose equations are linear between events are spared.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "equations/equation_system.hpp"
#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using namespace memspice::testing;

namespace {

bool is_linear(const std::string& deck) {
  const Circuit circuit = circuit_of(deck + "\n.tran 1u 1m\n");
  return EquationSystem(circuit, EquationSystem::Mode::transient).unknowns().is_linear();
}

std::string ladder(int sections) {
  std::string deck = "V1 n0 0 PULSE(0 1 1u 1u 1u 200u 400u)\n";
  for (int i = 0; i < sections; ++i) {
    const std::string from = std::to_string(i), to = std::to_string(i + 1);
    deck += "R" + from + " n" + from + " n" + to + " 1k\nC" + from + " n" + to + " 0 10p\n";
  }
  return deck;
}

const std::string buck = R"(V1 in 0 12
Vg g 0 PULSE(0 1 0 10n 10n 4u 10u)
S1 in sw g 0 high
S2 sw 0 0 g low
L1 sw out 47u
C1 out 0 100u
R1 out 0 5
.model high sw vt=0.5 ron=10m roff=1meg
.model low sw vt=-0.5 ron=10m roff=1meg
)";

}  // namespace

TEST_CASE("resistors, capacitors, coils, coupled or not, sources and switches are linear; others are not") {
  const std::string linear = "V1 a 0 SIN(0 1 1k)\nR1 a b 1k\nC1 b 0 1u\nL1 b c 1m\nR2 c 0 1\nI1 0 b 1m\n";
  CHECK(is_linear(linear));
  CHECK(is_linear(buck));
  CHECK(is_linear(linear + "L2 d 0 1m\nR3 d 0 1\nK1 L1 L2 0.5"));
  CHECK(!is_linear(linear + "B1 d 0 V=v(a)*v(b)\nR3 d 0 1"));
  CHECK(!is_linear(linear + "Y1 b 0 ideal\n.model ideal memristor ron=100 roff=16k beta=0.02"));
  CHECK(!is_linear(linear + "T1 b 0 d 0 Z0=50 TD=1u\nR3 d 0 50"));
  CHECK(!is_linear(linear + "B1 d 0 V=idt(v(a))\nR3 d 0 1"));
}

TEST_CASE("a row of a linear circuit takes one solution") {
  const SolverStatistics rows = run_deck(ladder(50) + ".tran 1u 1m\n").analysis().statistics;
  REQUIRE(rows.rows > 1000);
  CHECK(rows.rejected_rows == 0);
  const auto of_steps_and_starts =
      static_cast<std::size_t>(rows.newton_iterations + 20 * (rows.restarts + 1));
  CHECK(rows.solves < of_steps_and_starts + rows.rows + 10);
}

TEST_CASE(
    "an edge of a pulse within which nothing moves takes one step, a restart next to no factorisation") {
  const SolverStatistics periods = run_deck(buck + ".tran 1u 1m\n").analysis().statistics;
  REQUIRE(periods.restarts >= 599);  // four corners and two switches a period
  CHECK(periods.steps < 6 * periods.restarts);
  CHECK(periods.factorisations < static_cast<std::size_t>(periods.steps + 2 * periods.restarts));
}

TEST_CASE("the errors of a buck converter stay below ten reltol, whatever its steps skip") {
  const auto output = [](const std::string& options) {
    return run_deck(buck + ".tran 1u 2m\n" + options)["v(out)"].back();
  };
  const double exact = output(".options reltol=1e-8\n");
  CHECK(output("") == testing::approx(exact).epsilon(1e-3));
  CHECK(output(".options reltol=1e-6\n") == testing::approx(exact).epsilon(1e-5));
}

TEST_CASE(
    "behind a corner, within a thousandth of the way to the next, is a row with the currents from there") {
  const DeckRun run = run_deck("V1 a 0 PULSE(0 1 10n 10n 10n 80n)\nC1 a 0 1n\n.tran 1u 1u\n");
  const std::vector<double>& time = run["time"];
  const std::vector<double>& current = run["i(v1)"];
  // Corners, the next ones, and the current of C dv/dt between them.
  const struct {
    double corner, next, current;
  } expected[] = {{10e-9, 20e-9, -0.1}, {20e-9, 100e-9, 0}, {100e-9, 110e-9, 0.1}, {110e-9, 1e-6, 0}};
  for (const auto& [corner, next, value] : expected) {
    CAPTURE(corner);
    const auto behind =
        static_cast<std::size_t>(std::ranges::upper_bound(time, corner * (1 + 1e-9)) - time.begin());
    CHECK(time[behind] - corner < 1.01e-3 * (next - corner));
    CHECK(current[behind] == testing::approx(value).epsilon(1e-6).scale(1e-3));
  }
}
