// The network integrator in whole runs: beside IDA at tight tolerances, what it says, and where it hands
// over. Random circuits against oracles: the families memristor_flow and network_flow of memspice_truth.
#include <fmt/format.h>

#include <random>

#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::run_deck;

namespace {

/// A grid of memristors of three kinds with resistors, a current source, a bare voltage source and every kind
/// of drive, some of which meets bounds.
std::string mixed_grid(std::uint32_t side, const std::string& rest) {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> unit(0, 1);
  std::string deck =
      ".model a memristor(ron=100 roff=1600 alpha=0.1 beta=1)\n"
      ".model b memristor(ron=300 roff=2000 alpha=-0.3 beta=0.4 polarity=-1)\n"
      ".model c memristor(ron=200 roff=900 beta=0.5 control=voltage)\n";
  const auto node = [&](std::uint32_t i, std::uint32_t j) {
    return i + j == 0 ? std::string("0") : fmt::format("n{}_{}", i, j);
  };
  std::uint32_t count = 0;
  const auto edge = [&](const std::string& from, const std::string& to) {
    const std::uint32_t k = count++;
    const double w = unit(random);
    const std::string model(1, "abc"[k % 3]);
    if (k % 5 == 4) {
      deck += fmt::format("R{} {} {} {:.3f}\n", k, from, to, 100 + 500 * w);
    } else if (k % 5 == 0) {
      deck += fmt::format("V{0} x{0} {1} SIN(0 {2:.3f} 1.5 {3:.3f})\nY{0} x{0} {4} {5} w0={6:.3f}\n", k, from,
                          4 * w - 2, 0.3 * unit(random), to, model, unit(random));
    } else {
      deck += fmt::format("Y{} {} {} {} w0={:.3f}\n", k, from, to, model, w);
    }
  };
  for (std::uint32_t i = 0; i < side; ++i)
    for (std::uint32_t j = 0; j < side; ++j) {
      if (i + 1 < side) edge(node(i, j), node(i + 1, j));
      if (j + 1 < side) edge(node(i, j), node(i, j + 1));
    }
  deck += fmt::format("I1 0 {} PULSE(0 0.03 0.1 0.05 0.02 0.3 0.7)\n", node(side - 1, side - 1));
  deck += fmt::format("V9999 {} 0 EXP(0 3 0.2 0.1 0.9 0.3)\n", node(side - 1, 0));
  deck += fmt::format("I2 {} 0 PWL(0 0 0.5 0.02 0.6 -0.02 1.5 0)\n", node(0, side - 1));
  return deck + rest;
}

constexpr const char* run_cards = ".tran 0.05 2\n.save all\n";

/// What is said of a memristor and a resistor with these cards; "none": nothing.
std::string refusal_of(const std::string& cards) {
  try {
    run_deck("V1 a 0 1\nY1 a b m\nR1 b 0 1k\n.model m memristor\n.tran 1\n" + cards);
  } catch (const DeckError& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("the network integrator agrees with IDA on every waveform, both controls, resistors and sources") {
  const auto tight =
      run_deck(mixed_grid(8, std::string(run_cards) + ".options interp integrator=ida reltol=1e-7\n"));
  for (const double reltol : {1e-3, 1e-4, 1e-6}) {
    CAPTURE(reltol);
    const auto run = run_deck(mixed_grid(
        8, std::string(run_cards) + fmt::format(".options interp integrator=network reltol={}\n", reltol)));
    CHECK(run.analysis().statistics.integrator == "network");
    REQUIRE(run.rows() == tight.rows());
    const Plot& plot = run.plots.back();
    double worst = 0;
    for (std::size_t v = 1; v < plot.columns.size(); ++v) {
      const bool state = plot.vectors[v].name.front() == 'w';
      double range = 1;
      if (!state)
        for (const double x : plot.columns[v]) range = std::max(range, std::abs(x));
      for (std::size_t k = 0; k < run.rows(); ++k) {
        worst = std::max(worst, std::abs(plot.columns[v][k] - tight.plots.back().columns[v][k]) / range);
        if (state) CHECK_FALSE((plot.columns[v][k] < 0 || plot.columns[v][k] > 1));
      }
    }
    CHECK(worst < 5 * reltol);
  }
}

TEST_CASE("states alone are the same as states beside potentials, and rows need no factorisation") {
  const std::string options = ".options interp integrator=network\n.tran 0.01 2\n";
  const auto all = run_deck(mixed_grid(6, options + ".save all\n"));
  const auto states = run_deck(mixed_grid(6, options + ".save w(*)\n"));
  CHECK(states["w(y1)"] == all["w(y1)"]);
  CHECK(states["w(y13)"] == all["w(y13)"]);
  CHECK(states.analysis().statistics.factorisations < 100);
  CHECK(all.analysis().statistics.factorisations == states.analysis().statistics.factorisations);
}

TEST_CASE("closed form and conservation laws follow the network integrator through corners and bounds") {
  const char* network =
      "Y1 a b m w0=0.3\nY2 b 0 m w0=0.6\nY3 b c m w0=0.2\nY4 c 0 m w0=0.9\nR1 a c 300\n"
      ".model m memristor(ron=100 roff=1600 alpha=0.1 beta=1)\n.omega tol=1e-3\n.invariants\n";
  for (const char* source :
       {"SIN(0 2 1)", "PULSE(-1 2 0.1 0.01 0.02 0.3 0.7)", "PWL(0 0 0.5 1 0.5 -1 2 1)"}) {
    for (const char* rows : {".tran 0.01 2\n", ".tran 0.1 2\n", ".tran 0 2\n"}) {
      CAPTURE(source);
      CAPTURE(rows);
      const std::string deck = fmt::format("V1 a 0 {}\n{}{}", source, network, rows);
      const auto run = run_deck(deck + ".options integrator=network\n");
      const auto ida = run_deck(deck + ".options integrator=ida\n");
      const AnalysisReport& report = run.analysis();
      CHECK(report.statistics.integrator == "network");
      REQUIRE(report.omega);
      CHECK(report.omega->largest_deviation < 1e-4);
      CHECK(report.omega->reruns == 0);
      REQUIRE(report.invariants);
      const auto& laws = *report.invariants;
      const auto& right = *ida.analysis().invariants;
      CHECK(laws.flux.laws == right.flux.laws);
      CHECK(laws.flux.valid_until.has_value() == right.flux.valid_until.has_value());
      CHECK(laws.flux.largest_drift < 1e-4);
      CHECK(laws.kcl_memory.largest_drift < 1e-4);
      CHECK(laws.power.largest_drift < 1e-9);
    }
  }
}

TEST_CASE("the functionals follow the network integrator to a state at its bound") {
  const char* deck =
      "V1 a 0 2\nY1 a b m w0=0.3\nY2 b 0 m w0=0.6\nY3 b c m w0=0.2\nY4 c 0 m w0=0.9\nR1 a c 300\n"
      ".model m memristor(ron=100 roff=1600 alpha=0.1 beta=1e-2)\n.functional\n.tran 0.01 2\n"
      ".options interp integrator=";
  const auto run = run_deck(std::string(deck) + "network\n");
  const auto ida = run_deck(std::string(deck) + "ida\n");
  REQUIRE(run.analysis().functional);
  CHECK(run["w(y2)"].back() == ida["w(y2)"].back());
  for (std::size_t k = 0; k < run.rows(); ++k)
    CHECK(run["lyapunov"][k] == testing::approx(ida["lyapunov"][k]).epsilon(1e-3));
}

TEST_CASE("rows at a jump of a source have its value before it, as with IDA") {
  const std::string deck =
      "V1 a 0 PWL(0 0 0.5 1 0.5 -1 1 0)\nY1 a b m\nR1 b 0 1k\n.model m memristor\n.tran 0.25 1\n.save v(a) "
      "w(y1)\n"
      ".options interp integrator=";
  for (const char* integrator : {"network\n", "ida\n"}) {
    const auto run = run_deck(deck + integrator);
    REQUIRE(run.rows() == 5);
    CHECK(run["v(a)"][2] == testing::approx(1));
    CHECK(run["v(a)"][3] == testing::approx(-0.5));
  }
}

TEST_CASE("the first row is the initial states, bit by bit, and a simulation reads what no row asked for") {
  const Circuit circuit =
      testing::circuit_of(mixed_grid(6, ".tran 0.1 1\n.save w(*)\n.options integrator=network\n"));
  const auto run = testing::run_circuit(circuit);
  const Circuit ida =
      testing::circuit_of(mixed_grid(6, ".tran 0.1 1\n.save w(*)\n.options integrator=ida\n"));
  CHECK(run["w(y1)"][0] == testing::run_circuit(ida)["w(y1)"][0]);
  Simulation simulation(circuit), reference(ida);
  simulation.run_until(0.437);
  reference.run_until(0.437);
  CHECK(simulation["v(n2_3)"] == testing::approx(reference["v(n2_3)"]).epsilon(1e-3));
  CHECK(simulation["i(y1)"] == testing::approx(reference["i(y1)"]).epsilon(1e-3));
}

TEST_CASE("a simulation with the network integrator goes on from what it has saved, back and elsewhere") {
  const Circuit circuit = testing::circuit_of(
      mixed_grid(6, ".tran 0.01 1\n.save w(*)\n.options integrator=network reltol=1e-5\n"));
  Simulation simulation(circuit), elsewhere(circuit);
  simulation.run_until(0.437);
  const SimulationState state = simulation.state();
  simulation.run_until(1);
  elsewhere.restore(state);
  CHECK(elsewhere.time() == 0.437);
  CHECK(elsewhere["w(y3)"] != simulation["w(y3)"]);
  elsewhere.run_until(1);
  const double last = simulation["w(y3)"];
  CHECK(elsewhere["w(y3)"] == testing::approx(last).epsilon(1e-5));
  CHECK(elsewhere["v(n2_3)"] == testing::approx(simulation["v(n2_3)"]).epsilon(1e-4));
  simulation.restore(state);
  simulation.run_until(1);
  CHECK(simulation["w(y3)"] == elsewhere["w(y3)"]);
}

TEST_CASE("auto takes the network integrator for large networks only, ida and small ones do not") {
  const auto integrator = [](std::uint32_t side, const std::string& options) {
    return run_deck(mixed_grid(side, ".tran 0.1 0.2\n.save w(y1)\n" + options))
        .analysis()
        .statistics.integrator;
  };
  CHECK(integrator(8, "") == "ida");
  CHECK(integrator(30, "") == "network");
  CHECK(integrator(30, ".options integrator=ida\n") == "ida");
  CHECK(integrator(30, "Y7777 n1_1 0 a roff=1e6\n") == "ida");
  CHECK(integrator(30, "C1 n1_1 0 1n\n") == "ida");
}

TEST_CASE("a circuit that the network integrator does not cover is an error that names the element") {
  const auto message = [](const std::string& element) {
    return refusal_of(element + ".options integrator=network\n");
  };
  CHECK(message("").find("none") == 0);
  CHECK(message("C1 b 0 1u\n").find("the network integrator does not cover 'c1', a capacitor") !=
        std::string::npos);
  CHECK(message("B1 b 0 I=v(a)\n").find("'b1', a behavioural source") != std::string::npos);
  CHECK(message("Y2 b 0 m active=1\n").find("'y2', an active memristor") != std::string::npos);
  CHECK(message("R2 b 0 -1k\n").find("'r2', a negative resistance") != std::string::npos);
  CHECK(message("R2 b c 1u\nR3 c 0 1k\n").find("'r2', a resistance too small for potentials") !=
        std::string::npos);
  CHECK(message("C1 b 0 1u\n").find("leave out .options integrator=network") != std::string::npos);
}

TEST_CASE("conjugate gradients and factors lead to the same waveforms, and rows keep Kirchhoff's laws") {
  const std::string cards = ".tran 0.05 2\n.options interp integrator=network reltol=1e-6 ";
  const auto factor = run_deck(mixed_grid(7, cards + "solver=cholmod\n"));
  const auto gradients = run_deck(mixed_grid(7, cards + "solver=pcg\n"));
  CHECK(factor.analysis().statistics.factorisation == "cholesky");
  CHECK(factor.analysis().statistics.reason == "asked for; asked for");
  CHECK(gradients.analysis().statistics.factorisation == "gradients");
  CHECK(gradients.analysis().statistics.factorisations == 0);
  for (const char* vector : {"v(n3_3)", "w(y1)", "w(y13)", "v(n6_6)"})
    for (std::size_t row = 0; row < factor.rows(); ++row)
      CHECK(gradients[vector][row] == testing::approx(factor[vector][row]).epsilon(1e-5).scale(1));
}

TEST_CASE(
    "a few potentials are those of rows that hold all, to 1e-3 reltol, through corners and bounds too") {
  const std::string cards = ".options interp integrator=network\n.tran 0.002 2\n.save ";
  const auto wanted = [&](const char* vectors) { return run_deck(mixed_grid(6, cards + vectors + "\n")); };
  const auto all = wanted("all");
  const auto few = wanted("v(n1_1) v(n4_2) v(n5_0) w(y3)");
  REQUIRE(few.rows() == all.rows());
  double largest = 0, error = 0;
  for (std::size_t row = 0; row < all.rows(); ++row) {
    for (const char* vector : {"v(n1_1)", "v(n4_2)", "v(n5_0)"}) {
      largest = std::max(largest, std::abs(all[vector][row]));
      error = std::max(error, std::abs(few[vector][row] - all[vector][row]));
    }
  }
  CHECK(error <= 1e-7 * largest);
  for (std::size_t row = 0; row < all.rows(); ++row)
    CHECK(few["w(y3)"][row] == testing::approx(all["w(y3)"][row]).epsilon(1e-7));
}

TEST_CASE(
    "differences of potentials, and potentials among larger ones, are as exact as if they stood alone") {
  const std::string cards =
      ".options interp integrator=network\n.tran 0.002 2\nVbig big 0 SIN(0 1e6 3)\n"
      "Rbig big bigger 1k\nRbigger bigger 0 1k\n.save ";
  const auto wanted = [&](const char* vectors) { return run_deck(mixed_grid(6, cards + vectors + "\n")); };
  const auto all = wanted("v(*)");
  const auto beside = wanted("v(n1_1) v(bigger)");
  const auto difference = wanted("v(n3_1,n2_2)");
  double largest = 0, error = 0;
  for (std::size_t row = 0; row < all.rows(); ++row) {
    largest = std::max(largest, std::abs(all["v(n1_1)"][row]));
    error = std::max(error, std::abs(beside["v(n1_1)"][row] - all["v(n1_1)"][row]));
    CHECK(difference["v(n3_1,n2_2)"][row] == all["v(n3_1)"][row] - all["v(n2_2)"][row]);
  }
  CHECK(error <= 1e-6 * largest);
}

TEST_CASE("what a part of a network with large currents leaves does not hide what another one lacks") {
  const std::string cards =
      ".options interp integrator=network reltol=1e-3\n.tran 0.02 2\n.save w(y1) w(y8) w(y13) w(y20)\n";
  const auto alone = run_deck(mixed_grid(6, cards));
  const auto beside = run_deck(
      mixed_grid(6, cards + "Vloud a 0 SIN(0 100 0.5)\nYloud1 a b loud w0=0.4\nYloud2 b 0 loud w0=0.7\n"
                            ".model loud memristor(ron=1e-9 roff=1e-8 beta=60)\n"));
  double error = 0;
  for (std::size_t row = 0; row < alone.rows(); ++row)
    for (const char* state : {"w(y1)", "w(y8)", "w(y13)", "w(y20)"})
      error = std::max(error, std::abs(alone[state][row] - beside[state][row]));
  CHECK(error < 1e-3);
}

TEST_CASE("potentials are interpolated where no currents add up, and only there") {
  const auto star = [](const std::string& saved) {
    std::string deck = ".model m memristor(ron=100 roff=1600 alpha=0.1 beta=1)\nR9 b 0 200\n";
    for (int k = 0; k < 4; ++k)
      deck += fmt::format("V{0} x{0} 0 SIN(0 {1} 1)\nR{0} x{0} a{0} 50\nY{0} a{0} b m w0=0.{2}\n", k, k + 1,
                          k + 2);
    return run_deck(deck + ".options interp integrator=network\n.tran 1m 2\n.save " + saved + "\n");
  };
  const auto all = star("v(*)");
  const auto sum = star("v(b) v(a2)");  // all that the currents at a2 follow from
  const auto some = star("v(b)");
  CHECK(sum["v(b)"] == all["v(b)"]);
  CHECK(some["v(b)"] != all["v(b)"]);
  double error = 0;
  for (std::size_t row = 0; row < all.rows(); ++row)
    error = std::max(error, std::abs(some["v(b)"][row] - all["v(b)"][row]));
  CHECK(error < 1e-7);
}

TEST_CASE("currents that show no sum err by a thousandth of the tolerance beside what each of them reaches") {
  constexpr double share = 1e-3 * 1e-4;  // of reltol's default
  std::size_t rounded = 0;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 random(seed);
    const auto uniform = [&](double low, double high) {
      return std::uniform_real_distribution<double>(low, high)(random);
    };
    const int nodes = static_cast<int>(uniform(6, 40)), sources = static_cast<int>(uniform(1, 5));
    std::string few, deck = ".model m memristor(ron=100 roff=1600 alpha=0.1 beta=1)\n";
    if (seed % 2 == 0)  // states that change much within a step, and meet bounds
      deck = fmt::format(".model m memristor(ron=100 roff={:.0f} alpha={:.3f} beta={:.4g})\n",
                         std::pow(10, uniform(2.5, 4.3)), uniform(0, 1), std::pow(10, uniform(-2, 0)));
    const auto waveform = [&](double size) {
      const double at = uniform(0.1, 0.4), width = uniform(0.05, 0.2), edge = uniform(1e-3, 0.1);
      switch (seed % 2 == 0 ? static_cast<int>(uniform(0, 4)) : 0) {
        case 0:
          return fmt::format("SIN(0 {:.6g} {:.4f} 0 0 {:.1f})", size, uniform(0.5, 2), uniform(0, 360));
        case 1:
          return fmt::format("PULSE(0 {:.6g} {:.4f} {:.5f} {:.5f} {:.4f} {:.4f})", size, at, edge, edge,
                             width, uniform(0.4, 1));
        case 2:
          return fmt::format("PWL(0 0 {:.4f} {:.6g} {:.4f} {:.6g} 1 0)", at, size, at + width, -size);
        default:
          return fmt::format("EXP(0 {:.6g} {:.4f} 0.1 {:.4f} {:.4f})", size, at, at + width, edge);
      }
    };
    // Loud and quiet sources, of wires down to 1 mOhm, behind one of which another source stands now and
    // then.
    for (int k = 0; k < sources; ++k)
      deck += fmt::format("V{0} s{0} {1} {2}\nRS{0} s{0} n{0} {3:.6g}\n", k,
                          k > 0 && uniform(0, 1) < 0.2 ? fmt::format("s{}", k - 1) : "0",
                          waveform(std::pow(10, uniform(-3, 1))), std::pow(10, uniform(-3, 2)));
    for (int k = 0; k < 3 * nodes; ++k) {
      const int a = static_cast<int>(uniform(0, nodes)),
                b = k < nodes ? k : static_cast<int>(uniform(0, nodes));
      if (a != b) deck += fmt::format("Y{} n{} n{} m w0={:.4f}\n", k, a, b, uniform(0, 1));
    }
    for (int k = 0; k < nodes; ++k) deck += fmt::format("R{0} n{0} 0 {1:.4f}\n", k, uniform(100, 5000));
    for (int k = 0; k < sources; ++k)
      if (k == 0 || uniform(0, 1) < 0.7) few += fmt::format(" i(v{})", k);
    few += fmt::format(" i(r{}) v(n{})", nodes / 2, nodes - 1);
    deck +=
        fmt::format(".options interp integrator=network\n.tran {} 1\n.save ", seed % 3 == 0 ? "20m" : "5m");
    const auto all = run_deck(deck + "v(*) i(*)\n"), some = run_deck(deck + few + "\n");
    for (const VectorInfo& vector : some.plots.back().vectors) {
      if (vector.name == "time") continue;
      CAPTURE(seed);
      CAPTURE(vector.name);
      const std::vector<double>&exact = all[vector.name], &found = some[vector.name];
      double most = 0, error = 0;
      for (std::size_t row = 0; row < exact.size(); ++row) {
        most = std::max(most, std::abs(exact[row]));
        error = std::max(error, std::abs(exact[row] - found[row]));
      }
      rounded += error > 0 ? 1 : 0;
      CHECK(error <= 2 * share * most);  // 400 seeds: one is beyond the share itself
    }
  }
  CHECK(rounded > 200);  // they are not all found to rounding
}

TEST_CASE("potentials vanish with the sources, beside branches that hang loose too") {
  const std::string deck =
      "y1 0 n1 m ron=1.2664959829155746 roff=1000 beta=0.0004 w0=0.82\n"
      "y2 n2 n1 m ron=1.2664959829155746 roff=1200 beta=0.0004 w0=0\n"
      "y3 n4 n1 m ron=1.2664959829155746 roff=1178.0416071647505 beta=0.000449 w0=0.62\n"
      "y6 n2 n5 m ron=1.2664959829155746 roff=1178.0416071647505 beta=0.0004 w0=0.5099318816208978\n"
      "v7 n4 0 PULSE(0 -19.741705935728245 0 9.840231888570849e-05 0.00011730491530484711 "
      "0.0007991852985464182 0.0014459848719822269)\n.model m memristor\n"
      ".tran 0.00011730491530484711 0.0014\n.options integrator=network reltol=1e-3\n.save ";
  for (const char* saved : {"v(*) i(*) w(*)", "v(n1)"}) {
    CAPTURE(saved);
    const auto run = run_deck(deck + saved + "\n");
    for (std::size_t row = 0; row < run.rows(); ++row) {
      // Where they vanish less than a rounding of what was there before.
      const double most = run["time"][row] > 0.00102 ? 1e-15 : 20;
      CHECK(std::abs(run["v(n1)"][row]) <= most);
    }
  }
}

TEST_CASE("rows keep Kirchhoff's laws to rounding, where sources vanish too") {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> unit(0.1, 1);
  for (int circuit = 0; circuit < 20; ++circuit) {
    const double period = unit(random), level = 100 * unit(random) - 50;
    const std::string deck = fmt::format(
        "V1 a 0 PULSE(0 {:.4f} {:.4f} 0.01 0.02 {:.4f} {:.4f})\nY1 a b m w0={:.3f}\nY2 b c m w0={:.3f}\n"
        "R1 b c 300\nR2 c 0 {:.3f}\nV2 d c SIN(0 1 {:.4f})\nY3 d 0 m w0=0.5\n"
        ".model m memristor(ron=100 roff=10k beta=0.5)\n.save all i(*)\n.options interp "
        "integrator=network\n.tran {:.5f} 2\n",
        level, 0.1 * period, 0.3 * period, period, unit(random), unit(random), 500 * unit(random), 1 / period,
        period / 40);
    const auto run = run_deck(deck);
    for (std::size_t row = 0; row < run.rows(); ++row) {
      const double b[] = {run["i(y1)"][row], run["i(y2)"][row], run["i(r1)"][row]};
      const double scale = std::abs(b[0]) + std::abs(b[1]) + std::abs(b[2]);
      // A potential is rounded to 1e-16 of the largest one about it.
      const double potential = std::abs(run["v(a)"][row]) + std::abs(run["v(b)"][row]);
      CHECK(std::abs(b[0] - b[1] - b[2]) <= 1e-12 * scale + 1e-17 * potential + 1e-18);
    }
  }
}

TEST_CASE("solver= is refused where there is no such solver, with what to write instead") {
  const auto message = [](const std::string& options) { return refusal_of(".options " + options + "\n"); };
  CHECK(message("solver=klu") == "none");
  CHECK(message("solver=cholmod integrator=network") == "none");
  const std::string small = message("solver=pcg");
  CHECK(small.find("solver=pcg is the network integrator's, and IDA does this circuit: fewer than 1000 "
                   "memristors") != std::string::npos);
  CHECK(small.find("add .options integrator=network, or leave solver=pcg out") != std::string::npos);
  CHECK(message("solver=pcg integrator=ida").find("IDA's equations are solved by factors") !=
        std::string::npos);
  CHECK(message("solver=klu integrator=network").find("the network integrator has no factors of KLU") !=
        std::string::npos);
  const auto ltspice = testing::circuit_of("V1 a 0 1\nR1 a 0 1\n.tran 1\n.options solver=Alternate\n");
  REQUIRE(ltspice.warnings.size() == 1);
  CHECK(ltspice.warnings[0].message == "solver 'Alternate' does nothing in memspice");
  CHECK(ltspice.options.solver == LinearSolver::automatic);
  CHECK(message("solver=lu").find("there is no solver 'lu'") != std::string::npos);
  CHECK(message("solver=lu").find("write auto, klu, cholmod or pcg") != std::string::npos);
}

TEST_CASE("the report says why an integrator was chosen, and the solver of its equations") {
  const auto reason = [](std::uint32_t side, const std::string& rest) {
    return run_deck(mixed_grid(side, ".tran 0.1 0.2\n.save w(y1)\n" + rest)).analysis().statistics.reason;
  };
  CHECK(reason(8, "") == "fewer than 1000 memristors");
  CHECK(reason(30, "").find("it covers all elements; a factor of ") == 0);
  CHECK(reason(30, ".options integrator=ida\n") == "integrator=ida");
  CHECK(reason(30, ".options solver=klu\n") == "solver=klu");
  CHECK(reason(30, "Y7777 n1_1 0 a roff=1e6\n") == "a roff of more than 1000 ron");
  CHECK(reason(30, "C1 n1_1 0 1n\n") == "the network integrator does not cover 'c1', a capacitor");
  CHECK(reason(8, ".options integrator=network solver=pcg\n") == "asked for; asked for");
}

TEST_CASE("verify integrates a stretch with both integrators, and says where they differ or why it cannot") {
  const auto run = run_deck(mixed_grid(7, ".tran 0.1 2\n.save w(y1)\n.options verify\n"));
  REQUIRE(run.analysis().verify);
  const VerifyReport& both = *run.analysis().verify;
  CHECK(both.passed());
  CHECK(both.states > 60);
  CHECK(both.stretch == testing::approx(0.2));
  CHECK(both.largest_deviation > 1e-9);
  CHECK(both.largest_deviation < 1e-3);
  CHECK(both.state.substr(0, 2) == "w(");
  CHECK(run.report.warnings.empty());

  // IDA is told that a state may err by a tenth: the other one is not.
  const auto tight =
      run_deck(mixed_grid(7, ".tran 0.1 9\n.save w(y1)\n.options verify reltol=1e-6 statetol=0.1\n"));
  REQUIRE(tight.report.warnings.size() == 1);
  CHECK(tight.report.warnings[0].message.find("the integrators differ: w(") == 0);

  // A sine without a frequency has one period in the run, not in the tenth of it that is looked at.
  const auto looked = [](const std::string& frequency) {
    const auto of_sine = run_deck("V1 a 0 SIN(0 1" + frequency + ")\nY1 a b m\nR1 b 0 1k\n" +
                                  ".model m memristor(beta=0.01)\n.tran 10m 1\n.options verify\n");
    REQUIRE(of_sine.analysis().verify);
    return of_sine.analysis().verify->largest_deviation;
  };
  CHECK(looked("") == looked(" 1"));
  CHECK(looked("") != looked(" 10"));

  const auto other =
      run_deck("V1 a 0 1\nY1 a b m\nC1 b 0 1u\n.model m memristor\n.tran 1\n.options verify\n");
  CHECK_FALSE(other.analysis().verify);
  REQUIRE(other.report.warnings.size() == 1);
  CHECK(other.report.warnings[0].message ==
        ".options verify compares nothing: the network integrator does not cover 'c1', a capacitor");
}

TEST_CASE("of a deck with points the report says which integrators did them, and verify looks at each") {
  const std::string deck =
      "V1 a 0 SIN(0 1 1)\nY1 a b m\nR1 b 0 {r}\n.model m memristor(beta=0.01)\n"
      ".param r=1k\n.step param r list 1k 2k\n.tran 10m 1\n";
  const auto ida = run_deck(deck + ".options verify\n");
  CHECK(ida.analysis().statistics.integrator == "ida");
  CHECK(ida.analysis().statistics.reason == "fewer than 1000 memristors");
  REQUIRE(ida.analysis().verify);
  CHECK(ida.analysis().verify->passed());
  const auto network = run_deck(deck + ".options integrator=network\n");
  CHECK(network.analysis().statistics.integrator == "network");
  const auto both = run_deck(deck + ".if {r < 1.5k}\n.options integrator=network\n.endif\n");
  CHECK(both.analysis().statistics.integrator == "network or ida");
}
