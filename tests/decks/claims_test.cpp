#include "decks/claims.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>

using claims::claims_of;
using claims::objection;

namespace {

// One period of a sine and its cosine in 101 rows, a ramp that ends at its bound, a constant.
claims::Run run() {
  claims::Run run;
  for (const char* name : {"time", "v(s)", "v(c)", "w(y1)", "w(y2)"})
    run.plot.vectors.push_back({name, memspice::Quantity::notype});
  run.plot.columns.resize(5);
  for (int k = 0; k <= 100; ++k) {
    const double t = k / 100.0;
    const double angle = 2 * std::numbers::pi * t;
    const std::array<double, 5> row{t, std::sin(angle), std::cos(angle), std::min(1.0, 2 * t), 0.25};
    for (std::size_t i = 0; i < row.size(); ++i) run.plot.columns[i].push_back(row[i]);
  }
  run.exit_code = 1;
  run.messages = "error: singular at t = 0.5";
  run.report = nlohmann::json::parse(R"json({
    "omega": [{"max_deviation": 2e-5}],
    "invariants": {"flux": {"max_drift": 3e-6, "valid_until": null}},
    "network": {"names": {"w(x1.y1)": 3}},
    "fixed_points": [{"converged": true, "method": "newton", "states": {"w(y1)": 0.25, "w(y2)": 0.5},
                      "held": []}],
    "eigenvalues": [{"values": [{"re": -1, "im": 2}, {"re": -1, "im": -2}]}]})json");
  return run;
}

}  // namespace

TEST_CASE("claims are the comment lines of a deck that say so") {
  CHECK(claims_of("title\n* claim: a = 1 +- 0\n* text\n*claim: exit 1 \r\nR1 a 0 1 ; * claim: no\n") ==
        std::vector<std::string>{"a = 1 +- 0", "exit 1"});
}

TEST_CASE("a true claim holds") {
  const claims::Run facts = run();
  for (const char* claim : {
           "v(s)^2 + v(c)^2 = 1 +- 1e-12",
           "v(s) = sin(2*pi*time) +- 1e-12",
           "v(s) = 1 +- 1e-3 at 250m",
           "v(s) = 0 +- 1e-12 at end",
           "v(c) = 1 +- 0 at start",
           "v(c) = 0.999 +- 0.002 at 5m",
           "w(y1) = 2*time +- 1e-12 from 0 to 0.5",
           "w(y1) = min(1, 2*time) +- 1e-12",
           "abs(v(c)) = 0.70711 +- 1e-3 when v(s) = v(c)",
           "abs(v(s)) = 1 +- 1e-3 when v(c) = 0",
           "0 <= w(*) <= 1",
           "largest(v(s)) - smallest(v(s)) = 2 +- 1e-9",
           "mean(v(s)) = 0 +- 1e-12",
           "mean(v(c)^2) - mean(v(c))^2 = 0.505 +- 1e-3",
           "-v(c) <= 1",
           "at least 1 of w(*) reach 0 or 1",
           "at most 1 of w(*) reach 0 or 1",
           "exit 1",
           "message contains \"at t = 0.5\"",
           "omega <= 1e-4",
           "report.invariants.flux.max_drift <= 1e-5",
           "report.invariants.flux.valid_until is null",
           "report.fixed_points[0].converged is true",
           "report.fixed_points[0].converged = 1 +- 0",
           "report.fixed_points[0].method is \"newton\"",
           "w(y2) = report.fixed_points[0].states.w(y1) +- 0",
           "0.2 <= report.fixed_points[0].states.w(*) <= 0.5",
           "w(*) <= 4*report.fixed_points[0].states.w(*)",
           "v(*) <= 1 + 0*v(*)^2",
           "2*report.fixed_points[0].states.w(y1)*3 = 3*(report.fixed_points[0].states.w(y2)) +- 0",
           "report.network.names.w(x1.y1) = 3 +- 0",
           "report.eigenvalues[0].values[*].re = -1 +- 0",
           "abs(report.eigenvalues[*].values[*].im) = 2 +- 0",
           "count(report.eigenvalues[0].values) + count(report.fixed_points[0].held) = 2 +- 0",
           "v(s) = 0.25 +- 1e-12 when v(s) = report.fixed_points[0].states.w(y1)",
       }) {
    CAPTURE(claim);
    CHECK(objection(claim, facts) == "");
  }
}

TEST_CASE("a false claim is found out, and says what was found") {
  const claims::Run facts = run();
  CHECK(objection("v(s) = 1.1 +- 1e-3 at 0.25", facts) == "1 instead of = 1.1 at t = 0.25 s");
  CHECK(objection("v(s) = sin(2*pi*time) + 1e-3 +- 9e-4", facts) != "");
  CHECK(objection("v(s) <= 0.99", facts) == "1 instead of <= 0.99 at t = 0.25 s");
  CHECK(objection("0.3 <= w(*) <= 1", facts) == "w(y1): 0.3 instead of <= 0 at t = 0 s");
  CHECK(objection("v(s) = 0.5 +- 0.1 when v(c) = 0", facts) != "");
  CHECK(objection("v(s) = ln(-1) +- 1", facts) != "");
  CHECK(objection("at least 2 of w(*) reach 0 or 1", facts) == "1 do");
  CHECK(objection("at most 0 of w(*) reach 1", facts) == "1 do");
  CHECK(objection("exit 0", facts) == "exit code 1");
  CHECK(objection("message contains \"no convergence\"", facts) != "");
  CHECK(objection("omega <= 1e-5", facts) ==
        "report.omega[0].max_deviation: 2e-05 instead of <= 1e-05 at t = 0 s");
  CHECK(objection("report.fixed_points[0].states.w(*) <= 0.3", facts) ==
        "report.fixed_points[0].states.w(y2): 0.5 instead of <= 0.3 at t = 0 s");
  CHECK(objection("w(*) <= 2*report.fixed_points[0].states.w(*)", facts) ==
        "report.fixed_points[0].states.w(y1): 1 instead of <= 0.5 at t = 0.5 s");
  CHECK(objection("report.eigenvalues[0].values[*].im = 2 +- 1e-3", facts) != "");
  CHECK(objection("count(report.fixed_points[0].held) >= 1", facts) != "");
  CHECK(objection("report.fixed_points[0].converged is false", facts) == "it is true");
  CHECK(objection("report.invariants.flux.valid_until is 0.5", facts) == "it is null");
  CHECK(objection("report.fixed_points[0].method is \"pseudo-transient\"", facts) == "it is \"newton\"");
}

TEST_CASE("a claim that cannot be checked is an error") {
  claims::Run facts = run();
  for (const char* claim : {"v(s)",
                            "v(s) = 1",
                            "v(s) <= 1 +- 1e-3",
                            "v(nowhere) <= 1",
                            "r(*) <= 1",
                            "v(*) <= w(*)",
                            "v(s) <= 1 at 2",
                            "v(s) <= 1 from 2 to 3",
                            "v(s) <= 1 when v(c) = 7",
                            "v(s) <= 1x",
                            "v(s) <= (1",
                            "v(s) <= sin 1",
                            "v(s) <= ",
                            "v(s) <= 1 2",
                            "report.omega[0].deviation <= 1",
                            "report.omega[1].max_deviation <= 1",
                            "report.omega.max_deviation <= 1",
                            "report.omega[-1].max_deviation <= 1",
                            "report.omega[ <= 1",
                            "report.omega[*].deviation <= 1",
                            "report <= 1",
                            "report.invariants.flux.valid_until <= 1",
                            "report.fixed_points[0].method <= 1",
                            "count(report.nothing) <= 1"}) {
    CAPTURE(claim);
    CHECK_THROWS_AS(objection(claim, facts), std::invalid_argument);
  }
  facts.report["omega"].clear();
  CHECK_THROWS_AS(objection("omega <= 1", facts), std::invalid_argument);
}
