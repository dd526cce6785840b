#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "support/program.hpp"

// What the command line accepts, and what it says about the rest.

namespace {

// Outcome of a command that says nothing on standard output.
void check_refusal(const TemporaryFolder& folder, const std::string& command, int code,
                   const std::string& message) {
  CAPTURE(command);
  const CommandOutcome outcome = run_command(folder, command);
  CHECK(outcome.code == code);
  CHECK(outcome.out.empty());
  CHECK(outcome.err == message);
}

constexpr const char* divider_deck = "a divider\nV1 a 0 1\nR1 a b 1k\nR2 b 0 {rload}\n.param rload=1k\n.op\n";

}  // namespace

TEST_CASE("--version and --help succeed; the help names every option and exit code") {
  const TemporaryFolder folder;
  const CommandOutcome version = run_command(folder, "$MEMSPICE --version");
  CHECK(version.code == 0);
  CHECK(version.out == "memspice " MEMSPICE_VERSION "\n");
  CHECK(version.err.empty());
  const CommandOutcome help = run_command(folder, "$MEMSPICE --help");
  CHECK(help.code == 0);
  CHECK(help.err.empty());
  for (const char* word : {"-o,--output FILE",
                           "-r,--rawfile FILE",
                           "--format raw|ascii|csv|tsv",
                           "-D,--define NAME=NUMBER",
                           "--report FILE",
                           "--ascii",
                           "--check",
                           "--safe",
                           "--quiet",
                           "--verbose",
                           "--separate",
                           "--command-line",
                           "--help-device",
                           "--help-cards",
                           "--help-functions",
                           "--help-elements",
                           "--help-waveforms",
                           "--help-options",
                           "--batch",
                           "--version",
                           "compare",
                           "generate",
                           "convert",
                           "Exit codes: 0"})
    CHECK_MESSAGE(help.out.find(word) != std::string::npos, word);
  for (std::size_t begin = 0, end = 0; (end = help.out.find('\n', begin)) != std::string::npos;
       begin = end + 1)
    CHECK_MESSAGE(end - begin <= 125, help.out.substr(begin, end - begin));
}

TEST_CASE("--help-cards lists the cards with their other spellings and their forms") {
  const TemporaryFolder folder;
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE --help-cards");
  CHECK(outcome.code == 0);
  CHECK(outcome.out.find(".tran") != std::string::npos);
  CHECK(outcome.out.find("tstep tstop [tstart [tmax]] [uic]") != std::string::npos);
  CHECK(outcome.out.find(".options, .option, .opt") != std::string::npos);
}

TEST_CASE("--help-functions lists what expressions know") {
  const TemporaryFolder folder;
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE --help-functions");
  CHECK(outcome.code == 0);
  for (const char* text : {"\n** ^ ", "\npi ", "\natan2(y,x) ", "\nddt(x) ", "\nv(n,m) "})
    CHECK_MESSAGE(outcome.out.find(text) != std::string::npos, text);
}

TEST_CASE("--help-elements, --help-waveforms and --help-options list them with forms, units and defaults") {
  const TemporaryFolder folder;
  const auto has = [&](const std::string& option, const std::string& line) {
    const CommandOutcome outcome = run_command(folder, "$MEMSPICE " + option);
    CHECK(outcome.code == 0);
    CHECK_MESSAGE(outcome.out.find(line) != std::string::npos, outcome.out);
  };
  has("--help-elements", "\n                                   Hname n+ n- POLY(n) …\n");
  has("--help-waveforms", "s          td1 + tstep  when the fall begins\n");
  has("--help-options",
      "\nnfreqs            10              nfreqs=20             harmonics that .four finds");
}

TEST_CASE("--help-device lists the devices, and a device's parameters with unit, default and range") {
  const TemporaryFolder folder;
  const CommandOutcome all = run_command(folder, "$MEMSPICE --help-device");
  CHECK(all.code == 0);
  for (const char* line :
       {"\nR       resistor ", "\nC       capacitor ", "\nL       inductor ", "\nY       linear memristor "})
    CHECK_MESSAGE(all.out.find(line) != std::string::npos, line);
  for (const char* name : {"Y", "memristor", "'Linear Memristor'"}) {
    const CommandOutcome one = run_command(folder, std::string("$MEMSPICE --help-device ") + name);
    CHECK(one.code == 0);
    CHECK(one.out.starts_with("linear memristor: ideal linear memristor: R(w) = ron"));
    CHECK(one.out.find("\n  roff           ohm          16000  > 0                                           "
                       "  resistance at w = 1, at least ron\n") != std::string::npos);
    CHECK(one.out.find("\n  control                   current  current, voltage                              "
                       "  what drives the state\n") != std::string::npos);
    CHECK(one.out.find("\n  w0, w, ic, xo                 0.5  0 to 1                                        "
                       "  initial state\n") != std::string::npos);
  }
  for (const auto& [name, start] : {std::pair{"vteam", "VTEAM memristor: "}, {"pnp", "bipolar transistor: "}})
    CHECK(run_command(folder, fmt::format("$MEMSPICE --help-device {}", name)).out.starts_with(start));
  check_refusal(folder, "$MEMSPICE --help-device memrister", 2,
                "memspice: error: no device 'memrister'\n  hint: did you mean 'memristor'?\n");
}

TEST_CASE("wrong usage exits with 2 and says what to type") {
  const TemporaryFolder folder;
  write_bytes(folder.file("ok.cir"), divider_deck);
  check_refusal(folder, "$MEMSPICE", 2,
                "memspice: error: no deck given\n"
                "  try: memspice deck.cir -o out.raw, or memspice --help\n");
  check_refusal(folder, "$MEMSPICE ok.cir out.raw", 2,
                "memspice: error: unexpected 'out.raw'\n"
                "  try: memspice deck.cir -o out.raw, or memspice --help\n");
  check_refusal(folder, "$MEMSPICE ok.cir --fast", 2,
                "memspice: error: unknown option '--fast'\n  try: memspice --help\n");
  check_refusal(folder, "$MEMSPICE ok.cir -o", 2,
                "memspice: error: --output wants a value\n  try: memspice --help\n");
  check_refusal(folder, "$MEMSPICE ok.cir --plot='v(a)'", 2,
                "memspice: error: --plot does not take 'v(a)'\n  try: memspice --help\n");
  for (const std::string option : {"output", "report", "print"})
    check_refusal(folder, "$MEMSPICE -q ok.cir --" + option + " ''", 2,
                  "memspice: error: --" + option + " wants the name of a file, not an empty one\n");
  check_refusal(folder, "$MEMSPICE ''", 2,
                "memspice: error: deck wants the name of a file, not an empty one\n");
  check_refusal(folder, "$MEMSPICE ok.cir -D rload", 2,
                "memspice: error: -D wants name=number, not 'rload'\n  hint: for example -D rload=2.5k\n");
  check_refusal(
      folder, "$MEMSPICE ok.cir -D rload=3x.", 2,
      "memspice: error: -D wants name=number, not 'rload=3x.'\n  hint: for example -D rload=2.5k\n");
  check_refusal(folder, "$MEMSPICE ok.cir -D rlod=3", 2,
                "ok.cir: error: the deck has no parameter 'rlod' to be set\n  hint: did you mean 'rload'?\n");
  CHECK(folder.count() == 1);
}

TEST_CASE("compare exits with 0 for the same, 1 for different, 2 for wrong usage, 3 for no such file") {
  const TemporaryFolder folder;
  write_bytes(folder.file("a.csv"), "time,v(a)\n0,0\n1,1\n");
  write_bytes(folder.file("b.csv"), "time,v(a)\n0,0\n1,1.5\n");
  CHECK(run_command(folder, "$MEMSPICE compare a.csv a.csv").code == 0);
  CHECK(run_command(folder, "$MEMSPICE compare a.csv b.csv").code == 1);
  CHECK(run_command(folder, "$MEMSPICE compare a.csv b.csv --reltol 0.6").code == 0);
  const std::string attempt = "  try: memspice compare a.raw b.raw, or memspice compare --help\n";
  check_refusal(folder, "$MEMSPICE compare a.csv", 2,
                "memspice: error: two waveform files are needed\n" + attempt);
  check_refusal(folder, "$MEMSPICE compare a.csv b.csv c.csv", 2,
                "memspice: error: unexpected 'c.csv'\n" + attempt);
  check_refusal(folder, "$MEMSPICE compare a.csv b.csv --tol 1", 2,
                "memspice: error: unknown option '--tol'\n" + attempt);
  check_refusal(folder, "$MEMSPICE compare a.csv c.csv", 3,
                "memspice: error: cannot read 'c.csv': No such file or directory\n");
}

TEST_CASE("a deck that cannot be read exits with 3") {
  const TemporaryFolder folder;
  check_refusal(folder, "$MEMSPICE nothing.cir", 3,
                "memspice: error: cannot read 'nothing.cir': No such file or directory\n");
  check_refusal(folder, "$MEMSPICE .", 3, "memspice: error: cannot read '.': it is a folder\n");
}

TEST_CASE("a mistake in the deck exits with 2, names the place, and touches no file but the report") {
  const TemporaryFolder folder;
  write_bytes(folder.file("typo.cir"), "a typo\nV1 a 0 1\nR1 a 0 1k\n.trna 1m 1\n");
  write_bytes(folder.file("out.raw"), "last week's results\n");
  const std::string message =
      "typo.cir:4:1: error: unknown card '.trna'\n"
      "  .trna 1m 1\n"
      "  ^~~~~\n"
      "  hint: did you mean '.tran'?\n";
  check_refusal(folder, "$MEMSPICE typo.cir -o out.raw --report report.json", 2, message);
  check_refusal(folder, "$MEMSPICE --check typo.cir", 2, message);
  check_refusal(folder, "$MEMSPICE - -o out.raw <typo.cir", 2, "standard input" + message.substr(8));
  CHECK(read_bytes(folder.file("out.raw")) == "last week's results\n");
  CHECK(read_bytes(folder.file("report.json")).find("\"outcome\": \"refused\"") != std::string::npos);
  CHECK(folder.count() == 3);
}

TEST_CASE("every saved vector that the circuit does not have is reported, with a hint") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              "a divider\nV1 in 0 1\nRload in out 1k\nR2 out 0 1k\n.op\n"
              ".save v(ot) i(rlaod) w(r2) v(in,x7) v(out)\n");
  const std::string card = "\n  .save v(ot) i(rlaod) w(r2) v(in,x7) v(out)\n  ";
  const std::string message = "deck.cir:6:7: error: no node 'ot' in this circuit" + card +
                              "      ^~~~~\n  hint: did you mean 'out'?\n"
                              "deck.cir:6:13: error: no element 'rlaod' in this circuit" +
                              card +
                              "            ^~~~~~~~\n  hint: did you mean 'rload'?\n"
                              "deck.cir:6:22: error: element 'r2' has no 'w'" +
                              card +
                              "                     ^~~~~\n  hint: it has i(r2), p(r2)\n"
                              "deck.cir:6:28: error: no node 'x7' in this circuit" +
                              card +
                              "                           ^~~~~~~~\n"
                              "  hint: nodes of subcircuits are written x1.node\n";
  check_refusal(folder, "$MEMSPICE deck.cir -o out.raw", 2, message);
  check_refusal(folder, "$MEMSPICE --check deck.cir", 2, message);
  CHECK(folder.count() == 1);
}

TEST_CASE("a deck without an analysis is refused, with a hint") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "no analysis\nV1 a 0 1\nR1 a 0 1k\n");
  check_refusal(folder, "$MEMSPICE deck.cir -o out.raw", 2,
                "deck.cir: error: nothing to do: the deck has no analysis card\n"
                "  hint: add .op or .tran tstep tstop\n");
  CHECK(folder.count() == 1);
}

TEST_CASE("--check reads and runs nothing; -D overrides a parameter, with SPICE's suffixes") {
  const TemporaryFolder folder;
  write_bytes(folder.file("ok.cir"), divider_deck);
  const CommandOutcome check = run_command(folder, "$MEMSPICE --check ok.cir -o out.raw");
  CHECK(check.code == 0);
  CHECK(check.out == "ok.cir: no errors\n");
  CHECK(folder.count() == 1);
  CHECK(run_command(folder, "$MEMSPICE ok.cir -q -D rload=3k -o out.csv").code == 0);
  CHECK(read_bytes(folder.file("out.csv")) == "v(a),v(b),i(v1)\n1,0.75,-0.00025\n");
  CHECK(run_command(folder, "$MEMSPICE -q -D RLOAD=-5e2 - -o out.csv <ok.cir").code == 0);
  CHECK(read_bytes(folder.file("out.csv")) == "v(a),v(b),i(v1)\n1,-1,-0.002\n");
}

TEST_CASE("--safe refuses files from outside the deck's folder") {
  const TemporaryFolder folder;
  write_bytes(folder.file("outside.inc"), "R1 a 0 1k\n");
  REQUIRE(run_command(folder, "mkdir sub").code == 0);
  write_bytes(folder.file("sub/deck.cir"), "an include\nV1 a 0 1\n.include ../outside.inc\n.op\n");
  CHECK(run_command(folder, "$MEMSPICE sub/deck.cir").code == 0);
  check_refusal(folder, "$MEMSPICE --safe sub/deck.cir", 2,
                "sub/deck.cir:3:10: error: '../outside.inc' is outside the deck's folder\n"
                "  .include ../outside.inc\n"
                "           ^~~~~~~~~~~~~~\n"
                "  hint: --safe allows only files below it\n");
}

TEST_CASE("too many rows are said before the run, by --check too, and with maxrows end it with exit code 2") {
  const TemporaryFolder folder;
  const std::string deck = "title\nV1 a 0 1\nR1 a 0 1\n.tran 1n 1\n";
  write_bytes(folder.file("deck.cir"), deck);
  write_bytes(folder.file("limited.cir"), deck + ".options maxrows=1e7\n");
  const std::string warning =
      "deck.cir:4:1: warning: 1e+09 rows or more of 3 vectors (24 GB): they are 1e-09 s apart\n  .tran 1n "
      "1\n  "
      "^~~~~\n  hint: a tstep of 0 leaves ";
  const CommandOutcome check = run_command(folder, "$MEMSPICE deck.cir --check");
  CHECK(check.code == 0);
  CHECK(check.err.starts_with(warning));
  CHECK(check.out == "deck.cir: no errors\n");
  CHECK(run_command(folder, "$MEMSPICE deck.cir --check -q").err.empty());
  const CommandOutcome started =
      run_command(folder, "$MEMSPICE deck.cir -o /dev/null & run=$!\nsleep 0.5; kill -INT $run; wait $run");
  CHECK(started.code == 130);
  CHECK(started.err.starts_with(warning));
  CHECK(started.err.find(warning, 1) == std::string::npos);
  for (const char* option : {"", " --check"}) {
    const CommandOutcome limited =
        run_command(folder, std::string("$MEMSPICE limited.cir -o out.raw") + option);
    CHECK(limited.code == 2);
    CHECK(limited.err.starts_with(
        "limited.cir:4:1: error: 1e+09 rows or more of 3 vectors (24 GB), where maxrows is 1e+07: "));
  }
}

TEST_CASE("--verbose says what bounded the steps, and the report counts it") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "title\nV1 a 0 1\nR1 a b 1k\nC1 b 0 1n\n.tran 0 1m 0 1u\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir --verbose --report run.json");
  CHECK(outcome.code == 0);
  const std::size_t at = outcome.out.find("  steps bounded by: ");
  REQUIRE(at != std::string::npos);
  CHECK(outcome.out.find("largest step 9", at) != std::string::npos);
  CHECK(outcome.out.find("corners 1; 0 rows rejected\n", at) != std::string::npos);
  const nlohmann::json statistics =
      nlohmann::json::parse(read_bytes(folder.file("run.json")))["analyses"][0]["statistics"];
  CHECK(statistics["rejected_rows"] == 0);
  CHECK(statistics["step_limits"]["largest_step"] > 900);
  long steps = 0;
  for (const auto& count : statistics["step_limits"]) steps += count.get<long>();
  CHECK(statistics["steps"] == steps);
}
