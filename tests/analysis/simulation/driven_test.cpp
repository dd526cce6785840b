// A transient whose sources are driven from outside, and whose states are read and written: against closed
// forms and a piecewise linear source.
#include <cmath>
#include <limits>
#include <stdexcept>

#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

Circuit driven_rc() {
  return testing::circuit_of(
      "V1 in 0 0\n"
      "R1 in out 1k\n"
      "C1 out 0 1u\n"
      ".tran 0.1m 10m\n"
      ".end\n");
}

Circuit driven_memristor() {
  return testing::circuit_of(
      "V1 in 0 1\n"
      "Y1 in 0 flat w0=0.5\n"
      ".model flat memristor ron=100 roff=16k beta=0.02\n"
      ".tran 1m 1\n"
      ".end\n");
}

}  // namespace

TEST_CASE("sources that are driven hold their values, and the last one afterwards") {
  Simulation simulation(driven_rc());
  double v = 0, t = 0;
  for (const double u : {1.0, -0.5, 2.0, 2.0}) {
    t += 1e-3;
    CHECK(simulation.run_until(t, {{"V1", u}}));
    v = u + (v - u) * std::exp(-1.0);
    CHECK(simulation.time() == t);
    CHECK(simulation["v(out)"] == testing::approx(v).epsilon(3e-4).scale(1));
    CHECK(simulation["v(in)"] == testing::approx(u));
  }
  CHECK(simulation.run_until(5e-3));
  CHECK(simulation["v(in)"] == testing::approx(2));
}

TEST_CASE("sources that are driven on straight lines begin where they are") {
  Simulation simulation(driven_rc());
  CHECK(simulation.run_until(1e-3, {{"v1", 1}}, InputShape::linear));
  CHECK(simulation["v(out)"] == testing::approx(std::exp(-1.0)).epsilon(1e-3));  // t - tau (1 - exp(-t/tau))
  CHECK(simulation.run_until(2e-3, {{"v1", 1}}, InputShape::linear));
  CHECK(simulation["v(out)"] == testing::approx(1 - (1 - std::exp(-1.0)) * std::exp(-1.0)).epsilon(1e-3));
}

TEST_CASE("a source may be driven from amid a step, and in place of its own waveform") {
  Simulation simulation(
      testing::circuit_of("V1 in 0 SIN(0 1 100)\nR1 in out 1k\nC1 out 0 1u\n.tran 0.1m 10m\n.end\n"));
  simulation.run_until(1.2345e-3);
  const double before = simulation["v(out)"];
  CHECK(simulation.run_until(2.2345e-3, {{"v1", 0}}));
  CHECK(simulation["v(out)"] == testing::approx(before * std::exp(-1.0)).epsilon(1e-3));
}

TEST_CASE("states are read and written by device") {
  Simulation simulation(driven_memristor());
  REQUIRE(simulation.state_names() == std::vector<std::string>{"w(y1)"});
  simulation.run_until(0.1);
  CHECK(simulation.states().front() == simulation["w(y1)"]);
  simulation.set_states(std::vector{0.25});
  CHECK(simulation["w(y1)"] == testing::approx(0.25));
  CHECK(simulation["i(y1)"] == testing::approx(1 / (100 + 15900 * 0.25)));
  simulation.run_until(0.2);
  // d/dt (w + (roff/ron - 1) w^2/2) = -v/beta
  const double moved = 0.25 + 159 * 0.25 * 0.25 / 2 - 0.1 / 0.02;
  CHECK(simulation["w(y1)"] ==
        testing::approx((-1 + std::sqrt(1 + 2 * 159 * moved)) / 159).epsilon(1e-4).scale(1));
}

TEST_CASE("what cannot be driven or written is refused, and changes nothing") {
  Simulation simulation(driven_memristor());
  CHECK_THROWS_AS(simulation.run_until(0.1, {{"y1", 1}}), std::out_of_range);
  CHECK_THROWS_AS(simulation.run_until(0.1, {{"v1", std::numeric_limits<double>::infinity()}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(simulation.run_until(0, {{"v1", 1}}), std::invalid_argument);
  CHECK_THROWS_AS(simulation.set_states(std::vector{1.5}), std::invalid_argument);
  CHECK_THROWS_AS(simulation.set_states(std::vector{0.1, 0.2}), std::invalid_argument);
  CHECK(simulation.time() == 0);
  CHECK(simulation["w(y1)"] == testing::approx(0.5));
}
