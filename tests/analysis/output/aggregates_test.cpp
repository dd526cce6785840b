// One number of all vectors of a pattern: beside the vectors themselves, and where it is refused.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "expression/aggregate.hpp"
#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::run_deck;

namespace {

/// A ring of memristors with a chord, a source and a load.
std::string ring(int nodes, unsigned seed, const std::string& rest) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  std::string deck =
      ".model m memristor(ron=100 roff=1600 alpha=0.1 beta=1)\nV1 n0 0 SIN(0 3 1)\nR1 n2 0 100\n";
  for (int k = 0; k < nodes; ++k)
    deck += fmt::format("Y{} n{} n{} m w0={:.4f}\n", k, k, (k + 1) % nodes, unit(random));
  return deck + "Yz n1 n" + std::to_string(nodes - 1) + " m w0=0.5\n" + rest;
}

/// What a pattern's vectors make in a row, by another way than the program's.
double made_of(const std::string& kind, std::vector<double> values) {
  std::ranges::sort(values);
  const auto count = static_cast<double>(values.size());
  if (kind == "min") return values.front();
  if (kind == "max") return values.back();
  if (kind == "sum") return std::accumulate(values.begin(), values.end(), 0.0);
  if (kind == "mean") return made_of("sum", values) / count;
  if (kind == "std") {
    const double mean = made_of("mean", values);
    double sum = 0;
    for (const double x : values) sum += x * x;
    return std::sqrt(std::max(sum / count - mean * mean, 0.0));
  }
  const double place = (kind == "median" ? 0.5 : std::stod(kind)) * (count - 1);
  const auto low = static_cast<std::size_t>(place);
  const double high = values[std::min(low + 1, values.size() - 1)];
  return values[low] + (place - std::floor(place)) * (high - values[low]);
}

std::vector<std::vector<double>> columns_of(const testing::DeckRun& run, const std::string& prefix) {
  std::vector<std::vector<double>> columns;
  for (std::size_t i = 0; i < run.plots.back().vectors.size(); ++i)
    if (run.plots.back().vectors[i].name.starts_with(prefix)) columns.push_back(run.plots.back().columns[i]);
  return columns;
}

std::string error_of_run(const std::string& cards) {
  try {
    run_deck(ring(4, 1, cards));
  } catch (const DeckError& error) {
    const Diagnostic& first = error.diagnostics().front();
    return first.hint.empty() ? first.message : first.message + "; " + first.hint;
  }
  return "none";
}

}  // namespace

TEST_CASE("aggregates are what all vectors of their pattern make, row by row") {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const int nodes = 3 + static_cast<int>(seed);
    const char* integrator = seed % 2 == 0 ? "ida" : "network";
    const auto run = run_deck(ring(
        nodes, seed,
        fmt::format(
            ".options integrator={}\n.tran 50m 1\n.save mean(w(*)) sum(w(*)) std(w(*)) min(w(*)) max(w(*)) "
            "median(w(*)) quantile(w(*), 0.9) quantile( w(*), 0.25 ) sum(v(n?)) w(*) v(n?)\n"
            ".print tran max(w(*))-min(w(*))\n.measure tran top max mean(w(*))\n",
            integrator)));
    const auto states = columns_of(run, "w("), voltages = columns_of(run, "v(");
    REQUIRE(states.size() == static_cast<std::size_t>(nodes) + 1);
    double top = 0;
    for (std::size_t row = 0; row < run.rows(); ++row) {
      std::vector<double> w, v;
      for (const auto& column : states) w.push_back(column[row]);
      for (const auto& column : voltages) v.push_back(column[row]);
      for (const char* kind : {"mean", "sum", "std", "min", "max", "median"})
        CHECK(run[fmt::format("{}(w(*))", kind)][row] == testing::approx(made_of(kind, w)).epsilon(1e-7));
      CHECK(run["quantile(w(*),0.9)"][row] == testing::approx(made_of("0.9", w)).epsilon(1e-12));
      CHECK(run["quantile(w(*),0.25)"][row] == testing::approx(made_of("0.25", w)).epsilon(1e-12));
      CHECK(run["sum(v(n?))"][row] == testing::approx(made_of("sum", v)).epsilon(1e-9));
      const PrintedTable& table = run.report.analyses.back().tables.front();
      CHECK(table.values[2 * row + 1] ==
            testing::approx(made_of("max", w) - made_of("min", w)).epsilon(1e-12));
      top = std::max(top, made_of("mean", w));
    }
    CHECK(run.report.analyses.back().measures.front().value == testing::approx(top).epsilon(1e-4));
  }
}

TEST_CASE("a histogram counts every vector in one bin, by the edges that the report has") {
  std::mt19937_64 random(7);
  for (unsigned seed = 1; seed <= 10; ++seed) {
    const int nodes = 3 + static_cast<int>(seed);
    const std::size_t bins = 1 + random() % 30;
    const double low = -3 + std::uniform_real_distribution<double>(0, 3)(random), high = low + 2.5;
    const auto run = run_deck(
        ring(nodes, seed,
             fmt::format(".options integrator={2}\n.tran 50m 1\n.save hist(w(*), {0}) hist( v(n*), {0}, {3}, "
                         "{4} ) w(*) v(n*)\n.print tran hist(w(*), {0})\n"
                         ".measure tran top max 'hist(w(*), {0}, 0, 1, {1}) + 0'\n",
                         bins, 1 + bins / 2, seed % 2 == 0 ? "ida" : "network", low, high)));
    const auto& report = run.report.analyses.back();
    const std::string names[] = {fmt::format("hist(w(*),{},0,1)", bins),
                                 fmt::format("hist(v(n*),{},{},{})", bins, low, high)};
    for (std::size_t which = 0; which < 2; ++which) {
      const std::string& name = names[which];
      const std::vector<double> edges = read_aggregate(name)->edges();
      REQUIRE(edges.size() == bins + 1);
      CHECK(edges.front() == (which == 0 ? 0 : low));
      CHECK(edges.back() == (which == 0 ? 1 : high));
      const auto values = columns_of(run, which == 0 ? "w(" : "v(");
      for (std::size_t row = 0; row < run.rows(); ++row)
        for (std::size_t k = 1; k <= bins; ++k) {
          const auto count = std::ranges::count_if(values, [&](const std::vector<double>& column) {
            const double x = column[row];
            return x >= edges[k - 1] && (k == bins ? x <= edges[k] : x < edges[k]);
          });
          const auto& bin = run[fmt::format("{},{})", name.substr(0, name.size() - 1), k)];
          CHECK(bin[row] == static_cast<double>(count));
          if (which == 0) CHECK(report.tables.front().values[row * (bins + 1) + k] == bin[row]);
        }
    }
    const auto& middle = run[fmt::format("hist(w(*),{},0,1,{})", bins, 1 + bins / 2)];
    CHECK(*report.measures.front().value >= *std::ranges::max_element(middle));
  }
}

TEST_CASE("what an aggregate is made of is not written, and it has the unit of that") {
  const auto run = run_deck(ring(5, 1, ".tran 0.1 1\n.save mean(v(*)) max(w(*))\n"));
  const std::vector<VectorInfo>& vectors = run.plots.back().vectors;
  REQUIRE(vectors.size() == 3);
  CHECK(vectors[1].name == "mean(v(*))");
  CHECK(vectors[1].quantity == Quantity::voltage);
  CHECK(vectors[2].quantity == Quantity::notype);
  const auto point = run_deck(ring(5, 1, ".op\n.save max(v(*))\n"));
  CHECK(point["max(v(*))"].size() == 1);
  const auto sweep = run_deck(ring(5, 1, ".dc v1 1 3 1\n.save max(v(*))\n"));
  CHECK(sweep["max(v(*))"] == std::vector<double>{1, 2, 3});
  // A function of the deck goes before.
  CHECK(run_deck(ring(3, 1, ".func mean(x) {7}\n.tran 0.1 1\n.measure tran m max mean(v(n1))\n"))
            .report.analyses.back()
            .measures.front()
            .value == 7);
}

TEST_CASE("what a table names alone is in the file, aggregates of every kind as vectors are") {
  const auto names_of = [](const std::string& cards) {
    const auto run = run_deck(ring(4, 1, cards));
    std::vector<std::string> names;
    for (const VectorInfo& vector : run.plots.back().vectors) names.push_back(vector.name);
    return names;
  };
  using Names = std::vector<std::string>;
  for (const char* kind : {"mean(w(*))", "sum(w(*))", "std(w(*))", "min(w(*))", "max(w(*))", "median(w(*))",
                           "quantile(w(*),0.9)", "hist(w(*),3,0,1,2)", "mean(v(n*))", "max(i(y*))"}) {
    CAPTURE(kind);
    const std::string print = fmt::format(".print tran {}\n", kind);
    for (const char* analysis : {".tran 0.1 1\n.save v(n1)\n", ".tran 0.1 1\n.options interp\n.save v(n1)\n"})
      CHECK(names_of(analysis + print) == Names{"time", "v(n1)", kind});
    CHECK(names_of(fmt::format(".op\n.save v(n1)\n.print op {}\n", kind)) == Names{"v(n1)", kind});
    CHECK(names_of(fmt::format(".op\n.save v(n1) {0}\n.print op {0}\n", kind)) == Names{"v(n1)", kind});
    // Expressions and columns with a name of their own are not, nor is what only .measure names.
    for (const char* card : {".print tran 2*{}", ".print tran a=par('{}')", ".measure tran a max {}"})
      CHECK(names_of(".tran 0.1 1\n.save v(n1)\n" + fmt::format(fmt::runtime(card), kind) + "\n") ==
            Names{"time", "v(n1)"});
    const auto run = run_deck(ring(4, 1, ".tran 0.1 1\n.save v(n1)\n" + print));
    const PrintedTable& table = run.report.analyses.back().tables.front();
    REQUIRE(table.columns == std::vector<std::string>{"time", kind});
    for (std::size_t row = 0; row < run.rows(); ++row) CHECK(table.values[2 * row + 1] == run[kind][row]);
    CHECK(error_of_run(fmt::format(".ac lin 1 1 1\n.print ac {}\n", kind)) ==
          fmt::format("'{}' has no value in .ac; a linearised circuit has voltages, currents and states",
                      kind));
    CHECK(error_of_run(fmt::format(".tf v(n1) v1\n.print tf {}\n", kind)) ==
          fmt::format("'{}' has no value in .tf; its rows hold no vectors of the circuit", kind));
    const auto both =
        run_deck(ring(4, 1, fmt::format(".ac lin 1 1 1\n.tran 0.1 1\n.save v(n1)\n.print {}\n", kind)));
    REQUIRE(both.plots.size() == 2);
    CHECK(both.plots[0].vectors.size() == 2);
    CHECK(both.plots[1].vectors.size() == 3);
    REQUIRE(both.report.warnings.size() == 1);
    CHECK(both.report.warnings[0].message ==
          fmt::format("'{}' is left out of .ac: it is no voltage, current or state", kind));
  }
}

TEST_CASE("a pattern where one value is meant is a mistake, and what may be meant is said") {
  const std::string one = "is a pattern, and one value is meant here; name one vector, or write mean(";
  for (const char* card :
       {".measure tran x avg w(*)", ".measure tran x find w(*) at=0.5", ".measure tran x when w(*)=0.5",
        ".four 1 w(*)", ".print tran w(*)*2", ".measure tran x max 'w(*)-1'"}) {
    CAPTURE(card);
    CHECK(error_of_run(fmt::format(".tran 0.1 1\n{}\n", card)).find("is a pattern") != std::string::npos);
  }
  CHECK(error_of_run(".tran 0.1 1\n.measure tran x avg w(*)\n") ==
        fmt::format("'w(*)' {}w(*)), max(w(*)), ...", one));
  const auto of_call = [](const char* call) {
    return error_of_run(fmt::format(".tran 0.1 1\n.measure tran x max {}\n", call));
  };
  CHECK(of_call("mean(w(y1))") == "'mean' takes one pattern of vectors; write mean(w(*))");
  CHECK(of_call("'max(w(*),0.5)'") == "'max' takes one pattern of vectors; write max(w(*))");
  CHECK(of_call("'max(0.5,w(*))'") == "'max' takes one pattern of vectors; write max(w(*))");
  CHECK(of_call("median()") == "'median' takes one pattern of vectors; write median(w(*))");
  CHECK(of_call("quantile(w(*))") ==
        "'quantile' takes one pattern of vectors and a part from 0 to 1; write quantile(w(*), 0.9)");
  CHECK(of_call("'quantile(w(*),2)'") == "the part of a quantile is a number from 0 to 1");
  CHECK(of_call("'quantile(w(*),v(n1))'") == "the part of a quantile is a number from 0 to 1");
  CHECK(of_call("mean(i(c*))") == "'i(c*)' matches nothing in this circuit");
  CHECK(of_call("'max(w(y1),w(y2))'") == "none");
  CHECK(of_call("std(w(*))") == "none");
  const std::string write = "; write hist(w(*), 20), or hist(v(*), 20, -1, 1)";
  CHECK(of_call("hist(w(y1), 20)") == "'hist' takes one pattern of vectors" + write);
  CHECK(of_call("hist(w(*), 20, 0)") ==
        "'hist' takes one pattern of vectors, how many bins, their range, and which of them" + write);
  CHECK(of_call("hist(w(*))") ==
        "'hist(w(*),20,0,1)' is 20 values, and one is meant here; name one bin: hist(w(*),20,0,1,1)");
  CHECK(of_call("hist(v(*))") == "a hist of other vectors than w(…) needs a range" + write);
  CHECK(of_call("hist(w(*), 0)") == "the bins of a hist are a whole number from 1 to 10000" + write);
  CHECK(of_call("hist(w(*), 2.5)") == "the bins of a hist are a whole number from 1 to 10000" + write);
  CHECK(of_call("hist(w(*), v(n1))") == "bins and range of a hist are numbers" + write);
  CHECK(of_call("hist(v(*), 20)") == "a hist of other vectors than w(…) needs a range" + write);
  CHECK(of_call("hist(v(*), 20, 1, -1)") == "the range of a hist goes upwards" + write);
  CHECK(of_call("hist(v(*), 20, -1, 1, 21)") == "a hist has no bin of this number" + write);
  CHECK(of_call("hist(v(*), 20, -1, 1)") ==
        "'hist(v(*),20,-1,1)' is 20 values, and one is meant here; name one bin: hist(v(*),20,-1,1,1)");
  CHECK(of_call("hist(v(*), 20, -1, 1, 20)") == "none");
}
