// Circuits without a solution by their structure: found before anything is solved, with the elements' names.

#include "equations/equation_system.hpp"
#include "equations/readout.hpp"
#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

/// The only problem of a deck (without title line; its first line is line 2).
Diagnostic problem(const std::string& body) {
  const Circuit circuit = testing::circuit_of(body);
  try {
    check_structure(circuit);
  } catch (const DeckError& error) {
    REQUIRE(error.diagnostics().size() == 1);
    // run() must stop at the same thing.
    MemorySink sink;
    CHECK_THROWS_AS(run(circuit, sink), DeckError);
    return error.diagnostics().front();
  }
  FAIL("this circuit passed: " << body);
  return {};
}

void check(const Diagnostic& found, std::size_t line, const std::string& message, const std::string& hint) {
  CHECK(found.message == message);
  CHECK(found.hint == hint);
  CHECK(found.line == line);
  CHECK(found.column == 1);
  CHECK(found.file == "deck");
}

}  // namespace

TEST_CASE("a loop of voltage sources is named with all its sources") {
  check(problem("V1 a 0 1\nR1 a 0 1k\nV2 a b 2\nR2 b 0 1k\nV3 b 0 3\n.op\n"), 6,
        "voltage sources form a loop: v3, v1, v2",
        "put a small resistance in series with one of them, or remove one");
  check(problem("V1 a 0 1\nV2 0 a -1\nR1 a 0 1k\n.tran 1m 1\n"), 3, "voltage sources form a loop: v2, v1",
        "put a small resistance in series with one of them, or remove one");
}

TEST_CASE("a resistor of 0 ohm closes a loop of voltage sources like a source") {
  check(problem("V1 a 0 1\nR1 a 0 0\n.op\n"), 3, "voltage sources form a loop: r1, v1",
        "put a small resistance in series with one of them, or remove one");
}

TEST_CASE("a voltage source with both ends on one node is named with the node") {
  check(problem("R1 a 0 1k\nV1 a a 1\n.op\n"), 3, "both ends of voltage source v1 are at node 'a'",
        "connect it to two different nodes");
}

TEST_CASE("an inductor across a voltage source has no operating point, but a transient from uic") {
  const std::string circuit = "V1 a 0 SIN(0 1 1k)\nL1 a 0 1m\nR1 a 0 1k\n";
  check(problem(circuit + ".tran 1u 1m\n"), 3,
        "voltage sources and inductors form a loop without resistance: l1, v1",
        "its DC current is infinite: put a resistance in series, or start with .tran … uic");
  const testing::DeckRun result = testing::run_deck(circuit + ".tran 1u 1m uic\n.save i(l1)\n");
  const double w = 2000 * std::acos(-1.0);
  CHECK(testing::relative_error(result, "i(l1)",
                                [&](double t) { return (1 - std::cos(w * t)) / (w * 1e-3); }) < 1e-3);
}

TEST_CASE("coupled coils, lines at rest and controlled sources close loops like plain coils and sources") {
  const std::string hint =
      "its DC current is infinite: put a resistance in series, or start with .tran … uic";
  const std::string line_hint = "at rest a lossless line is a short circuit; " + hint;
  const std::string tran = ".tran 1u 1m\n";
  check(problem("V1 1 0 SIN(0 1 1k)\nL1 1 0 1m\nL2 2 0 2m\nR2 2 0 2\nK1 L1 L2 0.75\n" + tran), 3,
        "voltage sources and inductors form a loop without resistance: l1, v1", hint);
  check(problem("B1 1 0 V={sin(time)}\nL1 1 0 1m\n" + tran), 2,
        "voltage sources and inductors form a loop without resistance: b1, l1", hint);
  check(problem("V1 a 0 SIN(0 1 1meg)\nT1 a 0 0 0 z0=50 td=10n\n" + tran), 3,
        "voltage sources and lossless lines form a loop without resistance: t1, v1", line_hint);
  check(problem("V1 a 0 1\nL1 b 0 1u\nT1 a 0 b 0 z0=50 td=10n\n" + tran), 4,
        "voltage sources, inductors and lossless lines form a loop without resistance: t1, l1, v1",
        line_hint);
  check(problem("V1 a m 1\nV2 m 0 2\nT1 a m c d z0=50 td=10n\nR1 d 0 1\nL1 c d 1u\n" + tran), 4,
        "voltage sources, inductors and lossless lines form a loop without resistance: t1, l1, v1",
        line_hint);
  // No port has a node that is one with another's: the equations of two lines depend on each other.
  check(problem("V1 a b 1\nR1 b 0 1\nT1 a b c d z0=50 td=1n\nT2 e f c d z0=50 td=1n\nR2 d 0 1\nR3 f 0 1\n"
                "V2 e f 1\n" +
                tran),
        5, "voltage sources and lossless lines form a loop without resistance: t2, t1, v1, v2", line_hint);
  check(problem("V1 a 0 1\nR1 a b 50\nT1 b 0 0 0 z0=50 td=10n\n.ic v(b)=0.5\n" + tran), 4,
        "an initial condition contradicts the voltage sources it is in a loop with: t1, .ic v(b)",
        "remove the .ic of a node whose voltage is already fixed");
  check(problem("V1 a 0 1\nE1 a 0 b 0 2\nR1 b 0 1\n.op\n"), 3, "voltage sources form a loop: e1, v1",
        "put a small resistance in series with one of them, or remove one");
  check(problem("V1 a 0 1\nV2 a 0 1\nF1 0 c V2 1\nRc c 0 1\n.op\n"), 3, "voltage sources form a loop: v2, v1",
        "put a small resistance in series with one of them, or remove one");
}

TEST_CASE("with uic coupled coils and stubs across sources run") {
  // i(L1) with the other side open: the integral of the voltage.
  const testing::DeckRun coils = testing::run_deck(
      "V1 1 0 SIN(0 1 1k)\nL1 1 0 1m\nL2 2 0 2m\nR2 2 0 1G\nK1 L1 L2 0.75\n.tran 1u 1m uic\n.save i(l1) "
      "v(2)\n");
  const double w = 2000 * std::acos(-1.0);
  CHECK(testing::relative_error(coils, "i(l1)",
                                [&](double t) { return (1 - std::cos(w * t)) / (w * 1e-3); }) < 1e-3);
  CHECK(testing::relative_error(coils, "v(2)",
                                [&](double t) { return 0.75 * std::sqrt(2.0) * std::sin(w * t); }) < 2e-3);
  // Shorted at its end, the line returns the wave inverted after 20 ns.
  const testing::DeckRun stub =
      testing::run_deck("V1 a 0 PWL(0 0 1n 1)\nT1 a 0 0 0 z0=50 td=10n\n.tran 1n 18n uic\n.save i(v1)\n");
  CHECK(stub["i(v1)"].back() == testing::approx(-1.0 / 50));
}

TEST_CASE("loops of nothing but short circuits are no mistake: one of them carries no current") {
  const testing::DeckRun coils = testing::run_deck(
      "V1 a 0 1\nR1 a b 1\nL1 b 0 1m\nL2 b 0 2m\nK1 L1 L2 0.5\nF1 0 c L2 1\nRc c 0 1\n.op\n.save i(*)\n");
  CHECK(coils["i(l1)"][0] + coils["i(l2)"][0] == testing::approx(1));
  const testing::DeckRun lines = testing::run_deck(
      "V1 a 0 1\nR1 a b 50\nT1 b 0 c 0 z0=100 td=10n\nT2 b 0 c 0 z0=100 td=10n\nL1 b c 1u\nR2 c 0 50\n"
      ".tran 1n 0.1u\n.save v(c)\n");
  for (const double v : lines["v(c)"]) CHECK(v == testing::approx(0.5).epsilon(1e-6));
}

TEST_CASE("a passive memristor whose state follows fast has no negative resistance") {
  const Circuit circuit = testing::circuit_of(
      ".model mem memristor(ron=100 roff=1600 alpha=0 beta=1)\nI1 0 a 1m\nY1 a 0 mem w0=0.5\n.op\n");
  EquationSystem system(circuit, EquationSystem::Mode::transient);
  std::vector<double> y(system.size()), slope(system.size()), r(system.size());
  y[1] = 1;
  y[2] = 0.5;
  REQUIRE(system.residual(0, y.data(), slope.data(), 1, r.data()));
  system.linearise(0, y.data(), slope.data(), 1e-3);  // condensed: 1/R - 2/R
  CHECK(negative_resistances(system, 5).empty());
}

TEST_CASE("a node that nothing connects to ground is named where it is used first") {
  check(problem("V1 a 0 1\nR1 a 0 1k\nR2 b c 1k\nR3 c b 2k\n.op\n"), 4,
        "floating nodes 'b', 'c': no element connects them to ground (node 0)",
        "connect one of these nodes to node 0");
}

TEST_CASE("many floating nodes are counted, not listed") {
  check(problem("R1 a 0 1k\nR2 b c 1\nR3 c d 1\nR4 d e 1\nR5 e f 1\nR6 f g 1\nR7 g b 1\n.op\n"), 3,
        "floating nodes 'b', 'c', 'd', 'e', 'f' and 1 more: no element connects them to ground (node 0)",
        "connect one of these nodes to node 0");
}

TEST_CASE("a node between capacitors has no DC path, and .ic, uic or a resistor help") {
  const std::string divider = "V1 a 0 SIN(0 1 1k)\nC1 a b 1u\nC2 b 0 1u\n";
  check(problem(divider + ".tran 1u 1m\n"), 3,
        "node 'b' has no DC path to ground: only capacitors (c2) lead there",
        "add a large resistor to ground, give its voltage with .ic, or start with .tran … uic");
  for (const std::string help :
       {".tran 1u 1m uic\n", ".tran 1u 1m\n.ic v(b)=0\n", ".tran 1u 1m\nR1 b 0 1G\n"}) {
    CAPTURE(help);
    const testing::DeckRun result = testing::run_deck(divider + help + ".save v(b)\n");
    CHECK(testing::relative_error(
              result, "v(b)", [](double t) { return 0.5 * std::sin(2000 * std::acos(-1.0) * t); }) < 2e-3);
  }
}

TEST_CASE("nodes that only current sources connect are named with a source") {
  check(problem("R1 a 0 1k\nI1 a b 1m\nI2 b 0 1m\n.op\n"), 3,
        "only current sources (i2) connect node 'b' to the rest: their current has no way back",
        "give the current a path: a resistor in parallel with the source");
  check(problem("R1 a 0 1k\nI1 a b 1m\nR2 b c 1k\n.op\n"), 3,
        "only current sources (i1) connect nodes 'b', 'c' to the rest: their current has no way back",
        "give the current a path: a resistor in parallel with the source");
}

TEST_CASE("an initial condition against the sources is named with what it contradicts") {
  const std::string hint = "remove the .ic of a node whose voltage is already fixed";
  check(problem("V1 a 0 1\nR1 a 0 1k\n.tran 1m 1\n.ic v(a)=2\n"), 5,
        "an initial condition contradicts the voltage sources it is in a loop with: .ic v(a), v1", hint);
}

TEST_CASE("several floating parts are all reported, each once") {
  const Circuit circuit = testing::circuit_of("R1 a 0 1k\nR2 b c 1k\nR3 c b 1k\nR4 d e 1k\nR5 d e 1k\n.op\n");
  try {
    check_structure(circuit);
    FAIL("passed");
  } catch (const DeckError& error) {
    REQUIRE(error.diagnostics().size() == 2);
    CHECK(error.diagnostics()[0].line == 3);
    CHECK(error.diagnostics()[1].line == 5);
  }
}

TEST_CASE("a loop of shorts alone carries no circulating current and is no error") {
  const testing::DeckRun result =
      testing::run_deck("V1 a 0 1\nR1 a b 0\nR2 b a 0\nR3 b 0 1k\n.op\n.save v(*) i(*)\n");
  CHECK(result["v(b)"][0] == testing::approx(1));
  CHECK(result["i(r1)"][0] - result["i(r2)"][0] == testing::approx(1e-3));
  CHECK(result["i(r3)"][0] == testing::approx(1e-3));
}

TEST_CASE("of shorts side by side the first is named in a loop of sources") {
  check(problem("V1 a 0 1\nV2 c 0 2\nR1 a b 0\nR2 a b 0\nR3 b c 0\nR4 b 0 1k\n.op\n"), 6,
        "voltage sources form a loop: r3, v2, v1, r1",
        "put a small resistance in series with one of them, or remove one");
}

TEST_CASE("a check takes vectors that a wildcard names, and refuses what is not there beside one") {
  const std::string cards = "V1 a 0 1\nR1 a 0 1k\n.tran 1 2\n.save v(*) i(v*)\n.print tran v(*)\n";
  CHECK_NOTHROW(check_structure(testing::circuit_of(cards + ".measure tran m max v(a)\n")));
  for (const char* wrong : {".measure tran m max v(b)\n", ".save v(b)\n", ".print tran i(r2) v(*)\n"})
    CHECK_THROWS_WITH_AS(check_structure(testing::circuit_of(cards + wrong)),
                         doctest::Contains("in this circuit"), DeckError);
}

TEST_CASE("a sound circuit passes the check without a computation") {
  CHECK_NOTHROW(
      check_structure(testing::circuit_of("V1 a 0 1\nR1 a 0 1k\nL1 a b 1\nR2 b 0 1\n.op\n.tran 1 1\n")));
}
