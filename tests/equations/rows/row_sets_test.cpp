// Every kind of row set by itself: what its unknowns are, and its derivatives against differences of its
// residual. (Those of taps come of populations: auxiliary_rows_test.cpp.)

#include <algorithm>

#include "equations/rows/auxiliary_rows.hpp"
#include "support/behaviour.hpp"
#include "support/random.hpp"

using namespace memspice;
using testing::CircuitEditor;

namespace {

/// The auxiliary rows of a circuit whose sources join no potentials, at a random point.
struct RowsAtPoint {
  explicit RowsAtPoint(const Circuit& circuit, bool at_rest = false, bool keep_cut_sets = false)
      : rows(circuit, at_rest, keep_cut_sets), forest(circuit, {}) {
    rows.attach(forest, forest.rows());
    for (std::vector<double>* values : {&y, &slope})
      for (std::size_t i = 0; i < size(); ++i) values->push_back(i == 0 ? 0 : random.uniform(0.1, 0.9));
    for (std::size_t i = 0; i < circuit.node_names.size(); ++i) offset.push_back(random.uniform(-1, 1));
    for (std::size_t i = 0; i < circuit.voltage_sources.size(); ++i) voltage.push_back(random.uniform(-1, 1));
    for (std::size_t i = 0; i < circuit.current_sources.size(); ++i) current.push_back(random.uniform(-1, 1));
  }

  [[nodiscard]] std::size_t size() const { return forest.rows() + rows.count(); }
  [[nodiscard]] AuxiliaryPoint point(bool hold) const {
    return {.t = 1e-5,
            .y = y.data(),
            .derivative = slope.data(),
            .hold = hold,
            .offset = offset,
            .source_voltage = voltage,
            .source_current = current,
            .factor = 0.7};
  }
  [[nodiscard]] std::vector<double> residual(bool hold) {
    std::vector<double> r(size(), 0.0);
    rows.residual(point(hold), r.data());
    return r;
  }
  /// ∂F by one of the numbers that a point refers to.
  [[nodiscard]] std::vector<double> difference(double& variable, bool hold) {
    constexpr double step = 1e-5;
    const double original = variable;
    variable = original + step;
    std::vector<double> right = residual(hold);
    variable = original - step;
    const std::vector<double> left = residual(hold);
    variable = original;
    for (std::size_t i = 0; i < right.size(); ++i) right[i] = (right[i] - left[i]) / (2 * step);
    return right;
  }
  void check_derivatives(bool hold = false) {
    CAPTURE(hold);
    EntryLists lists;
    EntrySink collect(lists);
    rows.entries(point(hold), collect);
    const auto compare = [&](const char* what, std::size_t by, const std::vector<double>& expected,
                             const std::vector<double>& found) {
      for (std::size_t i = 1; i < expected.size(); ++i) {
        if (std::abs(expected[i] - found[i]) <= 1e-7 * (1 + std::abs(expected[i]))) continue;
        FAIL_CHECK("row " << i << " by " << what << ' ' << by << ": " << found[i] << ", not " << expected[i]);
      }
    };
    const auto sum = [&](const auto& entries, auto&& value) {
      std::vector<double> column(size(), 0.0);
      for (const auto& entry : entries) column[entry.row] += value(entry);
      return column;
    };
    for (std::size_t j = 1; j < size(); ++j) {
      compare("unknown", j, difference(y[j], hold),
              sum(lists.entries, [&](const MatrixEntry& entry) { return entry.column == j ? entry.g : 0; }));
      compare("derivative", j, difference(slope[j], hold),
              sum(lists.entries, [&](const MatrixEntry& entry) { return entry.column == j ? entry.c : 0; }));
    }
    for (std::size_t j = 0; j < offset.size(); ++j)
      compare("node", j, difference(offset[j], hold),
              sum(lists.nodes, [&](const auto& entry) { return entry.node == j ? entry.g : 0; }));
    for (const bool of_voltage : {true, false}) {
      std::vector<double>& values = of_voltage ? voltage : current;
      for (std::size_t j = 0; j < values.size(); ++j)
        compare("source", j, difference(values[j], hold), sum(lists.sources, [&](const auto& entry) {
                  return entry.voltage == of_voltage && entry.index == j ? entry.g : 0;
                }));
    }
    check_pattern(lists, hold);
    check_loads(hold);
  }
  /// A matrix whose slots were found at one point fits all others, those at rest too.
  void check_pattern(const EntryLists& lists, bool hold) {
    EntryLists other;
    EntrySink collect(other);
    rows.entries(point(!hold), collect);
    REQUIRE(other.entries.size() == lists.entries.size());
    for (std::size_t i = 0; i < lists.entries.size(); ++i) {
      CHECK(other.entries[i].row == lists.entries[i].row);
      CHECK(other.entries[i].column == lists.entries[i].column);
    }
  }
  void check_loads(bool hold) {
    EntryLists lists;
    EntrySink collect(lists);
    rows.load_entries(point(hold), collect);
    for (std::size_t j = 1; j < size(); ++j) {
      const double original = y[j];
      y[j] = original + 1e-5;
      const std::span<const double> now = rows.load_currents(point(hold));
      std::vector<double> change(now.begin(), now.end());
      y[j] = original - 1e-5;
      const std::span<const double> before = rows.load_currents(point(hold));
      for (std::size_t k = 0; k < change.size(); ++k) change[k] = (change[k] - before[k]) / 2e-5;
      y[j] = original;
      for (const MatrixEntry& entry : lists.entries)
        if (entry.column == j) change[entry.row] -= entry.g;
      for (const double left : change) CHECK(std::abs(left) < 1e-7);
    }
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (std::size_t k = 0; k < rows.count(); ++k) all.push_back(rows.name(k));
    return all;
  }

  testing::Random random{17};
  AuxiliaryRows rows;
  PotentialForest forest;
  std::vector<double> y, slope, offset, voltage, current;
};

using Names = std::vector<std::string>;

/// a sin(b)
std::uint32_t product(CircuitEditor& deck, const Probe& a, const Probe& b) {
  return deck.program([&](Program& p) {
    const std::uint32_t first = p.input(a);
    return p.apply(Program::Operation::multiply, first, p.apply(Program::Operation::sine, p.input(b)));
  });
}

}  // namespace

TEST_CASE("coupled inductors: three of them, one in two couplings") {
  CircuitEditor deck("L1 a 0 1\nL2 b c 2\nL3 c 0 3\nR1 a 0 1\nR2 b 0 1\nR3 c 0 1\n.tran 1u 1m\n");
  deck.couple("k1", "l1", "l2", 0.5);
  deck.couple("k2", "l3", "l2", -0.3);
  RowsAtPoint at(deck.circuit);
  CHECK(at.names() == Names{"i(l1)", "i(l2)", "i(l3)"});
  CHECK(at.rows.keeps_only_inductors());
  CHECK(at.rows.unknown(1).dynamic);
  CHECK(at.rows.sets().inductors.inductors()[1].inductance == 2);
  for (const bool hold : {false, true}) at.check_derivatives(hold);
  CHECK(RowsAtPoint(deck.circuit, true).rows.empty());
}

TEST_CASE("coupled inductors: those of a cut set keep their currents while time goes on") {
  CircuitEditor deck("V1 a 0 1\nL1 a b 1\nL2 b c 2\nR1 c 0 1\n.tran 1u 1m\n");
  RowsAtPoint at(deck.circuit, false, true);
  CHECK(at.names() == Names{"i(l1)", "i(l2)"});
  at.check_derivatives();
  CHECK(RowsAtPoint(deck.circuit).rows.empty());
}

TEST_CASE("tiny resistors: one by itself, and a loop of them whose drops add up to zero") {
  CircuitEditor deck(
      "V1 a 0 1\nR1 a b 1u\nR2 b c 1e-12\nR3 c d 2e-12\nR4 b d 3e-12\nR5 d 0 1k\n.tran 1u 1m\n");
  RowsAtPoint at(deck.circuit);
  Names names = at.names();
  std::ranges::sort(names);
  CHECK(names == Names{"i(r1)", "i(r2)", "i(r3)", "i(r4)"});
  CHECK(at.rows.replaces(0, 0));
  CHECK_FALSE(at.rows.replaces(0, 4));
  CHECK(at.rows.sets().resistors.resistors()[1].equations.size() == 2);
  CHECK(at.rows.sets().resistors.resistors()[3].equations.size() == 1);
  at.check_derivatives();
}

TEST_CASE("controlled sources: of voltages, of currents, and of currents that others read") {
  CircuitEditor deck("V1 a 0 1\nR1 a b 1\nR2 b 0 1\nR3 c 0 1\nI1 a c 1\n.tran 1u 1m\n");
  deck.source("e1", "b", "0", true, product(deck, deck.voltage("a", "c"), deck.voltage("b")));
  deck.source("g1", "a", "c", false, product(deck, deck.of("i", "e1"), deck.of("i", "i1")));
  deck.source("g2", "c", "0", false, product(deck, deck.of("i", "g1"), deck.voltage("a")));
  RowsAtPoint at(deck.circuit);
  CHECK(at.names() == Names{"i(e1)", "i(g1)"});
  CHECK(at.rows.sets().numbers.loads.size() == 1);
  at.check_derivatives();
}

TEST_CASE("switches: closed and open, read and unread") {
  CircuitEditor deck("V1 a 0 1\nR1 a b 1\nR2 b 0 1\nR3 c 0 1\n.tran 1u 1m\n");
  const std::uint32_t control = deck.program([&](Program& p) { return p.input(deck.voltage("a")); });
  const Switch closed{.on_resistance = 0.1, .initially_on = true, .where = {}};
  deck.switch_element(closed, "s1", "a", "c", control);
  deck.switch_element({.off_resistance = 20, .where = {}}, "s2", "b", "0", control);
  deck.switch_element(closed, "s3", "b", "c", control);
  deck.source("g1", "c", "0", false, deck.linear(2, deck.of("i", "s1")));
  RowsAtPoint at(deck.circuit);
  CHECK(at.names() == Names{"i(s1)"});
  CHECK(at.rows.sets().numbers.loads.size() == 3);
  CHECK(at.rows.modes().has_events());
  at.check_derivatives();
}

TEST_CASE("lossless lines: lumped, following their delay, held and at rest") {
  CircuitEditor deck("R1 a 0 1\nR2 b 0 1\nR3 c 0 1\n.tran 1u 1m\n");
  deck.line("t1", {"a", "0", "b", "c"}, 2, 1e-3);
  deck.line("t2", {"c", "0", "b", "0"}, 3, 2e-3);
  RowsAtPoint at(deck.circuit);
  CHECK(at.rows.count() == 2 * LosslessLine::unknowns);
  CHECK(at.rows.name(0) == "i(t1)");
  CHECK(at.rows.name(LosslessLine::unknowns + 2) == "a wave on t2");
  for (RowSet* set : at.rows.sets().all) set->begin(at.point(false), false, at.y.data());
  for (const bool hold : {false, true}) at.check_derivatives(hold);
  for (LosslessLine& line : at.rows.sets().lines.lines()) line.follow_delay();
  for (const bool hold : {false, true}) at.check_derivatives(hold);
  RowsAtPoint rest(deck.circuit, true);
  rest.rows.sets().lines.set_idle(1);
  rest.check_derivatives(true);
}

TEST_CASE("integrals: the argument of a ddt() is tested by its own tolerance, an idt() begins where told") {
  CircuitEditor deck("V1 a 0 1\nR1 a b 1\nR2 b 0 1\n.tran 1u 1m\n");
  const std::uint32_t slope = deck.auxiliary(false, product(deck, deck.voltage("a"), deck.voltage("b")));
  const std::uint32_t area = deck.auxiliary(true, product(deck, deck.voltage("b"), deck.voltage("a")), 0.25);
  const Probe by_time{.kind = Probe::Kind::derivative, .auxiliary = slope};
  deck.source("g1", "a", "0", false,
              product(deck, by_time, {.kind = Probe::Kind::integral, .auxiliary = area}));
  RowsAtPoint at(deck.circuit);
  CHECK(at.names() == Names{"the argument of a ddt()", "an idt()"});
  CHECK(at.rows.unknown(0).tolerance.has_value());
  CHECK_FALSE(at.rows.unknown(1).tolerance.has_value());
  at.rows.initialise(at.y.data());
  CHECK(at.y.back() == 0.25);
  for (const bool hold : {false, true}) at.check_derivatives(hold);
}

TEST_CASE("kept sources, short circuits and powers: what expressions read of them") {
  CircuitEditor deck("V1 a 0 1\nR1 a b 0\nR2 b 0 1\nI1 b 0 1\nL1 b 0 1\n.tran 1u 1m\n");
  deck.source("g1", "b", "0", false, product(deck, deck.of("i", "v1"), deck.of("p", "r1")));
  deck.source("g2", "b", "0", false, product(deck, deck.of("p", "v1"), deck.of("p", "i1")));
  deck.source("g3", "b", "0", false, product(deck, deck.of("i", "r1"), deck.of("i", "v1")));
  RowsAtPoint at(deck.circuit);
  CHECK(at.names() == Names{"i(v1)", "i(r1)", "p(r1)", "p(v1)", "p(i1)"});
  at.check_derivatives();
  at.rows.sets().short_circuits.set_idle(0, 0);
  at.check_derivatives();
  deck.source("g4", "b", "0", false, deck.linear(1, deck.of("i", "l1")));
  RowsAtPoint rest(deck.circuit, true);  // where the inductor is a short circuit
  CHECK(rest.names().back() == "i(l1)");
  rest.check_derivatives(true);
}

TEST_CASE("taps: one a quantity, whoever reads it") {
  CircuitEditor deck("V1 a 0 1\n.model m memristor(ron=100 roff=1k)\nY1 a b m\nR1 b 0 1\n.tran 1u 1m\n");
  deck.source("g1", "b", "0", false, product(deck, deck.of("w", "y1"), deck.of("i", "y1")));
  deck.source("g2", "b", "0", false, product(deck, deck.of("r", "y1"), deck.of("w", "y1")));
  const AuxiliaryRows rows(deck.circuit, false, false);
  CHECK(rows.count() == 3);
  CHECK(rows.sets().taps.rows().size() == 3);
  CHECK(rows.name(0) == "a quantity of y1");
  deck.source("g3", "b", "0", false, deck.linear(1, deck.of("charm", "y1")));
  CHECK_THROWS_WITH_AS(AuxiliaryRows(deck.circuit, false, false),
                       "an expression reads charm(y1), which it cannot", SimulationError);
}

TEST_CASE("unknowns go over to another system of the circuit by what they are, not by their number") {
  CircuitEditor deck("V1 a 0 1\nL1 a b 1\nL2 b 0 1\nR1 b 0 1\n.tran 1u 1m\n");
  deck.couple("k1", "l1", "l2", 0.5);
  deck.source("g1", "b", "0", false, product(deck, deck.of("i", "v1"), deck.voltage("a")));
  const RowsAtPoint rest(deck.circuit, true);
  RowsAtPoint run(deck.circuit);
  REQUIRE(rest.names() == Names{"i(v1)"});
  REQUIRE(run.names() == Names{"i(l1)", "i(l2)", "i(v1)"});
  const double before = run.y[run.forest.rows()];
  rest.rows.transfer(rest.y.data(), run.rows, run.y.data());
  CHECK(run.y.back() == rest.y.back());
  CHECK(run.y[run.forest.rows()] == before);
}
