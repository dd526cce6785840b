#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "memspice/waveform.hpp"
#include "support/approx.hpp"
#include "support/program.hpp"

// Where tables, measures and harmonics go on the command line.

namespace {

const std::string divider = "divider\nV1 in 0 PWL(0 0 1 2)\nR1 in out 1k\nR2 out 0 1k\n.tran 0.5 1\n";

}  // namespace

TEST_CASE("tables, measures and harmonics stand on standard output, with --quiet nothing else") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              divider +
                  ".options interp\n.print tran v(out) {v(in)*2} format=std\n.print v(in) format=csv\n"
                  ".measure tran half when v(out)=0.5\n.four 1 v(in)\n.options nfreqs=2\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -q");
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  CHECK(
      outcome.out.starts_with("  Measurements for Transient Analysis\n\n"
                              "half                =  5.000000e-01\n\n"
                              "Transient Analysis\n"
                              "   index            time          v(out)         v(in)*2\n"
                              "       0  0.00000000e+00  0.00000000e+00  0.00000000e+00\n"
                              "       1  5.00000000e-01  5.00000000e-01  2.00000000e+00\n"
                              "       2  1.00000000e+00  1.00000000e+00  4.00000000e+00\n\n"
                              "time,v(in)\n0,0\n0.5,1\n1,2\n"
                              "Fourier analysis for v(in):\n"
                              "  No. Harmonics: 2, THD: 0 %\n\n"
                              "Harmonic Frequency   Magnitude   Phase       Norm. Mag   Norm. Phase\n"
                              "-------- ---------   ---------   -----       ---------   -----------\n"
                              " 0       0           1           0           0           0\n"
                              " 1       1           0.63662 "));
}

TEST_CASE("--print and file= take tables from standard output") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              divider +
                  ".options interp\n.print tran v(out) format=csv\n"
                  ".print tran v(in) format=csv file=in.csv\n.meas tran top max v(in)\n");
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q --print all.txt").out.empty());
  CHECK(read_bytes(folder.file("all.txt")) ==
        "  Measurements for Transient Analysis\n\ntop                 =  2.000000e+00 at=  1.000000e+00\n\n"
        "time,v(out)\n0,0\n0.5,0.5\n1,1\n");
  CHECK(read_bytes(folder.file("in.csv")) == "time,v(in)\n0,0\n0.5,1\n1,2\n");
}

TEST_CASE("waveforms on standard output are not mixed with tables: a warning names --print") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), divider + ".print tran v(out)\n");
  const CommandOutcome mixed = run_command(folder, "$MEMSPICE deck.cir -o - >out.raw");
  CHECK(mixed.code == 0);
  CHECK(mixed.err.find("tables and measures are left out\n  try: --print FILE") != std::string::npos);
  CHECK(memspice::read_waveforms(folder.file("out.raw")).size() == 1);
  const CommandOutcome apart = run_command(folder, "$MEMSPICE deck.cir -o - --print t.txt >out.raw");
  CHECK(apart.err.empty());
  CHECK(read_bytes(folder.file("t.txt")).find("v(out)") != std::string::npos);
}

TEST_CASE(
    "files of tables are refused over the deck, outside with --safe, and where nothing can be written") {
  const TemporaryFolder folder;
  const auto run = [&](const std::string& card, const std::string& options) {
    write_bytes(folder.file("deck.cir"), divider + card + "\n");
    return run_command(folder, "$MEMSPICE deck.cir -q " + options);
  };
  CHECK(run(".print tran v(out) file=deck.cir", "").code == 2);
  CHECK(run(".print tran v(out) file=../t.txt", "--safe").code == 2);
  CHECK(run(".print tran v(out) file=nowhere/t.txt", "").code == 3);
  CHECK(run(".print tran v(out)", "--print deck.cir").code == 2);
  CHECK(run(".print tran v(out)", "--print nowhere/t.txt").code == 3);
  CHECK(run(".print tran v(out) file=t.txt", "--safe").code == 0);
}

TEST_CASE("a failed measure ends with exit code 1, its reason on standard error and in the report") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              divider +
                  ".measure tran good when v(out)=0.5\n.measure tran bad when v(out)=5\n"
                  ".four 0.1 v(out)\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -q -o out.raw --report run.json");
  CHECK(outcome.code == 1);
  CHECK(outcome.err ==
        "deck.cir: error: measure 'bad' failed: v(out) does not cross 5\n"
        "deck.cir: error: no harmonics of v(out): one period lasts 10 s, the transient only 1 s\n");
  CHECK(memspice::read_waveforms(folder.file("out.raw")).front().columns[0].back() == 1);
  const auto report = nlohmann::json::parse(read_bytes(folder.file("run.json")));
  CHECK(report.at("outcome") == "failed");
  REQUIRE(report.at("measures").size() == 2);
  CHECK(report["measures"][0].at("name") == "good");
  CHECK(report["measures"][0].at("value").get<double>() == memspice::testing::approx(0.5).epsilon(1e-9));
  CHECK(report["measures"][1].at("value").is_null());
  CHECK(report["measures"][1].at("message") == "v(out) does not cross 5");
  CHECK(report.at("fourier").at(0).at("harmonics").empty());
}

TEST_CASE("a vector that a table or a measure names and the circuit lacks is an error with its place") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), divider + ".print tran v(otu)\n.measure tran x max {i(r3)*2}\n");
  for (const char* command : {"$MEMSPICE deck.cir -q", "$MEMSPICE deck.cir --check"}) {
    const CommandOutcome outcome = run_command(folder, command);
    CHECK(outcome.code == 2);
    CHECK(outcome.err ==
          "deck.cir:6:13: error: no node 'otu' in this circuit\n  .print tran v(otu)\n              ^~~~~~\n"
          "  hint: did you mean 'out'?\n"
          "deck.cir:7:22: error: no element 'r3' in this circuit\n  .measure tran x max {i(r3)*2}\n"
          "                       ^~~~~\n  hint: did you mean 'r1'?\n");
  }
}

TEST_CASE("an expression may have a name, which is its title") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              divider +
                  ".options interp nfreqs=2\n.print tran Half=par('v(in)/2') v(in) format=csv\n"
                  ".plot tran twice=par('v(in)*2')\n.four 1 square=par('v(in)*v(in)') v(in)\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -q");
  CHECK(outcome.err.empty());
  CHECK(outcome.out.starts_with("time,half,v(in)\n0,0,0\n0.5,0.5,1\n1,1,2\n"));
  CHECK(outcome.out.find("            time           twice\n") != std::string::npos);
  CHECK(outcome.out.find("Fourier analysis for square:\n") != std::string::npos);
  CHECK(outcome.out.find("Fourier analysis for v(in):\n") != std::string::npos);
}

TEST_CASE("precision, width and delimiter of tables, and empty lines between the points of .step") {
  const TemporaryFolder folder;
  const auto table = [&](const std::string& options) {
    write_bytes(
        folder.file("deck.cir"),
        "t\n.param r=1\nI1 0 a {r}\nR1 a 0 1\n.op\n.step param r list 1 2\n.print op v(a) " + options + "\n");
    return run_command(folder, "$MEMSPICE deck.cir -q").out;
  };
  CHECK(table("precision=2") ==
        "Operating Point\n         r      v(a)\n  1.00e+00  1.00e+00\n  2.00e+00  2.00e+00\n\n");
  CHECK(
      table("width=20 precision=1") ==
      "Operating Point\n                   r                v(a)\n             1.0e+00             1.0e+00\n"
      "             2.0e+00             2.0e+00\n\n");
  CHECK(table("delimiter=tab") == "r\tv(a)\n1\t1\n2\t2\n");
  CHECK(table("delimiter=COMMA precision=1") == "r,v(a)\n1.0e+00,1.0e+00\n2.0e+00,2.0e+00\n");
  CHECK(table("delimiter=\";\" format=std") == "index;r;v(a)\n0;1;1\n1;2;2\n");
  CHECK(table("format=gnuplot delimiter=comma") == "r,v(a)\n1,1\n\n\n2,2\n");
  CHECK(table("format=splot precision=0") ==
        "Operating Point\n       r    v(a)\n   1e+00   1e+00\n\n   2e+00   2e+00\n\n");
}
