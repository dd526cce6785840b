// Objectives of .sens along .tran and .ac: against the derivative of matrix exponentials, variational
// equations of a nonlinear circuit, the transposed system of phasors.
#include <fmt/format.h>

#include <Eigen/Dense>
#include <cmath>
#include <numbers>
#include <unsupported/Eigen/MatrixFunctions>

#include "support/approx.hpp"
#include "support/dormand_prince.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::run_deck;

namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

/// Resistors between nodes, a capacitor from each node to ground, and one volt at a node of its own, switched
/// on at 0 s: dv/dt = A v + a.
struct Ladder {
  struct Resistor {
    int from, to;  // -1: the source
    double r;
  };
  int nodes = 0;
  std::vector<Resistor> resistors;
  std::vector<double> c;

  explicit Ladder(testing::Random& random) : nodes(3 + static_cast<int>(random.uniform(0, 3))) {
    const auto spread = [&](double middle) { return middle * std::pow(10, random.uniform(-0.7, 0.7)); };
    for (int k = 0; k < nodes; ++k) {
      resistors.push_back({k - 1, k, spread(1e3)});
      c.push_back(spread(1e-6));
    }
    resistors.push_back({0, nodes - 1, spread(5e3)});
  }

  [[nodiscard]] std::string deck() const {
    const auto node = [](int k) { return k < 0 ? std::string("in") : fmt::format("n{}", k); };
    std::string text = "V1 in 0 1\n";
    for (std::size_t k = 0; k < resistors.size(); ++k)
      text += fmt::format("R{} {} {} {:.17g}\n", k, node(resistors[k].from), node(resistors[k].to),
                          resistors[k].r);
    for (int k = 0; k < nodes; ++k)
      text += fmt::format("C{} n{} 0 {:.17g}\n", k, k, c[static_cast<std::size_t>(k)]);
    return text;
  }

  /// The matrix of (v, 1), or its derivative by a resistance or a capacitance.
  [[nodiscard]] Matrix matrix(int by_resistor = -1, int by_capacitor = -1) const {
    Matrix m = Matrix::Zero(nodes + 1, nodes + 1);
    for (std::size_t k = 0; k < resistors.size(); ++k) {
      const auto& [from, to, r] = resistors[k];
      double g = 1 / r;
      if (by_resistor >= 0) g = by_resistor == static_cast<int>(k) ? -1 / (r * r) : 0;
      m(to, to) -= g;
      if (from < 0) {
        m(to, nodes) += g;
        continue;
      }
      m(to, from) += g;
      m(from, to) += g;
      m(from, from) -= g;
    }
    for (int k = 0; k < nodes; ++k) {
      const double value = c[static_cast<std::size_t>(k)];
      double factor = 1 / value;
      if (by_capacitor >= 0) factor = by_capacitor == k ? -1 / (value * value) : 0;
      m.row(k) *= factor;
    }
    return m;
  }
  /// v and dv/dp at a time: exp of a block matrix has the derivative of exp in its corner.
  [[nodiscard]] std::pair<Vector, Vector> at(double t, const Matrix& derivative) const {
    const int n = nodes + 1;
    Matrix block = Matrix::Zero(2 * n, 2 * n);
    block.topLeftCorner(n, n) = block.bottomRightCorner(n, n) = matrix() * t;
    block.topRightCorner(n, n) = derivative * t;
    const Matrix e = block.exp();
    return {e.topLeftCorner(n, n).col(nodes), e.topRightCorner(n, n).col(nodes)};
  }
};

/// Of a column, relative to its largest value.
double largest_error(const std::vector<double>& column, const std::vector<double>& expected) {
  REQUIRE(column.size() == expected.size());
  double error = 0, largest = 0;
  for (std::size_t i = 0; i < column.size(); ++i) {
    error = std::max(error, std::abs(column[i] - expected[i]));
    largest = std::max(largest, std::abs(expected[i]));
  }
  return error / largest;
}

}  // namespace

TEST_CASE("objectives along .tran have the derivatives of matrix exponentials") {
  testing::Random random(58);
  for (int circuit = 0; circuit < 12; ++circuit) {
    CAPTURE(circuit);
    const Ladder ladder(random);
    const int last = ladder.nodes - 1, resistor = static_cast<int>(random.uniform(0, ladder.nodes)),
              capacitor = static_cast<int>(random.uniform(0, ladder.nodes));
    const auto run =
        run_deck(ladder.deck() + fmt::format(".tran 100u 5m uic\n.sens objfunc={{v(n0)*v(n{})}} objvars=n{} "
                                             "param=R{}:R,C{}:C\n",
                                             last, last, resistor, capacitor));
    REQUIRE(run.plots.size() == 3);
    REQUIRE(run.plots[1].name == "Sensitivity Analysis");
    const std::string names[] = {fmt::format("v(r{})", resistor), fmt::format("v(c{})", capacitor)};
    const Matrix derivatives[] = {ladder.matrix(resistor), ladder.matrix(-1, capacitor)};
    for (int k = 0; k < 2; ++k) {
      CAPTURE(names[k]);
      std::vector<double> of_product, of_voltage;
      for (const double t : run.plots[1]["time"]) {
        const auto [v, dv] = ladder.at(t, derivatives[k]);
        of_product.push_back(dv(0) * v(last) + v(0) * dv(last));
        of_voltage.push_back(dv(last));
      }
      CHECK(run.plots[1].rows() == 51);
      const auto column = [&](const Plot& plot) { return plot.columns[plot.find(names[k])]; };
      CHECK(largest_error(column(run.plots[1]), of_product) < 1e-4);
      CHECK(largest_error(column(run.plots[2]), of_voltage) < 1e-4);
    }
  }
}

TEST_CASE("objectives of a rectifier along .tran have the derivatives of its variational equation") {
  testing::Random random(59);
  constexpr double thermal = 1.380649e-23 * 300.15 / 1.602176634e-19, gmin = 1e-12;
  for (int circuit = 0; circuit < 8; ++circuit) {
    CAPTURE(circuit);
    const double r = std::pow(10, random.uniform(2.5, 3.5)), load = std::pow(10, random.uniform(3, 4)),
                 c = std::pow(10, random.uniform(-6.5, -5.5)), amplitude = random.uniform(1, 3);
    const auto run =
        run_deck(fmt::format("V1 in 0 SIN(0 {:.17g} 100)\nR1 in a {:.17g}\nD1 a 0 dm\n"
                             ".model dm d is=1e-12\nR2 a 0 {:.17g}\nC1 a 0 {:.17g}\n"
                             ".tran 1m 20m\n.sens objfunc={{v(a)}} param=R1:R,R2:R,C1:C\n",
                             amplitude, r, load, c));
    // v, then dv/dr, dv/dload, dv/dc
    const auto slope = [&](double t, const std::array<double, 4>& x) -> std::array<double, 4> {
      const double in = amplitude * std::sin(200 * std::numbers::pi * t),
                   e = 1e-12 * std::exp(x[0] / thermal);
      const double current = (in - x[0]) / r - x[0] / load - (e - 1e-12) - gmin * x[0];
      const double by_v = (-1 / r - 1 / load - e / thermal - gmin) / c;
      return {current / c, by_v * x[1] - (in - x[0]) / (r * r * c), by_v * x[2] + x[0] / (load * load * c),
              by_v * x[3] - current / (c * c)};
    };
    std::array<double, 4> x{};
    std::array<std::vector<double>, 3> expected;
    double at = 0;
    for (const double t : run["time"]) {
      const int steps = static_cast<int>(std::ceil((t - at) / 2e-7));  // of the fourth order
      const double h = steps > 0 ? (t - at) / steps : 0;
      const auto moved = [&](const std::array<double, 4>& by, double how_far) {
        std::array<double, 4> y = x;
        for (std::size_t k = 0; k < 4; ++k) y[k] += how_far * by[k];
        return y;
      };
      for (int step = 0; step < steps; ++step, at += h) {
        const auto k1 = slope(at, x), k2 = slope(at + h / 2, moved(k1, h / 2)),
                   k3 = slope(at + h / 2, moved(k2, h / 2)), k4 = slope(at + h, moved(k3, h));
        for (std::size_t k = 0; k < 4; ++k) x[k] += h / 6 * (k1[k] + 2 * k2[k] + 2 * k3[k] + k4[k]);
      }
      at = t;
      for (std::size_t k = 0; k < 3; ++k) expected[k].push_back(x[k + 1]);
    }
    CHECK(largest_error(run["v(r1)"], expected[0]) < 1e-4);
    CHECK(largest_error(run["v(r2)"], expected[1]) < 1e-4);
    CHECK(largest_error(run["v(c1)"], expected[2]) < 1e-4);
  }
}

TEST_CASE("objectives of phasors have the derivatives of the transposed system") {
  testing::Random random(60);
  for (int circuit = 0; circuit < 20; ++circuit) {
    CAPTURE(circuit);
    const auto drawn = [&](double middle) { return middle * std::pow(10, random.uniform(-1, 1)); };
    const double dc = random.uniform(0.5, 3), r1 = drawn(1e3), l1 = drawn(1e-2), c1 = drawn(1e-7),
                 r2 = drawn(1e3), r3 = drawn(1e3);
    const auto run =
        run_deck(fmt::format("V1 in 0 {:.17g} AC 1 30\nR1 in a {:.17g}\nL1 a b {:.17g}\nC1 b 0 {:.17g}\n"
                             "R2 b c {:.17g}\nD1 c 0 dm\n.model dm d is=1e-12 cjo=10n\nR3 c 0 {:.17g}\n",
                             dc, r1, l1, c1, r2, r3) +
                 ".ac dec 3 10 100k\n.sens objvars=c,v(b,a) acobjfunc={v(c)},{vm(c)*vm(c)+2},{v(b,a)*3} "
                 "param=R1:R,L1:L,C1:C,R2,V1:dcv0,R3\n");
    REQUIRE(run.plots.size() == 6);
    const Plot &phasors = run.plots[0], &exact = run.plots[1];
    const std::pair<const char*, double> values[] = {{"v(r1)", r1}, {"v(l1)", l1}, {"v(c1)", c1},
                                                     {"v(r2)", r2}, {"v(v1)", dc}, {"v(r3)", r3}};
    for (const auto& [name, value] : values) {
      CAPTURE(name);
      const auto of_c = exact.complex_values(name), of_ba = run.plots[2].complex_values(name);
      const auto by_runs = run.plots[3].complex_values(name), of_square = run.plots[4].complex_values(name),
                 of_three = run.plots[5].complex_values(name);
      const auto v = phasors.complex_values("v(c)");
      double largest = 1e-3 / value, largest_ba = largest;  // less than that of a volt is not resolved
      for (std::size_t i = 0; i < v.size(); ++i) {
        largest = std::max(largest, std::abs(of_c[i]));
        largest_ba = std::max(largest_ba, std::abs(of_ba[i]));
      }
      for (std::size_t i = 0; i < v.size(); ++i) {
        CHECK(std::abs(by_runs[i] - of_c[i]) <= 1e-6 * largest);
        CHECK(std::abs(of_square[i] - 2 * std::real(std::conj(v[i]) * of_c[i])) <= 1e-6 * largest);
        CHECK(std::abs(of_three[i] - 3.0 * of_ba[i]) <= 3e-6 * largest_ba);
      }
    }
  }
}

TEST_CASE("a value at the border of its range is varied to one side") {
  // The drive leads the state away from the border.
  const auto derivative = [](double w0, double amplitude) {
    return run_deck(
        fmt::format("V1 in 0 SIN(0 {} 1)\nY1 in a mem w0={:.17g}\n.model mem memristor ron=100 "
                    "roff=1k beta=0.1 alpha=0\nR1 a 0 1k\n.tran 10m 0.4\n.sens objvars=a param=Y1:w0\n",
                    amplitude, w0))["v(y1_w0)"];
  };
  CHECK(largest_error(derivative(0, -1), derivative(2e-4, -1)) < 2e-3);
  CHECK(largest_error(derivative(1, 1), derivative(1 - 2e-4, 1)) < 2e-3);
}

TEST_CASE("objectives along .step are those of each point, and rows come where .tran has no step") {
  const auto deck = [](const char* r, const char* rest) {
    return fmt::format("V1 in 0 1\nR1 in a {}\nC1 a 0 1u\n.tran 0 3m uic\n.sens objvars=a param=C1:C\n{}", r,
                       rest);
  };
  const auto points = run_deck(deck("{r}", ".param r=1k\n.step param r list 1k 2k\n"));
  const auto one = run_deck(deck("1k", "")), two = run_deck(deck("2k", ""));
  REQUIRE(one.rows() == 1001);
  REQUIRE(points.rows() == 2002);
  for (std::size_t i = 0; i < 1001; ++i) {
    CHECK(points["v(c1)"][i] == one["v(c1)"][i]);
    CHECK(points["v(c1)"][i + 1001] == two["v(c1)"][i]);
  }
}

TEST_CASE("derivatives that are none are warned of or refused") {
  const std::string circuit = "V1 in 0 SIN(0 1 1k)\nR1 in a 1k\nC1 a 0 1u\n";
  const auto warning = [&](const std::string& rest) {
    const Circuit built = testing::circuit_of(circuit + rest);
    const auto run = testing::try_circuit(built);
    const auto& found = built.warnings.empty() ? run.report.warnings : built.warnings;
    return found.empty() ? std::string() : found.front().message;
  };
  CHECK(warning(".tran 10u 1m\n.sens objvars=a param=V1:dcv0\n") ==
        "along .tran 'v1' has its waveform, not its DC value");
  CHECK(warning(".ac lin 2 1 2\n.sens objfunc={v(a)} param=R1\n") == "objfunc= has no derivatives along .ac");
  CHECK(warning(".tran 10n 100u\n.sens objfunc={v(a)>0.02 ? 1 : 0} param=R1\n")
            .starts_with("the derivative of v(a)>0.02?1:0 by r1 may be off by "));
  CHECK(warning(".tran 10u 1m\n.sens objvars=a param=R1,C1\n").empty());
  const auto refusal = [&](const std::string& rest) -> std::string {
    try {
      run_deck(circuit + rest);
    } catch (const DeckError& error) {
      return error.diagnostics().front().message;
    }
    return {};
  };
  CHECK(refusal(".tran 10u 1m\n.sens objvars=a\n") == "along .tran this .sens needs param=");
  CHECK(refusal(".ac lin 2 1 2\n.sens acobjfunc={vm(a)}\n") == "along .ac this .sens needs param=");
  CHECK(refusal(".tran 10u 1m\n.sens acobjfunc={vm(a)} param=R1\n") == "acobjfunc= needs a card .ac");
  const auto failed = testing::try_circuit(
      testing::circuit_of(circuit + "L1 a 0 0\n.tran 10u 1m\n.sens objvars=a param=L1\n"));
  CHECK(failed.analysis().outcome == Outcome::failed);
  CHECK(failed.analysis().message.starts_with("'l1' is 0, so that nothing tells how far it may be varied"));
}

TEST_CASE("runs of .sens end when they are asked to") {
  int asked = 0;
  RunOptions options;
  options.interrupted = [&] { return ++asked > 300; };
  const auto run =
      testing::try_circuit(testing::circuit_of("V1 in 0 SIN(0 1 1k)\nR1 in a 1k\nC1 a 0 1u\n.tran 10u 100m\n"
                                               ".sens objvars=a param=R1,C1\n"),
                           options);
  CHECK(run.report.outcome() == Outcome::interrupted);
}
