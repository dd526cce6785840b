// The theory's cards on the command line: what is printed, what the run exits with, what is refused.

#include <doctest/doctest.h>

#include <string>

#include "support/program.hpp"

namespace {

// A triangle at a constant voltage; a state reaches its bound at 0.925 s.
const std::string triangle =
    "triangle\nY1 1 0 m w0=0.2\nY2 2 0 m w0=0.3\nY3 1 2 m w0=0.4\nV1 1 0 0.1\n"
    ".model m memristor(ron=100 roff=1600 alpha=1 beta=1)\n";
const std::string all_cards =
    ".tran 10m 1\n.omega\n.invariants\n.functional\n.fixedpoint\n.eigen at=fixed\n.network\n";

CommandOutcome run(const std::string& deck, const std::string& options = "") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), deck);
  return run_command(folder, "$MEMSPICE deck.cir " + options);
}

void check_mentions(const std::string& text, std::initializer_list<const char*> parts) {
  CAPTURE(text);
  std::size_t at = 0;
  for (const char* part : parts) {
    CAPTURE(part);
    const std::size_t found = text.find(part, at);
    CHECK(found != std::string::npos);
    if (found != std::string::npos) at = found;
  }
}

}  // namespace

TEST_CASE("a deck with all the cards prints a table for each, in this order, and succeeds") {
  const CommandOutcome outcome = run(triangle + all_cards);
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  check_mentions(outcome.out, {"network\nnodes                          3\n",
                               "effective memory        0.666667  current control\n",
                               "eigenvalues at the initial states: 0.16 0.25; 1 more is 1\n",
                               "\n  v1    -1  -1\n",
                               "transient to 1 s: ",
                               "closed form (.omega): largest deviation of 3 states ",
                               ": passed\n",
                               "conservation laws (.invariants): largest drift\n  KCL memory ",
                               " at 2 nodes; a state at its bound voids the first of them at t = 0.92",
                               "  flux law ",
                               "  power balance ",
                               "functionals (.functional):\n  Lyapunov function from -0.147937 to -5.85",
                               " 1/s, never rising\n",
                               "  no gradient functional: alpha is not 0\n",
                               "\nwo(y1) ",
                               "\ndrift(kcl) ",
                               "\ndrift(flux) ",
                               "\ndrift(power) ",
                               "\nlyapunov ",
                               "\nfixed point found from the operating point by Newton's method",
                               "\nw(y1)   0.054858377\nw(y2)  0.0333333333\nw(y3)  0.0333333333\n",
                               "\nspectrum at the fixed point: 3 eigenvalues of 3 dynamic unknowns\n",
                               "\n   1.33333333 ",
                               "grows\n",
                               "closed form (Lyapunov matrix): the same eigenvalues within "});
}

TEST_CASE("the cards' vectors are written whatever .save says") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), triangle + all_cards + ".save w(y1)\n");
  CHECK(run_command(folder, "$MEMSPICE deck.cir -q -o out.csv").code == 0);
  CHECK(read_bytes(folder.file("out.csv"))
            .starts_with("time,w(y1),wo(y1),wo(y2),wo(y3),drift(kcl),drift(flux),drift(power),lyapunov\n"));
}

TEST_CASE("devices alike without decay have the gradient functionals too") {
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"), triangle +
                                           ".model n memristor(ron=100 roff=110)\nY4 1 2 n\n"
                                           ".tran 10m 1\n.functional\n.save w(y1)\n");
  // Y4 is of another kind: no gradient, and its alpha is another one: no Lyapunov function either.
  CHECK(run_command(folder, "$MEMSPICE deck.cir").err ==
        "deck.cir:8:1: error: .functional: 'y4' has another alpha than 'y1'\n  Y4 1 2 n\n  ^~\n"
        "  hint: the Lyapunov function needs one alpha for all memristors\n");
  write_bytes(folder.file("deck.cir"),
              "pair\nV1 a 0 1\nY1 a b n\nY2 b 0 n\n.model n memristor(ron=100 roff=110)\n"
              ".tran 10m 1\n.functional\n.save w(y1)\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -o out.csv");
  CHECK(outcome.code == 0);
  CHECK(read_bytes(folder.file("out.csv")).starts_with("time,w(y1),lyapunov,gradient,gradient_paper\n"));
}

TEST_CASE("a fixed point that is not there exits with 1, names what still moves, and leaves out .eigen") {
  // Both states fall alike until y2 rests at 0; then y1 goes on to where the two resistances cancel.
  const TemporaryFolder folder;
  write_bytes(folder.file("deck.cir"),
              "mixture\nV1 a 0 1\nY1 a b m w0=0.5\nY2 b 0 m w0=0.3 active=1\n"
              ".model m memristor(ron=100 roff=1600 beta=1)\n.op\n.fixedpoint\n.eigen at=fixed\n");
  const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -o out.raw --report report.json");
  CHECK(outcome.code == 1);
  check_mentions(outcome.err,
                 {"deck.cir: error: .fixedpoint: no fixed point found from the operating point: w(y1) still "
                  "changes at ",
                  "/s\n  tried: Newton's method, then implicit Euler steps of growing length\n"
                  "  try: another initial state (w0=), .fixedpoint from=end, or a larger tol\n"});
  check_mentions(outcome.out, {"no fixed point found from the operating point\n", "written: out.raw"});
  CHECK(outcome.out.find("spectrum") == std::string::npos);
  const std::string report = read_bytes(folder.file("report.json"));
  CHECK(report.find("\"outcome\": \"failed\"") != std::string::npos);
  CHECK(report.find("\"converged\": false") != std::string::npos);
}

TEST_CASE("an element outside the theory is named, and nothing is written") {
  const std::string tail = ".model s sw\n.tran 10m 1\n";
  for (const auto& [element, noun] :
       {std::pair{"C1 2 0 1u", "'c1', a capacitor"}, std::pair{"L1 2 0 1m", "'l1', an inductor"},
        std::pair{"G1 2 0 1 0 2", "'g1', a behavioural source"}, std::pair{"S1 2 0 1 0 s", "'s1', a switch"},
        std::pair{"T1 2 0 1 0 z0=50 td=1", "'t1', a transmission line"}}) {
    for (const std::string card : {".omega", ".invariants", ".functional", ".network"}) {
      CAPTURE(card);
      const TemporaryFolder folder;
      write_bytes(folder.file("deck.cir"), triangle + element + "\n" + tail + card + "\n");
      const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -o out.raw");
      CHECK(outcome.code == 2);
      CHECK(outcome.err == "deck.cir:7:1: error: " + card + " does not cover " + noun + "\n  " + element +
                               "\n  ^~\n  hint: its theory holds for memristors of level 1 without a window, "
                               "resistors, voltage "
                               "and current sources; remove " +
                               card + " or the element\n");
      CHECK(folder.count() == 1);
    }
  }
}

TEST_CASE(".fixedpoint and .eigen take any circuit") {
  const CommandOutcome outcome =
      run(triangle + "C1 2 0 1u\nL1 2 3 1m\nR1 3 0 1k\n.fixedpoint\n.eigen at=fixed\n");
  CHECK(outcome.code == 0);
  check_mentions(outcome.out,
                 {"fixed point found from the operating point", "5 eigenvalues of 5 dynamic unknowns",
                  "no closed form to compare with: .eigen does not cover 'c1', a capacitor\n"});
}

TEST_CASE("a tolerance that nothing can meet is missed at the end, not at the first step") {
  const TemporaryFolder folder;
  for (const char* stop : {"0.5", "1"}) {  // without and with a state that meets its bound
    write_bytes(folder.file("deck.cir"), triangle + ".tran 10m " + stop + "\n.omega tol=1e-18\n");
    const CommandOutcome outcome = run_command(folder, "$MEMSPICE deck.cir -q -o out.raw");
    CHECK(outcome.code == 1);
    check_mentions(outcome.err, {"deck.cir: error: .omega: w(y", ") deviates from the closed form by ",
                                 ", more than tol = 1e-18\n"});
    CHECK(folder.count() == 2);
  }
}
