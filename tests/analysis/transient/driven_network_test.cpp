// Networks of memristors that conduct as a state has it (CollocationFlow) beside IDA at tight tolerances, of
// every level that is covered; a device alone beside many short steps; threads; where another goes on.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "analysis/transient/flow_network_of.hpp"
#include "network/flow/collocation_engine.hpp"
#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::run_deck;

namespace {

struct Level {
  const char* model;   // two cards: m1, m2
  const char* state;   // parameter of the element
  double low, high;    // of its initial state
  const char* vector;  // of the state
  double volts;        // that a source in series has at most
  double range;        // of the state
  bool has_copies;     // m= on the element
};

// Every one meets its bounds or thresholds in the networks below.
const Level levels[] = {
    {".model m1 memristor(level=kuncic)\n.model m2 memristor(level=kuncic tunnel=simmons b=3)\n", "lambda0",
     -0.014, 0.014, "lambda", 0.1, 0.03, true},
    {".model m1 memristor(ron=100 roff=1600 alpha=0.1 beta=0.2 window=joglekar p=2)\n"
     ".model m2 memristor(ron=200 roff=900 beta=0.2 polarity=-1 window=biolek p=1)\n",
     "w0", 0.05, 0.95, "w", 2, 1, true},
    {".model m1 memristor(level=2 kon=-3n koff=3n ion=-1m ioff=1m alphaon=1 alphaoff=2)\n"
     ".model m2 memristor(level=2 kon=-2n koff=5n ion=-2m ioff=1m alphaon=3 alphaoff=1 ivrelation=1)\n",
     "s0", 0.1, 0.9, "s", 2, 1, true},
    {".model m1 memristor(level=vteam kon=-3n koff=3n von=-0.2 voff=0.2 alphaon=1 alphaoff=1 ron=1k "
     "roff=20k)\n"
     ".model m2 memristor(level=vteam kon=-9n koff=2n von=-0.1 voff=0.3 alphaon=2 alphaoff=1 ron=1k "
     "roff=9k)\n",
     "s0", 0.1, 0.9, "s", 2, 1, true},
    {".model m1 memristor(level=5 rmin=100 rmax=5k alpha=100 beta=30k vt=0.3)\n"
     ".model m2 memristor(level=5 rmin=500 rmax=5k beta=-20k vt=0.2)\n",
     "s0", 0.1, 0.9, "s", 2, 1, true},
    {".model m1 memristor(level=rate kd0=2 etap=8)\n.model m2 memristor(level=rate kp0=1m kd0=5 etap=5)"
     "\n",
     "g0", 0.1, 0.9, "g", 2, 1, false},
    {".model m1 memristor(level=mss tau=0.1)\n.model m2 memristor(level=mss tau=0.02 von=0.1 voff=0.2)\n",
     "x0", 0.1, 0.9, "x", 1, 1, false},
    {".model m1 memristor(level=iontronic tau=0.1)\n"
     ".model m2 memristor(level=iontronic activation=tanh tau=0.03 polarity=-1)\n",
     "g0", 0.5, 1.5, "g", 1, 2, false},
};

/// A ring with chords of both models of a level either way round, resistors beside, sources of every kind.
std::string random_network(const Level& level, std::uint32_t seed, std::uint32_t nodes,
                           const std::string& rest) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  std::string deck = level.model;
  const double ohm = std::string_view(level.vector) == "lambda"                                  ? 1e5
                     : std::string_view(level.model).find("iontronic") != std::string_view::npos ? 1e12
                                                                                                 : 1e3;
  const auto node = [](std::uint32_t i) { return i == 0 ? std::string("0") : fmt::format("n{}", i); };
  for (std::uint32_t k = 0; k < 2 * nodes; ++k) {
    const std::uint32_t from = k < nodes ? k : static_cast<std::uint32_t>(random() % nodes);
    std::uint32_t to = k < nodes ? (k + 1) % nodes : static_cast<std::uint32_t>(random() % nodes);
    if (to == from) to = (to + 1) % nodes;
    const double start = level.low + (level.high - level.low) * unit(random);
    const bool swapped = unit(random) < 0.5;
    const auto [plus, minus] = swapped ? std::pair(to, from) : std::pair(from, to);
    if (k % 7 == 6) {
      deck += fmt::format("R{} {} {} {:.4g}\n", k, node(plus), node(minus), ohm * (1 + 5 * unit(random)));
      continue;
    }
    std::string at = node(plus);
    if (k % 5 == 0) {
      at = fmt::format("x{}", k);
      const double a = level.volts * (2 * unit(random) - 1);
      const double t = 0.05 + 0.2 * unit(random);
      if (k % 15 == 0)
        deck += fmt::format("V{} {} {} SIN(0 {:.4g} {:.4g})\n", k, at, node(plus), a, 1 + 2 * unit(random));
      else if (k % 15 == 5)
        deck += fmt::format("V{} {} {} PULSE(0 {:.4g} {:.4g} 0.01 0.02 0.2 0.5)\n", k, at, node(plus), a, t);
      else
        deck += fmt::format("V{} {} {} PWL(0 0 {:.4g} {:.4g} 0.5 {:.4g} 1 0)\n", k, at, node(plus), t, a, -a);
    }
    deck += fmt::format("Y{} {} {} m{} {}={:.6g}{}\n", k, at, node(minus), 1 + k % 2, level.state, start,
                        level.has_copies && k % 3 == 0 ? " m=2" : "");
  }
  deck += fmt::format("I1 0 {} SIN(0 {:.4g} 2)\n", node(nodes / 2), 0.3 * level.volts / ohm);
  return deck + ".tran 0.02 1\n" + rest;
}

std::string options_of(std::string_view integrator, double reltol) {
  return fmt::format(".options interp integrator={} reltol={}\n", integrator, reltol);
}

/// The largest difference of a state, as a part of its range.
double largest_difference_of_states(const testing::DeckRun& run, const testing::DeckRun& reference,
                                    const Level& level) {
  double worst = 0;
  const Plot& plot = run.plots.back();
  const std::string begin = fmt::format("{}(", level.vector);
  for (std::size_t v = 1; v < plot.columns.size(); ++v) {
    if (plot.vectors[v].name.find(begin) != 0) continue;
    for (std::size_t k = 0; k < run.rows(); ++k)
      worst = std::max(worst, std::abs(plot.columns[v][k] - reference.plots.back().columns[v][k]));
  }
  return worst / level.range;
}

}  // namespace

TEST_CASE("networks of every covered level agree with IDA at tight tolerances, through corners and bounds") {
  for (const Level& level : levels)
    for (const std::uint32_t seed : {1U, 2U}) {
      CAPTURE(std::string(level.model));
      CAPTURE(seed);
      const std::string saved = fmt::format(".save {}(*)\n", level.vector);
      const auto tight = run_deck(random_network(level, seed, 8 * seed, saved + options_of("ida", 1e-8)));
      for (const double reltol : {1e-3, 1e-5})
        for (const char* solver : {"", ".options solver=pcg\n"}) {
          CAPTURE(reltol);
          CAPTURE(std::string(solver));
          const auto run =
              run_deck(random_network(level, seed, 8 * seed, saved + solver + options_of("network", reltol)));
          CHECK(run.analysis().statistics.integrator == "network");
          REQUIRE(run.rows() == tight.rows());
          CHECK(largest_difference_of_states(run, tight, level) < 5 * reltol);
        }
    }
}

TEST_CASE("rows of driven networks keep Kirchhoff's law to rounding") {
  for (const Level& level : levels)
    for (const char* solver : {"", ".options solver=pcg\n"}) {
      CAPTURE(std::string(level.model));
      CAPTURE(std::string(solver));
      // A node of its own: what comes through y900 goes through r900 and y901.
      const std::string star =
          fmt::format("Y900 n1 s m1 {0}={1}\nY901 s n3 m2 {0}={1}\nR900 s n2 {2}\n.save i(*) v(s)\n",
                      level.state, 0.5 * (level.low + level.high), level.volts > 0.5 ? "1k" : "100k");
      const auto run = run_deck(random_network(level, 3, 8, star + solver + options_of("network", 1e-4)));
      for (std::size_t row = 0; row < run.rows(); ++row) {
        const double in = run["i(y900)"][row], out = run["i(y901)"][row] + run["i(r900)"][row];
        const double scale = std::abs(in) + std::abs(run["i(y901)"][row]) + std::abs(run["i(r900)"][row]);
        CHECK(std::abs(in - out) <= 1e-11 * scale + 1e-17 * level.volts);
      }
    }
}

TEST_CASE(
    "a simulation of a driven network goes on from what it has saved, and reads between steps as IDA does") {
  const Circuit circuit = testing::circuit_of(random_network(levels[3], 4, 10, options_of("network", 1e-5)));
  const Circuit other = testing::circuit_of(random_network(levels[3], 4, 10, options_of("ida", 1e-6)));
  Simulation simulation(circuit), elsewhere(circuit), reference(other);
  simulation.run_until(0.437);
  reference.run_until(0.437);
  for (const char* quantity : {"v(n3)", "i(y1)", "s(y1)"})
    CHECK(simulation[quantity] == testing::approx(reference[quantity]).epsilon(1e-3));
  const SimulationState state = simulation.state();
  simulation.run_until(1);
  elsewhere.restore(state);
  elsewhere.run_until(1);
  CHECK(elsewhere["s(y3)"] == testing::approx(simulation["s(y3)"]).epsilon(1e-4));
  simulation.restore(state);
  simulation.run_until(1);
  CHECK(simulation["s(y3)"] == elsewhere["s(y3)"]);
}

TEST_CASE("measures, starts and short steps mean with driven networks what they mean with IDA") {
  for (const char* rest : {".measure tran peak max v(n3)\n.measure tran late find v(n2) at=0.61\n",
                           ".measure tran peak max s(y1)\n"}) {
    const auto run = run_deck(random_network(levels[3], 5, 8, rest + options_of("network", 1e-5)));
    const auto ida = run_deck(random_network(levels[3], 5, 8, rest + options_of("ida", 1e-7)));
    REQUIRE(run.analysis().measures.size() == ida.analysis().measures.size());
    for (std::size_t k = 0; k < run.analysis().measures.size(); ++k)
      CHECK(*run.analysis().measures[k].value ==
            testing::approx(*ida.analysis().measures[k].value).epsilon(1e-3));
  }
  const std::string network = random_network(levels[3], 5, 8, ".save s(*)\n");
  const std::string uic =
      std::string(network).replace(network.find(".tran 0.02 1"), 12, ".tran 0.02 1 0 5m uic");
  const auto run = run_deck(uic + options_of("network", 1e-5));
  const auto ida = run_deck(uic + options_of("ida", 1e-7));
  CHECK(run.analysis().statistics.steps >= 200);
  CHECK(largest_difference_of_states(run, ida, levels[3]) < 1e-4);
}

TEST_CASE("driven networks are the same bits for any number of threads") {
  Circuit circuit = testing::circuit_of(random_network(levels[3], 6, 900, ".options reltol=1e-4\n"));
  std::vector<std::vector<double>> states;
  for (const std::size_t threads : {1U, 3U}) {
    EquationSystem system(circuit, EquationSystem::Mode::transient);
    system.sources().resolve(0.02, 1);
    CircuitFlow flow = flow_network_of(system);
    Team team(threads);
    const std::size_t count = flow.states.size();
    network::CollocationEngine engine(flow.network, std::move(flow.devices),
                                      {.relative = 1e-4, .absolute = 1e-6, .stop = 1, .longest = 0.05},
                                      LaplacianPreconditioner::Choice::factor, team);
    engine.start(0, std::vector<double>(count, 0.4));
    for (int step = 0; step < 40; ++step) CHECK(engine.step() == network::FlowEngine::Outcome::advanced);
    states.emplace_back(count);
    const double t = engine.time();
    engine.find_states({&t, 1}, engine.all(), states.back());
  }
  CHECK(states[0] == states[1]);
}

TEST_CASE("what no network integrator covers of memristors is named, and what they cover is not") {
  const auto refusal = [](const std::string& cards) -> std::string {
    try {
      run_deck("V1 a 0 1\nR1 a b 1k\n.tran 1\n.options integrator=network\n" + cards);
    } catch (const DeckError& error) {
      return error.what();
    }
    return "none";
  };
  CHECK(refusal("Y1 b 0 m\n.model m memristor(level=vteam)\n") == "none");
  CHECK(refusal("Y1 b 0 m\n.model m memristor(level=yakopcic)\n").find("does not cover 'y1'") !=
        std::string::npos);
  CHECK(refusal("Y1 b 0 m\n.model m memristor(level=mss variant=stochastic)\n")
            .find("'y1', a memristor with noise of its own") != std::string::npos);
  CHECK(refusal("Y1 b 0 m\n.model m memristor(window=biolek active=1)\n").find("'y1', an active memristor") !=
        std::string::npos);
}

TEST_CASE("driven networks by conjugate gradients have the states that they have by factors") {
  const std::string saved = ".save s(*)\n";
  const auto factor = run_deck(random_network(levels[3], 9, 20, saved + options_of("network", 1e-5)));
  const auto gradients = run_deck(
      random_network(levels[3], 9, 20, saved + ".options solver=pcg\n" + options_of("network", 1e-5)));
  CHECK(gradients.analysis().statistics.factorisation == "gradients");
  CHECK(largest_difference_of_states(gradients, factor, levels[3]) < 2e-5);
}

TEST_CASE("steps recover behind the edges of a pulse") {
  const std::string deck =
      ".model m memristor(level=vteam kon=-3n koff=3n von=-0.2 voff=0.2 alphaon=1 alphaoff=1)\n"
      "V1 a 0 PULSE(-1 1 0.1 1n 1n 0.1 0.2)\nY1 a b m s0=0.5\nY2 b 0 m s0=0.3\nR1 b 0 1k\n.tran 0.1 2\n";
  const auto run = run_deck(deck + options_of("network", 1e-4));
  CHECK(run.analysis().statistics.integrator == "network");
  CHECK(run.analysis().statistics.steps < 600);
}

TEST_CASE("auto takes the network integrator from 100 memristors on that are not all linear") {
  const auto integrator = [](std::uint32_t nodes) {
    return run_deck(random_network(levels[3], 8, nodes, "")).analysis().statistics.integrator;
  };
  CHECK(integrator(20) == "ida");
  CHECK(integrator(70) == "network");
}

TEST_CASE("verify compares both integrators on driven networks") {
  const auto run = run_deck(random_network(levels[0], 7, 12, ".options verify integrator=network\n"));
  REQUIRE(run.analysis().verify);
  CHECK(run.analysis().verify->passed());
  CHECK(run.analysis().verify->states > 15);
}

// A divider of resistors and volatile memristors whose conductance falls steeply with their own voltage:
// behind the edge no step is short enough for what one pass changes and the next one takes back.
TEST_CASE(
    "IDA goes on where a driven network becomes stiff in the middle of a run, as if it had been alone") {
  const std::string deck =
      "V1 a 0 PWL(0 0.01 0.5 0.01 0.500000001 2 1 2)\nR1 a n1 1k\nR2 n1 n2 1k\nR3 n2 n3 2k\nY1 n1 0 m "
      "g0=0.1\n"
      "Y2 n2 0 m g0=0.2\nY3 n3 0 m g0=0.05\nY4 n1 n3 m g0=0.3\n"
      ".model m memristor(level=rate etap=200 kd0=1e4 etad=1 ymin=1u ymax=10)\n"
      ".tran 0.01 1\n.save v(n1) v(n2) v(n3) g(*)\n";
  const auto run = run_deck(deck + options_of("network", 1e-5));
  const auto alone = run_deck(deck + options_of("ida", 1e-8));
  CHECK(run.analysis().statistics.integrator == "network to 0.5 s, then ida");
  REQUIRE(run.rows() == alone.rows());
  for (std::size_t column = 1; column < run.plots.back().columns.size(); ++column) {
    CAPTURE(run.plots.back().vectors[column].name);
    const std::vector<double>& expected = alone.plots.back().columns[column];
    double largest = 0, worst = 0;
    for (std::size_t k = 0; k < expected.size(); ++k) {
      largest = std::max(largest, std::abs(expected[k]));
      worst = std::max(worst, std::abs(run.plots.back().columns[column][k] - expected[k]));
    }
    CHECK(worst <= 1e-5 * largest);
  }
}
