// R, C and L beyond a plain value, and what stands inside of elements.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/approx.hpp"
#include "support/deck_folder.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using testing::run_deck;

namespace {

bool has_vector(const testing::DeckRun& run, std::string_view name) {
  return run.plots.back().find(name) != Plot::npos;
}

}  // namespace

TEST_CASE("nodes inside of elements have no vectors unless they are named in full") {
  const std::string deck =
      "V1 in 0 1 Rser=1k\nR1 in 0 1k\nC1 in 0 1n Rser=1 Lser=1n Rpar=1Meg Cpar=1p\n.op\n";
  const testing::DeckRun run = run_deck(deck);
  CHECK(has_vector(run, "v(in)"));
  CHECK_FALSE(has_vector(run, "v(rser#v1)"));
  CHECK_FALSE(has_vector(run_deck(deck + ".save v(*)\n"), "v(rser#c1)"));
  const testing::DeckRun named = run_deck(deck + ".save v(in) v(rser#v1)\n");
  CHECK(named["v(rser#v1)"].front() == 1);
  CHECK(named["v(in)"].front() == testing::approx(1 / (1 + 1e3 / 1e3 + 1e3 / 1e6)));
}

TEST_CASE("copies of an element have copies of what is inside of it") {
  const auto current = [](const std::string& load) {
    return run_deck("V1 in 0 1\n" + load + ".tran 1n 1u\n.options reltol=1e-8\n")["i(v1)"].back();
  };
  CHECK(current("L1 in 0 1u m=3 Rser=2 Rpar=5\n") ==
        testing::approx(3 * current("L1 in 0 1u Rser=2 Rpar=5\n")).epsilon(1e-9));
  CHECK(current("X1 in s m=3\n.subckt s a\nL1 a 0 1u Rser=2\n.ends\n") ==
        testing::approx(3 * current("L1 in 0 1u Rser=2\n")).epsilon(1e-9));
}

TEST_CASE("a charge of the voltage is the capacitor that it differentiates to") {
  const std::string rest = "V1 in 0 SIN(0 2 1k)\nR1 in a 1k\n.tran 1u 2m\n.options reltol=1e-8\n";
  const auto same = [&](const std::string& one, const std::string& other) {
    const testing::DeckRun a = run_deck(one + rest + ".options interp\n");
    const testing::DeckRun b = run_deck(other + rest + ".options interp\n");
    double worst = 0;
    for (std::size_t i = 0; i < a.rows(); ++i) worst = std::max(worst, std::abs(a["v(a)"][i] - b["v(a)"][i]));
    CHECK(worst < 1e-6);
  };
  same("C1 a 0 Q=100n*x\n", "C1 a 0 100n\n");
  same("C1 a 0 Q={100n*x + 10n*x*x*x} m=2\n", "C1 a 0 C={100n + 30n*v(a)*v(a)} m=2\n");
  same("C1 a 0 Q=100n*x\n.param x=5\n", "C1 a 0 100n\n");  // the voltage, whatever x is elsewhere
  same("L1 a 0 Flux=10m*x\n", "L1 a 0 10m\n");
  same("L1 a 0 Flux={10m*tanh(100*x)/100} m=2\n", "L1 a 0 L={10m/pow(cosh(100*i(L1)/2),2)} m=2\n");
  same("R2 a 0 R=1k*(1+v(in)*v(in))\n", "B2 a 0 I=v(a)/(1k*(1+v(in)*v(in)))\n");
}

TEST_CASE("a resistor may have another resistance to small signals, and makes the noise of its own") {
  const std::string deck = "V1 in 0 DC 1 AC 1\nR1 in out 1k ac=3k\nR2 out 0 1k\n";
  CHECK(run_deck(deck + ".op\n")["v(out)"].front() == testing::approx(0.5));
  CHECK(run_deck(deck + ".ac lin 1 1k 1k\n")["v(out)"].front() == testing::approx(0.25));
  CHECK(run_deck("V1 in 0 DC 1 AC 1\nR1 in out 1k ac=3k m=2 tc1=1m temp=127\nR2 out 0 825\n.ac lin 1 1k 1k\n")
            ["v(out)"]
                .front() == testing::approx(825 / (825 + 3e3 * 1.1 / 2)));
  // 4 k T/R1 through the two in parallel to small signals, as in ngspice.
  const double thermal = std::sqrt(4 * 1.380649e-23 * 300.15 / 1e3) * 750;
  CHECK(run_deck("V1 in 0 DC 1 AC 1\nR1 in out 1k ac=3k\nR2 out 0 1k noisy=0\n.noise v(out) V1 lin 2 1k 2k\n")
            .plots.front()
            .columns[1]
            .front() == testing::approx(thermal).epsilon(1e-6));
}

TEST_CASE("a resistor whose value depends on the circuit makes noise with noisy=1, of its resistance there") {
  const auto noise = [](const std::string& card) {
    return run_deck("V1 in 0 DC 1 AC 1\n" + card + "\nR2 out 0 1k\n.noise v(out) V1 lin 1 1k 1k\n")
        .plots.front()
        .columns[1]
        .front();
  };
  const double both = std::sqrt(4 * 1.380649e-23 * 300.15 * 500);
  CHECK(noise("R1 in out r='1k*(1+0*v(out))' noisy=1") == testing::approx(both).epsilon(1e-6));
  CHECK(noise("R1 in out r='2k*(1+0*v(out))' noisy=1 m=2") == testing::approx(both).epsilon(1e-6));
  CHECK(noise("R1 in out r='1k*(1+0*v(out))'") == testing::approx(both / std::sqrt(2.0)).epsilon(1e-6));
  CHECK(noise("R1 in out r='1k*(1+0*v(out))' noisy=0") ==
        testing::approx(both / std::sqrt(2.0)).epsilon(1e-6));
  // Of what it depends on: 1k at the operating point, where the others see v(x)² = 1.
  CHECK(noise("Vx x 0 1\nR1 in out r='1k*v(x)*v(x)' noisy=1") == testing::approx(both).epsilon(1e-6));
}

TEST_CASE("points of a PWL waveform can be relative, scaled and repeated") {
  const auto value_at = [](const std::string& pwl, double time) {
    const Circuit circuit = testing::circuit_of("V1 a 0 " + pwl + "\nR1 a 0 1k\n.tran 1u 10m\n");
    SourceFunction f = circuit.functions[0];
    f.resolve(1e-6, 10e-3);
    return f.value(time, time);
  };
  CHECK(value_at("PWL(0 0 +1m 1 +1m 0)", 1.5e-3) == testing::approx(0.5));
  CHECK(value_at("PWL (0,0) (1m,1) (2m,0)", 1.5e-3) == testing::approx(0.5));
  CHECK(value_at("PWL TIME_SCALE_FACTOR=1m VALUE_SCALE_FACTOR=4 (0 0 1 1 2 0)", 1.5e-3) ==
        testing::approx(2));
  const std::string forever = "PWL REPEAT FOREVER (0 0 1m 1 2m 0) ENDREPEAT";
  CHECK(value_at(forever, 1.5e-3) == testing::approx(0.5));
  CHECK(value_at(forever, 8.25e-3) == testing::approx(0.25));
  SUBCASE("a repetition begins where what comes before it ends") {
    const std::string twice = "PWL(0 5 1m 5 REPEAT FOR 2 (0 0 1m 1) ENDREPEAT 4m 3)";
    CHECK(value_at(twice, 0.5e-3) == 5);
    CHECK(value_at(twice, 1.5e-3) == testing::approx(0.5));
    CHECK(value_at(twice, 2.5e-3) == testing::approx(0.5));
    CHECK(value_at(twice, 3.5e-3) == testing::approx(2));
    CHECK(value_at(twice, 9e-3) == 3);
  }
  SUBCASE("lines lead from one repetition to the next") {
    const std::string lines = "PWL(0 1 REPEAT FOREVER (1m 0 2m 2) ENDREPEAT)";
    CHECK(value_at(lines, 0.5e-3) == testing::approx(0.5));
    CHECK(value_at(lines, 2.5e-3) == testing::approx(1));  // from 2 to 0
    CHECK(value_at(lines, 8.5e-3) == testing::approx(1));
  }
}

TEST_CASE("a waveform's file lies beside the deck that names it, and below the deck's folder with --safe") {
  const testing::DeckFolder folder;
  folder.write("parts/points.txt", "* time value\n0, 0\n1m 2 # the top\n\n+1m, 0\n");
  folder.write("parts/source.inc", "V1 a 0 PWL file=\"points.txt\" r=0\n");
  const std::string below = folder.write("deck.cir", "test\n.include parts/source.inc\nR1 a 0 1k\n.op\n");
  const std::string windows =
      folder.write("windows.cir", "test\nV1 a 0 PWL FILE \"parts\\points.txt\"\nR1 a 0 1k\n.op\n");
  const std::string outside =
      folder.write("parts/deck.cir", "test\nV1 a 0 PWL file=../points.txt\nR1 a 0 1k\n.op\n");
  folder.write("points.txt", "0 0 1 1\n");
  ParseOptions safe;
  safe.safe = true;
  for (const std::string& deck : {below, windows}) {
    const Circuit circuit = elaborate(parse_file(deck, safe));
    CHECK(circuit.functions[0].points ==
          std::vector<std::pair<double, double>>{{0, 0}, {1e-3, 2}, {2e-3, 0}});
  }
  CHECK_NOTHROW(elaborate(parse_file(outside)));
  CHECK_THROWS_WITH_AS(elaborate(parse_file(outside, safe)),
                       doctest::Contains("is outside the deck's folder"), DeckError);
  std::string wide;  // UTF-16, as spreadsheets on Windows write it
  for (const char letter : std::string("0 0\n1m 5\n")) wide += {letter, '\0'};
  folder.write("points.txt", wide);
  CHECK(elaborate(parse_file(outside)).functions[0].points ==
        std::vector<std::pair<double, double>>{{0, 0}, {1e-3, 5}});
}

TEST_CASE(
    "a file of swept values lies beside the deck that names it, and below the deck's folder with --safe") {
  const testing::DeckFolder folder;
  folder.write("parts/values.txt", "* ohm\n1k, 2k;3k # the last one\n\n+4k\n");
  folder.write("parts/step.inc", ".step param r file=values.txt\n");
  folder.write("values.txt", "1\n");
  const std::string deck = "test\nV1 a 0 1\nR1 a 0 {r}\n.op\n";
  ParseOptions safe;
  safe.safe = true;
  const Circuit circuit =
      elaborate(parse_file(folder.write("deck.cir", deck + ".include parts/step.inc\n"), safe));
  CHECK(circuit.repetitions.steps.at(0).values == std::vector<double>{1e3, 2e3, 3e3, 4e3});
  const std::string outside =
      folder.write("parts/deck.cir", deck + ".param r=1\n.step r file=\"../values.txt\"\n");
  CHECK_NOTHROW(elaborate(parse_file(outside)));
  CHECK_THROWS_WITH_AS(elaborate(parse_file(outside, safe)),
                       doctest::Contains("is outside the deck's folder"), DeckError);
}
