#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support/program.hpp"

// What --report says of a deck that is not run.

namespace {

nlohmann::json report_in(const TemporaryFolder& folder) {
  return nlohmann::json::parse(read_bytes(folder.file("run.json")));
}

}  // namespace

TEST_CASE("a refused deck replaces an older report by one that says so, a checked one too") {
  const TemporaryFolder folder;
  write_bytes(folder.file("good.cir"), "good\nV1 a 0 1\nR1 a 0 1k\n.op\n");
  write_bytes(folder.file("bad.cir"), "bad\nV1 a 0 1\nR1 a 0 oops\n.op\n");
  write_bytes(folder.file("bare.cir"), "bare\nV1 a 0 1\nR1 a 0 1\n");
  CHECK(run_command(folder, "$MEMSPICE good.cir -q --report run.json").code == 0);
  CHECK(report_in(folder).at("outcome") == "complete");
  CHECK(run_command(folder, "$MEMSPICE bad.cir -q --report run.json").code == 2);
  CHECK(report_in(folder).at("outcome") == "refused");
  CHECK(report_in(folder).at("deck") == "bad.cir");
  REQUIRE(report_in(folder).at("failures").size() == 1);
  CHECK(report_in(folder)["failures"][0].get<std::string>().starts_with("bad.cir:3:8: error: "));
  CHECK(run_command(folder, "$MEMSPICE good.cir -q --check --report run.json").code == 0);
  CHECK(report_in(folder).at("outcome") == "checked");
  CHECK(run_command(folder, "$MEMSPICE bare.cir -q --report run.json").code == 2);
  CHECK(report_in(folder).at("outcome") == "refused");
  CHECK(run_command(folder, "$MEMSPICE good.cir -q --report run.json -D oops").code == 2);
  CHECK(report_in(folder).at("outcome") == "refused");
  CHECK(run_command(folder, "$MEMSPICE none.cir -q --report run.json").code == 3);
  CHECK(report_in(folder).at("outcome") == "failed");
  CHECK(run_command(folder, "$MEMSPICE good.cir -q -o nowhere/x.raw --report run.json").code == 3);
  CHECK(report_in(folder).at("outcome") == "failed");
  CHECK(run_command(folder, "$MEMSPICE bad.cir -q --report - | grep -c refused").out == "1\n");
}

TEST_CASE("the report of a refused deck overwrites no file that is none") {
  const TemporaryFolder folder;
  const std::string bad = "bad\nV1 a 0 1\n.include part.inc\n.op\n";
  const std::string part = "R1 a 0 oops\n";
  write_bytes(folder.file("bad.cir"), bad);
  write_bytes(folder.file("part.inc"), part);
  for (const char* path : {"bad.cir", "./bad.cir", "part.inc"}) {
    CHECK(run_command(folder, std::string("$MEMSPICE bad.cir --report ") + path).code == 2);
    CHECK(read_bytes(folder.file("bad.cir")) == bad);
    CHECK(read_bytes(folder.file("part.inc")) == part);
  }
  CHECK(folder.count() == 2);
}
