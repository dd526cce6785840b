// The equations of controlled sources, sensed currents, taps, couplings, lines and switches.

#include <numbers>

#include "equations/linear/linearisation.hpp"
#include "equations/readout.hpp"
#include "support/approx.hpp"
#include "support/behaviour.hpp"
#include "support/phasor_matrix_check.hpp"
#include "support/random.hpp"

using namespace memspice;
using testing::CircuitEditor;

namespace {

using std::numbers::pi;

/// Everything at once: sources that read every kind of quantity. Next to a line no source's voltage is a
/// known offset of potentials; without one most are.
Circuit zoo(bool with_line = true) {
  CircuitEditor zoo(
      "V1 a 0 SIN(0 1 1k)\nR1 a b 1k\nC1 b 0 1u\nL1 b c 1m\nR2 c 0 50\nL2 d 0 2m\nR3 d 0 70\nL3 e 0 3m\nR4 e "
      "0 90\n"
      "V2 q b 0.4\nR14 q 0 1k\nR5 f 0 1k\nR6 g 0 1k\nR7 h 0 1k\nR8 k1 0 50\nR9 k2 0 75\nR10 b z 0\nR11 z 0 "
      "1k\nI1 0 c 1m\n"
      ".model m memristor(ron=100 roff=1k beta=0.01)\nY1 b e m w0=0.4\nR12 s 0 1k\nR13 t 0 1k\n.tran 1u "
      "1m\n");
  using Operation = Program::Operation;
  zoo.couple("k1", "l2", "l3", 0.7);
  if (with_line) zoo.line("t1", {"k1", "0", "k2", "0"}, 60, 1e-4);
  zoo.source("e1", "f", "0", true, zoo.linear(3, zoo.voltage("b", "c")));
  const std::vector<Probe> read = {zoo.of("i", "v1"),
                                   zoo.of("i", "r1"),
                                   zoo.of("i", "c1"),
                                   zoo.of("i", "l1"),
                                   zoo.of("i", "l2"),
                                   zoo.of("i", "e1"),
                                   zoo.of("i", "y1"),
                                   zoo.of("w", "y1"),
                                   zoo.of("r", "y1"),
                                   zoo.of("p", "r2"),
                                   with_line ? zoo.of("i", "t1") : zoo.voltage("q", "d"),
                                   zoo.of("i", "r10"),
                                   zoo.of("i", "i1"),
                                   zoo.of("i", "s1"),
                                   zoo.of("i", "b0"),
                                   zoo.of("p", "i1")};
  for (std::size_t k = 0; k < read.size(); ++k) {
    const std::uint32_t number = zoo.program([&](Program& p) {
      const std::uint32_t x = p.apply(Operation::multiply, p.constant(1e-3), p.input(read[k]));
      return p.apply(Operation::add, x, p.apply(Operation::multiply, x, p.input(zoo.voltage("d", "q"))));
    });
    zoo.source("b" + std::to_string(k), k % 2 == 0 ? "g" : "h", "0", false, number);
  }
  const std::uint32_t slope = zoo.auxiliary(false, zoo.linear(1e-4, zoo.voltage("b")));
  const std::uint32_t area = zoo.auxiliary(true, zoo.linear(10, zoo.voltage("c")), 0.25);
  zoo.source("bd", "h", "0", false, zoo.linear(1e-3, {.kind = Probe::Kind::derivative, .auxiliary = slope}));
  zoo.source("bi", "s", "0", true, zoo.linear(2, {.kind = Probe::Kind::integral, .auxiliary = area}));
  zoo.switch_element({.on_resistance = 10, .off_resistance = 1e5, .threshold = 0.1, .where = {}}, "s1", "t",
                     "b", zoo.program([&](Program& p) { return p.input(zoo.voltage("a")); }));
  return std::move(zoo.circuit);
}

double largest(const std::vector<double>& values) {
  double size = 0;
  for (const double value : values) size = std::max(size, std::abs(value));
  return size;
}

}  // namespace

TEST_CASE("the condensed solve inverts the differences of the residual, auxiliary rows and taps included") {
  const Circuit circuit = zoo();
  testing::Random random(5);
  for (const auto mode : {EquationSystem::Mode::transient, EquationSystem::Mode::operating_point}) {
    EquationSystem system(circuit, mode);
    system.sources().resolve(1e-6, 1e-3);
    system.sources().enter_segment(0.3e-3);
    const std::size_t n = system.size();
    std::vector<double> y(n), slope(n), direction(n), plus(n), minus(n), difference(n);
    const double t = 0.3e-3;
    for (const double c : {mode == EquationSystem::Mode::transient ? 70.0 : 0.0, 2e3}) {
      for (std::size_t i = 1; i < n; ++i) {
        y[i] = random.uniform(0.1, 0.9);
        slope[i] = random.uniform(-1, 1);
        direction[i] = random.uniform(-1, 1);
      }
      y[0] = direction[0] = slope[0] = 0;
      if (mode == EquationSystem::Mode::operating_point) {
        for (const std::size_t i : system.unknowns().dynamic())
          if (system.unknowns().name_of(i).starts_with("w(")) direction[i] = 0;  // held
      }
      const double step = 1e-6;
      const auto residual_at = [&](double s, std::vector<double>& out) {
        std::vector<double> moved(n), moving(n);
        for (std::size_t i = 0; i < n; ++i) {
          moved[i] = y[i] + s * direction[i];
          moving[i] = slope[i] + s * c * direction[i];
        }
        REQUIRE(system.residual(t, moved.data(), moving.data(), system.points().kappa(c), out.data()));
      };
      residual_at(step, plus);
      residual_at(-step, minus);
      for (std::size_t i = 0; i < n; ++i) difference[i] = (plus[i] - minus[i]) / (2 * step);
      residual_at(0, plus);
      REQUIRE(system.linearise(t, y.data(), slope.data(), c));
      system.solve(difference.data(), 1);
      for (std::size_t i = 1; i < n; ++i) {
        CAPTURE(system.unknowns().name_of(i));
        CHECK(difference[i] == testing::approx(direction[i]).epsilon(1e-5));
      }
    }
  }
}

TEST_CASE("the linearised zoo: differences give its equations, its sources' part in them and its currents") {
  testing::Random random(6);
  for (const bool with_line : {true, false}) {
    for (const auto mode : {EquationSystem::Mode::transient, EquationSystem::Mode::operating_point}) {
      Circuit circuit = zoo(with_line);
      EquationSystem system(circuit, mode);
      const bool transient = mode == EquationSystem::Mode::transient;
      CHECK_FALSE(system.unknowns().forest().ties().empty());
      system.set_homotopy(true, 1, 0);
      const std::size_t n = system.size();
      std::vector<double> y(n), slope(n), direction(n);
      for (std::size_t i = 1; i < n; ++i) {
        y[i] = random.uniform(0.1, 0.9);
        slope[i] = random.uniform(-1, 1);
        direction[i] = random.uniform(-1, 1);
        if (!transient && system.unknowns().name_of(i).starts_with("w(")) direction[i] = 0;  // held
      }
      const double c = transient ? 70 : 0;
      std::vector<double> before(n), after(n);
      system.residual(0, y.data(), slope.data(), 1e30, before.data());
      const Linearisation linear(system, 0, y.data(), slope.data());
      SourceChanges<double> sources = linear.no_changes();
      for (double& change : sources.voltage) change = random.uniform(-1, 1);
      for (double& change : sources.current) change = random.uniform(-1, 1);

      std::vector<double> expected(n), found(n);
      linear.right_side<double>(sources, found);
      for (double& b : found) b = -b;
      for (const MatrixEntry& entry : linear.entries())
        found[entry.row] += (entry.g + c * entry.c) * direction[entry.column];
      BranchChanges<double> changes;
      linear.recover<double>(direction, sources, c, changes);

      constexpr double step = 1e-6;
      BranchValues left, right;
      const auto move = [&](double s, std::vector<double>& out, BranchValues& values) {
        std::vector<double> moved(n), moving(n);
        for (std::size_t i = 0; i < n; ++i) {
          moved[i] = y[i] + s * direction[i];
          moving[i] = slope[i] + s * c * direction[i];
        }
        const auto set = [&](double sign) {
          for (std::size_t i = 0; i < sources.voltage.size(); ++i)
            circuit.voltage_sources[i].dc += sign * s * sources.voltage[i];
          for (std::size_t i = 0; i < sources.current.size(); ++i)
            circuit.current_sources[i].dc += sign * s * sources.current[i];
          system.sources().enter_segment(0);
        };
        set(1);
        system.residual(0, moved.data(), moving.data(), 1e30, out.data());
        read_branches(system, 0, moved.data(), moving.data(), values);
        set(-1);
      };
      move(-step, before, left);
      move(step, after, right);
      for (std::size_t i = 1; i < n; ++i) {
        CAPTURE(system.unknowns().name_of(i));
        CHECK(found[i] == testing::approx((after[i] - before[i]) / (2 * step)).epsilon(1e-5).scale(1e-3));
      }
      const auto check = [&](const char* what, const std::vector<double>& change,
                             const std::vector<double>& a, const std::vector<double>& b) {
        CAPTURE(what);
        REQUIRE(change.size() == a.size());
        for (std::size_t i = 0; i < change.size(); ++i) {
          CAPTURE(i);
          CHECK(change[i] == testing::approx((b[i] - a[i]) / (2 * step)).epsilon(1e-5).scale(1e-3));
        }
      };
      check("source", changes.source_current, left.source_current, right.source_current);
      check("behavioural", changes.behavioural_current, left.behavioural_current, right.behavioural_current);
      check("switch", changes.switch_current, left.switch_current, right.switch_current);
      check("line", changes.line_current, left.line_current, right.line_current);
      for (std::size_t g = 0; g < circuit.groups.size(); ++g)
        check(circuit.groups[g].type->name.data(), changes.current[g], left.current[g], right.current[g]);
    }
  }
}

TEST_CASE("phasors of the zoo: the condensed matrix and its transpose, taps and lines included") {
  testing::Random random(8);
  for (const bool with_line : {true, false}) {
    const Circuit circuit = zoo(with_line);
    EquationSystem system(circuit, EquationSystem::Mode::transient);
    std::vector<double> y(system.size()), slope(system.size()), r(system.size());
    for (std::size_t i = 1; i < y.size(); ++i) y[i] = random.uniform(0.1, 0.9);
    system.residual(0, y.data(), slope.data(), 1e30, r.data());
    testing::check_phasor_matrix(Linearisation(system, 0, y.data(), slope.data()), {1, 1e3, 1e5, 30}, random);
  }
}

TEST_CASE("the gradient by sources is the transpose of their part in the equations") {
  testing::Random random(7);
  for (const bool with_line : {true, false}) {
    const Circuit circuit = zoo(with_line);
    EquationSystem system(circuit, EquationSystem::Mode::transient);
    std::vector<double> y(system.size(), 0.3), slope(system.size(), 0.1), r(system.size());
    system.residual(0, y.data(), slope.data(), 1e30, r.data());
    const Linearisation linear(system, 0, y.data(), slope.data());
    std::vector<double> lambda(system.size());
    for (double& value : lambda) value = random.uniform(-1, 1);
    lambda[0] = 0;
    const SourceChanges<double> gradient = linear.source_gradient<double>(lambda);
    const auto check = [&](double found, const SourceChanges<double>& unit) {
      std::vector<double> b(system.size());
      linear.right_side<double>(unit, b);
      double expected = 0;
      for (std::size_t i = 0; i < b.size(); ++i) expected += lambda[i] * b[i];
      CHECK(found == testing::approx(expected).epsilon(1e-12));
    };
    for (std::size_t i = 0; i < gradient.voltage.size(); ++i) {
      SourceChanges<double> unit = linear.no_changes();
      unit.voltage[i] = 1;
      check(gradient.voltage[i], unit);
    }
    SourceChanges<double> unit = linear.no_changes();
    unit.current[0] = 1;
    check(gradient.current[0], unit);
  }
}

TEST_CASE("currents add up to zero at every node of a circuit with every kind of element") {
  const Circuit circuit = zoo();
  EquationSystem system(circuit, EquationSystem::Mode::transient);
  MemorySink sink;
  const RunReport report = run(circuit, sink);
  REQUIRE_MESSAGE(report.analyses.front().outcome == Outcome::complete, report.analyses.front().message);
  CHECK(sink.plots().front().rows() > 100);
}

TEST_CASE("a voltage-controlled voltage source amplifies, and its own current can be read") {
  CircuitEditor deck("V1 in 0 2\nR1 in 0 1k\nR2 out 0 100\nR3 copy 0 1\n.op\n");
  deck.source("e1", "out", "0", true, deck.linear(5, deck.voltage("in")));
  deck.source("f1", "0", "copy", false, deck.linear(1, deck.of("i", "e1")));
  const testing::DeckRun result = testing::run_circuit(deck.circuit);
  CHECK(result["v(out)"][0] == testing::approx(10));
  CHECK(result["v(copy)"][0] == testing::approx(-0.1));
}

TEST_CASE("a current source controlled by its own voltage is a resistor") {
  CircuitEditor deck("V1 in 0 1\nR1 in out 1k\n.op\n");
  deck.source("g1", "out", "0", false, deck.linear(1e-3, deck.voltage("out")));
  CHECK(testing::run_circuit(deck.circuit)["v(out)"][0] == testing::approx(0.5));
}

TEST_CASE("the current of a source, a resistor, a capacitor, an inductor and a memristor can be read") {
  CircuitEditor deck(
      "V1 a 0 SIN(0 1 1k)\nR1 a b 1k\nC1 b 0 1u\nL1 a d 10m\nR2 d 0 10\nY1 a 0 m\n.model m "
      "memristor(beta=1m)\n"
      "Ro o1 0 1\nRp o2 0 1\nRq o3 0 1\nRs o4 0 1\nRt o5 0 1\nRu o6 0 1\n.options reltol=1e-7\n.tran 10u 2m\n"
      ".save all i(r1) i(c1) i(y1) r(y1)\n");
  const char* read[] = {"v1", "r1", "c1", "l1", "y1"};
  for (int k = 0; k < 5; ++k)
    deck.source("b" + std::to_string(k), "0", "o" + std::to_string(k + 1), false,
                deck.linear(1, deck.of("i", read[k])));
  deck.source("b5", "0", "o6", false, deck.linear(1, deck.of("r", "y1")));
  const testing::DeckRun result = testing::run_circuit(deck.circuit);
  const auto same = [&](const std::string& copy, const std::string& original) {
    CAPTURE(original);
    const std::vector<double>&a = result[copy], &b = result[original];
    std::vector<double> difference(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) difference[i] = a[i] - b[i];
    CHECK(largest(difference) <= 1e-9 * largest(b));
  };
  for (int k = 0; k < 5; ++k) same("v(o" + std::to_string(k + 1) + ")", std::string("i(") + read[k] + ")");
  same("v(o6)", "r(y1)");
}

TEST_CASE("ddt and idt of a sine are a cosine and its integral") {
  CircuitEditor deck(
      "V1 a 0 SIN(0 1 1k)\nR1 a 0 1k\nR2 d 0 1k\nR3 s 0 1k\n.options reltol=1e-7\n.tran 2u 3m\n");
  const std::uint32_t slope = deck.auxiliary(false, deck.linear(1e-4, deck.voltage("a")));
  const std::uint32_t area = deck.auxiliary(true, deck.linear(1e4, deck.voltage("a")), 0.5);
  deck.source("b1", "d", "0", true, deck.linear(1, {.kind = Probe::Kind::derivative, .auxiliary = slope}));
  deck.source("b2", "s", "0", true, deck.linear(1, {.kind = Probe::Kind::integral, .auxiliary = area}));
  const testing::DeckRun result = testing::run_circuit(deck.circuit);
  const double w = 2e3 * pi;
  CHECK(testing::relative_error(result, "v(d)", [&](double t) { return 1e-4 * w * std::cos(w * t); }) < 2e-5);
  CHECK(testing::relative_error(result, "v(s)",
                                [&](double t) { return 0.5 + 1e4 * (1 - std::cos(w * t)) / w; }) < 1e-6);
}

TEST_CASE("two coupled inductors are a transformer with its two natural time constants") {
  // Equal inductors, equal resistors: the sum and the difference of the currents decay with (1 ± k) L/R.
  CircuitEditor deck(
      "L1 a 0 1m ic=1\nR1 a 0 10\nL2 b 0 1m ic=0\nR2 b 0 10\n.options reltol=1e-7\n.tran 1u 0.5m uic\n");
  deck.couple("k1", "l1", "l2", 0.8);
  const testing::DeckRun result = testing::run_circuit(deck.circuit);
  const auto decay = [](double t, double k) { return std::exp(-t / ((1 + k) * 1e-4)); };
  CHECK(testing::relative_error(result, "i(l1)",
                                [&](double t) { return 0.5 * (decay(t, 0.8) + decay(t, -0.8)); }) < 1e-6);
  CHECK(testing::relative_error(result, "i(l2)",
                                [&](double t) { return 0.5 * (decay(t, 0.8) - decay(t, -0.8)); }) < 1e-6);
}

TEST_CASE("a mismatched line reflects: the staircase of its reflection coefficients") {
  CircuitEditor deck("V1 in 0 PULSE(0 1 0 1p 1p 1 2)\nR1 in a 150\nR2 b 0 25\n.tran 10p 9n\n");
  deck.line("t1", {"a", "0", "b", "0"}, 50, 1e-9);
  const testing::DeckRun result = testing::run_circuit(deck.circuit);
  // Γ_source = 1/2, Γ_load = -1/3; first wave 50/200.
  const auto load = [](double t) {
    double sum = 0, wave = 0.25;
    for (double arrival = 1e-9; arrival < t; arrival += 2e-9, wave *= -1.0 / 6) sum += wave * 2 / 3;
    return sum;
  };
  const std::vector<double>&time = result.time(), &v = result["v(b)"];
  for (std::size_t i = 0; i < time.size(); ++i) {
    const double phase = std::fmod(time[i], 1e-9);
    if (phase < 5e-12 || phase > 0.999e-9) continue;  // within a ramp
    CAPTURE(time[i]);
    CHECK(std::abs(v[i] - load(time[i])) < 1e-6);
  }
}

TEST_CASE("a sine through a matched line comes out one delay later") {
  CircuitEditor deck("V1 in 0 SIN(0 1 1g)\nR1 in a 50\nR2 b 0 50\n.options reltol=1e-6\n.tran 10p 5n\n");
  deck.line("t1", {"a", "0", "b", "0"}, 50, 0.7e-9);
  const testing::DeckRun result = testing::run_circuit(deck.circuit);
  CHECK(testing::relative_error(result, "v(b)", [](double t) {
          return t < 0.7e-9 ? 0 : 0.5 * std::sin(2e9 * pi * (t - 0.7e-9));
        }) < 1e-5);
}

TEST_CASE("a line charged by its initial conditions empties into matched loads after one delay") {
  CircuitEditor deck("R1 a 0 50\nR2 b 0 50\n.options reltol=1e-6\n.tran 10p 3n uic\n");
  deck.line("t1", {"a", "0", "b", "0"}, 50, 1e-9);
  deck.circuit.lines.front().initial = {1, 0, 1, 0};
  const testing::DeckRun result = testing::run_circuit(deck.circuit);
  const std::vector<double>&time = result.time(), &v = result["v(a)"];
  REQUIRE(time.back() == 3e-9);
  for (std::size_t i = 0; i < time.size(); ++i) {
    if (std::abs(time[i] - 1e-9) < 5e-12) continue;
    CAPTURE(time[i]);
    CHECK(std::abs(v[i] - (time[i] < 1e-9 ? 0.5 : 0)) < 1e-9);
  }
}

TEST_CASE("a switch with hysteresis makes a relaxation oscillator with the period of its thresholds") {
  // C charges through R1 towards 1 V; at 0.7 V the switch closes and discharges it, at 0.3 V it opens again.
  CircuitEditor deck("V1 in 0 1\nR1 in c 1k\nC1 c 0 1u\n.options reltol=1e-6\n.tran 10u 10m uic\n");
  deck.switch_element(
      {.on_resistance = 10, .off_resistance = 1e9, .threshold = 0.5, .hysteresis = 0.2, .where = {}}, "s1",
      "c", "0", deck.program([&](Program& p) { return p.input(deck.voltage("c")); }));
  const testing::DeckRun result = testing::run_circuit(deck.circuit);
  const std::vector<double>&time = result.time(), &v = result["v(c)"];
  std::vector<double> peaks;
  for (std::size_t i = 1; i + 1 < v.size(); ++i)
    if (v[i] > v[i - 1] && v[i] > v[i + 1]) peaks.push_back(time[i]);
  REQUIRE(peaks.size() >= 3);
  const double rise = 1e-3 * std::log(0.7 / 0.3);
  const double target = 10.0 / 1010, tau = 1e-6 / (1e-3 + 0.1);
  const double fall = tau * std::log((0.7 - target) / (0.3 - target));
  CHECK(peaks[1] - peaks[0] == testing::approx(rise + fall).epsilon(1e-5));
  CHECK(*std::ranges::max_element(v) == testing::approx(0.7).epsilon(1e-6));
}

TEST_CASE("a source that jumps where a voltage passes a level jumps at that moment") {
  CircuitEditor deck("V1 a 0 SIN(0 1 1k)\nR1 a 0 1k\nR2 out 0 1k\n.tran 10u 2m\n");
  deck.source("b1", "out", "0", true, deck.program([&](Program& p) {
    const std::uint32_t above =
        p.apply(Program::Operation::subtract, p.input(deck.voltage("a")), p.constant(0.5));
    return p.apply(Program::Operation::step, above);
  }));
  const testing::DeckRun result = testing::run_circuit(deck.circuit);
  const std::vector<double>&time = result.time(), &v = result["v(out)"];
  std::vector<double> jumps;
  for (std::size_t i = 1; i < v.size(); ++i)
    if (v[i] != v[i - 1]) jumps.push_back(time[i - 1]);
  REQUIRE(jumps.size() == 4);
  for (std::size_t k = 0; k < 4; ++k) {
    const double expected = (k < 2 ? 0.0 : 1e-3) + (k % 2 == 0 ? 1.0 / 12 : 5.0 / 12) * 1e-3;
    CHECK(jumps[k] == testing::approx(expected).epsilon(1e-5));
  }
}
