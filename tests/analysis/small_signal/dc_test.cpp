// .dc: sources, parameters, temperature and devices; nested; hysteresis; failures.

#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

const std::vector<double>& column(const testing::DeckRun& result, const char* vector) {
  return result[vector];
}

}  // namespace

TEST_CASE("a source sweep gives a row a value; its scale and plot are named as in ngspice") {
  const auto result = testing::run_deck("V1 in 0 7\nR1 in out 1k\nR2 out 0 1k\n.dc V1 -1 1 0.5\n");
  CHECK(result.plots.back().name == "DC transfer characteristic");
  CHECK(result.plots.back().vectors[0].name == "v(v-sweep)");
  CHECK(result.plots.back().vectors[0].quantity == Quantity::voltage);
  CHECK(column(result, "v(v-sweep)") == std::vector<double>{-1, -0.5, 0, 0.5, 1});
  for (std::size_t i = 0; i < result.rows(); ++i)
    CHECK(column(result, "v(out)")[i] == testing::approx(0.5 * column(result, "v(v-sweep)")[i]));
  CHECK(result.analysis().summary == "DC sweep: v1 from -1 V to 1 V in 5 points");
}

TEST_CASE("nested sweeps: the inner one restarts, the outer value is a vector of its own") {
  const auto result =
      testing::run_deck("V1 in 0 0\nI1 0 out 0\nR1 in out 1k\nR2 out 0 1k\n.dc V1 0 2 1 I1 0 1m 1m\n");
  CHECK(column(result, "v(v-sweep)") == std::vector<double>{0, 1, 2, 0, 1, 2});
  CHECK(column(result, "i1") == std::vector<double>{0, 0, 0, 1e-3, 1e-3, 1e-3});
  CHECK(column(result, "v(out)")[1] == testing::approx(0.5));
  CHECK(column(result, "v(out)")[4] == testing::approx(1));
  CHECK(result.analysis().summary ==
        "DC sweep: v1 from 0 V to 2 V in 3 points, for i1 from 0 A to 1 mA in 2 points");
}

TEST_CASE("resistors, parameters and the temperature are swept by elaborating anew") {
  const auto resistor = testing::run_deck("V1 in 0 1\nR1 in out 1k\nR2 out 0 1k\n.dc R2 1k 3k 1k\n");
  CHECK(resistor.plots.back().vectors[0].name == "res-sweep");
  CHECK(column(resistor, "v(out)")[2] == testing::approx(0.75));
  const auto parameter = testing::run_deck(
      ".param ratio=1\nV1 in 0 1\nR1 in out 1k\nR2 out 0 {1k*ratio}\n.dc param ratio 1 3 1\n");
  CHECK(parameter.plots.back().vectors[0].name == "ratio");
  CHECK(column(parameter, "v(out)")[2] == testing::approx(0.75));
  const auto temperature =
      testing::run_deck("V1 in 0 1\nR1 in out 1k tc1=1m\nR2 out 0 1k\n.dc temp 27 127 100\n");
  CHECK(temperature.plots.back().vectors[0].name == "temp-sweep");
  CHECK(column(temperature, "v(out)")[1] == testing::approx(1 / 2.1));
}

TEST_CASE("memristors keep their initial state along .dc") {
  const auto result = testing::run_deck(
      "V1 in 0 0\nY1 in 0 m w0=0.25\n.model m memristor(ron=100 roff=900 beta=1m)\n.dc V1 -3 3 3\n.save "
      "i(y1) "
      "w(y1)\n");
  CHECK(column(result, "w(y1)") == std::vector<double>{0.25, 0.25, 0.25});
  CHECK(column(result, "i(y1)")[2] == testing::approx(0.01));
}

TEST_CASE("a switch with hysteresis keeps its state from point to point, up and down") {
  const std::string deck =
      "V1 c 0 0\nV2 in 0 1\nR1 in out 1k\nS1 out 0 c 0 sw\n.model sw sw(vt=1 vh=0.5 ron=1 roff=1e9)\n";
  const auto up = testing::run_deck(deck + ".dc V1 0 2 0.25\n");
  const auto down = testing::run_deck(deck + ".dc V1 2 0 -0.25\n");
  for (std::size_t i = 0; i < up.rows(); ++i)
    CHECK((column(up, "v(out)")[i] < 0.5) == (column(up, "v(v-sweep)")[i] > 1.5));
  for (std::size_t i = 0; i < down.rows(); ++i)
    CHECK((column(down, "v(out)")[i] < 0.5) == (column(down, "v(v-sweep)")[i] >= 0.5));
}

TEST_CASE("the points follow a characteristic with three solutions along its branch until it folds") {
  // i = v^3 - v through 1 ohm from a source: three solutions near 0 where the slope is negative.
  const std::string deck = "V1 in 0 0\nR1 in a 1\nB1 a 0 I={v(a)*v(a)*v(a)-2*v(a)}\n";
  const auto up = testing::run_deck(deck + ".dc V1 -1 1 0.05\n");
  const auto down = testing::run_deck(deck + ".dc V1 1 -1 -0.05\n");
  const std::size_t middle = up.rows() / 2;
  CHECK(column(up, "v(a)")[middle] == testing::approx(-1).epsilon(1e-3));
  CHECK(column(down, "v(a)")[middle] == testing::approx(1).epsilon(1e-3));
}

TEST_CASE("a point without a solution ends .dc, is named, and the rows before it stay") {
  const Circuit circuit = testing::circuit_of(
      "V1 in 0 1\nI1 0 a 1m\nR1 a in {x}\nR2 a 0 -1k\n.param x=1\n"
      ".dc param x 800 1200 100\n");
  const testing::DeckRun result = testing::try_circuit(circuit);
  CHECK(result.analysis().outcome == Outcome::failed);
  CHECK(result.analysis().message.starts_with("at x = 1000: no operating point found"));
  CHECK(result.rows() == 2);
}

TEST_CASE(".dc has no part of .ic") {
  const auto result = testing::run_deck("V1 in 0 0\nR1 in out 1k\nR2 out 0 1k\n.ic v(out)=3\n.dc V1 1 2 1\n");
  CHECK(column(result, "v(out)")[1] == testing::approx(1));
}

TEST_CASE("tables and measures read parameters as they are at every point, nested sweeps and functions too") {
  const auto result = testing::run_deck(
      ".param q=3 twice={2*q} k={temper*2}\n.func above(x) {x-twice}\nV1 in 0 {q}\nR1 in 0 1k\n"
      ".dc q 1 5 2 temp 27 47 20\n"
      ".print dc {v(in)-q} {above(v(in))} {k} {temper-k/2}\n.meas dc c max v(in)/q\n.meas dc highest max k\n"
      ".meas dc place when twice=6\n.meas dc base param twice\n");
  const PrintedTable& table = result.analysis().tables.at(0);
  REQUIRE(table.columns.size() == 6);
  REQUIRE(table.values.size() == 36);
  for (std::size_t row = 0; row < 6; ++row) {
    const double q = 1 + 2 * static_cast<double>(row % 3), celsius = row < 3 ? 27 : 47;
    const double* value = table.values.data() + 6 * row;
    CHECK(value[0] == q);
    CHECK(value[1] == celsius);
    CHECK(value[2] == 0);
    CHECK(value[3] == testing::approx(-q));
    CHECK(value[4] == 2 * celsius);
    CHECK(value[5] == 0);
  }
  const auto& measures = result.analysis().measures;
  CHECK(measures[0].value == 1.0);
  CHECK(measures[1].value == 94.0);
  CHECK(measures[2].value == testing::approx(3));
  CHECK(measures[3].value == 6.0);  // one number: the deck's
}

TEST_CASE("a sweep of a source leaves the deck's parameters in tables, and each .step has its own") {
  const auto result = testing::run_deck(
      ".param q=3\nV1 in 0 0\nR1 in 0 1k\n.step param q list 5 7\n.dc V1 1 2 1\n.print dc {v(in)*q}\n");
  const PrintedTable& table = result.analysis().tables.at(0);
  CHECK(table.columns == std::vector<std::string>{"v(v-sweep)", "q", "v(in)*q"});
  CHECK(table.values == std::vector<double>{1, 5, 5, 2, 5, 10, 1, 7, 7, 2, 7, 14});
}

TEST_CASE("an inductance that becomes 0 under .dc is an error, not another circuit's vectors") {
  for (const std::string sweep : {"0 1m 1m", "1m 0 -1m", "list 0 2m"}) {
    CAPTURE(sweep);
    const testing::DeckRun run = testing::try_circuit(
        testing::circuit_of("V1 a 0 1\nR1 a b 1k\nL1 b c 1m\nL2 c 0 1m\n.dc L1 " + sweep + "\n"));
    CHECK(run.report.outcome() == Outcome::failed);
    CHECK(run.analysis().message.find("other nodes, elements or states") != std::string::npos);
  }
}

TEST_CASE("a current source with m= is swept by the value of one") {
  const testing::DeckRun run = testing::run_deck("I1 0 a 0 m=2\nR1 a 0 1k\n.dc I1 0 1m 1m\n");
  CHECK(run["v(a)"] == std::vector<double>{0, 2});
}
