#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "memspice/waveform.hpp"
#include "support/program.hpp"

// Decks whose analyses run many times, from the command line.

namespace {

constexpr const char* steps = R"(steps
.param r=1k limit=1e6
V1 in 0 SIN(0 1 1k)
R1 in out {r}
C1 out 0 1u
.options max_steps={limit}
.tran 20u 2m
.op
.measure tran top max v(out)
.print op v(out)
.step param r 1k 8k 1k
.mc 2
)";

}  // namespace

TEST_CASE("the files of a run with steps are the same for any number of threads") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), steps);
  const CommandOutcome one = run_command(folder, "$MEMSPICE deck.cir --threads 1 -q -o one.csv");
  CHECK(one.code == 0);
  CHECK(one.err.empty());
  for (const char* threads : {"2", "4", "16"}) {
    const CommandOutcome many =
        run_command(folder, std::string("$MEMSPICE deck.cir -q -o many.csv --threads ") + threads);
    CHECK(many.code == 0);
    CHECK(many.out == one.out);
    CHECK(read_bytes(folder.file("many.csv")) == read_bytes(folder.file("one.csv")));
  }
  CHECK(read_bytes(folder.file("one.csv")).starts_with("time,r,run,v(in),v(out),i(v1)\n0,1000,1,"));
  CHECK(one.out.find("   r  run           top\n1000    1  ") != std::string::npos);
  CHECK(run_command(folder, "$MEMSPICE deck.cir --threads 0").code == 2);
}

TEST_CASE("the rows of one large network are the same for any number of threads") {
  const TemporaryFolder folder;
  for (const char* network : {"grid --size 160x160", "regular --size 40000 --degree 4"}) {
    REQUIRE(run_command(folder, std::string("$MEMSPICE generate ") + network +
                                    " --seed 1 --drive all --ron 100 --roff 1600 --alpha 0.1 --beta 1 "
                                    "--amplitude=-5:5 --frequency 0.5 --tran '0.1 0.3' "
                                    "--card '.save v(*) w(*)' -o deck.cir")
                .code == 0);
    REQUIRE(run_command(folder, "$MEMSPICE deck.cir --threads 1 -q -o one.csv").code == 0);
    for (const char* threads : {"2", "5"}) {
      CAPTURE(threads);
      REQUIRE(
          run_command(folder, std::string("$MEMSPICE deck.cir -q -o many.csv --threads ") + threads).code ==
          0);
      CHECK(read_bytes(folder.file("many.csv")) == read_bytes(folder.file("one.csv")));
    }
  }
}

TEST_CASE("points that fail are named with their values, the others are written, the exit code is 1") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), std::string(steps) + ".step param limit list 1e6 25\n");
  const CommandOutcome outcome =
      run_command(folder, "$MEMSPICE deck.cir -o out.raw --report run.json --threads 3");
  CHECK(outcome.code == 1);
  CHECK(outcome.out.find("\n16 of 32 points failed\n") != std::string::npos);
  CHECK(outcome.err.starts_with("deck.cir: error: at limit=25, r=1000, run=1: stopped at t = "));
  CHECK(outcome.err.ends_with("deck.cir: error: and 11 more like these\n"));
  const nlohmann::json report = nlohmann::json::parse(read_bytes(folder.file("run.json")));
  CHECK(report["outcome"] == "failed");
  REQUIRE(report["steps"].size() == 32);
  CHECK(report["steps"][0]["outcome"] == "complete");
  CHECK(report["steps"][0]["measures"][0]["name"] == "top");
  CHECK(report["steps"][31]["outcome"] == "failed");
  CHECK(report["steps"][31]["values"]["limit"] == 25);
  CHECK(report["steps"][31]["values"]["r"] == 8000);
  const auto plots = memspice::read_waveforms(folder.file("out.raw"));
  REQUIRE(plots.size() == 2);
  CHECK(plots[1].rows() == 16);  // no operating point behind a transient that failed
}

TEST_CASE("--plot-per-step writes a plot for each point, and with --separate a file for each") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "title\nV1 a 0 1\nR1 a 0 {r}\n.op\n.step param r list 1 2 3\n");
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q -o out.raw --plot-per-step").code == 0);
  const auto plots = memspice::read_waveforms(folder.file("out.raw"));
  REQUIRE(plots.size() == 3);
  CHECK(plots[2].title == "title: r=3");
  CHECK(plots[2].columns[0].front() == 3);
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q -o out.csv --plot-per-step --separate").code == 0);
  CHECK(read_bytes(folder.file("out.operating-point-3.csv")) == "r,v(a),i(v1)\n3,1,-0.3333333333333333\n");
}

TEST_CASE("an interrupted run with steps leaves whole points and the mark of how many") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              "title\nV1 a 0 SIN(0 1 1k)\nR1 a b {r}\nC1 b 0 1u\n.tran 10u 0.1\n.step param r 1k 100k 1\n"
              ".meas tran top max v(b)\n");
  const CommandOutcome outcome =
      run_command(folder, "$MEMSPICE deck.cir -o out.raw --threads 2 & sleep 1; kill -INT $!; wait $!");
  CHECK(outcome.code == 130);
  CHECK(outcome.err.find("interrupted after ") != std::string::npos);
  CHECK(outcome.out.find("failed") == std::string::npos);
  CHECK(read_bytes(folder.file("out.raw")).find(" interrupted after ") != std::string::npos);
  const auto plots = memspice::read_waveforms(folder.file("out.raw"));
  REQUIRE(plots.size() == 1);
  REQUIRE(plots[0].rows() > 0);
  CHECK(plots[0].columns[0].back() == 0.1);
}

TEST_CASE("a remark on the end of a run stands behind the tables, also where both go to one file") {
  const TemporaryFolder folder;
  write_bytes(
      folder.file("deck.cir"),
      "title\n.param r=1\nV1 a 0 1\nR1 a 0 {r}\n.op\n.meas op i1 find i(r1)\n.meas op i2 param '1/0'\n"
      ".step param r 1 200 1\n");
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q >log 2>&1").code == 1);
  const std::string log = read_bytes(folder.file("log"));
  CHECK(log.starts_with("  Measurements for Operating Point\n"));
  CHECK(log.ends_with("deck.cir: error: and 195 more like these\n"));
  CHECK(log.find("\n\ndeck.cir: error: at r=1: measure 'i2' failed") != std::string::npos);
}

TEST_CASE("a conversion says that it writes one point, and which analyses it leaves out") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              "title\nV1 a 0 1\nR1 a 0 {r}\n.op\n.ac dec 1 1 10\n.step param r list 1 2 3\n.mc 3\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE convert deck.cir --to ngspice -o peer.cir");
  CHECK(outcome.code == 0);
  for (const char* card :
       {".ac: it is not converted", ".step: the converted deck", ".mc: the converted deck"})
    CHECK_MESSAGE(outcome.err.find(card) != std::string::npos, card);
}

TEST_CASE("the report keeps what the cards beside each of several transients found") {
  const TemporaryFolder folder;
  write_bytes(
      folder.file("deck.cir"),
      "title\nV1 in 0 -1\nY1 in 0 m\n.model m memristor(ron=100 roff=16k beta=1)\n"
      ".omega\n.invariants\n.functional\n.meas tran top max w(y1)\n.op\n.tran 10m 1\n.tran 10m 0.1\n");
  REQUIRE(run_command(folder, "$MEMSPICE deck.cir --report run.json").code == 0);
  const nlohmann::json report = nlohmann::json::parse(read_bytes(folder.file("run.json")));
  CHECK(report["format"] == 2);
  for (const char* card : {"invariants", "functional", "omega", "measures"}) {
    CAPTURE(card);
    REQUIRE(report[card].size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(report[card][i]["analysis"] == "tran");
      CHECK(report[card][i]["number"] == i + 2);  // behind .op
    }
  }
  CHECK(report["measures"][0]["value"] > report["measures"][1]["value"]);
}

TEST_CASE("a failed .omega names its point in every output, and the report has what each point found") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              "title\nV1 in 0 1\nY1 in 0 m\n.model m memristor(ron=100 roff=16k beta=1m)\n"
              ".omega tol={t}\n.invariants\n.functional\n.tran 10m 1\n.step param t list 1e-2 1e-14\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir --report run.json");
  CHECK(outcome.code == 1);
  CHECK(outcome.err.starts_with(
      "deck.cir: error: at t=1e-14: .omega: w(y1) deviates from the closed form by "));
  CHECK(outcome.err.find(".omega: ") == outcome.err.rfind(".omega: "));
  const nlohmann::json report = nlohmann::json::parse(read_bytes(folder.file("run.json")));
  REQUIRE(report["failures"].size() == 1);
  CHECK(report["failures"][0].get<std::string>().starts_with("at t=1e-14: .omega: "));
  REQUIRE(report["steps"].size() == 2);
  for (const nlohmann::json& point : report["steps"]) {
    REQUIRE(point["omega"].size() == 1);
    CHECK(point["omega"][0]["passed"] == (point["values"]["t"] == 1e-2));
    CHECK(point["invariants"][0]["power"]["laws"] == 1);
    CHECK(point["functional"][0]["lyapunov"].contains("violations"));
  }
  CHECK(report["omega"][0]["at_point"].get<std::string>().starts_with("t="));
}
