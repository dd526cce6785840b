// Where the transient and the closed form disagree: reruns, and what is said when they do not help.

#include "analysis/transient/transient.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

// Through both bounds twice, at tolerances that are too loose on purpose.
const std::string loose_deck =
    ".model m memristor(ron=100 roff=1600 beta=0.02)\n"
    "V1 a 0 SIN(0 1 1)\nY1 a b m w0=0.3\nY2 b 0 m w0=0.6 polarity=-1\nR1 b 0 200\n"
    ".tran 10m 2\n.measure tran most max w(y1)\n.options statetol=5e-2\n";

testing::DeckRun run_all(const std::string& deck, const RunOptions& options = {}) {
  return testing::try_circuit(testing::circuit_of(deck), options);
}

}  // namespace

TEST_CASE(
    "a transient that deviates from the closed form is run again, and only the rows that agree are written") {
  const testing::DeckRun result = run_all(loose_deck + ".omega tol=1e-5\n");
  const OmegaReport& omega = result.analysis().omega.value();
  REQUIRE(result.report.outcome() == Outcome::complete);
  CHECK(omega.passed());
  CHECK(omega.reruns >= 1);
  CHECK(omega.reltol < 1e-5 / 40);
  CHECK(omega.reason.empty());
  REQUIRE(result.plots.size() == 1);
  double largest = 0;
  for (std::size_t n = 0; n < result.rows(); ++n)
    largest = std::max(largest, std::abs(result["w(y1)"][n] - result["wo(y1)"][n]));
  CHECK(largest <= 1e-5);
  for (std::size_t n = 1; n < result.rows(); ++n) CHECK(result.time()[n] > result.time()[n - 1]);
  CHECK(result.rows() == result.analysis().statistics.rows);
  REQUIRE(result.analysis().measures.size() == 1);
  CHECK(result.analysis().measures[0].value.has_value());
  // Nothing is run again where it agrees at once.
  const OmegaReport calm = run_all(loose_deck + ".omega tol=0.9\n").analysis().omega.value();
  CHECK(calm.passed());
  CHECK(calm.reruns == 0);
}

TEST_CASE("warnings of a transient that runs again come once") {
  const std::string deck = loose_deck + ".save w(*) v(nowhere*)\n";
  CHECK(run_all(deck + ".omega tol=1e-5\n").report.warnings.size() == run_all(deck).report.warnings.size());
}

TEST_CASE("all runs together cost at most five times the first one, whatever its order") {
  for (const std::string order : {"1", "2", "5"}) {
    for (const std::string tolerance : {"1e-4", "1e-6", "1e-8"}) {
      CAPTURE(order);
      CAPTURE(tolerance);
      const Circuit circuit =
          testing::circuit_of(loose_deck + ".options maxord=" + order + "\n.omega tol=" + tolerance + "\n");
      if (order == "1" && tolerance != "1e-4") continue;  // takes long, at once
      long asked = 0;
      RunOptions options;
      options.interrupted = [&] { return ++asked < 0; };
      std::vector<Diagnostic> warnings;
      CircuitPoint end;
      MemorySink rows;
      integrate_transient(circuit, circuit.analyses[0].as<TransientCard>(), rows, options, warnings, end);
      const long first = asked;
      asked = 0;
      const testing::DeckRun result = testing::try_circuit(circuit, options);
      CHECK(first > 100);
      CHECK(asked <= 5 * first + 5);
      const OmegaReport& omega = result.analysis().omega.value();
      CHECK(omega.passed() == omega.reason.empty());
      CHECK(omega.passed());
      if (order == "1") CHECK(omega.reruns > 0);
    }
  }
}

TEST_CASE("a failure says that the transient did not converge, and why it is not run again") {
  const OmegaReport omega = run_all(loose_deck + ".omega tol=1e-15\n").analysis().omega.value();
  CHECK_FALSE(omega.passed());
  CHECK(omega.reason == "the transient did not converge; no reltol below 1e-10 is tried");
  CHECK_FALSE(omega.amplification.has_value());
}

TEST_CASE("a failure says when a rerun would take too long, and keeps the rows of the first run") {
  std::string deck = loose_deck;
  deck.replace(deck.find("statetol=5e-2"), 13, "statetol=1e6");  // no error control: fifty steps
  const testing::DeckRun result = run_all(deck + ".omega tol=1e-4\n");
  const OmegaReport& omega = result.analysis().omega.value();
  CHECK_FALSE(omega.passed());
  CHECK(omega.reruns == 0);
  CHECK(omega.reason.starts_with("the transient did not converge; a run at reltol "));
  CHECK(omega.reason.find(" would take more than ") != std::string::npos);
  CHECK(result.time().back() == 2.0);
}

TEST_CASE("a failure says when a rerun ended early") {
  const testing::DeckRun result = run_all(loose_deck + ".options max_steps=600\n.omega tol=1e-5\n");
  const OmegaReport& omega = result.analysis().omega.value();
  CHECK_FALSE(omega.passed());
  CHECK(omega.reason.find(" ended early: stopped at t = ") != std::string::npos);
  CHECK(omega.reason.find('\n') == std::string::npos);
  CHECK(result.time().back() == 2.0);
}

TEST_CASE("a failure says that the closed form did not converge, and how far apart its runs are") {
  const OmegaReport omega =
      run_all(
          ".model m memristor(ron=100 roff=16000 beta=0.015)\n"
          "V1 a 0 SIN(0 1 1)\nY1 a b m w0=0.3\nR1 b 0 1k\n.tran 10m 2\n.omega tol=1e-14\n")
          .analysis()
          .omega.value();
  CHECK_FALSE(omega.passed());
  CHECK(omega.reason.starts_with(
      "the closed form did not converge: its runs at tolerances 1e-12 and 1e-10 differ by "));
}

TEST_CASE("amplified errors are named with their measured factor") {
  // w grows like e^20t from what a current of 10 pA makes of 0.
  const testing::DeckRun result = run_all(
      ".model m memristor(ron=100 roff=1600 alpha=20 beta=1)\n"
      "V1 a 0 DC -1e-9\nY1 a 0 m w0=0\n.tran 10m 1.2\n.options statetol=1e-5\n.omega tol=1e-9\n");
  const OmegaReport& omega = result.analysis().omega.value();
  CHECK(result.report.outcome() == Outcome::failed);
  REQUIRE(omega.amplification.has_value());
  CHECK(*omega.amplification > 1e7);
  CHECK(omega.reason.find("\n  the network amplifies errors by ") != std::string::npos);
}

TEST_CASE("a rerun that is interrupted leaves the rows of the run before it") {
  const std::string deck = loose_deck + ".omega tol=1e-5\n";
  long asked = 0;
  RunOptions count;
  count.interrupted = [&] { return ++asked < 0; };
  REQUIRE(run_all(deck, count).analysis().omega.value().reruns == 1);
  const long all = asked;
  asked = 0;
  RunOptions stop;
  stop.interrupted = [&] { return ++asked > all - 10; };
  const testing::DeckRun result = run_all(deck, stop);
  CHECK(result.report.outcome() == Outcome::interrupted);
  CHECK(result.analysis().message == "interrupted while it was run again with tighter tolerances");
  REQUIRE(result.plots.size() == 1);
  CHECK(result.time().back() == 2.0);
}
