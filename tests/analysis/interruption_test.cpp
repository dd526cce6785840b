// Whatever a run is doing, it ends soon after it is asked to, and keeps what was finished before.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "support/run_deck.hpp"

using namespace memspice;

namespace {

using Clock = std::chrono::steady_clock;

/// Memristors between the nodes of a grid, one source: n1_1 is next to ground.
std::string memristors_on_grid(int size) {
  const auto node = [](int row, int column) {
    return row == 0 && column == 0 ? std::string("0") : fmt::format("n{}_{}", row, column);
  };
  std::string text = fmt::format(".model m memristor beta=0.05\nV1 n{0}_{0} 0 SIN(0 1 1) ac 1\n", size - 1);
  int count = 0;
  const auto add = [&](const std::string& from, const std::string& to) {
    ++count;
    text += fmt::format("Y{} {} {} m w0={}\n", count, from, to, 0.3 + 0.01 * (count % 40));
  };
  for (int row = 0; row < size; ++row)
    for (int column = 0; column < size; ++column) {
      if (column + 1 < size) add(node(row, column), node(row, column + 1));
      if (row + 1 < size) add(node(row, column), node(row + 1, column));
    }
  return text;
}

struct Job {
  std::string name;
  std::string deck;
};

std::vector<Job> jobs() {
  const std::string large = memristors_on_grid(100), medium = memristors_on_grid(50),
                    small = memristors_on_grid(22);
  const auto random = [](const char* wave) {
    return fmt::format("V1 a 0 {}\nR1 a 0 1\n.tran 1m 10m\n", wave);
  };
  return {
      {"operating points", large + ".step param p 1 50 1\n.param p=1\n.op\n"},
      {"transient by the network integrator", large + ".tran 1m 30\n"},
      {"transient by IDA", large + ".options integrator=ida\n.tran 1m 30\n"},
      {"eigenvalues of a large circuit", large + ".eigen\n"},
      {"eigenvalues of a small circuit", small + ".eigen\n"},
      {"fixed point", large + ".fixedpoint\n"},
      {"graph", large + ".network\n"},
      {"graph with dense matrices", small + ".network\n"},
      {"sensitivities", medium + ".sens v(n3_3)\n"},
      {"sensitivities of phasors", medium + ".sens v(n3_3) ac dec 100 1 1k\n"},
      {"noise", medium + ".noise v(n3_3) v1 dec 100 1 1meg 1\n"},
      {"phasors", large + ".ac dec 100 1 1meg\n"},
      {"sweep", large + ".dc v1 0 1 0.001\n"},
      {"transfer function", large + ".tf v(n3_3) v1\n"},
      {"closed form", small + ".tran 1m 30\n.omega\n"},
      {"conservation laws", small + ".tran 1m 30\n.invariants\n"},
      {"measures and harmonics", small + ".tran 1m 30\n.four 1 v(n1_1)\n.measure tran m avg v(n1_1)\n"},
      {"coloured noise", random("TRNOISE(1 10n 1.2 0.1)")},
      {"white noise", random("TRNOISE(1 1n 0 0)")},
      {"telegraph noise", random("TRNOISE(0 0 0 0 1 1n 1n)")},
      {"Poisson numbers", random("TRRANDOM(4 1n 0 9000)")},
      {"points that are read anew", medium + ".mc 10000\n.op\n"},
  };
}

}  // namespace

TEST_CASE("every analysis ends within a second of being asked to, at any moment, on a loaded machine") {
  constexpr double bound = 1;  // s; benchmarks/reaction.py measures 0.3 s
  for (const Job& job : jobs()) {
    CAPTURE(job.name);
    const Circuit circuit = testing::circuit_of(job.deck);
    for (const int after : {0, 15, 60, 150, 350}) {  // ms
      CAPTURE(after);
      std::atomic<bool> asked = after == 0;
      std::atomic<Clock::time_point> asked_at = Clock::now();
      std::thread asker([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(after));
        asked_at = Clock::now();
        asked = true;
      });
      RunOptions options;
      options.interrupted = [&] { return asked.load(); };
      options.threads = 2;
      const testing::DeckRun result = testing::try_circuit(circuit, options);
      const Clock::time_point ended = Clock::now();
      const bool ended_first = !asked;
      asker.join();
      if (ended_first) break;
      CHECK(std::chrono::duration<double>(ended - asked_at.load()).count() < bound);
      if (after == 0) CHECK(result.report.outcome() == Outcome::interrupted);
    }
  }
}

TEST_CASE("what was finished before an interruption is kept, and the report says what is missing") {
  const Circuit circuit = testing::circuit_of(memristors_on_grid(30) + ".op\n.eigen\n");
  int points = 0;
  RunOptions options;
  MemorySink sink;
  options.interrupted = [&] { return !sink.plots().empty() && ++points > 20; };
  const RunReport report = run(circuit, sink, options);
  CHECK(report.outcome() == Outcome::interrupted);
  REQUIRE(report.analyses.size() == 1);
  CHECK(report.analyses[0].outcome == Outcome::complete);
  CHECK(report.interrupted_in == ".eigen");
  CHECK(report.eigenvalues.empty());
  REQUIRE(sink.plots().size() == 1);
  CHECK(sink.plots()[0].rows() == 1);
}
