#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "memspice/waveform.hpp"
#include "support/approx.hpp"
#include "support/places.hpp"
#include "support/program.hpp"

// Runs that do not reach their end keep their rows, say why, and say so in their exit code.

namespace {

// Starts an endless run, sends the signal when it is under way, and returns what came of it.
CommandOutcome interrupted_run(const TemporaryFolder& folder, const std::string& signal,
                               const std::string& program = "$MEMSPICE") {
  write_bytes(folder.file("deck.cir"),
              "endless\nV1 a 0 SIN(0 1 1k)\nY1 a 0 m\n.model m memristor beta=1\n.tran 1m 1e6 0 10u\n");
  return run_command(folder,
                     program +
                         " deck.cir -o out.raw --report out.json & run=$!\n"
                         "i=0; until [ -n \"$(find . -name '*.part' -size +100k)\" ] || [ $i -gt 1000 ]; do\n"
                         "  i=$((i+1)); sleep 0.01; done\n"
                         "kill -" +
                         signal + " $run; wait $run");
}

std::string first_lines(const std::string& text, int count) {
  std::size_t end = 0;
  for (; count > 0 && end != std::string::npos; --count) end = text.find('\n', end) + 1;
  return text.substr(0, end);
}

}  // namespace

TEST_CASE(
    "Ctrl-C, SIGTERM, a hang-up, SIGQUIT, an alarm and the end of processor time end a run, keep its rows "
    "and mark the file") {
  for (const auto& [signal, code] :
       {std::pair{"INT", 130}, std::pair{"TERM", 143}, std::pair{"HUP", 129}, std::pair{"QUIT", 131},
        std::pair{"ALRM", 142}, std::pair{"XCPU", 152}}) {
    CAPTURE(signal);
    const TemporaryFolder folder;
    const CommandOutcome outcome = interrupted_run(folder, signal);
    CHECK(outcome.code == code);
    CHECK(outcome.err.find("\ndeck.cir: interrupted at t = ") != std::string::npos);
    CHECK(outcome.err.ends_with(" s of 1e+06 s; the rows so far are kept\n"));
    CHECK(folder.count() == 3);  // deck, waveforms, report; nothing temporary
    const auto plots = memspice::read_waveforms(folder.file("out.raw"));
    REQUIRE(plots.size() == 1);
    CHECK(plots[0].rows() > 1000);
    CHECK(plots[0].columns[0].back() > 1e-3);
    CHECK(first_lines(read_bytes(folder.file("out.raw")), 3).find(" interrupted at ") != std::string::npos);
    const auto report = nlohmann::json::parse(read_bytes(folder.file("out.json")));
    CHECK(report.at("outcome") == "interrupted");
    CHECK(report.at("analyses")[0].at("end_time").get<double>() == plots[0].columns[0].back());
  }
}

TEST_CASE("an interrupted run leaves a complete result in its place, and says where its rows are") {
  const TemporaryFolder folder;
  write_bytes(folder.file("out.raw"), "complete\n");
  const CommandOutcome outcome = interrupted_run(folder, "INT");
  CHECK(outcome.code == 130);
  CHECK(read_bytes(folder.file("out.raw")) == "complete\n");
  CHECK(memspice::read_waveforms(folder.file("out.partial.raw")).front().mark.starts_with("interrupted at "));
  CHECK(outcome.out.find("written: out.partial.raw\n") != std::string::npos);
  CHECK(outcome.err.find(
            "deck.cir: the rows so far are in 'out.partial.raw': 'out.raw' holds a complete run and "
            "stays\n") != std::string::npos);
}

TEST_CASE("what a killed run leaves is named by the next one, and recovered") {
  const TemporaryFolder folder;
  CHECK(interrupted_run(folder, "KILL").code == 137);
  CHECK(folder.count() >= 2);
  write_bytes(folder.file("deck.cir"), "short\nV1 a 0 SIN(0 1 1k)\nR1 a 0 1\n.tran 10u 1m\n");
  CHECK(run_command(folder, "ls out.json.*.part").code == 0);
  const CommandOutcome next = run_command(folder, "$MEMSPICE deck.cir -o out.raw --report out.json");
  CHECK(next.code == 0);
  CHECK(run_command(folder, "ls out.json.*.part").code != 0);  // an empty one tells nothing
  CHECK(next.err.starts_with("memspice: warning: 'out.raw."));
  CHECK(next.err.find(".part' is what a killed run has left\n  try: memspice recover out.raw.") !=
        std::string::npos);
  const std::string complete = read_bytes(folder.file("out.raw"));
  const CommandOutcome recovered = run_command(folder, "$MEMSPICE recover out.raw.*.part");
  CHECK(recovered.code == 0);
  CHECK(recovered.out.find(" rows recovered, written: ") != std::string::npos);
  CHECK(read_bytes(folder.file("out.raw")) == complete);
  const auto plots = memspice::read_waveforms(folder.file("out.partial.raw"));
  REQUIRE(plots.size() == 1);
  CHECK(plots[0].rows() > 1000);
  CHECK(plots[0].mark.starts_with("recovered of a run that died at "));
  CHECK(run_command(folder, "$MEMSPICE recover -q -o rows.csv out.raw.*.part").code == 0);
  CHECK(memspice::read_waveforms(folder.file("rows.csv")).front().columns == plots[0].columns);
  CHECK(run_command(folder, "$MEMSPICE compare out.partial.raw rows.csv").code == 1);
  CHECK(run_command(folder, "$MEMSPICE compare --common-range out.partial.raw rows.csv").code == 0);
  CHECK(run_command(folder, "$MEMSPICE recover out.raw").code == 2);
  CHECK(run_command(folder, "$MEMSPICE recover none.raw.1-0.part").code == 2);  // process 1 runs
  CHECK(run_command(folder, "$MEMSPICE recover -o x.raw none").code == 3);
}

TEST_CASE("further signals shortly behind the first one lose no rows") {
  const TemporaryFolder folder;
  const CommandOutcome outcome = interrupted_run(folder, "INT $run; sleep 0.02; kill -INT $run; kill -TERM");
  CHECK(outcome.code == 130);
  CHECK(folder.count() == 3);
  CHECK(memspice::read_waveforms(folder.file("out.raw")).front().rows() > 1000);
}

TEST_CASE("a run under nohup does not end with the terminal") {
  const TemporaryFolder folder;
  const CommandOutcome outcome =
      interrupted_run(folder, "HUP $run; sleep 0.2; kill -TERM", "trap '' HUP; $MEMSPICE");
  CHECK(outcome.code == 143);
}

TEST_CASE("what grows beyond all bounds in a finite time ends the run there and is named") {
  const TemporaryFolder folder;
  // dv/dt = k v²: v = 1/(1 - k t).
  write_bytes(folder.file("deck.cir"),
              "blow up\n.param k=2\nC1 a 0 1 ic=1\nB1 a 0 i={-k*v(a)*v(a)}\n.tran 10m 1 uic\n"
              ".step param k list 0.5 2 5\n.end\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -q -o out.raw");
  CHECK(outcome.code == 1);
  for (const char* begin : {"deck.cir: error: at k=2: the integration cannot go on at t = 0.",
                            "\ndeck.cir: error: at k=5: the "
                            "integration cannot go on at t = 0."})
    CHECK(outcome.err.find(begin) != std::string::npos);
  CHECK(outcome.err.find("k=0.5") == std::string::npos);
  CHECK(outcome.err.find("\n  fastest unknowns: v(a) = ") != std::string::npos);
}

TEST_CASE(
    "a mixture that becomes singular ends the run with 1, names the elements, keeps and marks the rows") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              read_bytes(memspice::testing::project_folder() + "/netlists/networks/singular_mixture.cir"));
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -o out.raw --report out.json");
  CHECK(outcome.code == 1);
  CHECK(outcome.err.starts_with("deck.cir: error: the integration cannot go on at t = 0.2083"));
  CHECK(outcome.err.find(
            "\n  negative resistances: y3: where positive ones hardly outweigh them any more, currents "
            "diverge\n") != std::string::npos);
  CHECK(outcome.err.find("\n  tried: ") != std::string::npos);
  CHECK(outcome.err.find("\n  try: ") != std::string::npos);
  const auto plots = memspice::read_waveforms(folder.file("out.raw"));
  REQUIRE(plots.size() == 1);
  CHECK(plots[0].rows() > 200);
  CHECK(plots[0].columns[0].back() == memspice::testing::approx(0.2083333).epsilon(1e-3));
  CHECK(read_bytes(folder.file("out.raw")).find(" failed at 0.2083") != std::string::npos);
  const auto report = nlohmann::json::parse(read_bytes(folder.file("out.json")));
  CHECK(report.at("outcome") == "failed");
  CHECK(
      report.at("analyses")[0].at("message").get<std::string>().starts_with("the integration cannot go on"));
}

TEST_CASE("an .omega beyond its tolerance fails the run and keeps the waveforms") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              "one memristor\nV1 a 0 SIN(0 1 1)\nY1 a 0 m\n.model m memristor beta=0.1\n.tran 10m 1\n"
              ".omega tol=1e-15\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -q -o out.raw");
  CHECK(outcome.code == 1);
  CHECK(outcome.err.starts_with("deck.cir: error: .omega: w(y1) deviates from the closed form by "));
  CHECK(outcome.err.find(", more than tol = 1e-15\n  the transient did not converge") != std::string::npos);
  CHECK(outcome.err.find("\n  try: ") != std::string::npos);
  CHECK(memspice::read_waveforms(folder.file("out.raw"))[0].columns[0].back() == 1.0);
}

TEST_CASE("a circuit without an operating point exits with 1 and shows no values") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "resistances cancel\nV1 a 0 1\nR1 a b 1k\nR2 b 0 -1k\n.op\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -o out.raw");
  CHECK(outcome.code == 1);
  CHECK(
      outcome.err ==
      "deck.cir: error: no operating point found; worst nodes: v(b)\n"
      "  negative resistances: r2\n"
      "  tried: Newton, gmin stepping, source stepping, pseudo-transient\n"
      "  try: start with .tran … uic, give node voltages with .nodeset, or check the signs of resistances\n");
  CHECK(outcome.out == "resistances cancel\noperating point: no rows\n\nwritten: out.raw\n");
  CHECK(memspice::read_waveforms(folder.file("out.raw"))[0].rows() == 0);
}

TEST_CASE(
    "a signal while eigenvalues are sought commits the analyses before, complete, and leaves no temporary "
    "file") {
  const TemporaryFolder folder;
  std::string deck = "ladder\n.model m memristor beta=1\nV1 n0 0 1\n";
  for (int i = 0; i < 1000; ++i)
    deck += "Y" + std::to_string(i) + " n" + std::to_string(i) + " n" + std::to_string(i + 1) + " m\nR" +
            std::to_string(i) + " n" + std::to_string(i + 1) + " 0 1k\n";
  write_bytes(folder.file("deck.cir"), deck + ".tran 1 1 0 100m\n.eigen\n.end\n");
  const CommandOutcome outcome = run_command(
      folder,
      "$MEMSPICE deck.cir -o out.raw --report out.json & run=$!\n"
      "i=0; until [ -n \"$(find . -name '*.part')\" ] || [ $i -gt 1000 ]; do i=$((i+1)); sleep 0.01; done\n"
      "sleep 0.5; kill -INT $run; wait $run");
  CHECK(outcome.code == 130);
  CHECK(outcome.err.find("deck.cir: interrupted in .eigen; what was finished before is kept\n") !=
        std::string::npos);
  CHECK(folder.count() == 3);
  const auto plots = memspice::read_waveforms(folder.file("out.raw"));
  CHECK(plots.front().columns[0].back() == 1);
  CHECK(plots.front().mark.empty());
  CHECK(nlohmann::json::parse(read_bytes(folder.file("out.json"))).at("outcome") == "interrupted");
}
