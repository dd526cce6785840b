// Under .step, .mc and .temp every message names its point.

#include <doctest/doctest.h>

#include "analysis/points/point_warnings.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using namespace memspice::testing;

namespace {

const std::string bent_memristor = R"(
V1 in 0 SIN(0 1 1)
R1 in a 1k
Y1 a 0 m
.model m memristor(ron=100 roff=16k beta=1m)
)";

}  // namespace

TEST_CASE("a warning of points names the first of them and counts the others") {
  Diagnostic shared, single, known;
  shared.message = "shared";
  single.message = "single";
  known.message = "known";
  PointWarnings warnings({known});
  CHECK_FALSE(warnings.is_new(known));
  CHECK(warnings.is_new(shared));
  warnings.add("r=1", {shared, known});
  warnings.add("r=2", {shared, single, shared});
  warnings.add("r=3", {shared});
  std::vector<Diagnostic> list;
  warnings.list(3, list);
  REQUIRE(list.size() == 2);
  CHECK(list[0].message == "at all points: shared");
  CHECK(list[1].message == "at r=2: single");
  list.clear();
  warnings.list(4, list);
  CHECK(list[0].message == "at r=1 and 2 more points: shared");
}

TEST_CASE("warnings of a run with points say where they hold") {
  const DeckRun result = try_circuit(circuit_of(
      "V1 a 0 AC 1\nR1 a b {r}\nC1 b 0 1u\n.noise v(b) V1 dec 1 1 10\n.step param r list 1 -1 -2 2\n"));
  REQUIRE(result.report.warnings.size() == 1);
  CHECK(result.report.warnings[0].message ==
        "at r=-1 and 1 more point: negative resistances make no noise here: r1");
}

TEST_CASE("failures name their points: of .omega, measures, harmonics, fixed points and whole points") {
  const DeckRun omega = try_circuit(
      circuit_of(bent_memristor + ".omega tol={t}\n.tran 10m 1\n.step param t list 1e-2 1e-14 1e-13\n"));
  const std::vector<std::string> of_omega = omega.report.failures();
  REQUIRE(of_omega.size() == 2);
  CHECK(of_omega[0].starts_with("at t=1e-14: .omega: w(y1) deviates from the closed form by "));
  CHECK(of_omega[1].starts_with("at t=1e-13: .omega: w(y1) deviates from the closed form by "));
  CHECK(omega.report.outcome() == Outcome::failed);
  CHECK(omega.report.analyses[0].omega->point.starts_with("t="));

  const DeckRun measures =
      try_circuit(circuit_of("V1 a 0 SIN(0 {v} 1k)\nR1 a 0 1\n.tran 10u 5m\n.measure tran up when "
                             "v(a)=1.5\n.step param v list 1 2\n"));
  CHECK(measures.report.failures().size() == 1);
  CHECK(measures.report.failures().at(0).starts_with("at v=1: measure 'up' failed: "));

  const DeckRun whole = try_circuit(circuit_of("V1 a 0 1\nR1 a 0 {1/x}\n.op\n.step param x list 1 0 2\n"));
  REQUIRE(whole.report.failures().size() == 1);
  CHECK(whole.report.failures()[0].starts_with("at x=0: "));
  CHECK(whole.report.failures()[0].find("division by zero") != std::string::npos);

  const DeckRun stopped = try_circuit(circuit_of(
      "V1 a 0 SIN(0 1 1k)\nR1 a b 1k\nC1 b 0 1u\n.options max_steps={n}\n.tran 5m\n.measure tran m max "
      "v(b)\n.step param n list 10 1000000\n"));
  REQUIRE(stopped.report.failures().size() == 1);  // its measures fail because it ended early
  CHECK(stopped.report.failures()[0].starts_with("at n=10: stopped at t = "));
}

TEST_CASE("failures of a run without points stand alone") {
  const DeckRun result = try_circuit(
      circuit_of(bent_memristor + ".omega tol=1e-14\n.tran 10m 1\n.measure tran up when v(a)=5\n"));
  const std::vector<std::string> failures = result.report.failures();
  REQUIRE(failures.size() == 2);
  CHECK(failures[0].starts_with("measure 'up' failed: "));
  CHECK(failures[1].starts_with(".omega: w(y1) deviates "));
  CHECK(run_deck("V1 a 0 1\nR1 a 0 1\n.op\n").report.failures().empty());
}

TEST_CASE("when the deck makes sense at no point, the error names the first one") {
  MemorySink sink;
  CHECK_THROWS_WITH_AS(
      run(circuit_of("V1 a 0 1\nR1 a 0 1k\nC1 a b 1n\nC2 b 0 1n\n.op\n.step V1 list 3 4\n"), sink),
      doctest::Contains("error: at v1=3: "), DeckError);
}

TEST_CASE("every warning is passed on once, at the latest at the end") {
  const Circuit circuit = circuit_of(
      "V1 a 0 AC 1\nR1 a b {r}\nC1 b 0 1u\n.noise v(b) V1 dec 1 1 10\n.step param r list 1 -1 -2\n.mc 2\n");
  std::vector<std::string> passed;
  RunOptions options;
  options.warned = [&](const Diagnostic& warning) { passed.push_back(warning.message); };
  const DeckRun result = try_circuit(circuit, options);
  REQUIRE(result.report.warnings.size() == 1);
  CHECK(passed == std::vector<std::string>{result.report.warnings[0].message});
}
