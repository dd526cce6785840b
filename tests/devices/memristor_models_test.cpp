// The published equations of the memristor models, integrated here by Dormand and Prince's method on the
// state alone, with nothing of memspice's: for random parameters and sources both must agree.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "support/approx.hpp"
#include "support/deck_folder.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::DeckRun;
using memspice::testing::Random;
using memspice::testing::run_deck;

namespace {

/// A memristor with a voltage source across it: dx/dt = rate(x, v), low ≤ x ≤ high, i = current(x, v).
struct ModelCase {
  std::string model;  // parameters of the .model card
  std::string start;  // of the element
  double x0 = 0, low = 0, high = 1;
  std::function<double(double x, double v)> rate, current;
  std::string state = "x";
  bool sticks = false;  // the drift vanishes at the bounds
};

using Window = std::function<double(double s, bool upwards)>;

/// x at each of `times`: bounds hold it, and the steps are short enough for what has corners.
std::vector<double> integrate(const ModelCase& of, const std::function<double(double)>& source,
                              const std::vector<double>& times) {
  constexpr double tolerance = 1e-11;
  const double range = of.high - of.low;
  const auto f = [&](double t, double x) {
    x = std::clamp(x, of.low, of.high);
    const double rate = of.rate(x, source(t)) / range;
    return (x == of.high && rate > 0) || (x == of.low && rate < 0) ? 0 : rate;
  };
  const double longest = times.back() / 20000;
  double t = 0, s = of.x0, h = longest * 1e-3;  // s: x in its unit, errors in parts of the range
  std::vector<double> found;
  for (const double to : times) {
    while (t < to) {
      const double step = std::min({h, longest, to - t});
      const auto at = [&](double part, double change) {
        return f(t + part * step, s + range * step * change);
      };
      const double k1 = at(0, 0);
      const double k2 = at(0.2, k1 / 5);
      const double k3 = at(0.3, 3 * k1 / 40 + 9 * k2 / 40);
      const double k4 = at(0.8, 44 * k1 / 45 - 56 * k2 / 15 + 32 * k3 / 9);
      const double k5 =
          at(8.0 / 9, 19372 * k1 / 6561 - 25360 * k2 / 2187 + 64448 * k3 / 6561 - 212 * k4 / 729);
      const double k6 =
          at(1, 9017 * k1 / 3168 - 355 * k2 / 33 + 46732 * k3 / 5247 + 49 * k4 / 176 - 5103 * k5 / 18656);
      const double change =
          35 * k1 / 384 + 500 * k3 / 1113 + 125 * k4 / 192 - 2187 * k5 / 6784 + 11 * k6 / 84;
      const double k7 = at(1, change);
      const double error = step * std::abs(71 * k1 / 57600 - 71 * k3 / 16695 + 71 * k4 / 1920 -
                                           17253 * k5 / 339200 + 22 * k6 / 525 - k7 / 40);
      const bool shortest = step < longest * 1e-9;  // across a bound or a threshold
      if (error <= tolerance || shortest) {
        t = step == to - t ? to : t + step;
        s = std::clamp(s + range * step * change, of.low, of.high);
      }
      h = step * std::clamp(0.9 * std::pow(tolerance / std::max(error, 1e-30), 0.2), 0.2, 4.0);
      h = std::max(h, longest * 0.9e-9);
    }
    found.push_back(s);
  }
  return found;
}

Window random_window(Random& random, ModelCase& made, bool by_number) {
  static constexpr std::array words{"none", "joglekar", "biolek", "prodromakis", "kvatinsky"};
  const std::uint32_t kind = random.below(5);
  const double p = 1 + random.below(4), j = random.uniform(0.5, 1.5);
  made.sticks = kind == 1 || kind == 3;
  std::string& text = made.model;
  text += by_number ? fmt::format(" wt={}", kind) : fmt::format(" window={}", words[kind]);
  text += fmt::format(" p={} j={} ", p, j);
  return [=](double s, bool upwards) {
    switch (kind) {
      case 0:
        return 1.0;
      case 1:
        return 1 - std::pow(2 * s - 1, 2 * p);
      case 2:
        return 1 - std::pow(upwards ? s : 1 - s, 2 * p);
      case 3:
        return j * (1 - std::pow((s - 0.5) * (s - 0.5) + 0.75, p));
      default:
        return std::exp(-std::exp((upwards ? s - 1 : -s) / 0.05));
    }
  };
}

ModelCase linear_case(Random& random) {
  ModelCase made;
  const double ron = random.uniform(50, 200), roff = ron * random.logarithmic(2, 100);
  const double d = random.uniform(5e-9, 20e-9), uv = d * d / random.uniform(0.005, 0.05);
  made.model = fmt::format("level=1 ron={} roff={} d={} uv={} wc=0.05", ron, roff, d, uv);
  const Window window = random_window(random, made, false);
  made.x0 = random.uniform(0.1, 0.9);
  made.start = fmt::format("w0={}", made.x0);
  made.state = "w";
  made.current = [=](double w, double v) { return v / (ron + (roff - ron) * w); };
  made.rate = [=, current = made.current](double w, double v) {
    const double drift = -ron * uv / (d * d) * current(w, v);
    return drift * window(w, drift > 0);
  };
  return made;
}

/// TEAM where `team`, else VTEAM.
ModelCase threshold_adaptive_case(Random& random, bool team) {
  ModelCase made;
  const double ron = random.uniform(50, 200), roff = ron * random.logarithmic(2, 30);
  const double size = random.uniform(2e-9, 5e-9), on = random.uniform(-1e-9, 1e-9);
  const double alphaon = random.uniform(1, 3), alphaoff = random.uniform(1, 3);
  const double scale = team ? 1 / roff : 1;
  const double above = random.uniform(0.1, 0.4) * scale, below = -random.uniform(0.1, 0.4) * scale;
  const double koff = random.uniform(0.5, 5) * size, kon = -random.uniform(0.5, 5) * size;
  const bool exponential = random.coin();
  made.model = team ? "level=team" : "level=vteam";
  made.model += fmt::format(
      " ron={} roff={} kon={} koff={} alphaon={} alphaoff={} {}={} {}={} {}={} {}={} wc={} ivrelation={}",
      ron, roff, kon, koff, alphaon, alphaoff, team ? "ion" : "von", below, team ? "ioff" : "voff", above,
      team ? "xon" : "won", on, team ? "xoff" : "woff", on + size, 0.05 * size, exponential ? 1 : 0);
  const Window window = random_window(random, made, team);
  made.low = on;
  made.high = on + size;
  made.x0 = on + size * random.uniform(0.1, 0.9);
  made.start = fmt::format("{}={}", team ? "xo" : "w0", made.x0);
  made.state = team ? "x" : "w";
  made.current = [=](double x, double v) {
    const double s = (x - on) / size;
    return v / (exponential ? ron * std::pow(roff / ron, s) : ron + (roff - ron) * s);
  };
  made.rate = [=, current = made.current](double x, double v) {
    const double drive = team ? current(x, v) : v, s = (x - on) / size;
    if (drive > above) return koff * std::pow(drive / above - 1, alphaoff) * window(s, true);
    if (drive < below) return kon * std::pow(drive / below - 1, alphaon) * window(s, false);
    return 0.0;
  };
  return made;
}

ModelCase yakopcic_case(Random& random) {
  ModelCase made;
  const double a1 = random.logarithmic(0.01, 1), a2 = random.logarithmic(0.01, 1),
               b = random.uniform(0.05, 3);
  const double vp = random.uniform(0.1, 0.6), vn = random.uniform(0.1, 0.6);
  const double ap = random.logarithmic(1, 30), an = random.logarithmic(1, 30);
  const double xp = random.uniform(0.2, 0.8), xn = random.uniform(0.2, 0.8);
  const double alphap = random.uniform(0.5, 5), alphan = random.uniform(0.5, 5), eta = random.coin() ? 1 : -1;
  made.model =
      fmt::format("level=3 a1={} a2={} b={} vp={} vn={} ap={} an={} xp={} xn={} alphap={} alphan={} eta={}",
                  a1, a2, b, vp, vn, ap, an, xp, xn, alphap, alphan, eta);
  made.x0 = random.uniform(0.1, 0.9);
  made.start = fmt::format("xo={}", made.x0);
  made.current = [=](double x, double v) { return (v < 0 ? a2 : a1) * x * std::sinh(b * v); };
  made.rate = [=](double x, double v) {
    const double g = v > vp    ? ap * (std::exp(v) - std::exp(vp))
                     : v < -vn ? -an * (std::exp(-v) - std::exp(vn))
                               : 0;
    double f = 1;
    if (eta * v > 0 && x > xp) f = std::exp(-alphap * (x - xp)) * (1 + (xp - x) / (1 - xp));
    if (eta * v <= 0 && x < 1 - xn) f = std::exp(alphan * (x + xn - 1)) * x / (1 - xn);
    return eta * g * f;
  };
  return made;
}

ModelCase pershin_case(Random& random) {
  ModelCase made;
  const double rmin = random.logarithmic(10, 1e3), rmax = rmin * random.logarithmic(3, 100);
  const double alpha = random.coin() ? 0 : random.uniform(0, 0.3) * rmax;
  const double beta = random.uniform(0.5, 10) * rmax, vt = random.uniform(0, 0.7);
  made.model = fmt::format("rmin={} rmax={} alpha={} beta={} vt={}", rmin, rmax, alpha, beta, vt);
  made.low = rmin;
  made.high = rmax;
  made.x0 = random.uniform(rmin, rmax);
  made.start = fmt::format("rinit={}", made.x0);
  made.current = [](double x, double v) { return v / x; };
  made.rate = [=](double, double v) {
    return beta * v + 0.5 * (alpha - beta) * (std::abs(v + vt) - std::abs(v - vt));
  };
  return made;
}

/// f+ and f- are straight here.
ModelCase piecewise_empirical_case(Random& random) {
  ModelCase made;
  const double i1 = random.logarithmic(1e-5, 1e-3), i2 = random.logarithmic(1e-5, 1e-3);
  const double v1 = random.uniform(0.2, 0.6), v2 = random.uniform(0.2, 0.6);
  const double g0 = random.logarithmic(1e-5, 1e-3);
  const double vp = random.uniform(0.1, 0.5), vn = -random.uniform(0.1, 0.5);
  const double d1 = random.uniform(1, 3), d2 = -random.uniform(1, 3);
  const double c1 = random.uniform(0.5, 2), c2 = random.uniform(0.5, 2);
  const double up0 = random.uniform(0.3, 1), up1 = random.uniform(0, 0.3);
  const double down0 = -random.uniform(0, 0.3), down1 = -random.uniform(0.3, 1);
  made.x0 = random.uniform(0.1, 0.9);
  made.model = fmt::format(
      "level=pem i1={} i2={} v1={} v2={} g0={} vp={} vn={} d1={} d2={} c1={} c2={} fxpdata=(0,{} 1,{}) "
      "fxmdata=(0 {} 1 {})",
      i1, i2, v1, v2, g0, vp, vn, d1, d2, c1, c2, up0, up1, down0, down1);
  made.start = fmt::format("xo={}", made.x0);
  made.current = [=](double x, double v) {
    return x * (i1 * std::expm1(v / v1) - i2 * std::expm1(-v / v2) + g0 * v);
  };
  made.rate = [=](double x, double v) {
    if (v >= vp) return c1 * std::expm1(d1 * (v - vp)) * (up0 + (up1 - up0) * x);
    if (v <= vn) return c2 * std::expm1(d2 * (v - vn)) * (down0 + (down1 - down0) * x);
    return 0.0;
  };
  return made;
}

void check_against_published(const std::function<ModelCase(Random&)>& draw, int count, std::uint64_t seed) {
  Random random(seed);
  int compared = 0;
  for (int k = 0; k < count; ++k) {
    const ModelCase made = draw(random);
    const double amplitude = random.uniform(0.5, 1.5), phase = random.uniform(0, 90);
    CAPTURE(made.model);
    CAPTURE(made.start);
    CAPTURE(amplitude);
    const DeckRun run =
        run_deck(fmt::format("V1 a 0 SIN(0 {} 1 0 0 {})\nY1 a 0 m {}\n.model m memristor({})\n"
                             ".save v(a) i(y1) {}(y1)\n.options reltol=1e-8\n.tran 20m 2 0 10m\n",
                             amplitude, phase, made.start, made.model, made.state));
    const auto source = [&](double t) {
      return amplitude * std::sin(2 * std::numbers::pi * t + phase * std::numbers::pi / 180);
    };
    const std::vector<double>& x = run[made.state + "(y1)"];
    const std::vector<double>& current = run["i(y1)"];
    const std::vector<double>& voltage = run["v(a)"];
    const std::vector<double> expected = integrate(made, source, run.time());
    double worst = 0, largest = 0, worst_current = 0, nearest = 1;
    for (std::size_t i = 0; i < x.size(); ++i) {
      worst = std::max(worst, std::abs(x[i] - expected[i]) / (made.high - made.low));
      nearest = std::min({nearest, (expected[i] - made.low) / (made.high - made.low),
                          (made.high - expected[i]) / (made.high - made.low)});
      const double exact = made.current(expected[i], source(run.time()[i]));
      largest = std::max(largest, std::abs(exact));
      worst_current = std::max(worst_current, std::abs(current[i] - exact));
      CHECK(voltage[i] * current[i] >= 0);  // passive, and the loop is pinched
    }
    // Where a window vanishes the way back takes as long as the way there, and multiplies every error by one
    // over the distance from the bound that was reached.
    if (made.sticks && nearest < 1e-2) continue;
    ++compared;
    CHECK(worst <= 1e-5);
    CHECK(worst_current <= 1e-4 * largest);
  }
  CHECK(compared >= count / 2);
}

}  // namespace

TEST_CASE("linear memristors with windows, by thickness and mobility, follow the published equations") {
  check_against_published(linear_case, 8, 41);
}

TEST_CASE("TEAM follows the published equations") {
  check_against_published([](Random& random) { return threshold_adaptive_case(random, true); }, 8, 42);
}

TEST_CASE("VTEAM follows the published equations") {
  check_against_published([](Random& random) { return threshold_adaptive_case(random, false); }, 8, 43);
}

TEST_CASE("Yakopcic's memristor follows the published equations") {
  check_against_published(yakopcic_case, 8, 44);
}

TEST_CASE("Pershin and Di Ventra's memristor follows the published equations, level= left out") {
  check_against_published(pershin_case, 8, 45);
}

TEST_CASE("the piecewise empirical memristor follows the published equations") {
  check_against_published(piecewise_empirical_case, 8, 46);
}

TEST_CASE("curves of a memristor come from a file or stand on the card") {
  const testing::DeckFolder folder;
  folder.write("up.csv", "# x, f(x)\n0.1,0.6\n0.5,0.6\n0.6,0.3\n1,0\n");
  folder.write("down.dat", "0.1 0\n0.7 -0.2\n1 -0.02\n");
  const std::string rest = ")\nV1 a 0 SIN(0 2 1)\nY1 a 0 m xo=0.2\n.save x(y1)\n.tran 10m 1\n";
  const std::string model =
      ".model m memristor(level=4 i1=1m i2=1m g0=1m vp=0.5 vn=-0.5 d1=2 d2=-2 c1=2 c2=2 ";
  const auto states = [&](const std::string& curves) {
    return testing::run_circuit(elaborate(parse_file(folder.write("deck.cir", "t\n" + model + curves + rest)),
                                          standard_catalogue()))["x(y1)"];
  };
  const std::vector<double> of_files = states("fxpdata=up.csv fxmdata=\"down.dat\"");
  CHECK(of_files == states("fxpdata=(0.1 0.6 0.5 0.6 0.6 0.3 1 0) fxmdata=(0.1,0 0.7,-0.2 1,-0.02)"));
  CHECK(std::ranges::max(of_files) > 0.5);
}

TEST_CASE("no level takes more than 500 steps a cycle of a triangle of 3 V") {
  for (const std::string model :
       {"level=1 window=joglekar", "level=1 window=biolek beta=0.01 p=3",
        "level=1 window=prodromakis beta=0.01", "level=1 window=kvatinsky beta=0.01", "level=2 alphaon=3",
        "level=2 koff=1e-9 kon=-1e-10 alphaon=1 alphaoff=1 wt=4",
        "level=3 b=0.05 vp=0.16 vn=0.15 ap=4000 an=4000 xp=0.3 xn=0.5 alphan=5",
        "level=4 i1=85u i2=90u v1=0.265 v2=0.265 g0=130u vp=0.7 vn=-1 d1=2 d2=-2 c1=1000 c2=1000 "
        "fxpdata=(0 0.6 0.4 0.6 1 0) fxmdata=(0.1 0 0.7 -0.2 1 -0.02)",
        "level=5 rmin=1k beta=3e6 vt=1.6", "level=6 koff=1e-8 kon=-1e-8", "level=2",
        "level=3 a1=0.17 a2=0.17 b=0.05 vp=0.16 vn=0.15 ap=4000 an=4000 xp=0.3 xn=0.5 alphap=1 alphan=5 "
        "eta=1"}) {
    CAPTURE(model);
    for (const double period : {1.0, 1e-2, 1e-3}) {
      CAPTURE(period);
      const DeckRun run =
          run_deck(fmt::format("V1 a 0 PULSE(-3 3 0 {0} {0} {1} {2})\nY1 a b m\nR1 b 0 50\n.model m "
                               "memristor({3})\n.tran {4} {5}\n",
                               0.5 * period, 1e-7 * period, period, model, 0.1 * period, 20 * period));
      CHECK(run.analysis().statistics.steps <= 20 * 500);
    }
  }
}

TEST_CASE("a memristor's state stays where a window vanishes, unless the window has a floor") {
  const auto last = [](const std::string& parameters) {
    return run_deck("V1 a 0 DC -1\nY1 a 0 m w0=0 " + parameters +
                    "\n.model m memristor(ron=100 roff=1k beta=0.1)\n.tran 1m 1\n")["w(y1)"]
        .back();
  };
  CHECK(last("window=joglekar") == 0);
  CHECK(last("window=joglekar floor=0.01") > 0.1);
  CHECK(last("window=biolek") > 0.1);  // which vanishes only where the state is driven to
  CHECK(last("window=none") > 0.1);
}

TEST_CASE("ngspice's code model of a memristor is one of level 5") {
  const std::string rest =
      "\n.model m memristor(rmin=1k rmax=10k rinit=7k alpha=0 beta=2e4 vt=1.6)\n"
      "V1 a 0 SIN(0 3 1)\n.tran 10m 1\n";
  for (const std::string nodes : {"a 0", "%gd(a 0)", "%gd a 0", "[a 0]"}) {
    CAPTURE(nodes);
    CHECK(run_deck("A1 " + nodes + " m\n.save r(a1)" + rest)["r(a1)"] ==
          run_deck("Y1 a 0 m\n.save r(y1)" + rest)["r(y1)"]);
  }
  CHECK_THROWS(testing::circuit_of("V1 a 0 1\nA1 a 0 m\n.model m memristor(ron=1)\n.op\n"));
}

TEST_CASE("Xyce's names of a memristor's quantities are read") {
  const DeckRun run = run_deck(
      "V1 a 0 SIN(0 0.5 100)\nymemristor mr1 a b mm xo=0.11\nR1 b 0 50\n"
      ".model mm memristor level=3 a1=0.17 a2=0.17 b=0.05 vp=0.16 vn=0.15 ap=4000 an=4000 xp=0.3 xn=0.5 "
      "alphap=1 alphan=5 eta=1\n.print tran v(a,b) i(ymemristor!mr1) n(ymemristor!mr1_x) "
      "n(ymemristor!mr1:r)\n"
      ".tran 0 2m\n");
  CHECK(run["x(ymemristor!mr1)"].front() == testing::approx(0.11));
  CHECK(run["r(ymemristor!mr1)"].front() == testing::approx(1 / (0.17 * 0.11 * 0.05)));
}

TEST_CASE("impossible memristors are refused") {
  const auto refuse = [](const std::string& model) {
    CAPTURE(model);
    CHECK_THROWS_AS(testing::circuit_of("V1 a 0 1\nY1 a 0 m\n.model m memristor(" + model + ")\n.op\n"),
                    DeckError);
  };
  refuse("level=1 d=10n");
  refuse("level=1 window=joglekar p=0.1");
  refuse("level=2 xon=1 xoff=0");
  refuse("level=2 ion=0");
  refuse("level=2 xo=4n");
  refuse("level=3 eta=0.5");
  refuse("level=5 rmin=20k");
  refuse("level=6 w0=1");
  refuse("level=77");
}
