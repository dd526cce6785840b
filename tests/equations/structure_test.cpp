// Circuits without a solution by their structure: found before anything is solved, with the elements' names.

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
  CHECK(result["v(b)"][0] == doctest::Approx(1));
  CHECK(result["i(r1)"][0] - result["i(r2)"][0] == doctest::Approx(1e-3));
  CHECK(result["i(r3)"][0] == doctest::Approx(1e-3));
}

TEST_CASE("a sound circuit passes the check without a computation") {
  CHECK_NOTHROW(
      check_structure(testing::circuit_of("V1 a 0 1\nR1 a 0 1k\nL1 a b 1\nR2 b 0 1\n.op\n.tran 1 1\n")));
}
