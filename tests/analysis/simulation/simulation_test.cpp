// A transient step by step: readings, stops, saved states, against closed forms.
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <thread>

#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

Circuit charging_circuit() {
  return testing::circuit_of(
      "V1 in 0 1\n"
      "R1 in out 1k\n"
      "C1 out 0 1u ic=0\n"
      ".tran 0.1m 5m uic\n"
      ".end\n");
}

double charged(double t) {
  return 1 - std::exp(-t / 1e-3);
}

TransientCard card_until(double stop) {
  TransientCard card;
  card.step = 1e-4;
  card.stop = stop;
  return card;
}

/// What the last half of a run comes to, uninterrupted and saved at `at`.
struct Continued {
  double whole;
  double restored;
};
Continued continue_from(const Circuit& circuit, double at, std::string_view vector) {
  Simulation whole(circuit);
  whole.run();
  Simulation first(circuit);
  first.run_until(at);
  Simulation second(circuit);
  second.restore(first.state());
  second.run();
  return {whole[vector], second[vector]};
}

}  // namespace

TEST_CASE("a simulation is where it is told to run to, and its readings satisfy the closed form there") {
  Simulation simulation(charging_circuit());
  CHECK(simulation.time() == 0);
  CHECK(simulation["v(out)"] == testing::approx(0).epsilon(1e-9).scale(1));
  for (const double t : {0.3e-3, 0.3e-3, 0.31e-3, 1e-3, 2.345e-3, 5e-3}) {
    CHECK(simulation.run_until(t));
    CHECK(simulation.time() == t);
    CHECK(simulation["time"] == t);
    CHECK(simulation["v(out)"] == testing::approx(charged(t)).epsilon(2e-4));
    CHECK(simulation["V( in , OUT )"] == testing::approx(1 - charged(t)).epsilon(2e-3));
    CHECK(simulation["i(r1)"] * 1e3 == testing::approx(simulation["v(in,out)"]).epsilon(1e-12));
  }
  CHECK(simulation.is_done());
  const AnalysisReport report = simulation.finish();
  CHECK(report.outcome == Outcome::complete);
  CHECK(report.statistics.steps > 10);
}

TEST_CASE("steps advance to the integrator's points, each with its rows") {
  std::vector<double> times;
  Simulation simulation(charging_circuit(),
                        {.row = [&](std::span<const double> row) { times.push_back(row[0]); }});
  REQUIRE(simulation.vectors().size() >= 3);
  CHECK(simulation.vectors()[0].name == "time");
  simulation.run_until(1.05e-3);
  double last = simulation.time();
  while (!simulation.is_done()) {
    simulation.step();
    CHECK(simulation.time() > last);
    last = simulation.time();
    CHECK(times.back() == last);
  }
  CHECK(last == 5e-3);
  simulation.step();
  CHECK(simulation.time() == 5e-3);
}

TEST_CASE("a callback and another thread can stop a run, which goes on afterwards") {
  Simulation* running = nullptr;
  int rows = 0;
  Simulation simulation(charging_circuit(), {.row = [&](std::span<const double>) {
                          if (++rows == 20) running->stop();
                        }});
  running = &simulation;
  CHECK_FALSE(simulation.run());
  CHECK(simulation.time() > 0);
  CHECK_FALSE(simulation.is_done());
  CHECK(simulation["v(out)"] == testing::approx(charged(simulation.time())).epsilon(1e-3));
  CHECK(simulation.run());
  CHECK(simulation["v(out)"] == testing::approx(charged(5e-3)).epsilon(1e-4));

  Simulation other(charging_circuit());
  std::thread([&] { other.stop(); }).join();
  CHECK_FALSE(other.run());
  CHECK(other.time() == 0);
  CHECK(other.run());
}

TEST_CASE("what makes no sense is refused, and says why") {
  Simulation simulation(charging_circuit());
  simulation.run_until(1e-3);
  CHECK_THROWS_AS(simulation.run_until(0.5e-3), std::invalid_argument);
  CHECK_THROWS_AS(simulation.run_until(6e-3), std::invalid_argument);
  CHECK_THROWS_AS(simulation.run_until(std::nan("")), std::invalid_argument);
  CHECK_THROWS_WITH_AS(simulation["v(ouf)"], doctest::Contains("did you mean 'out'?"), std::out_of_range);
  CHECK_THROWS_AS(simulation["nonsense"], std::out_of_range);
  CHECK_THROWS_AS(Simulation(testing::circuit_of("V1 in 0 1\nR1 in 0 1k\n.op\n.end\n")),
                  std::invalid_argument);
  CHECK_THROWS_AS(Simulation(charging_circuit(), {.transient = card_until(-1)}), std::invalid_argument);
  simulation.finish();
  CHECK_THROWS_AS(simulation.run(), std::logic_error);
  CHECK_THROWS_AS(simulation.finish(), std::logic_error);
}

TEST_CASE("a run that fails says so each time, and can be looked at where it got to") {
  Simulation simulation(
      testing::circuit_of("V1 in 0 sin(0 1 1k)\nR1 in out 1k\nC1 out 0 1u\n.tran 1u 5m\n"
                          ".options max_steps=30\n.end\n"));
  CHECK_THROWS_WITH_AS(simulation.run(), doctest::Contains("max_steps"), SimulationError);
  CHECK_THROWS_WITH_AS(simulation.run(), doctest::Contains("max_steps"), SimulationError);
  CHECK(simulation.time() > 0);
  CHECK(std::abs(simulation["v(in)"] - std::sin(2e3 * std::numbers::pi * simulation.time())) < 1e-9);
  CHECK(simulation.finish().outcome == Outcome::failed);
}

TEST_CASE("a state carries what a circuit remembers beside its unknowns") {
  SUBCASE("a switch between its thresholds") {
    const Continued v = continue_from(
        testing::circuit_of("Vc c 0 pwl(0 0 1m 1 2m 0.5 10m 0.5)\nV1 in 0 1\nS1 in out c 0 hysteretic\n"
                            "R1 out 0 1k\n.model hysteretic sw(vt=0.5 vh=0.3 ron=1 roff=1g)\n"
                            ".tran 0.1m 10m\n.end\n"),
        5e-3, "v(out)");
    CHECK(v.whole > 0.99);
    CHECK(v.restored == testing::approx(v.whole).epsilon(1e-9));
  }
  SUBCASE("a pulse on its way along a line") {
    const Circuit line = testing::circuit_of(
        "V1 in 0 pulse(0 1 1n 1p 1p 2n 1)\nR1 in a 50\nT1 a 0 b 0 z0=50 td=10n\nR2 b 0 50\n"
        ".tran 0.1n 30n\n.end\n");
    for (const double at : {1.5e-9, 2e-9, 7e-9}) {
      Simulation first(line);
      first.run_until(at);
      Simulation second(line);
      second.restore(first.state());
      second.run_until(10.9e-9);
      CHECK(std::abs(second["v(b)"]) < 1e-9);
      second.run_until(12e-9);
      CHECK(second["v(b)"] == testing::approx(0.5).epsilon(1e-6));
      second.run_until(13.5e-9);
      CHECK(std::abs(second["v(b)"]) < 1e-6);
    }
  }
  SUBCASE("an integral") {
    const Continued v = continue_from(
        testing::circuit_of(
            "V1 in 0 sin(0 1 1k)\nB1 out 0 V=idt(v(in),2)\nR1 out 0 1k\n.tran 10u 2.25m\n.end\n"),
        1.3e-3, "v(out)");
    CHECK(v.restored == testing::approx(2 + 1 / (2e3 * std::numbers::pi)).epsilon(1e-5));
  }
  SUBCASE("a state at its bound") {
    const Circuit circuit = testing::circuit_of(
        "V1 in 0 pwl(0 -2 1 -2 1.001 2 9 2)\nY1 in 0 flat w0=0.9\n"
        ".model flat memristor(ron=1k roff=1k beta=10)\n.tran 0.01 3\n.end\n");
    Simulation first(circuit);
    first.run_until(0.9);
    CHECK(first["w(y1)"] == 1);
    Simulation second(circuit);
    second.restore(first.state());
    CHECK(second["w(y1)"] == 1);
    second.run_until(2.001);
    CHECK(second["w(y1)"] == testing::approx(0.8).epsilon(2e-4));  // leaves the bound at once
  }
}

TEST_CASE("a restored simulation has the same bits whatever it did before") {
  const Circuit circuit = charging_circuit();
  Simulation first(circuit);
  first.run_until(0.7e-3);
  const SimulationState state = first.state();
  MemorySink fresh_rows, used_rows;
  Simulation fresh(circuit, {.sink = &fresh_rows});
  fresh.restore(state);
  fresh.run();
  Simulation used(circuit, {.sink = &used_rows});
  used.run_until(3e-3);
  used.restore(state);
  used.run();
  REQUIRE(fresh_rows.plots().size() == 1);
  REQUIRE(used_rows.plots().size() == 2);
  CHECK(fresh_rows.plots()[0].columns == used_rows.plots()[1].columns);
  CHECK(fresh_rows.plots()[0]["time"].front() > 0.7e-3);
  const std::span<const double> v = fresh_rows.plots()[0]["v(out)"];
  const std::span<const double> time = fresh_rows.plots()[0]["time"];
  for (std::size_t i = 0; i < v.size(); ++i) CHECK(std::abs(v[i] - charged(time[i])) < 2e-4);
}

TEST_CASE("a finished simulation can be restored, and gives its rows to a plot of their own") {
  MemorySink sink;
  Simulation simulation(charging_circuit(), {.sink = &sink});
  simulation.run_until(2e-3);
  const SimulationState state = simulation.state();
  CHECK(simulation.finish().outcome == Outcome::interrupted);
  simulation.restore(state);
  CHECK(simulation.run());
  CHECK(simulation.finish().outcome == Outcome::complete);
  REQUIRE(sink.plots().size() == 2);
  CHECK(sink.plots()[0]["time"].front() == 0);
  CHECK(sink.plots()[1]["time"].front() > 2e-3);
  CHECK(sink.plots()[1]["time"].back() == 5e-3);
}

TEST_CASE("an exception of a callback comes out, and ends the run") {
  Simulation simulation(charging_circuit(), {.row = [](std::span<const double> row) {
                          if (row[0] > 1e-3) throw std::runtime_error("enough");
                        }});
  CHECK_THROWS_WITH_AS(simulation.run(), "enough", std::runtime_error);
  CHECK_THROWS_WITH_AS(simulation.run(), doctest::Contains("callback"), SimulationError);
}

TEST_CASE("a state of the very beginning is that of the operating point or the initial conditions") {
  Simulation first(charging_circuit());
  const SimulationState state = first.state();
  Simulation second(charging_circuit());
  second.restore(state);
  CHECK(second.time() == 0);
  second.run_until(1e-3);
  CHECK(second["v(out)"] == testing::approx(charged(1e-3)).epsilon(2e-4));
}

TEST_CASE("rows of a restored run go on along the grid of .options interp") {
  const Circuit circuit = testing::circuit_of(
      "V1 in 0 1\nR1 in out 1k\nC1 out 0 1u ic=0\n.tran 0.5m 5m uic\n.options interp\n.end\n");
  for (const double at : {0.7e-3, 1e-3}) {
    Simulation first(circuit);
    first.run_until(at);
    MemorySink sink;
    Simulation second(circuit, {.sink = &sink});
    second.restore(first.state());
    second.run();
    const std::span<const double> time = sink.plots()[0]["time"];
    CHECK(time.front() == testing::approx(at < 1e-3 ? 1e-3 : 1.5e-3));
    CHECK(time.size() == (at < 1e-3 ? 9 : 8));
  }
}

TEST_CASE("a state goes to a circuit with other values and a later stop, and to no other circuit") {
  Simulation first(charging_circuit());
  first.run_until(1e-3);
  const SimulationState state = first.state();
  Simulation slower(charging_circuit().with("r1", 2e3), {.transient = card_until(9e-3)});
  slower.restore(state);
  slower.run_until(5e-3);
  CHECK(slower["v(out)"] == testing::approx(1 - std::exp(-1.0) * std::exp(-4e-3 / 2e-3)).epsilon(2e-4));

  Simulation other(testing::circuit_of("V1 in 0 1\nR1 in out 1k\nC2 out 0 1u\n.tran 0.1m 5m\n.end\n"));
  CHECK_THROWS_WITH_AS(other.restore(state), doctest::Contains("other nodes, elements"),
                       std::invalid_argument);
  CHECK_THROWS_AS(Simulation(charging_circuit(), {.transient = card_until(1e-3)}).restore(state),
                  std::invalid_argument);
  for (const std::size_t length : {std::size_t{0}, std::size_t{10}, state.bytes.size() - 1}) {
    SimulationState cut = state;
    cut.bytes.resize(length);
    CHECK_THROWS_AS(first.restore(cut), std::invalid_argument);
  }
  for (const std::size_t place : {std::size_t{0}, std::size_t{8}, std::size_t{20}, std::size_t{60}}) {
    SimulationState wrong = state;
    wrong.bytes[place] ^= std::byte{1};
    CHECK_THROWS_AS(first.restore(wrong), std::invalid_argument);
  }
  CHECK(first.time() == 1e-3);
  CHECK(first.run());
  CHECK(first["v(out)"] == testing::approx(charged(5e-3)).epsilon(1e-4));
}
