#include <doctest/doctest.h>

#include <string>

#include "memspice/waveform.hpp"
#include "support/program.hpp"

// Standard output and standard error that cannot be written.

namespace {

const std::string measured =
    "many rows\n.param r=1k\nV1 a 0 1\nR1 a 0 {r}\n.op\n.meas op i1 find i(r1)\n.step param r 1 20k 1\n";
const std::string full = "memspice: error: cannot write to standard output: No space left on device\n";

}  // namespace

TEST_CASE("what cannot be written to standard output is a plain error with exit code 3, of every command") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), measured);
  write_bytes(folder.file("a.csv"), "time,v(a)\n0,0\n1,1\n");
  for (const char* arguments :
       {"deck.cir", "deck.cir -q", "deck.cir --check", "deck.cir -q -o -", "deck.cir -q --report -",
        "deck.cir -q --print -", "--help", "--version", "--help-cards", "--help-device",
        "compare a.csv a.csv", "generate ring --size 4", "convert deck.cir --to ngspice -q"}) {
    CAPTURE(arguments);
    const CommandOutcome outcome = run_command(folder, std::string("$MEMSPICE ") + arguments + " >/dev/full");
    CHECK(outcome.code == 3);
    CHECK(outcome.err.ends_with(full));
    CHECK(outcome.err.find("internal") == std::string::npos);
  }
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q >&-").err ==
        "memspice: error: cannot write to standard output: Bad file descriptor\n");
}

TEST_CASE("a reader of standard output that goes ends the program quietly, with the files written") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), measured + ".print op v(a) file=table.txt\n");
  const CommandOutcome outcome =
      run_command(folder, "{ $MEMSPICE deck.cir -q -o out.csv --report run.json; echo $? >&2; } | head -2");
  CHECK(outcome.out == "  Measurements for Operating Point\n\n");
  CHECK(outcome.err == "141\n");
  for (const char* file : {"out.csv", "run.json", "table.txt"})
    CHECK_MESSAGE(!read_bytes(folder.file(file)).empty(), file);
  CHECK(folder.count() == 4);
}

TEST_CASE("a standard error that cannot be written changes neither exit codes nor files") {
  const TemporaryFolder folder;
  write_bytes(folder.file("bad.cir"), "title\nR1 a\n.op\n");
  write_bytes(folder.file("warned.cir"), "title\nV1 a 0 1\nR1 a b 1\n.op\n");
  for (const char* nowhere : {" 2>/dev/full", " 2>&-"}) {
    CAPTURE(nowhere);
    const auto code = [&](const std::string& arguments) {
      return run_command(folder, "$MEMSPICE " + arguments + nowhere).code;
    };
    CHECK(code("bad.cir") == 2);
    CHECK(code("nofile") == 3);
    CHECK(code("--no-such-option") == 2);
    CHECK(code("warned.cir -o out.csv") == 0);
    CHECK(read_bytes(folder.file("out.csv")) == "v(a),v(b),i(v1)\n1,1,-0\n");
  }
}
