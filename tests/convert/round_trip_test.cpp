// What convert writes: golden decks for both peers, decks that memspice reads back, names, messages.

#include <fmt/format.h>

#include <cmath>

#include "convert/round_trip.hpp"
#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

namespace {

using namespace memspice;

std::string golden(const std::string& name) {
  return read_bytes(memspice::testing::project_folder() + "/tests/convert/golden/" + name);
}

void check_refusal(const std::string& command, int code, const std::string& message) {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "a deck\nV1 a 0 1\nR1 a 0 1k\n.op\n");
  write_bytes(folder.file("wrong.cir"), "a deck\nV1 a 0 1\nO1 a 0 1k\n.op\n");
  write_bytes(folder.file("random.cir"), "a deck\nR1 a 0 1k\nB1 a 0 V={rand(time)}\n.op\n");
  write_bytes(folder.file("loop.cir"), "a deck\nV1 a 0 1\nV2 a 0 2\nR1 a 0 1\n.op\n");
  CAPTURE(command);
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE convert " + command);
  CHECK(outcome.code == code);
  CHECK(outcome.out.empty());
  CHECK(outcome.err == message);
  CHECK_FALSE(std::filesystem::exists(folder.file("out.cir")));
}

/// The elements that memspice reads back; options and output are spelled in each peer's own way.
Circuit read_back(const TemporaryFolder& folder) {
  const std::string deck = read_bytes(folder.file("peer.cir"));
  return elaborate(parse_text(deck.substr(0, deck.find("\n.options") + 1)));
}

}  // namespace

TEST_CASE("the decks for ngspice and Xyce are the golden ones") {
  for (const std::string peer : {"ngspice", "xyce"}) {
    const TemporaryFolder folder;
    const std::string warnings = convert_deck(folder, golden("deck.cir"), peer);
    CHECK(read_bytes(folder.file("peer.cir")) == golden(peer + ".cir"));
    CHECK(warnings == golden(peer + ".err"));
  }
}

TEST_CASE("cards that a peer has nothing like are comments and warnings") {
  const std::string deck =
      "a deck\nV1 a 0 1\nY1 a 0 memory\n.model memory memristor()\n.tran 1m 1\n.tran 1m 2\n.network\n.omega\n"
      ".invariants\n.functional\n.fixedpoint\n.eigen\n.options maxord=3 max_steps=1000000\n";
  for (const std::string peer : {"ngspice", "xyce"}) {
    const TemporaryFolder folder;
    const std::string warnings = convert_deck(folder, deck, peer);
    const std::string text = read_bytes(folder.file("peer.cir"));
    for (const char* card : {".tran", ".network", ".omega", ".invariants", ".functional", ".fixedpoint",
                             ".eigen", "maxord", "max_steps"}) {
      CAPTURE(card);
      CHECK(warnings.find(fmt::format("warning: {}: ", card)) != std::string::npos);
      CHECK(text.find(fmt::format("\n* left out: {}: ", card)) != std::string::npos);
    }
    CHECK(text.find("\n.network") == std::string::npos);
    CHECK(text.find("\n.tran 0.001 2") == std::string::npos);
  }
}

TEST_CASE("without -o the deck goes to standard output, and the warnings do not") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), "a deck\nV1 a 0 1\nR1 a 0 1k\n.op\n.options interp\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE convert --to ngspice - < deck.cir");
  CHECK(outcome.code == 0);
  CHECK(outcome.out.starts_with("a deck\n* Written by memspice convert for ngspice."));
  CHECK(outcome.out.find("*   ngspice -b deck_ngspice.cir -r deck_ngspice.raw\n") != std::string::npos);
  CHECK(outcome.out.ends_with("\n.end\n"));
  CHECK(outcome.err.find("warning: interp: ") != std::string::npos);
  CHECK(run_command(folder, "$MEMSPICE convert --quiet --to ngspice deck.cir").err.empty());
}

TEST_CASE("file names that a shell would take apart are quoted in the commands") {
  const TemporaryFolder folder;
  write_bytes(folder.file("it's a deck.cir"), "a deck\nV1 a 0 1\nR1 a 0 1k\n.op\n");
  CHECK(run_command(folder, "$MEMSPICE convert \"it's a deck.cir\" --to ngspice -o peer.cir").code == 0);
  CHECK(read_bytes(folder.file("peer.cir")).find("*   memspice 'it'\\''s a deck.cir' -o it_s_a_deck.raw\n") !=
        std::string::npos);
}

TEST_CASE("memspice reads its own deck of R, C, L, V and I back and finds the same waveforms") {
  const std::string deck =
      "a deck\n.subckt cell p n\nR1 p m 100\nC1 m n 1u\n.ends\nV1 in 0 SIN(0.5 2 1k 0.2m 100 30)\nX1 in a "
      "cell\n"
      "I1 0 a PWL(0 0 0.2m 1m 0.7m -2m 1m 0) r=0 td=0.1m\nL1 a b 10m\nR2 b 0 -5k\nR3 b c 0\nC2 c 0 0.1u\nR4 "
      "a 0 "
      "1k\nV2 d 0 PULSE(0 1 0.1m 50u 50u 0.3m 1m)\nR5 d a 1k\nV3 e 0 EXP(0 1 0.1m 0.1m 1m 0.2m)\nR6 e a 1k\n"
      ".save v(*) i(v*)\n.tran 1u 3m\n.options reltol=1e-6\n";
  for (const std::string peer : {"ngspice", "xyce"}) {
    const TemporaryFolder folder;
    convert_deck(folder, deck, peer);
    if (peer == "xyce")  // whose .print and .options are no one else's
      run_command(folder, "sed -i -e '/^.print/,$d' -e '/^.options/d' peer.cir");
    const CommandOutcome outcome =
        run_command(folder,
                    "$MEMSPICE -q deck.cir -o a.raw && $MEMSPICE -q peer.cir -o b.raw && $MEMSPICE "
                    "compare a.raw b.raw --reltol 1e-4 --map 'v(x1.m)=v(x1_m)' || $MEMSPICE compare "
                    "a.raw b.raw --reltol 1e-4");
    CHECK_MESSAGE(outcome.code == 0, outcome.out << outcome.err);
  }
}

TEST_CASE("a delayed and repeated PWL source keeps its values when it is written out") {
  memspice::testing::Random random(7);
  for (int k = 0; k < 20; ++k) {
    std::string points;
    double last = 0;
    const int count = 3 + static_cast<int>(random.below(5));
    for (int i = 0; i < count; ++i, last += random.uniform(0.05, 0.3))
      points += fmt::format(" {} {}", last, random.uniform(-1, 1));
    const std::string deck = fmt::format("a deck\nV1 a 0 PWL({}) r=0 td={}\nR1 a 0 1k\n.tran 1m 5\n", points,
                                         random.uniform(0, 1));
    CAPTURE(deck);
    const TemporaryFolder folder;
    convert_deck(folder, deck, "ngspice");
    const Circuit before = elaborate(parse_text(deck));
    const Circuit after = read_back(folder);
    REQUIRE(before.functions.size() == 1);
    REQUIRE(after.functions.size() == 1);
    CHECK(std::isnan(after.functions[0].repeat_from));
    for (int i = 0; i < 1000; ++i) {
      const double t = random.uniform(0, 5);
      const double expected = before.functions[0].value(t, t);
      // Where the waveform jumps back there is a ramp of a millionth of the run.
      if (std::abs(before.functions[0].value(t - 1e-5, t - 1e-5) - expected) > 0.01) continue;
      CHECK(after.functions[0].value(t, t) == testing::approx(expected).epsilon(1e-9));
    }
  }
}

TEST_CASE("names that the peer cannot read become legal ones, and none is used twice") {
  const std::string deck =
      "a deck\n.subckt cell p\nR1 p m 1k\nV2 m 0 1\n.ends\nX1 n-1 cell\nRa n-1 n_1 1k\nRb n_1 x1_m 1k\nRc "
      "x1_m 0 "
      "1k\nR_x1_r1 n_1 0 1k\nr-1 n_1 0 1k\n.op\n";
  const TemporaryFolder folder;
  convert_deck(folder, deck, "xyce");
  const Circuit circuit = read_back(folder);
  const auto has_node = [&](const char* name) { return circuit.node_names.find(name) != NameTable::npos; };
  const auto has_element = [&](const char* name) {
    return circuit.element_names.find(name) != NameTable::npos;
  };
  for (const char* name : {"n_1", "n_1_2", "x1_m", "x1_m_2"}) CHECK_MESSAGE(has_node(name), name);
  for (const char* name : {"ra", "rb", "rc", "r_x1_r1", "r_x1_r1_2", "v_x1_v2", "r_r_1"})
    CHECK_MESSAGE(has_element(name), name);
  CHECK(circuit.node_names.size() == 5);
}

TEST_CASE("a loop of short circuits loses the one that closes it, with a warning") {
  const TemporaryFolder folder;
  const std::string warnings =
      convert_deck(folder, "a deck\nV1 a 0 1\nR1 a b 0\nR2 b a 0\nR3 b 0 1k\n.op\n", "ngspice");
  CHECK(warnings ==
        "deck.cir:4:1: warning: r2: a short circuit across a short circuit carries no current\n  R2 b a 0\n  "
        "^~\n");
  CHECK(read_back(folder).voltage_sources.size() == 2);
}

TEST_CASE("wrong use of convert gets a message and exit code 2 or 3, and no file") {
  check_refusal("deck.cir -o out.cir", 2,
                "memspice: error: no peer given\n  hint: --to ngspice or --to xyce\n");
  check_refusal("--to ngspice", 2,
                "memspice: error: no deck given\n  hint: memspice convert deck.cir --to ngspice\n");
  check_refusal(
      "deck.cir --to nspice -o out.cir", 2,
      "memspice: error: --to wants ngspice or xyce, not 'nspice'\n  hint: did you mean 'ngspice'?\n");
  check_refusal("missing.cir --to ngspice -o out.cir", 3,
                "memspice: error: cannot read 'missing.cir': No such file or directory\n");
  check_refusal("deck.cir --to ngspice -o nowhere/out.cir", 3,
                "memspice: error: cannot write 'nowhere/out.cir': No such file or directory\n");
  check_refusal(
      "deck.cir --to ngspice -o deck.cir", 2,
      "memspice: error: writing 'deck.cir' would overwrite the deck\n  hint: choose another name, such "
      "as out.raw\n");
  check_refusal(
      "random.cir --to ngspice -o out.cir", 2,
      "random.cir:3:1: error: convert has no counterpart for LTspice's rand, random and white\n  B1 "
      "a 0 V={rand(time)}\n  ^~\n");
  check_refusal(
      "wrong.cir --to ngspice -o out.cir", 2,
      "wrong.cir:3:1: error: memspice does not have the element 'O' (lossy transmission line) yet\n  O1 "
      "a 0 1k\n  ^~\n");
  check_refusal(
      "loop.cir --to ngspice -o out.cir", 2,
      "loop.cir:3:1: error: voltage sources form a loop: v2, v1\n  V2 a 0 2\n  ^~\n  hint: put a small "
      "resistance in series with one of them, or remove one\n");
  check_refusal(
      "deck.cir extra.cir --to ngspice -o out.cir", 2,
      "memspice: error: unexpected 'extra.cir'\n  try: memspice convert deck.cir --to ngspice, or memspice "
      "convert --help\n");
  check_refusal("deck.cir --to ngspice -D r -o out.cir", 2,
                "memspice: error: -D wants name=number, not 'r'\n  hint: for example -D rload=2.5k\n");
}

TEST_CASE("compare says when the deck with the names has none") {
  const TemporaryFolder folder;
  write_bytes(folder.file("a.csv"), "time,x\n0,0\n1,1\n");
  const CommandOutcome empty = run_command(folder, "$MEMSPICE compare a.csv a.csv --names a.csv");
  CHECK(empty.code == 2);
  CHECK(empty.err == "memspice: error: 'a.csv' has no lines '*= name = name'\n");
  const CommandOutcome missing = run_command(folder, "$MEMSPICE compare a.csv a.csv --names b.cir");
  CHECK(missing.code == 3);
  CHECK(missing.err == "memspice: error: cannot read 'b.cir': No such file or directory\n");
}
