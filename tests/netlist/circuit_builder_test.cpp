// Circuits made in code are those of a deck, to the bit; mistakes are named where they are made.
#include <bit>
#include <stdexcept>

#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

std::vector<Plot> plots_of(const Circuit& circuit) {
  return testing::run_circuit(circuit).plots;
}

void check_same_plots(const std::vector<Plot>& a, const std::vector<Plot>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].rows() > 0);
    CHECK(a[i].columns == b[i].columns);
  }
}

}  // namespace

TEST_CASE("a circuit made in code has the bits of the deck that says the same") {
  const Circuit made =
      CircuitBuilder("memristors under a sine")
          .voltage_source("V1", "in", "0", 0.1, CircuitBuilder::sine(0.1, 1.5, 0.3))
          .current_source("i1", "0", "mid", 1.0 / 3.0e4)
          .device("linear memristor", "y1", {"in", "mid"},
                  {{"ron", 100}, {"roff", 16e3}, {"beta", 0.1}, {"w0", 1.0 / 7}})
          .device("memristor", "y2", {"mid", "0"}, {{"ron", 200}, {"roff", 1e4}, {"beta", 2}})
          .device("resistor", "r1", {"mid", "out"}, {{"r", 1e3 / 3}})
          .device("capacitor", "c1", {"out", "0"}, {{"c", 1e-5}, {"ic", 0.25}})
          .device("inductor", "l1", {"out", "0"}, {{"l", 0.7}})
          .card("B1 extra 0 V=v(out)^2 + 0.1")
          .device("resistor", "rx", {"extra", "0"}, {{"r", 1}})
          .card(".save all w(*) i(l1)")
          .transient({0.05, 4, 0, infinity, false, {}})
          .build();
  const Circuit read = testing::circuit_of(
      "V1 in 0 dc 0.1 sin(0.1 1.5 0.3)\n"
      "I1 0 mid 3.3333333333333335e-05\n"
      ".model one memristor\n"
      "Y1 in mid one ron=100 roff=16k beta=0.1 w0=0.14285714285714285\n"
      "Y2 mid 0 one ron=200 roff=10k beta=2\n"
      "R1 mid out 333.3333333333333\n"
      "C1 out 0 1e-5 ic=0.25\n"
      "L1 out 0 0.7\n"
      "B1 extra 0 V=v(out)^2 + 0.1\n"
      "Rx extra 0 1\n"
      ".save all w(*) i(l1)\n"
      ".tran 0.05 4\n"
      ".end\n");
  check_same_plots(plots_of(made), plots_of(read));
}

TEST_CASE("numbers go through the builder unchanged") {
  testing::Random random(3);
  for (int i = 0; i < 1000; ++i) {
    const double ohm = random.logarithmic(1e-150, 1e150), volt = -random.logarithmic(1e-20, 1e20);
    const Circuit circuit = CircuitBuilder()
                                .voltage_source("v1", "a", "0", volt)
                                .device("resistor", "r1", {"a", "0"}, {{"r", ohm}})
                                .operating_point()
                                .build();
    REQUIRE(circuit.groups[0].parameter(0, 0) == ohm);
    REQUIRE(circuit.voltage_sources[0].dc == volt);
  }
}

TEST_CASE("functions of time go through the builder") {
  CircuitBuilder builder;
  builder.voltage_source("v1", "a", "0", 1, CircuitBuilder::pulse(0, 5, 1e-3, 1e-6, 2e-6, 3e-3, 9e-3))
      .voltage_source("v2", "b", "0", 0, CircuitBuilder::piecewise_linear({{0, 0}, {1.0 / 3, -2}}))
      .device("resistor", "r1", {"a", "b"}, {{"r", 1}})
      .operating_point();
  const Circuit circuit = builder.build();
  const SourceFunction& pulse = circuit.functions[circuit.voltage_sources[0].function];
  CHECK(pulse.kind == SourceFunction::Kind::pulse);
  CHECK(pulse.values == std::array<double, 7>{0, 5, 1e-3, 1e-6, 2e-6, 3e-3, 9e-3});
  CHECK(circuit.functions[circuit.voltage_sources[1].function].points ==
        std::vector<std::pair<double, double>>{{0, 0}, {1.0 / 3, -2}});
}

TEST_CASE("numbers of periods go through the builder, or are refused") {
  SourceFunction sine;
  sine.values = {1, 2, 1e3, 1e-4, 3, 45, not_given};
  sine.cycles = 4;
  SourceFunction pulse = CircuitBuilder::pulse(0, 5, 1e-3, 1e-6, 2e-6, 3e-3, 9e-3);
  pulse.cycles = 2;
  CircuitBuilder builder;
  builder.voltage_source("v1", "a", "0", 1, sine)
      .voltage_source("v2", "b", "0", 0, pulse)
      .device("resistor", "r1", {"a", "b"}, {{"r", 1}})
      .operating_point();
  const Circuit circuit = builder.build();
  const SourceFunction built[] = {circuit.functions[circuit.voltage_sources[0].function],
                                  circuit.functions[circuit.voltage_sources[1].function]};
  CHECK(built[0].cycles == 4);
  CHECK(built[1].cycles == 2);
  for (const double t : {0.0, 1e-3, 3.3e-3, 5e-3, 2.3e-2}) {
    CHECK(built[0].value(t, t) == sine.value(t, t));
    CHECK(built[1].value(t, t) == pulse.value(t, t));
  }
  sine.values[5] = not_given;
  CHECK_THROWS_AS(builder.voltage_source("v3", "c", "0", 0, sine), std::invalid_argument);
  pulse.rise = 1e-6;
  CHECK_THROWS_WITH_AS(builder.voltage_source("v3", "c", "0", 0, pulse), doctest::Contains("startup"),
                       std::invalid_argument);
}

TEST_CASE("what cannot be built is named, with what there is") {
  CircuitBuilder builder;
  CHECK_THROWS_WITH_AS(builder.device("memristr", "y1", {"a", "0"}), doctest::Contains("linear memristor"),
                       std::out_of_range);
  CHECK_THROWS_WITH_AS(builder.device("resistor", "r1", {"a", "0"}, {{"w0", 1}}),
                       doctest::Contains("its parameters are r"), std::out_of_range);
  CHECK_THROWS_WITH_AS(builder.device("resistor", "r1", {"a"}, {{"r", 1}}), doctest::Contains("has 2 nodes"),
                       std::out_of_range);
  CHECK_THROWS_WITH_AS(builder.device("resistor", "c1", {"a", "0"}, {{"r", 1}}),
                       doctest::Contains("begins with 'r'"), std::invalid_argument);
  CHECK_THROWS_AS(builder.device("resistor", "r 1", {"a", "0"}, {{"r", 1}}), std::invalid_argument);
  CHECK_THROWS_AS(builder.device("resistor", "r1", {"a\nR2 a", "0"}, {{"r", 1}}), std::invalid_argument);
  CHECK_THROWS_AS(builder.voltage_source("i1", "a", "0", 1), std::invalid_argument);
  CHECK_THROWS_AS(builder.voltage_source("v1", "a", "", 1), std::invalid_argument);
  SourceFunction noise;
  noise.kind = SourceFunction::Kind::noise;
  CHECK_THROWS_AS(builder.voltage_source("v1", "a", "0", 0, noise), std::invalid_argument);
  builder.device("resistor", "r1", {"a", "0"}, {{"r", 1}}).device("resistor", "r1", {"a", "0"}, {{"r", 1}});
  CHECK_THROWS_WITH_AS((void)builder.build(), doctest::Contains("r1"), DeckError);
}
