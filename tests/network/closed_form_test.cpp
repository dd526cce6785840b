#include "network/closed_form.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <string>

#include "network/circuit_builder.hpp"
#include "network/random_graph.hpp"

using namespace memspice;
using namespace memspice::testing;
using network::ClosedForm;

namespace {

// The state of a circuit's only or first memristor at time t.
double state_at(const NetworkCircuit& builder, std::vector<double> w0, double t) {
  ClosedForm closed_form(builder.circuit(), until(t));
  closed_form.start(0, w0);
  closed_form.advance(t);
  return closed_form.states()[0];
}

std::string message_of(const Circuit& circuit) {
  try {
    ClosedForm closed_form(circuit, until(1));
  } catch (const DeckError& error) {
    return error.diagnostics().front().message;
  }
  return "no error";
}

}  // namespace

TEST_CASE("a ring of identical memristors follows the paper's equation 7") {
  const double xi = 159;  // the catalogue's default resistances, 100 ohm and 16 kohm
  for (const std::uint32_t size : {1u, 2u, 5u, 12u}) {
    for (const double volt : {-3.0, 0.7}) {
      NetworkCircuit ring;
      const double beta = 0.8;
      // Node 0 is ground; the source drives current along the orientation of all of them.
      for (std::uint32_t k = 0; k < size; ++k)
        ring.memristor("y" + std::to_string(k), k + 1, (k + 2) % (size + 1) == 0 ? 0 : k + 2,
                       {{"beta", beta}});
      ring.voltage("v1", 1, 0, volt * size);
      const double w0 = 0.4;
      for (const double t : {0.1, 1.0, 3.0}) {
        const double root = std::sqrt(std::pow(1 + xi * w0, 2) - 2 * xi * volt * t / beta);
        CHECK(std::abs(state_at(ring, std::vector<double>(size, w0), t) - (root - 1) / xi) <= 1e-10);
      }
    }
  }
}

TEST_CASE("a resistor in series, of either sign, changes the parabola") {
  // (Rs + Ron) w + Ron ξ w²/2 falls by J Ron s t/β
  for (const double series : {500.0, -50.0}) {
    for (const double polarity : {1.0, -1.0}) {
      const auto circuit = NetworkCircuit()
                               .voltage("v1", 1, 0, 2)
                               .memristor("y1", 1, 2, {{"polarity", polarity}})
                               .resistor("r1", 2, 0, series);
      const double w0 = 0.5;
      const double t = 1.2;
      const double linear = series + 100;
      const double square = 100 * 159 / 2.0;
      const double level = linear * w0 + square * w0 * w0 - polarity * 100 * 2 * t;
      const double expected = (-linear + std::sqrt(linear * linear + 4 * square * level)) / (2 * square);
      CHECK(std::abs(state_at(circuit, {w0}, t) - expected) <= 1e-10);
    }
  }
}

TEST_CASE("a voltage-controlled memristor across a source obeys a linear equation") {
  for (const double active : {0.0, 1.0}) {
    const double alpha = -0.4;
    const auto circuit =
        NetworkCircuit()
            .voltage("v1", 1, 0, 0.3)
            .memristor("y1", 1, 0, {{"alpha", alpha}, {"beta", 2}, {"control", 1}, {"active", active}});
    const double rest = 0.3 / (alpha * 2);
    const double expected = (0.8 - rest) * std::exp(alpha * 0.9) + rest;
    CHECK(std::abs(state_at(circuit, {0.8}, 0.9) - expected) <= 1e-12);
  }
}

TEST_CASE("a current source fixes the current of a memristor whatever stands beside it") {
  // 5 mA from ground into node 1, through y1 to node 2, then two resistors to ground.
  const auto circuit = NetworkCircuit()
                           .current("i1", 0, 1, 5e-3)
                           .memristor("y1", 1, 2, {{"alpha", 0.1}})
                           .resistor("r1", 2, 0, 1e3)
                           .resistor("r2", 2, 0, 2e3);
  const double rest = 100 * 5e-3 / 0.1;
  const double expected = (0.9 - rest) * std::exp(0.1) + rest;
  CHECK(std::abs(state_at(circuit, {0.9}, 1) - expected) <= 1e-10);
}

TEST_CASE("a state waits at its bound until the drive turns and leaves at that moment") {
  // dw/dt = -a sin(2πt): falls to 0, waits until t = 0.5, rises; at t = 1 it turns again.
  const double a = 2.5;
  const auto circuit =
      NetworkCircuit().voltage("v1", 1, 0, sine(a, 1)).memristor("y1", 1, 0, {{"control", 1}});
  ClosedForm closed_form(circuit.circuit(), until(3));
  closed_form.start(0, std::vector<double>{0.3});
  const double pi = std::numbers::pi;
  for (int n = 0; n <= 300; ++n) {
    const double t = n / 100.0;
    const double phase = a / (2 * pi) * (1 - std::cos(2 * pi * t));  // ∫ a sin
    const double peak = a / pi;                                      // its value at t = 0.5
    const double expected = t <= 0.5 ? std::max(0.3 - phase, 0.0) : peak - phase;
    closed_form.advance(t);
    CHECK(std::abs(closed_form.states()[0] - expected) <= 1e-10);
    CHECK(closed_form.states()[0] >= 0);
  }
  // Held once and released once; where it only touches 0, at t = 1.5 and 2.5, it may do either.
  CHECK(closed_form.statistics().events >= 2);
  CHECK(closed_form.statistics().events <= 8);
}

TEST_CASE("a short excursion below a bound within one step is seen") {
  // dw/dt = -cos(t), starting so high that w would pass 0 by 1e-6 only, around t = π/2.
  const double depth = 1e-6;
  auto wave = sine(1, 0.5 / std::numbers::pi);
  wave.values[5] = 90;  // sin(t + 90°) = cos t
  const auto circuit = NetworkCircuit().voltage("v1", 1, 0, wave).memristor("y1", 1, 0, {{"control", 1}});
  const double without_bound = 1 - depth - std::sin(2.0);
  CHECK(std::abs(state_at(circuit, {1 - depth}, 2) - (without_bound + depth)) <= 1e-10);
}

TEST_CASE("a saturated state without a drive stays where it is") {
  const auto circuit = NetworkCircuit()
                           .memristor("y1", 1, 0, {{"alpha", 3}})
                           .memristor("y2", 1, 0, {{"alpha", 3}})
                           .resistor("r1", 1, 0, 10);
  ClosedForm closed_form(circuit.circuit(), until(5));
  closed_form.start(0, std::vector<double>{0, 0.5});
  closed_form.advance(0.1);
  CHECK(std::abs(closed_form.states()[1] - 0.5 * std::exp(0.3)) <= 1e-10);
  closed_form.advance(5);
  CHECK(closed_form.states()[0] == 0);
  CHECK(closed_form.states()[1] == 1);
}

TEST_CASE("jumps of the sources end the integrator's steps exactly") {
  // Voltage control: w is w0 minus the integral of a rectangular wave of height 1.
  const auto circuit = NetworkCircuit()
                           .voltage("v1", 1, 0,
                                    piecewise_linear({{0, 0},
                                                      {0.1, 0},
                                                      {0.1, 1},
                                                      {0.35, 1},
                                                      {0.35, 0},
                                                      {0.7, 0},
                                                      {0.7, 1e-2},
                                                      {0.7 + 1e-15, 0}}))
                           .memristor("y1", 1, 0, {{"control", 1}});
  CHECK(std::abs(state_at(circuit, {0.5}, 0.1) - 0.5) <= 1e-13);
  CHECK(std::abs(state_at(circuit, {0.5}, 0.2) - 0.4) <= 1e-12);
  CHECK(std::abs(state_at(circuit, {0.5}, 1) - 0.25) <= 1e-12);
}

TEST_CASE("a bound reached at a corner of the sources, or a corner at the end, does no harm") {
  // w falls from 0.5 with slope 1 and reaches 0 within rounding of the corner; a pulse begins within rounding
  // of 5 s.
  for (const double off : {-1e-15, 0.0, 1e-15, 1e-13}) {
    const auto circuit =
        NetworkCircuit()
            .voltage("v1", 1, 0,
                     piecewise_linear({{0, 1}, {0.5 + off, 1}, {0.5 + off, -1}, {5 - 1e-14, -0.01}}))
            .memristor("y1", 1, 0, {{"control", 1}});
    // Then ∫ of a ramp from 1 to 0.01 drives it to 1.
    CHECK(std::abs(state_at(circuit, {0.5}, 0.6) - (0.1 - 0.5 * 0.01 * 0.99 / 4.5)) <= 1e-10);
    CHECK(state_at(circuit, {0.5}, 5) == 1);
  }
}

TEST_CASE("values asked for between the integrator's steps are as good as those at its steps") {
  const auto circuit =
      NetworkCircuit().voltage("v1", 1, 0, sine(1, 1)).memristor("y1", 1, 0, {{"control", 1}});
  ClosedForm closed_form(circuit.circuit(), until(1));
  closed_form.start(0, std::vector<double>{0.9});
  for (int n = 1; n <= 1000; ++n) {
    closed_form.advance(n / 1000.0);
    const double expected = 0.9 - (1 - std::cos(2 * std::numbers::pi * n / 1000.0)) / (2 * std::numbers::pi);
    CHECK(std::abs(closed_form.states()[0] - expected) <= 1e-10);
  }
  CHECK(closed_form.statistics().steps < 300);
}

TEST_CASE("a random network keeps Kirchhoff's memory and the flux law") {
  // Without decay B diag(Jβ/Ron) w is constant, and per loop Pβ J ((w - w0) + ξ/2 (w² - w0²)) + ∫S dt
  // vanishes.
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    std::mt19937_64 random(seed);
    const std::uint32_t nodes = 6;
    const auto branches = random_graph(random, nodes, 6);
    NetworkCircuit builder;
    std::vector<double> w0, emf, beta, ron, ratio, polarity;
    for (std::uint32_t k = 0; k < branches.size(); ++k) {
      w0.push_back(uniform(random, 0.45, 0.55));
      emf.push_back(uniform(random, -0.2, 0.2));
      beta.push_back(uniform(random, 1, 3));
      ron.push_back(uniform(random, 50, 150));
      ratio.push_back(uniform(random, 2, 20));
      polarity.push_back(random() % 2 == 0 ? 1 : -1);
      const NodeId inner = nodes + k;  // between the source and the memristor
      builder.voltage("v" + std::to_string(k), inner, branches[k].from, emf.back());
      builder.memristor("y" + std::to_string(k), inner, branches[k].to,
                        {{"ron", ron.back()},
                         {"roff", ron.back() * ratio.back()},
                         {"beta", beta.back()},
                         {"polarity", polarity.back()}});
    }
    const double t = 0.5;
    ClosedForm closed_form(builder.circuit(), until(t));
    closed_form.start(0, w0);
    closed_form.advance(t);
    const auto w = closed_form.states();
    Eigen::VectorXd memory(static_cast<Eigen::Index>(branches.size()));
    Eigen::VectorXd flux(memory.size());
    double moved = 0;
    for (std::size_t k = 0; k < branches.size(); ++k) {
      const double xi = ratio[k] - 1;
      const auto row = static_cast<Eigen::Index>(k);
      memory[row] = polarity[k] * beta[k] / ron[k] * (w[k] - w0[k]);
      flux[row] =
          polarity[k] * beta[k] * ((w[k] - w0[k]) + xi / 2 * (w[k] * w[k] - w0[k] * w0[k])) + emf[k] * t;
      moved = std::max(moved, std::abs(w[k] - w0[k]));
    }
    CHECK(moved > 1e-3);
    CHECK(moved < 0.4);  // the laws hold away from the bounds
    const Eigen::MatrixXd incidence = reduced_incidence(branches, nodes);
    CHECK((incidence * memory).cwiseAbs().maxCoeff() <= 1e-12);
    const std::vector<std::uint8_t> rank(branches.size(), 0);
    const network::SpanningForest forest(nodes, branches, rank);
    for (const auto chord : forest.chords()) {
      double sum = 0;
      for (const auto& [branch, sign] : forest.cycle(chord)) sum += sign * flux[branch];
      CHECK(std::abs(sum) <= 1e-10);
    }
  }
}

TEST_CASE("a stiff state follows its drive in far fewer steps than it has time constants") {
  const auto circuit =
      NetworkCircuit()
          .voltage("v1", 1, 0, sine(0.9, 1))
          .memristor("y1", 1, 0, {{"alpha", -1e5}, {"control", 1}, {"beta", 1e-5}, {"polarity", -1}})
          .memristor("y2", 1, 0, {{"control", 1}});
  ClosedForm closed_form(circuit.circuit(), until(1));
  closed_form.start(0, std::vector<double>{0.2, 0.9});
  closed_form.advance(0.25);
  CHECK(closed_form.statistics().steps < 8000);  // of 25 000 time constants
  // w' = λ(s - w) with s = 0.9 sin ωt: w lags by atan(ω/λ).
  const double lag = std::atan(2 * std::numbers::pi / 1e5);
  CHECK(std::abs(closed_form.states()[0] - 0.9 * std::cos(lag) * std::sin(std::numbers::pi / 2 - lag)) <=
        1e-10);
}

TEST_CASE("resistances six decades apart leave the closed form its digits") {
  // Three branches side by side: y1 and y2 low and moving, y3 so high that its current means nothing. Loops
  // through y3 would drown the others' resistances.
  NetworkCircuit without, with;
  for (auto* circuit : {&without, &with}) {
    circuit->voltage("v1", 2, 0, sine(1, 1)).voltage("v2", 3, 0, sine(-1, 3));
    circuit->memristor("y1", 2, 1, {{"ron", 1e-3}, {"roff", 2e-2}});
    circuit->memristor("y2", 3, 1, {{"ron", 2e-3}, {"roff", 3e-2}});
  }
  with.memristor("y3", 1, 0, {{"ron", 1e12}, {"roff", 1e13}});
  ClosedForm reference(without.circuit(), until(1));
  ClosedForm closed_form(with.circuit(), until(1));
  reference.start(0, std::vector<double>{0.5, 0.3});
  closed_form.start(0, std::vector<double>{0.5, 0.3, 0.4});
  for (int n = 1; n <= 10; ++n) {
    reference.advance(n / 10.0);
    closed_form.advance(n / 10.0);
    for (std::size_t k = 0; k < 2; ++k)
      CHECK(std::abs(closed_form.states()[k] - reference.states()[k]) <= 1e-11);
  }
  CHECK(closed_form.statistics().steps < 2 * reference.statistics().steps + 100);
}

TEST_CASE("thousands of corners and bound hits cost few evaluations each") {
  // Under voltage control w follows the integral of a rectangular wave, clamped: 1,000 jumps, and a bound in
  // almost every stretch.
  std::vector<std::pair<double, double>> points{{0, 3}};
  for (int n = 1; n <= 1000; ++n) {
    const double height = n % 2 == 0 ? 3 : -3;
    points.emplace_back(n, -height);
    points.emplace_back(n, height);
  }
  const auto circuit = NetworkCircuit()
                           .voltage("v1", 1, 0, piecewise_linear(points))
                           .memristor("y1", 1, 0, {{"control", 1}})
                           .memristor("y2", 1, 0, {{"control", 1}, {"polarity", -1}, {"beta", 5}});
  ClosedForm closed_form(circuit.circuit(), until(1000));
  closed_form.start(0, std::vector<double>{0.5, 0.8});
  closed_form.advance(999.9);
  CHECK(closed_form.states()[0] == 1);
  CHECK(std::abs(closed_form.states()[1] - (1 - 0.9 * 0.6)) <= 1e-9);
  CHECK(closed_form.statistics().events >= 1000);
  CHECK(closed_form.statistics().rate_evaluations < 100'000);
}

TEST_CASE("an element outside the theory is named, the first one of the deck") {
  const auto circuit = NetworkCircuit()
                           .memristor("y1", 1, 0, {})
                           .voltage("v1", 1, 0, 1)
                           .capacitor("c7", 1, 0, 1e-9)
                           .capacitor("c8", 1, 0, 1e-9);
  CHECK(message_of(circuit.circuit()) == ".omega does not cover 'c7', a capacitor");
  CHECK(message_of(NetworkCircuit().resistor("r1", 1, 0, 1).circuit()) ==
        ".omega has no memristor to follow");
}

TEST_CASE("sources that contradict each other are named") {
  const auto loop = NetworkCircuit().memristor("y1", 1, 0, {}).voltage("v1", 1, 0, 1).voltage("v2", 0, 1, 1);
  CHECK(message_of(loop.circuit()) == "'v1', 'v2' form a loop of voltage sources without resistance");
  const auto cut = NetworkCircuit().memristor("y1", 1, 2, {}).current("i1", 0, 1, 1).current("i2", 2, 0, 1);
  CHECK(message_of(cut.circuit()) ==
        "'i1', 'i2' are the only way into a part of the circuit: a cut of current sources");
}

TEST_CASE("a network that loses its solution says when, and which elements carry the current") {
  // 100 ohm (1 + 159 w) falls to the 5 kohm of the negative resistor.
  const auto circuit =
      NetworkCircuit().voltage("v1", 1, 0, 2).memristor("y1", 1, 2, {}).resistor("rneg", 2, 0, -5e3);
  const double w_end = (50 - 1) / 159.0;
  const double linear = 100 - 5e3;
  const double square = 100 * 159 / 2.0;
  const double end = (linear * (0.5 - w_end) + square * (0.25 - w_end * w_end)) / (100 * 2);
  ClosedForm closed_form(circuit.circuit(), until(100));
  closed_form.start(0, std::vector<double>{0.5});
  closed_form.advance(0.999 * end);
  CHECK(closed_form.states()[0] > w_end);
  try {
    closed_form.advance(100);
    FAIL("no error");
  } catch (const SimulationError& error) {
    const std::string message = error.what();
    CAPTURE(message);
    const double time = std::stod(message.substr(message.find("t = ") + 4));
    CHECK(std::abs(time - end) <= 1e-5 * end);
    CHECK(message.find("its steps have shrunk to nothing; positive and negative resistances cancel") !=
          std::string::npos);
    CHECK(message.find("'rneg'") != std::string::npos);
    CHECK(message.find("'y1'") != std::string::npos);
  }
}

TEST_CASE("an even ring that is half active is singular from the start") {
  const auto circuit = NetworkCircuit()
                           .voltage("v1", 1, 0, 1)
                           .memristor("y1", 1, 2, {})
                           .memristor("y2", 2, 0, {{"active", 1}});
  ClosedForm closed_form(circuit.circuit(), until(1));
  closed_form.start(0, std::vector<double>{0.5, 0.5});
  CHECK_THROWS_WITH_AS(
      closed_form.advance(1),
      ".omega: the closed form cannot be integrated past t = 0 s: the equations have no solution; positive "
      "and "
      "negative resistances cancel in a loop and the network ceases to have a solution; negative "
      "resistances: "
      "'y2'; try a stop time before this one, fewer active elements, or a resistor in series with them",
      SimulationError);
}
