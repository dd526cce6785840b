#include "app/console/pace.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/usage_error.hpp"
#include "memspice/waveform.hpp"
#include "support/approx.hpp"
#include "support/places.hpp"
#include "support/program.hpp"

using namespace memspice::app;

TEST_CASE("the time left follows from the pace of the last quarter of a run, whatever it was before") {
  Pace pace;
  CHECK(!pace.left());
  for (double t = 0.2; t < 100; t += 0.2) pace.note(0.001 * t, t);
  CHECK(*pace.left() == memspice::testing::approx(900).epsilon(0.01));
  for (double t = 100; t < 200; t += 0.2) pace.note(0.1 + 0.0001 * (t - 100), t);  // ten times slower
  CHECK(*pace.left() == memspice::testing::approx(8900).epsilon(0.01));
  for (double t = 200; t < 400; t += 0.2) pace.note(0.11, t);
  CHECK(std::isinf(*pace.left()));
}

TEST_CASE("patience ends when more is left than it allows, and not in the first moments of a run") {
  Pace slow;
  for (double t = 0.2; t < 30; t += 0.2) slow.note(1e-6 * t, t);
  CHECK(Patience("100h").is_over(slow) == false);  // within its grace of 600 s
  CHECK(Patience("0.5h").is_over(slow));
  CHECK(Patience("").is_over(slow) == false);
  for (double t = 30; t < 700; t += 0.2) slow.note(1e-6 * t, t);
  CHECK(Patience("100h").is_over(slow));
  CHECK(Patience("1000").is_over(slow) == false);
  CHECK(Patience("1000x").is_over(slow));
  CHECK(Patience("2000x").is_over(slow) == false);
  for (const char* wrong : {"h", "x", "-1h", "0", "soon", "5d"})
    CHECK_THROWS_AS(Patience{wrong}, memspice::UsageError);
}

TEST_CASE("durations are said in the unit that one would say") {
  CHECK(duration_text(45) == "45 s");
  CHECK(duration_text(720) == "12 minutes");
  CHECK(duration_text(4 * 3600) == "4 hours");
  CHECK(duration_text(86400 * 2.5) == "2.5 days");
  CHECK(duration_text(INFINITY) == "without end");
}

TEST_CASE("a run that takes longer than --give-up allows ends with exit code 1 and keeps its rows") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              "endless\nV1 a 0 SIN(0 1 1k)\nY1 a 0 m\n.model m memristor beta=1\n.tran 1m 1e6 0 10u\n.end\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -q -o out.raw --give-up 0.01h");
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("deck.cir: error: given up: at this pace it takes ") != std::string::npos);
  CHECK(outcome.err.find(" more, and --give-up allows 0.01 hours\n") != std::string::npos);
  CHECK(memspice::read_waveforms(folder.file("out.raw")).front().mark.starts_with("interrupted at "));
  CHECK(run_command(folder, "$MEMSPICE deck.cir --give-up never").code == 2);
}
