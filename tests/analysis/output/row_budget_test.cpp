// How many rows a run will write is said before it starts.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::circuit_of;
using memspice::testing::DeckRun;

namespace {

const std::string charging = "V1 in 0 1\nR1 in out 1k\nC1 out 0 1u\n";

/// Of a deck that is not run.
std::vector<Diagnostic> warnings_of(const std::string& cards) {
  return check_structure(circuit_of(charging + cards));
}

std::string error_of(const std::string& cards) {
  try {
    check_structure(circuit_of(charging + cards));
  } catch (const DeckError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("more than ten million rows give a warning with their count, their bytes and what lowers them") {
  const std::vector<Diagnostic> warnings = warnings_of(".tran 1n 1\n");
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].format() ==
        "deck:5:1: warning: 1e+09 rows or more of 4 vectors (32 GB): they are 1e-09 s apart\n"
        "  .tran 1n 1\n"
        "  ^~~~~\n"
        "  hint: a tstep of 0 leaves their distance to the integrator, a later tstart leaves out the first "
        "ones, "
        ".save writes fewer vectors; .options maxrows says how many are too many");
  CHECK(warnings_of(".tran 1n 9m\n").empty());
  CHECK(warnings_of(".tran 1n 11m\n").size() == 1);
  CHECK(warnings_of(".tran 1n 1 0.999\n").empty());  // rows from tstart on
  CHECK(warnings_of(".tran 0 1\n").empty());
  CHECK(warnings_of(".save v(out)\n.tran 1n 1\n").at(0).message ==
        "1e+09 rows or more of 2 vectors (16 GB): they are 1e-09 s apart");
}

TEST_CASE("rows are counted at all points and of all analyses") {
  CHECK(warnings_of(".tran 1u 1\n.mc 10\n").empty());
  CHECK(warnings_of(".tran 1u 1\n.mc 11\n").at(0).message ==
        "1.1e+07 rows or more of 5 vectors (440 MB) at 11 points: they are 1e-06 s apart");
  CHECK(warnings_of(".param r=1\n.tran 1u 1\n.step r 1 10 1\n.temp 0 27\n").at(0).message ==
        "2e+07 rows or more of 6 vectors (960 MB) at 20 points: they are 1e-06 s apart");
  CHECK(warnings_of(".tran 1u 6\n.tran 1u 5\n").at(0).message ==
        "6e+06 rows or more of 4 vectors (192 MB), of 1.1e+07 of all analyses: they are 1e-06 s apart");
  CHECK(warnings_of(".dc V1 0 1 1u\n.mc 20\n").at(0).message ==
        "2e+07 rows or more of 5 vectors (800 MB) at 20 points: one for each value");
  CHECK(warnings_of(".ac lin 1000000 1 1e6\n.mc 20\n").at(0).message ==
        "2e+07 rows or more of 5 vectors (1.6 GB) at 20 points: one for each value");
}

TEST_CASE("largest steps, periods and corners make rows too, but not on a grid") {
  const std::string on_grid = ".options interp\n";
  const auto cause = [](const std::vector<Diagnostic>& warnings) {
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].hint.starts_with(warnings[0].message.find("steps are") == std::string::npos
                                           ? ".options interp with a tstep"
                                           : "a longer tmax has fewer steps"));
    return warnings[0].message.substr(warnings[0].message.find("): ") + 3);
  };
  struct Case {
    std::string cards, tran, cause;
  };
  for (const Case& c : {
           Case{"", ".tran 1m 1 0 1n", "steps are at most 1e-09 s long (tmax, .options maxstep)"},
           Case{".options maxstep=1n\n", ".tran 1m 1",
                "steps are at most 1e-09 s long (tmax, .options maxstep)"},
           Case{"I1 0 out SIN(0 1 10meg)\n", ".tran 1m 1",
                "a source has a period of 1e-07 s, in which are 8 steps"},
           Case{"I1 0 out PULSE(0 1 0 1n 1n 40n 100n)\n", ".tran 1m 1", "a source has 4e+07 corners"},
           Case{"I1 0 out PWL(0 0 40n 1 100n 0 r=0)\n", ".tran 1m 1", "a source has 3e+07 corners"},
       }) {
    CAPTURE(c.cards);
    CHECK(cause(warnings_of(c.cards + c.tran + "\n")) == c.cause);
    CHECK(warnings_of(on_grid + c.cards + c.tran + "\n").empty());
  }
  CHECK(warnings_of("I1 0 out PULSE(0 1 0 1n 1n 40n 100n 9)\n.tran 1m 1\n").empty());  // nine pulses
  CHECK(warnings_of("I1 0 out TRNOISE(1m 1m)\n.tran 1m 1\n").empty());
  CHECK(warnings_of(on_grid + ".tran 1n 1\n").at(0).hint.starts_with("a longer tstep or initial_interval"));
}

TEST_CASE(".options maxrows makes too many rows an error where the card stands, or allows them") {
  CHECK(error_of(".options maxrows=1e6\n.tran 1n 1\n") ==
        "deck:6:1: error: 1e+09 rows or more of 4 vectors (32 GB), where maxrows is 1e+06: they are 1e-09 s "
        "apart\n"
        "  .tran 1n 1\n"
        "  ^~~~~\n"
        "  hint: a tstep of 0 leaves their distance to the integrator, a later tstart leaves out the first "
        "ones, "
        ".save writes fewer vectors");
  CHECK(
      error_of(".options maxrows=1001\n.tran 1m 1\n.mc 2\n").find(" at 2 points, where maxrows is 1001: ") !=
      std::string::npos);
  CHECK(error_of(".options maxrows=1001\n.tran 1m 1\n").empty());
  CHECK(warnings_of(".options maxrows=2e9\n.tran 1n 1\n").empty());
  MemorySink sink;
  CHECK_THROWS_AS(run(circuit_of(charging + ".options maxrows=10\n.tran 1m 1\n"), sink), DeckError);
  CHECK(sink.plots().empty());
}

TEST_CASE("a run warns of its rows before the first one") {
  struct Watch final : WaveformSink {
    void begin_plot(const PlotInfo&) override { begun = true; }
    void row(std::span<const double>) override {}
    void end_plot() override {}
    void commit(std::string_view) override {}
    bool begun = false;
  } watch;
  std::vector<std::string> early;
  RunOptions options;
  options.warned = [&](const Diagnostic& warning) {
    CHECK_FALSE(watch.begun);
    early.push_back(warning.message);
  };
  options.interrupted = [] { return true; };
  const RunReport report = run(circuit_of(charging + ".tran 1n 1\n"), watch, options);
  CHECK(watch.begun);
  REQUIRE(report.warnings.size() == 1);
  CHECK(early == std::vector<std::string>{report.warnings[0].message});
}

TEST_CASE("more steps than can be computed are an error") {
  for (const char* cards : {".tran 1m 1 0 1e-13\n", ".options maxstep=1e-20\n.tran 1\n",
                            "I1 0 out SIN(0 1 1e13)\n.options interp\n.tran 1m 1\n",
                            "I1 0 out PULSE(0 1 0 1e-14 1e-14 1e-14 1e-13)\n.tran 1m 1\n"}) {
    CAPTURE(cards);
    const std::string error = error_of(cards);
    CHECK(error.find(", where the budget 'corners' is 1e+12: ") != std::string::npos);
    MemorySink sink;
    CHECK_THROWS_WITH_AS(run(circuit_of(charging + cards), sink), error.c_str(), DeckError);
  }
  const DeckRun points = testing::try_circuit(
      circuit_of(charging + ".options interp\n.tran 1m 1 0 {h}\n.step param h list 1m 1e-13\n"));
  REQUIRE(points.report.failures().size() == 1);
  CHECK(points.report.failures()[0].starts_with("at h=1e-13: "));
  CHECK(points.report.failures()[0].find("1e+13 steps or more") != std::string::npos);
  CHECK(error_of(".tran 1m 1 0 1e-11\n").empty());
}
