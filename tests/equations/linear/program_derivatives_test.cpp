// Second derivatives of expressions, for sensitivities of what is linearised.

#include "equations/linear/program_derivatives.hpp"
#include "support/approx.hpp"
#include "support/behaviour.hpp"

using namespace memspice;
using testing::CircuitEditor;

TEST_CASE("second derivatives of an expression that reads the frequency follow the frequency") {
  CircuitEditor deck("V1 a 0 1\nR1 a b 1\nR2 b 0 1\n.tran 1u 1m\n");
  deck.source("g1", "b", "0", false, deck.program([&](Program& p) {  // hertz v(b)²
    const std::uint32_t hertz = p.input({.kind = Probe::Kind::frequency});
    const std::uint32_t v = p.input(deck.voltage("b"));
    return p.apply(Program::Operation::multiply, hertz, p.apply(Program::Operation::multiply, v, v));
  }));
  EquationSystem system(deck.circuit, EquationSystem::Mode::small_signal);
  std::vector<double> y(system.size(), 0.3), slope(system.size(), 0.0);
  y[0] = 0;
  ProgramDerivatives derivatives(system, 0, y.data(), slope.data());
  std::vector<Complex> x(system.size(), 0.0), lambda(system.size(), 0.0);
  std::vector<Complex> voltage(deck.circuit.node_names.size(), 0.0), current;
  lambda[system.unknowns().forest().row(deck.node("b"))] = 1;
  voltage[deck.node("b")] = 1;
  for (const double hertz : {0.0, 2.0, 5.0}) {
    system.points().set_frequency(hertz);
    const ProgramDerivatives::ReadingGradient gradient =
        derivatives.of_point(lambda, {x, voltage, current, 0});
    Complex sum = 0;
    for (const Complex& value : gradient.by_input.front()) sum += value;
    // By v(b), 2 hertz; by hertz, 2 v(b) of the change 1: both inputs stand in the list.
    std::vector<Complex> by_node(voltage.size(), 0.0), by_unknown(system.size(), 0.0);
    derivatives.spread(gradient, by_node, by_unknown, current);
    CHECK(by_node[deck.node("b")].real() == testing::approx(2 * hertz));
    CHECK(sum.real() == testing::approx(2 * hertz + 0.6));
  }
}
