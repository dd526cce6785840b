#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "support/program.hpp"
#include "support/random.hpp"

// Runs that are killed and gone on with, from the command line.

namespace {

constexpr std::string_view rectifier = R"(a rectifier
V1 in 0 SIN(0 5 1k)
D1 in out d
R1 out 0 1k
C1 out 0 1u
S1 out x out 0 sw
R2 x 0 300
.model d d is=1e-14 cjo=2p
.model sw sw vt=3 vh=0.5 ron=1 roff=1meg
.measure tran top max v(out)
.print tran v(out)
)";

/// "--checkpoint-at" of what the report lists.
std::string places_of(const TemporaryFolder& folder) {
  const auto report = nlohmann::json::parse(read_bytes(folder.file("run.json")));
  std::string text;
  if (report.contains("checkpoints"))
    for (const std::string place : report["checkpoints"]) text += (text.empty() ? "" : ",") + place;
  return text.empty() ? "" : "--checkpoint-at " + text;
}

/// Without the dates of the heads.
std::string undated(std::string text) {
  for (std::size_t date = 0; (date = text.find("\nDate: ", date)) != std::string::npos;)
    text.erase(date, text.find('\n', date + 1) - date);
  return text;
}

}  // namespace

TEST_CASE("a run that is killed at random moments is gone on with, byte for byte") {
#ifdef MEMSPICE_SANITIZE
  return;  // its moments are those of a program that starts and ends in milliseconds
#endif
  const TemporaryFolder folder;
  memspice::testing::Random random(7);
  for (const auto& [cards, out] :
       {std::pair{".tran 20u 150m", "out.csv"},
        {".options interp\n.tran 20u 150m", "out.raw"},
        // States at their bounds.
        {"Y1 in y m\nR9 y 0 100\n.model m memristor(level=2)\n.tran 20u 150m", "out.csv"},
        {".dc v1 -5 5 0.1m\n.op", "out.raw"},
        {".param q=1\nR9 in 0 {q}\n.step param q 1 40 1\n.tran 20u 4m\n.dc v1 0 1 0.1", "out.csv"}}) {
    CAPTURE(cards);
    write_bytes(folder.file("deck.cir"), std::string(rectifier) + cards + "\n.end\n");
    const std::string line = fmt::format("deck.cir -q -o {} --print run.txt --report run.json", out);
    int code = 137, kills = 0;
    // In the foreground timeout waits for the run's end; else it dies first, and the run still has its files.
    // Where both come at once the run's own code counts.
    for (bool resumed = false; code == 137 && kills < 12; ++kills) {
      code =
          run_command(
              folder,
              fmt::format(
                  "timeout --foreground --preserve-status -s KILL {} $MEMSPICE {} --checkpoint run.ck,0 {}",
                  random.uniform(0.02, 0.25) * (1 + kills), line, resumed ? "--resume run.ck" : ""))
              .code;
      resumed = std::filesystem::exists(folder.file("run.ck"));
    }
    if (code == 137)  // without a checkpoint it was killed before the first one, or behind its end
    {
      const CommandOutcome last =
          run_command(folder, "$MEMSPICE " + line +
                                  (std::filesystem::exists(folder.file("run.ck")) ? " --resume run.ck" : ""));
      CAPTURE(last.err);
      code = last.code;
      REQUIRE(code == 0);
    }
    REQUIRE(code == 0);
    CHECK(!std::filesystem::exists(folder.file("run.ck")));
    REQUIRE(run_command(folder, fmt::format("$MEMSPICE deck.cir -q -o whole{} --print whole.txt {}",
                                            std::string_view(out).substr(3), places_of(folder)))
                .code == 0);
    CHECK(undated(read_bytes(folder.file(out))) ==
          undated(read_bytes(folder.file("whole" + std::string(out).substr(3)))));
    CHECK(read_bytes(folder.file("run.txt")) == read_bytes(folder.file("whole.txt")));
  }
}

TEST_CASE("a run that was told to end is gone on with, and its partial result stays until then") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), std::string(rectifier) + ".tran 20u 100m\n.end\n");
  const CommandOutcome ended = run_command(folder,
                                           "$MEMSPICE deck.cir -q -o out.raw --checkpoint run.ck,0 & sleep "
                                           "0.01; for i in $(seq 200); do [ -e run.ck ] && "
                                           "break; sleep 0.01; done; kill -TERM $!; wait $!");
  if (ended.code == 0) return;  // on a fast machine
  REQUIRE(ended.code == 143);
  REQUIRE(std::filesystem::exists(folder.file("out.raw")));
  const std::string partial = read_bytes(folder.file("out.raw"));
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q -o other.raw --resume run.ck").err ==
        "memspice: error: cannot go on from 'run.ck': its waveforms are in 'out.raw', and this run's would "
        "be in "
        "'other.raw'\n");
  CHECK(read_bytes(folder.file("out.raw")) == partial);
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q -o out.raw --report run.json --resume run.ck").code == 0);
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q -o whole.raw " + places_of(folder)).code == 0);
  CHECK(undated(read_bytes(folder.file("out.raw"))) == undated(read_bytes(folder.file("whole.raw"))));
}

TEST_CASE("a run that is told to end at random moments loses nothing") {
#ifdef MEMSPICE_SANITIZE
  return;  // its moments are those of a program that starts and ends in milliseconds
#endif
  const TemporaryFolder folder;
  memspice::testing::Random random(23);
  const std::string network =
      "a network\nV1 a 0 SIN(0 2 1)\nY1 a b m w0=0.3\nY2 b 0 m w0=0.6\nY3 b c m w0=0.4\nY4 c 0 m w0=0.2\n"
      ".model m memristor ron=100 roff=1.6k beta=0.5 alpha=0.2\n";
  int ends = 0, looked = 0, late = 0;
  for (const std::string& cards :
       {std::string(rectifier) + ".tran 20u 150m", std::string(rectifier) + ".dc v1 -5 5 0.1m",
        std::string(rectifier) + ".param q=1\nR9 in 0 {q}\n.step param q 1 40 1\n.tran 20u 4m",
        network + ".options integrator=ida\n.omega tol=1e-9\n.tran 1m 20"}) {
    CAPTURE(cards);
    write_bytes(folder.file("deck.cir"), cards + "\n.end\n");
    // No checkpoint comes by itself.
    const std::string line = "deck.cir -q -o out.csv --report run.json --checkpoint run.ck,1e6";
    std::size_t places = 0;
    for (int code = 143; code == 143;) {
      const bool resumed = std::filesystem::exists(folder.file("run.ck"));
      code = run_command(folder, fmt::format("timeout -s TERM {} $MEMSPICE {} {}",
                                             random.uniform(0.05, 0.3) * (1 + ends % 5), line,
                                             resumed ? "--resume run.ck" : ""))
                 .code;
      if (code == 124) code = 143;  // what timeout itself says
      REQUIRE((code == 0 || code == 143));
      if (code == 0 || !std::filesystem::exists(folder.file("run.json"))) continue;
      ++ends;
      const auto report = nlohmann::json::parse(read_bytes(folder.file("run.json")));
      const std::size_t now = report.contains("checkpoints") ? report["checkpoints"].size() : 0;
      places = now;
      if (cards.find(".tran 20u 150m") == std::string::npos || now == 0) continue;
      // No more is missing between the last row so far and the checkpoint than rows are apart.
      std::string rows = read_bytes(folder.file("out.csv"));
      if (const std::size_t mark = rows.find("\n#"); mark != std::string::npos) rows.resize(mark + 1);
      const std::size_t last = rows.rfind('\n', rows.size() - 2) + 1;
      const std::string place = report["checkpoints"].back();
      const double missing = std::stod(place.substr(place.find(':') + 1)) - std::stod(rows.substr(last));
      // A loaded machine may not come to the end of a step while there is patience.
      ++looked;
      late += missing < 0 ? 1 : 0;
      CHECK(missing < 20e-6);
    }
    CAPTURE(places);
    CHECK(!std::filesystem::exists(folder.file("run.ck")));
    REQUIRE(run_command(folder, "$MEMSPICE deck.cir -q -o whole.csv " + places_of(folder)).code == 0);
    CHECK(read_bytes(folder.file("out.csv")) == read_bytes(folder.file("whole.csv")));
  }
  CHECK(ends > 0);
  CHECK(2 * late <= looked);
}

TEST_CASE("a checkpoint of another run, or with another byte, is refused with a reason") {
  const TemporaryFolder folder;
  // It takes seconds, so that it is under way when it is killed.
  const std::string deck = "rc\nV1 a 0 SIN(0 1 1k)\nR1 a b 1k\nC1 b 0 1u\n.param q=1\n.tran 10u 90\n.end\n";
  write_bytes(folder.file("deck.cir"), deck);
  REQUIRE(run_command(
              folder,
              "$MEMSPICE deck.cir -q -o out.csv --checkpoint run.ck,1000 --checkpoint-at 5m & sleep 0.01; "
              "for i in $(seq 300); do [ -e run.ck ] && break; sleep 0.01; done; kill -STOP $!; "
              "cp run.ck kept.ck; cp out.csv.$!-0.part rows.part; kill -KILL $!; wait $!; true")
              .code == 0);
  const std::string bytes = read_bytes(folder.file("kept.ck"));
  REQUIRE(bytes.size() > 100);
  const auto refused = [&](const std::string& options) {
    return run_command(folder, "$MEMSPICE deck.cir -q -o out.csv --resume try.ck" + options);
  };
  for (std::size_t place = 0; place < bytes.size(); place += 1 + bytes.size() / 40) {
    CAPTURE(place);
    std::string changed = bytes;
    changed[place] = static_cast<char>(changed[place] ^ 1);
    write_bytes(folder.file("try.ck"), changed);
    const CommandOutcome outcome = refused("");
    CHECK(outcome.code == 3);
    CHECK(outcome.err.starts_with("memspice: error: cannot go on from 'try.ck': it is "));
    write_bytes(folder.file("try.ck"), bytes.substr(0, place));
    CHECK(refused("").code == 3);
  }
  write_bytes(folder.file("try.ck"), bytes);
  const std::string other =
      "cannot go on from 'try.ck': the deck, a file that it reads, a value or an option is another one";
  for (const char* option : {" -D q=2", " --set r1=2k", " --verify", " --format tsv"})
    CHECK(refused(option).err.find(other) != std::string::npos);
  write_bytes(folder.file("deck.cir"), deck + "* another comment\n");
  CHECK(refused("").err.find(other) != std::string::npos);
  write_bytes(folder.file("deck.cir"), deck);
  CHECK(run_command(folder, "rm -f out.csv*; $MEMSPICE deck.cir -q -o out.csv --resume try.ck")
            .err.find("the rows that the checkpoint goes on from are not there") != std::string::npos);
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q --resume nothing.ck").code == 3);
}

TEST_CASE("checkpoints want a file, seconds and times") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "rc\nV1 a 0 1\nR1 a 0 1\n.tran 1m 2m\n.end\n");
  for (const char* options :
       {"--checkpoint c,soon -o a.csv", "--checkpoint c,-1 -o a.csv", "--checkpoint c -o -",
        "--checkpoint-at 1m,x", "--checkpoint-at 0:1m", "--checkpoint-at=-1m", "--checkpoint a.csv -o a.csv",
        "--checkpoint deck.cir", "--checkpoint c --plot"})
    CHECK_MESSAGE(run_command(folder, std::string("$MEMSPICE deck.cir -q ") + options).code == 2, options);
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q --checkpoint c,0 -o a.csv").code == 0);
  CHECK(!std::filesystem::exists(folder.file("c")));
}
