// No row leaves an analysis that is not what every reader may expect.

#include "analysis/output/row_guard.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <limits>

#include "support/run_deck.hpp"

using namespace memspice;
using namespace memspice::testing;

namespace {

/// The message with which a guard refuses the last of these rows, of which each is a time and a voltage.
std::string refusal(const std::vector<std::vector<double>>& rows) {
  const Circuit circuit = circuit_of("V1 a 0 1\nR1 a 0 1\n.save v(a)\n.tran 1\n");
  std::vector<Diagnostic> warnings;
  const OutputPlan plan(circuit, type_of<TransientCard>(), {{"time", Quantity::time}}, warnings);
  RowGuard guard(plan, false);
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) guard.check(rows[i]);
  try {
    guard.check(rows.back());
  } catch (const SimulationError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a row with a number that is not finite is refused with its time and vector") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal({{0, 1}, {0.25, nan}}).starts_with("v(a) is nan at t = 0.25 s: the row is not written\n"));
  CHECK(refusal({{0, 1}, {0.25, -infinity}}).starts_with("v(a) is -inf at t = 0.25 s: "));
  CHECK(refusal({{nan, 1}}).starts_with("time is nan at t = nan s: "));
  CHECK(refusal({{0, 1}, {0.25, 1e308}}).empty());
}

TEST_CASE("a row whose time does not ascend is refused with both times") {
  CHECK(refusal({{0, 1}, {0.25, 1}, {0.25, 2}})
            .starts_with("the time does not advance beyond t = 0.25 s: the row at 0.25 s is not written\n"));
  CHECK(refusal({{0, 1}, {0.25, 1}, {0.24999999999999997, 2}}).find("0.24999999999999997") !=
        std::string::npos);
  CHECK(refusal({{0, 1}, {0.25, 1}, {0.25000000000000006, 2}}).empty());
}

TEST_CASE("a transient whose last row is not at its stop is not complete") {
  const Circuit circuit = circuit_of("V1 a 0 1\nR1 a 0 1\n.save v(a)\n.tran 1\n");
  std::vector<Diagnostic> warnings;
  const OutputPlan plan(circuit, type_of<TransientCard>(), {{"time", Quantity::time}}, warnings);
  for (const double last : {0.5, 1.0}) {
    RowGuard guard(plan, false);
    guard.must_end_at(1);
    guard.check(std::vector<double>{last, 0});
    AnalysisReport report;
    guard.finish(report);
    CHECK(report.outcome == (last == 1 ? Outcome::complete : Outcome::failed));
    CHECK(report.message ==
          (last == 1 ? "" : "the last row is at t = 0.5 s, the stop is 1 s: please report it"));
    report.outcome = Outcome::interrupted;
    guard.finish(report);
    CHECK(report.outcome == Outcome::interrupted);
  }
}

TEST_CASE("a vector that overflows ends its analysis with the rows before it") {
  const DeckRun result =
      try_circuit(circuit_of("V1 a 0 PWL(0 1 1 1e200)\nR1 a 0 1\n.save v(a) p(r1)\n.tran 0.01 1\n"));
  CHECK(result.analysis().outcome == Outcome::failed);
  CHECK(result.analysis().message.starts_with("p(r1) is inf at t = "));
  REQUIRE(result.rows() > 0);
  for (const double power : result["p(r1)"]) CHECK(std::isfinite(power));
  const DeckRun swept =
      try_circuit(circuit_of("V1 a 0 1\nR1 a 0 1\n.save v(a) p(r1)\n.dc V1 list 1 1e100 1e200\n"));
  CHECK(swept.analysis().message.starts_with("p(r1) is inf at v(v-sweep) = 1e+200: "));
  CHECK(swept["p(r1)"] == std::vector<double>{1, 1e200});
}

TEST_CASE("the last time is the stop, times ascend, and everything is finite, whatever the cards ask for") {
  const std::string circuit =
      "V1 in 0 SIN(0 1 1k)\nV2 p 0 PULSE(0 1 0.1m 1u 1u 0.1m 0.3m)\nR1 in out 1k\nC1 out 0 1u\nR2 p out 1k\n";
  const double stop = 2e-3 / 3;
  for (const char* cards : {".tran 1u {stop}",
                            ".tran {stop}",
                            ".tran {stop} {stop}",
                            ".tran 1u {stop} {stop/3}",
                            ".tran 1u {stop} {stop*(1-1e-9)}",
                            ".tran 0 {stop} {stop*(1-1e-9)}",
                            ".tran 0 {stop} {stop*(1-3e-16)}",
                            ".tran 1u {stop} 0 {stop*10}",
                            ".tran 1u {stop} 0 {stop/1e4}",
                            ".options interp\n.tran 1u {stop}",
                            ".options interp\n.tran {stop/7} {stop}",
                            ".options interp\n.tran 1u {stop} {stop*(1-1e-9)}",
                            ".options initial_interval={stop*2}\n.tran 1u {stop}",
                            ".options initial_interval={stop/3}\n.tran 1u {stop}",
                            ".options initial_interval=1u\n.tran 1u {stop} {stop/7}",
                            ".options maxstep=1u\n.tran {stop}",
                            ".options maxord=1\n.tran 1u {stop}",
                            ".options reltol=0.9\n.tran {stop}",
                            ".options max_steps=1000000\n.tran {stop}",
                            ".tran 1u {stop} uic"}) {
    CAPTURE(cards);
    const DeckRun result = run_deck(fmt::format("{}.param stop={:.17g}\n{}\n", circuit, stop, cards));
    const std::vector<double>& time = result.time();
    CHECK(time.back() == stop);
    CHECK(std::ranges::adjacent_find(time, std::greater_equal<>()) == time.end());
    CHECK(result.analysis().statistics.steps < 20000);
    for (const auto& column : result.plots.back().columns)
      CHECK(std::ranges::all_of(column, [](double value) { return std::isfinite(value); }));
  }
}

TEST_CASE("steps before tstart are as long as the circuit allows, fifty follow it") {
  const DeckRun result =
      run_deck("V1 in 0 1\nR1 in out 1k\nC1 out 0 1u\n.ic v(out)=0\n.tran 0 1 {1-1e-6} uic\n");
  CHECK(result.analysis().statistics.steps < 300);
  CHECK(result.rows() >= 50);
  CHECK(result.time().front() == 1 - 1e-6);
}

TEST_CASE("a run that reaches its stop with its last allowed step is complete") {
  const std::string deck = "V1 in 0 SIN(0 1 1k)\nR1 in out 1k\nC1 out 0 1u\n.tran 1m\n";
  const long steps = run_deck(deck).analysis().statistics.steps;
  const auto limited = [&](long most) {
    return try_circuit(circuit_of(fmt::format("{}.options max_steps={}\n", deck, most))).analysis().outcome;
  };
  CHECK(limited(steps) == Outcome::complete);
  CHECK(limited(steps - 1) == Outcome::failed);
}
