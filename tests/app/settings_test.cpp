#include <doctest/doctest.h>

#include "support/program.hpp"

// Values that go before the deck's: -D and --set. Decks of several seeds. What newcomers stumble over.

namespace {

constexpr const char* memory_deck =
    "a memory\n.param load=1k\nV1 a 0 1\nR1 a b 1k\nR2 b 0 {load}\nY1 b 0 memory\n"
    ".model memory memristor(ron=1k roff=1k w0=0.5 beta=1)\n.op\n.save v(b) w(y1)\n";

std::string first_point(const TemporaryFolder& folder, const std::string& arguments) {
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -q -o - --format csv " + arguments);
  CHECK(outcome.err.empty());
  return outcome.out.substr(outcome.out.find('\n') + 1);
}

}  // namespace

TEST_CASE("--set changes values of elements and models, -D those of parameters, together too") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), memory_deck);
  CHECK(first_point(folder, "").starts_with("0.333333333333333"));
  CHECK(first_point(folder, "--set r1=500") == "0.5,0.5\n");
  CHECK(first_point(folder, "--set R1:R=500 --set V1=2") == "1,0.5\n");
  CHECK(first_point(folder, "--set memory:w0=0.25 --set @r1[r]=0.5k") == "0.5,0.25\n");
  CHECK(first_point(folder, "--set y1:w0=0.75 -D load=1e12 --set r1=1k").ends_with(",0.75\n"));
}

TEST_CASE("--set that means nothing says why and what does") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), memory_deck);
  const auto refused = [&](const std::string& arguments, const std::string& message) {
    CAPTURE(arguments);
    const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -q " + arguments);
    CHECK(outcome.code == 2);
    CHECK_MESSAGE(outcome.err.find(message) != std::string::npos, outcome.err);
  };
  refused("--set r1", "--set wants name=number, not 'r1'");
  refused("--set r9=3", "no parameter 'r9'");
  refused("--set memory:bete=3", "has no parameter 'bete' that is a number; did you mean 'beta'?");
  refused("--set memory:beta=-1", "beta cannot be -1");
  refused("--set y1:w0=1.5", "w0 cannot be 1.5: its range is from 0 to 1");
  refused("--set y1=0.5", "a linear memristor has no value without a name; its parameters are ron, roff");
  refused("-D loed=3", "the deck has no parameter 'loed' to be set\n  hint: did you mean 'load'?");
  refused("-D zeta=3", "hint: --set changes elements and models: r1=2k, mymodel:beta=1");
  refused("-D Beta=0.06",
          "no parameter 'Beta' to be set\n  hint: it is one of the model 'memory': --set memory:beta=0.06");
}

TEST_CASE("several seeds make several decks, each the one of its seed, with parameters from outside") {
  const TemporaryFolder folder;
  const std::string family = "$MEMSPICE generate random --size 20 -q ";
  CHECK(run_command(folder, family + "--seed 3:5 -o 'n_{seed}.cir'").code == 0);
  CHECK(folder.count() == 3);
  for (const char* seed : {"3", "4", "5"}) {
    CHECK(run_command(folder, family + "--seed " + seed + " -o one.cir").code == 0);
    CHECK(read_bytes(folder.file("one.cir")) == read_bytes(folder.file(std::string("n_") + seed + ".cir")));
    const CommandOutcome run =
        run_command(folder, "$MEMSPICE one.cir -D beta=0.06 -D roff=2k --set memory:alpha=0.1 -o x.raw");
    CHECK(run.code == 0);
    CHECK_MESSAGE(run.err.empty(), run.err);  // nothing about its own dangling nodes
  }
  const CommandOutcome several = run_command(folder, family + "--seed 3:5 -o n.cir");
  CHECK(several.code == 2);
  CHECK(several.err.find("hint: write {seed} in the name: -o 'grid_{seed}.cir'") != std::string::npos);
  for (const char* seeds : {"5:3", "1:", ":3", "1:x"})
    CHECK(run_command(folder, family + "--seed " + seeds + " -o 'n_{seed}.cir'").code == 2);
}

TEST_CASE("a source may have any waveform of a card") {
  const TemporaryFolder folder;
  const std::string start = "$MEMSPICE generate nanowire --size 30 -q -o w.cir --source ";
  for (const char* waveform : {"pwl(0 0 1 1)", "PULSE(0 1 0 1m 1m 10m 20m)", "exp(0 1 0 1 2 1)"}) {
    CHECK(run_command(folder, start + "'" + waveform + "' --tran '10m 1'").code == 0);
    CHECK(read_bytes(folder.file("w.cir")).find(std::string(" 0 ") + waveform + "\n") != std::string::npos);
    CHECK(run_command(folder, "$MEMSPICE w.cir -q").code == 0);
  }
  CHECK(run_command(folder, start + "'pwl(0 0 1'").err.find("this parenthesis is not closed") !=
        std::string::npos);
  CHECK(run_command(folder, start + "'pwm(0 0 1 1)'").err.find("did you mean 'pwl'?") != std::string::npos);
  CHECK(run_command(folder, start + "'pwl(0 0 1 1)'").err.find("needs --tran 'tstep tstop'") !=
        std::string::npos);
  CHECK(run_command(folder, start + "'pwl(0 0 1 1)' --tran '1m 1' --amplitude 3").code == 2);
}

TEST_CASE("what newcomers stumble over has a hint or a warning that says what to write") {
  const TemporaryFolder folder;
  const auto says = [&](const std::string& card, const std::string& text) {
    CAPTURE(card);
    write_bytes(folder.file("deck.cir"), "a deck\nV9 a 0 1\nR9 a 0 1k\n" + card + "\n.op\n");
    const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir");
    CHECK_MESSAGE(outcome.err.find(text) != std::string::npos, outcome.err);
  };
  const auto silent = [&](const std::string& card) {
    CAPTURE(card);
    write_bytes(folder.file("deck.cir"), "a deck\nV9 a 0 1\nR9 a 0 1k\n" + card + "\n.op\n");
    CHECK(run_command(folder, "$MEMSPICE deck.cir").err.empty());
  };
  for (const char* element : {"R1 a 0", "C1 a 0", "L1 a 0", "V1 b 0"}) {
    says(std::string(element) + " 4 k", "hint: a value is one word: write 4k");
    says(std::string(element) + " 1.5 megohm", "hint: a value is one word: write 1.5megohm");
    says(std::string(element) + " 1,5", "hint: decimals stand behind a point: write 1.5");
    says(std::string(element) + " 4,7k", "hint: decimals stand behind a point: write 4.7k");
  }
  says("R1 a 0 1M", "warning: '1M' is 1 milliohm: M is milli");
  says("R1 a 0 4.7M", "hint: for megohm write 4.7Meg, for milliohm 4.7m");
  says("R1 a 0 1MOhm", "hint: for megohm write 1Meg, for milliohm 1m");
  says("R1 a 0 2.2MΩ", "hint: for megohm write 2.2Meg, for milliohm 2.2m");
  says("C1 a 0 1F", "warning: '1F' is 1 femtofarad: F is femto");
  says("C1 a 0 2farad", "warning: '2farad' is 2 femtofarad: F is femto");
  says("R1 a 0 4k7", "hint: the letter stands behind all digits: write 4.7k");
  says("R1 a 0 1M5", "hint: the letter stands behind all digits: write 1.5Meg");
  says("R1 a 0 0R22", "hint: the point stands where it belongs: write 0.22");
  says("R1 a 0 4k7k", "hint: a scale factor and the letters of a unit may follow the digits");
  says(".print op mw={1000*v(a)}", "hint: a column with a name of its own is written mw=par('1000*v(a)')");
  for (const char* card : {"R1 a 0 1Meg", "R1 a 0 1m", "C1 a 0 1f", "C1 a 0 1pF", "C1 a 0 1uF",
                           "R1 a 0 5mOhm", "R1 a 0 5mohm", "C1 a 0 1fF"})
    silent(card);
}
