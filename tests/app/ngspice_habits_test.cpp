#include <doctest/doctest.h>

#include <memspice/waveform.hpp>

#include "support/program.hpp"

// Command lines as ngspice's users and the programs around it type them, and the formats of waveform files.

namespace {

const std::string habit_divider =
    "a divider\nV1 a 0 PULSE(0 1 0 1u)\nR1 a b 1k\nC1 b 0 1n\n.tran 1u 10u\n.meas tran last find v(b) "
    "at=10u\n";

CommandOutcome run_divider(const TemporaryFolder& folder, const std::string& arguments) {
  write_bytes(folder.file("deck.cir"), habit_divider);
  return run_command(folder, "$MEMSPICE " + arguments);
}

}  // namespace

TEST_CASE("with -r the waveforms go there and -o is the log, as spicelib and ngspice's users type it") {
  for (const char* arguments : {"-b -r out.raw -o out.log deck.cir", "-b -o out.log -r out.raw deck.cir",
                                "-n -a -b --rawfile=out.raw -o out.log deck.cir",
                                "-D ngbehavior=kiltpsa -b -o out.log -r out.raw deck.cir"}) {
    CAPTURE(arguments);
    const TemporaryFolder folder;
    const CommandOutcome outcome = run_divider(folder, arguments);
    CHECK(outcome.code == 0);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.empty());
    const std::string log = read_bytes(folder.file("out.log"));
    CHECK(log.find("a divider\n") != std::string::npos);
    CHECK(log.find("last                = ") != std::string::npos);
    CHECK(log.ends_with("\nwritten: out.raw\n"));
    CHECK(memspice::read_waveforms(folder.file("out.raw")).at(0).find("v(b)") != memspice::Plot::npos);
    CHECK(folder.count() == 3);
  }
}

TEST_CASE("without -r, -o stays the waveform file; -r alone is one too") {
  for (const char* option : {"-o", "-r"}) {
    const TemporaryFolder folder;
    const CommandOutcome outcome = run_divider(folder, std::string("-b deck.cir ") + option + " out.raw");
    CHECK(outcome.code == 0);
    CHECK(outcome.out.find("last                = ") != std::string::npos);
    CHECK(memspice::read_waveforms(folder.file("out.raw")).size() == 1);
    CHECK(folder.count() == 2);
  }
}

TEST_CASE("the log has errors and warnings, which stand on standard error too") {
  const TemporaryFolder folder;
  write_bytes(folder.file("typo.cir"), "a typo\nV1 a 0 1\nR1 a 0 1k\n.trna 1m 1\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE -b -r out.raw -o out.log typo.cir");
  CHECK(outcome.code == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.find("unknown card '.trna'") != std::string::npos);
  CHECK(read_bytes(folder.file("out.log")) == outcome.err);
  write_bytes(folder.file("odd.cir"), "odd\nV1 a 0 1\nR1 a 0 1k\nR2 a dangling 1k\n.op\n");
  const CommandOutcome odd = run_command(folder, "$MEMSPICE -b -r out.raw -o out.log odd.cir");
  CHECK(odd.code == 0);
  CHECK(odd.err.find("warning:") != std::string::npos);
  CHECK(read_bytes(folder.file("out.log")).starts_with(odd.err));
}

TEST_CASE("waveforms may go to standard output while the log is a file") {
  const TemporaryFolder folder;
  const CommandOutcome outcome = run_divider(folder, "deck.cir -r - --format csv -o out.log");
  CHECK(outcome.code == 0);
  CHECK(outcome.out.starts_with("time,"));
  CHECK(read_bytes(folder.file("out.log")).find("last                = ") != std::string::npos);
}

TEST_CASE("a log that would take the place of something else is refused, and nothing is touched") {
  const auto refused = [](const std::string& arguments, const std::string& message) {
    CAPTURE(arguments);
    const TemporaryFolder folder;
    write_bytes(folder.file("part.inc.txt"), "R9 a 0 1k\n");
    write_bytes(folder.file("with.cir"), habit_divider + ".include part.inc.txt\n");
    const CommandOutcome outcome = run_divider(folder, arguments);
    CHECK(outcome.code == 2);
    CHECK(outcome.err.starts_with("memspice: error: " + message));
    CHECK(read_bytes(folder.file("deck.cir")) == habit_divider);
    CHECK(read_bytes(folder.file("part.inc.txt")) == "R9 a 0 1k\n");
    CHECK(folder.count() == 3);
  };
  refused("deck.cir -r same -o same", "the log of -o and -r are both 'same'\n");
  refused("deck.cir -r out.raw -o ./deck.cir", "the log of -o and the deck are both './deck.cir'\n");
  refused("deck.cir -r out.raw -o other.cir", "the log of -o would be 'other.cir', which is a deck's name\n");
  refused("with.cir -r out.raw -o part.inc.txt", "writing 'part.inc.txt' would overwrite the deck\n");
  refused("deck.cir -r out.raw -o x --report x", "-o and --report would both write 'x'\n");
}

TEST_CASE("flags of ngspice that ask for its command loop are refused with the reason") {
  const TemporaryFolder folder;
  for (const char* flag : {"-p", "--pipe", "-i", "-s"}) {
    const CommandOutcome outcome = run_divider(folder, std::string(flag) + " deck.cir");
    CHECK(outcome.code == 2);
    CHECK(outcome.err.find("is ngspice's: memspice has no commands to type") != std::string::npos);
  }
}

TEST_CASE("the suffix chooses the format, --format overrides it, on standard output too") {
  const auto beginning = [](const std::string& arguments, const std::string& name) {
    const TemporaryFolder folder;
    const CommandOutcome outcome = run_divider(folder, "deck.cir -q " + arguments);
    CAPTURE(arguments);
    CHECK(outcome.code == 0);
    return name == "-" ? outcome.out : read_bytes(folder.file(name));
  };
  for (const char* name : {"out.raw", "out", "out.dat", "out.RAW"}) {
    CHECK(beginning(std::string("-o ") + name, name).starts_with("Title: a divider\n"));
    CHECK(beginning(std::string("--format tsv -o ") + name, name).starts_with("time\t"));
  }
  CHECK(beginning("-o out.csv", "out.csv").starts_with("time,"));
  CHECK(beginning("-o out.CSV", "out.CSV").starts_with("time,"));
  CHECK(beginning("-o out.tsv", "out.tsv").starts_with("time\t"));
  CHECK(beginning("-o out.csv --format raw", "out.csv").find("\nBinary:\n") != std::string::npos);
  CHECK(beginning("-o out.png --format csv", "out.png").starts_with("time,"));
  CHECK(beginning("-o - --format csv", "-").starts_with("time,"));
  CHECK(beginning("-o - --format ascii", "-").find("\nValues:\n") != std::string::npos);
  CHECK(beginning("-o out.csv --ascii", "out.csv").find("\nValues:\n") != std::string::npos);
}

TEST_CASE("a suffix that promises another format is refused before anything is run or written") {
  for (const char* name :
       {"out.png", "out.json", "out.npz", "out.PDF", "out.cir", "out.log", "out.csv.gz", "out.mat"}) {
    CAPTURE(name);
    const TemporaryFolder folder;
    const CommandOutcome outcome = run_divider(folder, std::string("deck.cir -o ") + name);
    CHECK(outcome.code == 2);
    CHECK(outcome.err ==
          "memspice: error: '" + std::string(name) +
              "' promises a format that memspice does not write its waveforms in\n"
              "  hint: '.raw', '.csv', '.tsv' and '.h5' are written; --format raw|ascii|csv|tsv|hdf5 writes "
              "that under any name\n");
    CHECK(folder.count() == 1);
  }
  const TemporaryFolder folder;
  CHECK(run_divider(folder, "deck.cir -o x --format xml").code == 2);
  CHECK(run_divider(folder, "deck.cir -o x --format csv --ascii").code == 2);
}
