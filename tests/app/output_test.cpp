#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "memspice/waveform.hpp"
#include "support/approx.hpp"
#include "support/program.hpp"

// What a run leaves behind: the files, the report, and nothing where it could not write.

namespace {

constexpr const char* charging =
    "charging\nV1 a 0 1\nR1 a b 1k\nC1 b 0 1u ic=0\n.tran 0.1m 1m uic\n.save v(b)\n";

}  // namespace

TEST_CASE("the suffix of -o chooses raw or CSV, --ascii raw as text, - standard output: the same numbers") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), charging);
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -o binary.raw");
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  CHECK(outcome.out.starts_with("charging\ntransient to 0.001 s: "));
  CHECK(outcome.out.ends_with("\n\nwritten: binary.raw\n"));
  CHECK(run_command(folder, "$MEMSPICE deck.cir -r text.raw --ascii").code == 0);
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q -o table.csv").out.empty());
  CHECK(run_command(folder, "$MEMSPICE deck.cir -o - >stream.raw").code == 0);
  CHECK(read_bytes(folder.file("binary.raw")).find("\nBinary:\n") != std::string::npos);
  CHECK(read_bytes(folder.file("text.raw")).find("\nValues:\n") != std::string::npos);
  CHECK(read_bytes(folder.file("table.csv")).starts_with("time,v(b)\n0,"));
  const auto reference = memspice::read_waveforms(folder.file("binary.raw"));
  REQUIRE(reference.size() == 1);
  CHECK(reference[0].rows() > 10);
  CHECK(reference[0].columns[0].back() == 0.001);
  for (const char* name : {"text.raw", "table.csv", "stream.raw"}) {
    CAPTURE(name);
    const auto plots = memspice::read_waveforms(folder.file(name));
    REQUIRE(plots.size() == 1);
    REQUIRE(plots[0].rows() == reference[0].rows());
    for (std::size_t row = 0; row < plots[0].rows(); ++row)  // raw as text has 16 digits
      CHECK(plots[0].columns[1][row] ==
            memspice::testing::approx(reference[0].columns[1][row]).epsilon(1e-15));
  }
  CHECK(folder.count() == 5);
}

TEST_CASE("--separate writes one file per analysis, numbered where one is run twice") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), std::string(charging) + ".op\n.tran 0.2m 2m uic\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir --separate -o out.raw");
  CHECK(outcome.code == 0);
  CHECK(
      outcome.out.ends_with("\nwritten: out.transient.raw, out.operating-point.raw, out.transient-2.raw\n"));
  CHECK(folder.count() == 4);
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q -o all.raw").code == 0);
  const auto all = memspice::read_waveforms(folder.file("all.raw"));
  REQUIRE(all.size() == 3);
  std::size_t number = 0;
  for (const char* name : {"out.transient.raw", "out.operating-point.raw", "out.transient-2.raw"}) {
    const auto plots = memspice::read_waveforms(folder.file(name));
    REQUIRE(plots.size() == 1);
    CHECK(plots[0].columns == all[number++].columns);
  }
  for (const char* command : {"$MEMSPICE deck.cir --separate", "$MEMSPICE deck.cir --separate -o -"}) {
    const CommandOutcome refused = run_command(folder, command);
    CHECK(refused.code == 2);
    CHECK(refused.err ==
          "memspice: error: --separate needs a file name to begin with\n  hint: for example -o out.raw\n");
  }
}

TEST_CASE("--separate marks only the file of the analysis that failed and keeps those before it") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), std::string(charging) + ".tran 1n 1m 0 1n\n.options max_steps=500\n");
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q --separate -o out.raw").code == 1);
  CHECK(read_bytes(folder.file("out.transient.raw")).find("failed at") == std::string::npos);
  CHECK(read_bytes(folder.file("out.transient-2.raw")).find("failed at") != std::string::npos);
}

TEST_CASE("--command-line adds that line to a raw file and changes nothing else") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), charging);
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q --command-line -o with.raw").code == 0);
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q -o without.raw").code == 0);
  const std::string with = read_bytes(folder.file("with.raw")),
                    without = read_bytes(folder.file("without.raw"));
  CHECK(with.find("\nCommand: ngspice") != std::string::npos);
  CHECK(without.find("Command:") == std::string::npos);
  CHECK(with.substr(with.find("\nPlotname:")) == without.substr(without.find("\nPlotname:")));
}

TEST_CASE("a run whose reader has closed the pipe ends quietly instead of going on for nobody") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              "endless\nV1 a 0 SIN(0 1 1k)\nR1 a b 1\nC1 b 0 1m\n.tran 1m 1e6 0 10u\n");
  const CommandOutcome outcome =
      run_command(folder, "{ timeout 30 $MEMSPICE deck.cir -o -; echo $? >code; } | true; cat code");
  CHECK(outcome.out == "141\n");
  CHECK(outcome.err.empty());
}

TEST_CASE("without -o a run says that it wrote nothing") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), charging);
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir");
  CHECK(outcome.code == 0);
  CHECK(outcome.out.ends_with("\n\nno file written: add -o out.raw (or .csv) to keep the waveforms\n"));
  CHECK(folder.count() == 1);
}

TEST_CASE("--report says what was run, how it ended and what it cost") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              "two loops\nV1 x 0 SIN(0 1 1)\nY1 x a m\nY2 a 0 m\nR1 a 0 1k\nR9 a dangling 1\n"
              ".model m memristor beta=1\n.tran 10m 1\n.omega tol=1e-3\n");
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q --report report.json").code == 0);
  const auto report = nlohmann::json::parse(read_bytes(folder.file("report.json")));
  CHECK(report.at("memspice") == MEMSPICE_VERSION);
  CHECK(report.at("deck") == "deck.cir");
  CHECK(report.at("title") == "two loops");
  CHECK(report.at("outcome") == "complete");
  CHECK(report.at("circuit").at("elements") == 5);
  REQUIRE(report.at("analyses").size() == 1);
  const auto& analysis = report["analyses"][0];
  CHECK(analysis.at("analysis") == "tran");
  CHECK(analysis.at("outcome") == "complete");
  CHECK(analysis.at("end_time") == 1.0);
  for (const char* key :
       {"steps", "newton_iterations", "factorisations", "factor_nonzeros", "rows", "unknowns"})
    CHECK_MESSAGE(analysis.at("statistics").at(key).get<long>() > 0, key);
  for (const char* key : {"failed_steps", "newton_failures", "restarts"})
    CHECK_MESSAGE(analysis.at("statistics").at(key).get<long>() >= 0, key);
  for (const char* key : {"setup", "operating_point", "integration"})
    CHECK_MESSAGE(analysis.at("statistics").at("seconds").at(key).get<double>() >= 0, key);
  REQUIRE(report.at("omega").size() == 1);
  CHECK(report["omega"][0].at("tolerance") == 1e-3);
  CHECK(report["omega"][0].at("passed") == true);
  CHECK(report["omega"][0].at("states") == 2);
  CHECK(report["omega"][0].at("max_deviation").get<double>() > 0);
  REQUIRE(report.at("warnings").size() == 1);
  CHECK(report["warnings"][0] == "node 'dangling' has only this one connection");
  CHECK(report.at("statistics").at("peak_memory_bytes").get<long>() > 1000000);
}

namespace {

void collect_keys(const nlohmann::json& json, std::set<std::string>& keys) {
  for (const auto& [key, value] : json.items()) {
    if (json.is_object()) keys.insert(key);
    if (value.is_structured()) collect_keys(value, keys);
  }
}

}  // namespace

TEST_CASE("every key of the report is documented") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              "loop\nV1 x 0 0.1\nY1 x 0 m\n.model m memristor beta=1\n.tran 10m 1\n.op\n.omega\n.invariants\n"
              ".functional\n.fixedpoint\n.eigen\n.network\n");
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q --report report.json").code == 0);
  std::set<std::string> keys;
  collect_keys(nlohmann::json::parse(read_bytes(folder.file("report.json"))), keys);
  CHECK(keys.size() > 80);
  const std::string page = read_bytes(memspice::testing::project_folder() + "/docs/file-formats.md");
  const std::size_t begin = page.find("### Report");
  const std::string section = page.substr(begin, page.find("\n## ", begin) - begin);
  keys.erase("w(y1)");  // a state's own name
  for (const std::string& key : keys) CHECK_MESSAGE(section.find('`' + key + '`') != std::string::npos, key);
}

TEST_CASE("an output that cannot be written exits with 3 before anything is run") {
  const TemporaryFolder folder;
  // Endless, if it were run.
  write_bytes(folder.file("deck.cir"),
              "endless\nV1 a 0 SIN(0 1 1k)\nR1 a b 1\nC1 b 0 1m\n.tran 1n 0.9 0 1n\n");
  for (const auto& [target, reason] :
       {std::pair{"missing/out.raw", "No such file or directory"}, std::pair{".", "Is a directory"}}) {
    for (const char* option : {"-o", "--report"}) {
      CAPTURE(target);
      CAPTURE(option);
      const CommandOutcome outcome =
          run_command(folder, std::string("timeout 10 $MEMSPICE deck.cir ") + option + " " + target);
      CHECK(outcome.code == 3);
      CHECK(outcome.out.empty());
      CHECK(outcome.err == std::string("memspice: error: cannot write '") + target + "': " + reason + "\n");
    }
  }
  CHECK(folder.count() == 1);
}

TEST_CASE("the deck and what it includes are never overwritten") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "an include\nV1 a 0 1\n.include part.inc\n.op\n");
  write_bytes(folder.file("part.inc"), "R1 a 0 1k\n");
  for (const char* command :
       {"-o part.inc", "-o deck.cir", "-o ./deck.cir", "--report deck.cir", "--ascii -r part.inc"}) {
    const CommandOutcome outcome = run_command(folder, std::string("$MEMSPICE deck.cir ") + command);
    CAPTURE(outcome.err);
    CHECK(outcome.code == 2);
    CHECK(outcome.err.starts_with("memspice: error: writing '"));
    CHECK(
        outcome.err.ends_with("' would overwrite the deck\n  hint: choose another name, such as out.raw\n"));
  }
  CHECK(read_bytes(folder.file("deck.cir")).starts_with("an include\n"));
  CHECK(read_bytes(folder.file("part.inc")) == "R1 a 0 1k\n");
  CHECK(folder.count() == 2);
}

TEST_CASE("a file with the points of a waveform is never overwritten") {
  const TemporaryFolder folder;
  write_bytes(folder.file("points.txt"), "0 0\n1 1\n");
  const std::string deck = "title\nV1 a 0 PWL file=points.txt\nR1 a 0 1k\n.tran 0.1 1\n";
  const auto refused = [&](const std::string& cards, const std::string& command) {
    write_bytes(folder.file("deck.cir"), deck + cards);
    const CommandOutcome outcome = run_command(folder, "$MEMSPICE " + command);
    CHECK(outcome.code == 2);
    CHECK(
        outcome.err.ends_with("memspice: error: writing 'points.txt' would overwrite points of a waveform\n"
                              "  hint: choose another name, such as out.raw\n"));
    CHECK(read_bytes(folder.file("points.txt")) == "0 0\n1 1\n");
  };
  refused("", "deck.cir -o ./points.txt");
  refused(".print tran v(a) file=points.txt\n", "deck.cir");
  refused("", "convert deck.cir --to ngspice -o points.txt");
}

TEST_CASE("one file for two outputs is refused before anything is run; devices may be named twice") {
  const TemporaryFolder folder;
  const std::string deck = "title\nV1 a 0 1\nR1 a 0 1k\n.op\n.print op v(a)\n";
  const auto run = [&](const std::string& cards, const std::string& options) {
    write_bytes(folder.file("deck.cir"), deck + cards);
    return run_command(folder, "$MEMSPICE deck.cir -q " + options);
  };
  const auto refused = [&](const std::string& cards, const std::string& options, const std::string& message) {
    const CommandOutcome outcome = run(cards, options);
    CAPTURE(options);
    CHECK(outcome.code == 2);
    CHECK(outcome.err == message + "\n  hint: give each a file of its own\n");
    CHECK(folder.count() == 1);
  };
  refused("", "-o s.csv --print s.csv", "memspice: error: -o and --print would both write 's.csv'");
  refused("", "-o s.csv --report ./s.csv", "memspice: error: -o and --report would both write './s.csv'");
  refused("", "-o - --report /dev/stdout", "memspice: error: -o and --report would both write '/dev/stdout'");
  refused(
      ".print op v(a) file=s.csv\n", "-o s.csv",
      "deck.cir:6:1: error: -o and .print would both write 's.csv'\n  .print op v(a) file=s.csv\n  ^~~~~~");
  refused("Y1 a 0 m\n.model m memristor\n.network file=s\n", "--print s.edges.csv",
          "deck.cir:8:1: error: --print and .network would both write 's.edges.csv'\n  .network file=s\n"
          "  ^~~~~~~~");
  CHECK(run("", "-o /dev/null --print /dev/null").code == 0);
  const std::string twice = ".print op v(a) file=t.csv format=csv\n.print op i(r1) file=./t.csv format=csv\n";
  CHECK(run(twice, "-o s.csv").code == 0);
  CHECK(read_bytes(folder.file("t.csv")) == "v(a)\n1\ni(r1)\n0.001\n");
}

TEST_CASE("a full disk exits with 3 and leaves the old file as it was") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "much\nV1 a 0 SIN(0 1 1k)\nR1 a b 1\nC1 b 0 1m\n.tran 1u 1\n");
  write_bytes(folder.file("out.raw"), "old\n");
  CommandOutcome outcome = run_command(folder, "ulimit -f 100; exec $MEMSPICE deck.cir -o out.raw");
  CHECK(outcome.code == 3);
  CHECK(outcome.err == "memspice: error: cannot write 'out.raw': File too large\n");
  CHECK(read_bytes(folder.file("out.raw")) == "old\n");
  CHECK(folder.count() == 2);
  outcome = run_command(folder, "$MEMSPICE deck.cir -o /dev/full");
  CHECK(outcome.code == 3);
  CHECK(outcome.err == "memspice: error: cannot write '/dev/full': No space left on device\n");
  outcome = run_command(folder, "$MEMSPICE deck.cir >/dev/full");
  CHECK(outcome.code == 3);
  CHECK(outcome.err == "memspice: error: cannot write to standard output: No space left on device\n");
}
