// .tf: closed forms, and differences of operating points.

#include "support/approx.hpp"
#include "support/behaviour.hpp"
#include "support/frequency.hpp"
#include "support/random_network.hpp"

using namespace memspice;
using testing::CircuitEditor;

namespace {

testing::DeckRun transfer(Circuit circuit, const OutputQuantity& output, const std::string& input) {
  circuit.analyses.emplace_back(
      TransferFunctionCard{.output = output, .input = circuit.element_names.find(input), .where = {}});
  return testing::run_circuit(circuit);
}

}  // namespace

TEST_CASE("a divider's transfer function and its resistances at both ends") {
  const Circuit circuit = testing::circuit_of("V1 in 0 3\nR1 in out 1k\nR2 out 0 2k\nC1 out 0 1u\n");
  const auto result = transfer(circuit, testing::voltage_output(circuit, "out"), "v1");
  CHECK(result.plots.back().name == "Transfer Function");
  CHECK(result["v(transfer_function)"][0] == testing::approx(2.0 / 3).epsilon(1e-14));
  CHECK(result["v(v1#input_impedance)"][0] == testing::approx(3000).epsilon(1e-14));
  CHECK(result["v(output_impedance_at_v(out))"][0] == testing::approx(2000.0 / 3).epsilon(1e-14));
  CHECK(result.analysis().summary == "transfer function from v1 to v(out)");
}

TEST_CASE("a current source as the input, a voltage between two nodes as the output") {
  const Circuit circuit =
      testing::circuit_of("I1 0 in 1m\nR1 in out 1k\nR2 out 0 2k\nV2 x 0 0\nR3 x out 1k\n");
  const auto result = transfer(circuit, testing::voltage_output(circuit, "out", "in"), "i1");
  CHECK(result["v(transfer_function)"][0] == testing::approx(-1000));
  CHECK(result["v(i1#input_impedance)"][0] == testing::approx(1000 + 2000.0 / 3));
  CHECK(result["v(output_impedance_at_v(out,in))"][0] == testing::approx(1000));
}

TEST_CASE("the current of a source as the output: its resistance is what the source sees") {
  const Circuit circuit = testing::circuit_of("V1 in 0 1\nR1 in a 1k\nV2 a 0 0\nR2 a 0 3k\n");
  const auto result = transfer(circuit, testing::current_output(circuit, "v2"), "v1");
  CHECK(result["v(transfer_function)"][0] == testing::approx(1e-3));
  CHECK(result["v(v1#input_impedance)"][0] == testing::approx(1000));
  CHECK(result["v(v2#output_impedance)"][0] == testing::approx(750));
}

TEST_CASE("an input from which no current flows has an infinite resistance, as ngspice writes it") {
  CircuitEditor deck("V1 in 0 1\nR2 out 0 1k\n");
  deck.source("e1", "out", "0", true, deck.linear(5, deck.voltage("in")));
  const auto result = transfer(deck.circuit, testing::voltage_output(deck.circuit, "out"), "v1");
  CHECK(result["v(transfer_function)"][0] == testing::approx(5));
  CHECK(result["v(v1#input_impedance)"][0] == 1e20);
  CHECK(result["v(output_impedance_at_v(out))"][0] == testing::approx(0).scale(1));
}

TEST_CASE(
    "transfer functions at an operating point of non-linear sources are differences of operating points") {
  using Operation = Program::Operation;
  const auto build = [](double bias) {
    CircuitEditor deck("V1 in 0 " + std::to_string(bias) +
                       "\nR1 in a 1k\nR2 a 0 2k\nY1 a b m w0=0.3\nR3 b 0 500\nL1 b c 1m\nR4 c 0 700\n"
                       ".model m memristor(ron=100 roff=1k beta=1)\n.ic v(b)=7\n");
    deck.source("b1", "a", "0", false, deck.program([&](Program& p) {
      const std::uint32_t v = p.input(deck.voltage("b"));
      return p.apply(Operation::multiply, p.constant(1e-3), p.apply(Operation::exponential, v));
    }));
    return deck.circuit;
  };
  const auto value = [&](double bias, const char* vector) {
    Circuit circuit = build(bias);
    circuit.initial_conditions.clear();
    circuit.analyses.emplace_back(OperatingPointCard{});
    circuit.outputs.saves.push_back({.pattern = vector, .where = {}});
    return testing::run_circuit(circuit)[vector][0];
  };
  const double h = 1e-4;
  const Circuit circuit = build(1);
  for (const std::string vector : {"v(b)", "i(v1)", "i(y1)", "i(l1)", "i(r3)"}) {
    CAPTURE(vector);
    const OutputQuantity output = vector == "v(b)"
                                      ? testing::voltage_output(circuit, "b")
                                      : testing::current_output(circuit, vector.substr(2, vector.size() - 3));
    const double expected = (value(1 + h, vector.c_str()) - value(1 - h, vector.c_str())) / (2 * h);
    CHECK(transfer(circuit, output, "v1")["v(transfer_function)"][0] ==
          testing::approx(expected).epsilon(1e-7));
  }
}
