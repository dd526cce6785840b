#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <map>
#include <stdexcept>

#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using namespace memspice::testing;

namespace {

const std::string low_pass = R"(
.param r=1k c=1u
V1 in 0 PULSE(0 1 0.1m 1u)
R1 in out {r}
C1 out 0 {c}
.tran 0.1m 2m
)";

DeckRun run_with(const Circuit& circuit, std::size_t threads, bool plot_per_point = false) {
  RunOptions options;
  options.threads = threads;
  options.plot_per_point = plot_per_point;
  return try_circuit(circuit, options);
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

void check_same(const std::vector<Plot>& a, const std::vector<Plot>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].name == b[i].name);
    REQUIRE(a[i].columns.size() == b[i].columns.size());
    for (std::size_t c = 0; c < a[i].columns.size(); ++c) {
      CHECK(a[i].vectors[c].name == b[i].vectors[c].name);
      CHECK(same_bits(a[i].columns[c], b[i].columns[c]));
    }
  }
}

const std::vector<double>& column(const Plot& plot, std::string_view vector) {
  const std::size_t index = plot.find(vector);
  REQUIRE_MESSAGE(index != Plot::npos, "no vector " << vector);
  return plot.columns[index];
}

}  // namespace

TEST_CASE("nested steps give the rows of single runs with -D, the first card innermost") {
  const DeckRun grid =
      run_circuit(circuit_of(low_pass + ".step param r list 1k 2k 5k\n.step param c 1u 2u 0.5u\n"));
  REQUIRE(grid.plots.size() == 1);
  const Plot& plot = grid.plots.front();
  REQUIRE(plot.columns.size() == 6);
  CHECK(plot.vectors[0].name == "time");
  CHECK(plot.vectors[1].name == "c");
  CHECK(plot.vectors[2].name == "r");
  CHECK(plot.vectors[3].name == "v(in)");
  REQUIRE(grid.report.points.size() == 9);
  CHECK(grid.report.swept == std::vector<std::string>{"c", "r"});
  std::size_t row = 0;
  std::size_t point = 0;
  for (const double c : {1e-6, 1.5e-6, 2e-6}) {
    for (const double r : {1e3, 2e3, 5e3}) {
      CAPTURE(c);
      CAPTURE(r);
      const double reported = grid.report.points[point].values[0];
      CHECK(reported == testing::approx(c).epsilon(1e-15));
      CHECK(grid.report.points[point++].values[1] == r);
      const Circuit single = elaborate(parse_text("test\n" + low_pass), standard_catalogue(),
                                       {.parameters = {{"r", r}, {"c", reported}}});
      const DeckRun alone = run_circuit(single);
      REQUIRE(row + alone.rows() <= plot.rows());
      for (std::size_t i = 0; i < alone.rows(); ++i, ++row) {
        CHECK(plot.columns[0][row] == alone.plots[0].columns[0][i]);
        CHECK(plot.columns[1][row] == reported);
        CHECK(plot.columns[2][row] == r);
        for (std::size_t v = 1; v < 4; ++v) CHECK(plot.columns[v + 2][row] == alone.plots[0].columns[v][i]);
      }
    }
  }
  CHECK(row == plot.rows());
}

TEST_CASE("the rows do not depend on the number of threads") {
  const Circuit circuit = circuit_of(low_pass + R"(
.model m memristor(ron=100 roff=16k beta=1m)
Y1 in 0 m w0={0.3 + 0.1 * gauss(0.5, 1, 1)}
.op
.step param r 1k 4k 1k
.step V1 list 0 1 2
.temp 0 27
.mc 3
)");
  const DeckRun one = run_with(circuit, 1);
  REQUIRE(one.report.points.size() == 72);
  REQUIRE(one.plots.size() == 2);
  for (const std::size_t threads : {2, 4, 7}) {
    CAPTURE(threads);
    const DeckRun many = run_with(circuit, threads);
    check_same(one.plots, many.plots);
    CHECK(many.report.outcome() == Outcome::complete);
    CHECK(many.report.analyses[0].statistics.steps == one.report.analyses[0].statistics.steps);
  }
}

TEST_CASE("a point that fails is reported with its reason, and the others are kept") {
  const Circuit circuit = circuit_of(R"(
.param limit=0
V1 in 0 SIN(0 1 1k)
R1 in out 1k
C1 out 0 1u
.options max_steps={limit == 0 ? 100000 : limit}
.tran 1m 5m
.step param limit list 0 20 30 0
)");
  for (const std::size_t threads : {1, 3}) {
    const DeckRun result = run_with(circuit, threads);
    REQUIRE(result.report.points.size() == 4);
    CHECK(result.report.outcome() == Outcome::failed);
    for (const std::size_t point : {0, 3}) CHECK(result.report.points[point].outcome == Outcome::complete);
    for (const std::size_t point : {1, 2}) {
      CHECK(result.report.points[point].outcome == Outcome::failed);
      CHECK(result.report.points[point].message.find("max_steps") != std::string::npos);
    }
    CHECK(result.report.analyses.front().message == "2 of 4 points failed");
    CHECK(result.time().back() == 5e-3);
    CHECK(std::ranges::count(result.time(), 5e-3) == 2);
  }
}

TEST_CASE("a point at which the deck makes no sense fails alone; when there is no other, the deck is wrong") {
  const std::string deck = "V1 a 0 1\nR1 a 0 {1/x}\n.op\n";
  const DeckRun some = run_with(circuit_of(deck + ".step param x list 1 0 2\n"), 2);
  REQUIRE(some.report.points.size() == 3);
  CHECK(some.report.points[1].outcome == Outcome::failed);
  CHECK(some.report.points[1].message.find("division by zero") != std::string::npos);
  CHECK(some["x"] == std::vector<double>{1, 2});
  CHECK(some["i(v1)"] == std::vector<double>{-1, -2});

  const Circuit floating =
      circuit_of("V1 a 0 1\nC1 a b 1n\nC2 b 0 1n\nR1 a 0 {x}\n.op\n.step param x 1 3 1\n");
  MemorySink sink;
  CHECK_THROWS_AS(run(floating, sink), DeckError);
  CHECK(sink.plots().empty());
}

TEST_CASE("an interrupted run keeps complete points and says how many") {
  const Circuit circuit = circuit_of(low_pass + ".step param r 1k 20k 1k\n");
  const DeckRun whole = run_with(circuit, 1);
  for (const std::size_t threads : {1, 4}) {
    CAPTURE(threads);
    std::atomic<bool> enough{false};
    RunOptions options;
    options.threads = threads;
    options.points_done = [&](std::size_t done, std::size_t points) {
      CHECK(points == 20);
      if (done == 3) enough = true;
    };
    options.interrupted = [&] { return enough.load(); };
    const DeckRun part = try_circuit(circuit, options);
    CHECK(part.report.outcome() == Outcome::interrupted);
    const auto complete = static_cast<std::size_t>(
        std::ranges::count(part.report.points, Outcome::complete, &PointReport::outcome));
    CHECK(complete >= 3 - (threads - 1));
    CHECK(complete < 20);
    if (complete == 0) continue;
    CHECK(part.rows() == static_cast<std::size_t>(std::ranges::count_if(whole["r"], [&](double r) {
            return r <= 1e3 * static_cast<double>(complete);
          })));
    CHECK(part.time().back() == 2e-3);
  }
}

TEST_CASE("the runs of .mc draw anew, repeat with their seed, and begin with the deck's own draw") {
  const std::string deck = "V1 a 0 1\nR1 a 0 {gauss(1k, 0.3, 3)}\n.op\n";
  const auto currents = [&](const std::string& cards) { return run_deck(deck + cards)["i(v1)"]; };
  const std::vector<double> first = currents(".mc 2000 seed=7\n");
  REQUIRE(first.size() == 2000);
  CHECK(same_bits(first, currents(".mc 2000 seed=7\n")));
  CHECK_FALSE(same_bits(first, currents(".mc 2000 seed=8\n")));
  CHECK(first.front() == currents(".options seed=7\n").front());
  double mean = 0, square = 0;
  for (const double current : first) mean += -1 / current / 2000;
  for (const double current : first) square += std::pow(-1 / current - mean, 2) / 1999;
  CHECK(mean == testing::approx(1000).epsilon(4 * 0.1 / std::sqrt(2000.0)));
  CHECK(std::sqrt(square) == testing::approx(100).epsilon(4 / std::sqrt(2 * 2000.0)));
  // Every value of a step sees the same draws.
  const DeckRun stepped = run_deck("V1 a 0 1\nR1 a 0 {gauss(1k, 0.3, 3)}\n.op\n.step V1 1 2 1\n.mc 5\n");
  CHECK(stepped["run"] == std::vector<double>{1, 2, 3, 4, 5, 1, 2, 3, 4, 5});
  for (std::size_t i = 0; i < 5; ++i) CHECK(stepped["i(v1)"][i + 5] == 2 * stepped["i(v1)"][i]);
}

TEST_CASE("a list of temperatures runs the analyses at each") {
  const DeckRun result = run_deck(
      "V1 a 0 1\nR1 a 0 {1k * (1 + 0.01 * (temper - 27))}\nV2 b 0 1\nR2 b 0 1k tc1=0.01\n"
      ".op\n.temp -40 27 125\n");
  REQUIRE(result["temp"] == std::vector<double>{-40, 27, 125});
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(result["i(v1)"][i] ==
          testing::approx(-1e-3 / (1 + 0.01 * (result["temp"][i] - 27))).epsilon(1e-12));
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(result["i(v2)"][i] == testing::approx(result["i(v1)"][i]).epsilon(1e-12));
}

TEST_CASE("sources, elements and models are stepped by their names") {
  const std::string deck = R"(
V1 a 0 1
R1 a b 1k
R2 b 0 1k
.subckt load p
R1 p 0 1k
.ends
X1 c load
I1 0 c 1m
.model m memristor(ron=100 roff=1k)
Y1 a 0 m w0=0
.op
)";
  CHECK(run_deck(deck + ".step V1 0 2 1\n")["v(b)"] == std::vector<double>{0, 0.5, 1});
  CHECK(run_deck(deck + ".step R2 list 1k 3k\n")["v(b)"] == std::vector<double>{0.5, 0.75});
  CHECK(run_deck(deck + ".step @r2[resistance] list 1k 3k\n")["v(b)"] == std::vector<double>{0.5, 0.75});
  const DeckRun inner = run_deck(deck + ".step x1:r1:r list 1k 2k\n");
  CHECK(inner["x1.r1"] == std::vector<double>{1e3, 2e3});
  CHECK(inner["v(c)"][1] == testing::approx(2));
  const DeckRun model = run_deck(deck + ".step memristor m(ron) list 100 200\n.save i(y1)\n");
  CHECK(model["m:ron"] == std::vector<double>{100, 200});
  CHECK(model["i(y1)"][0] == testing::approx(10e-3));
  CHECK(model["i(y1)"][1] == testing::approx(5e-3));
  CHECK(run_deck(deck + ".step y1:w0 0 1 0.5\n")["w(y1)"] == std::vector<double>{0, 0.5, 1});
}

TEST_CASE("stepped values take part in what is computed from them: lengths, temperatures, copies, switches") {
  const std::string deck = R"(
V1 a 0 1
R1 a 0 1k tc1=0.01 m=2
R2 a 0 rm l=10 w=1
S1 a b 0 c sw
R3 b 0 1k
R4 c 0 1k
.model sw sw(vt=-1 ron=1k)
.model rm r(rsh=100 tc1=0.01)
.temp 127
.op
)";
  const auto current = [&](const std::string& card, std::string_view vector) {
    const DeckRun result = run_deck(deck + card + ".save all i(*)\n");
    REQUIRE(result.rows() == 2);
    return result[vector];
  };
  CHECK(current(".step R1 list 1k 2k\n", "i(r1)")[0] == testing::approx(1e-3));
  CHECK(current(".step R1 list 1k 2k\n", "i(r1)")[1] == testing::approx(0.5e-3));
  CHECK(current(".step @r1[m] list 1 4\n", "i(r1)")[1] == testing::approx(2e-3));
  CHECK(current(".step r rm(rsh) list 100 200\n", "i(r2)")[1] == testing::approx(0.25e-3));
  CHECK(current(".step r2:l list 10 5\n", "i(r2)")[1] == testing::approx(1e-3));
  CHECK(current(".step rm:tc1 list 0 0.03\n", "i(r2)")[0] == testing::approx(1e-3));
  CHECK(current(".step sw(ron) list 1k 3k\n", "i(r3)")[1] == testing::approx(0.25e-3));
}

TEST_CASE("one plot for each point on demand, its title with the values") {
  const Circuit circuit = circuit_of(low_pass + ".op\n.step param r list 1k 2k\n");
  const DeckRun together = run_with(circuit, 2);
  const DeckRun apart = run_with(circuit, 2, true);
  REQUIRE(apart.plots.size() == 4);
  CHECK(apart.plots[0].title == "test: r=1000");
  CHECK(apart.plots[1].title == "test: r=2000");
  CHECK(apart.plots[2].name == "Operating Point");
  CHECK(apart.plots[0].rows() + apart.plots[1].rows() == together.plots[0].rows());
}

TEST_CASE("points whose circuits differ in their vectors get plots of their own") {
  const DeckRun result = run_deck(R"(
.param kind=1
V1 a 0 1
.if (kind == 1)
R1 a 0 1k
.else
R1 a b 1k
R2 b 0 1k
.endif
.op
.step param kind list 1 1 2
)");
  REQUIRE(result.plots.size() == 2);
  CHECK(result.plots[0].rows() == 2);
  CHECK(result.plots[1].rows() == 1);
  CHECK(column(result.plots[1], "v(b)").front() == 0.5);
}

TEST_CASE("fixed points and spectra belong to their point") {
  const DeckRun result = run_deck(R"(
V1 a 0 {v}
R1 a b 1k
Y1 b 0 m
.model m memristor(ron=100 roff=1k alpha=1 beta=1)
.fixedpoint
.eigen at=fixed
.step param v list 0.1 0.2
)");
  REQUIRE(result.report.points.size() == 2);
  for (const PointReport& point : result.report.points) {
    CHECK(point.fixed_points.size() == 1);
    CHECK(point.eigenvalues.size() == 1);
  }
  CHECK(result.report.points[0].fixed_points[0].states != result.report.points[1].fixed_points[0].states);
}

TEST_CASE("analyses of several plots keep each together; tables of all points are one, measures by point") {
  const DeckRun result = run_deck(R"(
V1 in 0 PULSE(0 1 0 1n) AC 1
R1 in out {r}
C1 out 0 1u
.step param r list 1k 2k
.ac dec 3 10 1k
.noise v(out) V1 dec 3 10 1k
.tran 0.1m 4m
.measure tran rise when v(out)=0.5
.print ac vm(out)
)");
  std::vector<std::string> names;
  for (const Plot& plot : result.plots) names.push_back(plot.name);
  CHECK(names == std::vector<std::string>{"AC Analysis", "Noise Spectral Density Curves", "Integrated Noise",
                                          "Transient Analysis"});
  CHECK(result.plots[0].vectors[1].name == "r");
  CHECK(result.plots[0].imaginary[1] == std::vector<double>(14, 0.0));
  CHECK(column(result.plots[1], "r").size() == 14);
  CHECK(column(result.plots[2], "r") == std::vector<double>{1e3, 2e3});
  REQUIRE(result.report.analyses.size() == 3);
  REQUIRE(result.report.analyses[0].tables.size() == 1);
  const PrintedTable& table = result.report.analyses[0].tables.front();
  CHECK(table.columns == std::vector<std::string>{"frequency", "r", "vm(out)"});
  CHECK(table.values.size() == 3 * 14);
  for (std::size_t i = 0; i < 2; ++i) {
    const std::vector<MeasureReport>& measures = result.report.points[i].analyses[2].measures;
    REQUIRE(measures.size() == 1);
    CHECK(measures[0].value.value() ==
          testing::approx(std::log(2) * 1e-3 * static_cast<double>(i + 1)).epsilon(2e-3));
  }
}

TEST_CASE("what the sink throws ends the run") {
  struct FullDisk final : WaveformSink {
    void begin_plot(const PlotInfo&) override {}
    void row(std::span<const double>) override {
      if (++rows == 50) throw FileError("disk full");
    }
    void end_plot() override {}
    void commit(std::string_view) override {}
    int rows = 0;
  };
  const Circuit circuit = circuit_of(low_pass + ".step param r 1k 40k 1k\n");
  for (const std::size_t threads : {1, 4}) {
    FullDisk sink;
    RunOptions options;
    options.threads = threads;
    CHECK_THROWS_WITH_AS(run(circuit, sink, options), "disk full", FileError);
    CHECK(sink.rows == 50);
  }
}

TEST_CASE("models in subcircuits are stepped in one instance, or by their plain name in all of them") {
  const std::string body =
      "V1 in 0 1\nX1 in a cell\nR1 a 0 100\nX2 in b cell\nR2 b 0 100\n"
      ".subckt cell p q\nX0 p q inner\n.model mm memristor(ron=100 roff=900)\n.ends\n"
      ".subckt inner p q\nY1 p q mm w0=0\n.ends\n.op\n.save v(a) v(b)\n";
  for (const char* one : {"x1.mm(ron)", "x1:mm:ron", "x1.mm:ron", "memristor x1.mm(ron)", "X1:MM(Ron)"}) {
    CAPTURE(one);
    const auto result = testing::run_deck(body + ".step " + one + " list 100 300\n");
    CHECK(result["x1.mm:ron"] == std::vector<double>{100, 300});
    CHECK(result["v(a)"][1] == testing::approx(0.25));
    CHECK(result["v(b)"][1] == testing::approx(0.5));
  }
  const auto all = testing::run_deck(body + ".step mm(ron) list 100 300\n");
  CHECK(all["v(a)"][1] == testing::approx(0.25));
  CHECK(all["v(b)"][1] == testing::approx(0.25));
  const auto own = testing::run_deck(body + "Y3 in c mm w0=0\nR3 c 0 100\n.model mm memristor(ron=50)\n" +
                                     ".dc mm:ron 100 300 200\n");
  CHECK(own["v(a)"][1] == testing::approx(0.5));  // the name is that of the top level's
}

TEST_CASE("analysis cards know ngspice's names of elements in subcircuits") {
  const std::string body =
      "X1 in out cell\nV2 b 0 0\nR2 out b 1k\n"
      ".subckt cell p q\nVs p 0 3 AC 1\nR1 p q 1k\nY1 q 0 m\n.ends\n.model m memristor(ron=1k roff=9k)\n";
  const auto same = [&](const std::string& card, const std::string& plain, const char* vector) {
    CAPTURE(card);
    const auto left = testing::run_deck(body + card + "\n"), right = testing::run_deck(body + plain + "\n");
    CHECK(left.plots.back().vectors.front().name == right.plots.back().vectors.front().name);
    CHECK(left[vector] == right[vector]);
  };
  same(".dc r.x1.r1 1k 2k 1k", ".dc x1.r1 1k 2k 1k", "v(out)");
  same(".dc v.x1.vs 0 2 1", ".dc x1.vs 0 2 1", "v(out)");
  same(".op\n.step @y.x1.y1[ron] list 1k 2k", ".op\n.step @x1.y1[ron] list 1k 2k", "v(out)");
  same(".op\n.step y.x1.y1:ron list 1k 2k", ".op\n.step x1.y1:ron list 1k 2k", "v(out)");
  same(".tf v(out) v.x1.vs", ".tf v(out) x1.vs", "v(transfer_function)");
  same(".tf i(v.x1.vs) V2", ".tf i(x1.vs) V2", "v(transfer_function)");
  same(".noise v(out) v.x1.vs dec 1 1 10", ".noise v(out) x1.vs dec 1 1 10", "v(onoise_total)");
  const auto printed = testing::run_deck(body + ".ac dec 1 1 1\n.print ac idb(v.x1.vs)\n");
  CHECK(printed.analysis().tables.at(0).values[1] ==
        testing::approx(20 * std::log10(std::abs(printed["i(x1.vs)"][0]))));
}

TEST_CASE("the list of a sweep's values may have a sign") {
  const std::string body = "V1 in 0 1\nR1 in out 1k\nR2 out 0 {r}\n.op\n";
  CHECK(testing::run_deck(body + ".step param r list=1k 2k\n")["r"] == std::vector<double>{1e3, 2e3});
  CHECK(testing::run_deck(body + ".param r=1\n.step r list = 1k, 2k\n")["r"] ==
        std::vector<double>{1e3, 2e3});
}
