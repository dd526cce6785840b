// Small circuits that once did not start, stopped, or were silently wrong; each stands for a kind, and its
// value follows from a formula. The truth machine (docs/truth.md) draws others.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "support/approx.hpp"
#include "support/interpolate.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using testing::DeckRun;
using testing::run_deck;

namespace {

double largest(const std::vector<double>& values) {
  return *std::ranges::max_element(values);
}
double smallest(const std::vector<double>& values) {
  return *std::ranges::min_element(values);
}

double at(const DeckRun& run, const std::string& name, double t) {
  return memspice::testing::interpolate(run.time(), run[name], t);
}

using std::numbers::pi;

}  // namespace

TEST_CASE("coils start from nothing: sines, modulated sines, a coil across a source") {
  for (const double inductance : {1e-6, 1e-4, 1e-2}) {
    for (const double stop : {0.1, 1.0}) {
      CAPTURE(inductance);
      CAPTURE(stop);
      const DeckRun mains = run_deck(fmt::format(
          "V1 a 0 SIN(0 325 50)\nR1 a b 10\nL1 b 0 {}\n.tran 1m {}\n.save i(l1)\n", inductance, stop));
      const double reactance = 2 * pi * 50 * inductance;
      CHECK(largest(mains["i(l1)"]) == testing::approx(325 / std::hypot(10, reactance)).epsilon(3e-3));
    }
  }
  const DeckRun modulated =
      run_deck("V1 a 0 SFFM(0 4.25 10k 3 500)\nR1 a c 1k\nL1 c 0 0.175u\n.tran 10u 1m\n.save i(l1)\n");
  CHECK(largest(modulated["i(l1)"]) == testing::approx(4.25e-3).epsilon(2e-3));
  const DeckRun across = run_deck("V1 a 0 SIN(0 4.25 10k)\nL1 a 0 1u\n.tran 1u 1m uic\n.save i(l1)\n");
  CHECK(largest(across["i(l1)"]) == testing::approx(2 * 4.25 / (2 * pi * 10e3 * 1e-6)).epsilon(2e-3));
}

TEST_CASE("coils go on behind corners whatever voltage, inductance and length of the run") {
  for (const double voltage : {1.0, 10.0, 325.0}) {
    for (const double inductance : {1e-6, 1e-4, 1e-2, 0.1}) {
      CAPTURE(voltage);
      CAPTURE(inductance);
      const DeckRun pulses = run_deck(
          fmt::format("V1 a 0 PULSE(0 {} 0 1u 1u 10m 20m)\nR1 a b 10\nL1 b 0 {}\n.tran 1m 0.2\n.save i(l1)\n",
                      voltage, inductance));
      const double decay = std::exp(-10e-3 * 10 / inductance);
      const double peak = voltage / 10 / (1 + decay);
      CHECK(largest(pulses["i(l1)"]) == testing::approx(peak).epsilon(5e-3));
    }
  }
}

TEST_CASE("a current commutates from a switch to a diode, given as a table or as an exponential") {
  const std::string circuit =
      "Vo out 0 5\nVg g 0 PULSE(1 0 1m 1n 1n 1 2)\nS1 a 0 g 0 sw1\n.tran 10u 2m\n.save v(a)\n";
  for (const char* off : {"1Meg", "10Meg", "1g"}) {
    CAPTURE(off);
    const std::string model = fmt::format(".model sw1 sw(vt=0.5 ron=10m roff={})\n", off);
    const DeckRun table =
        run_deck("I1 0 a 1\nG1 a out TABLE {v(a,out)} = (-100,-0.1m) (0,0) (1,100)\n" + model + circuit);
    CHECK(at(table, "v(a)", 1.5e-3) == testing::approx(5.01).epsilon(1e-5));
    const DeckRun exponential =
        run_deck("I1 0 a 10\nB1 a out I={1e-12*(exp(v(a,out)/0.02585)-1)}\n" + model + circuit);
    CHECK(at(exponential, "v(a)", 1.5e-3) ==
          testing::approx(5 + 0.02585 * std::log(10 / 1e-12)).epsilon(1e-5));
  }
}

TEST_CASE("a passive memristor behind a resistor keeps the laws at its bounds, at every tolerance") {
  for (const char* reltol : {"1e-3", "1e-4", "1e-5", "1e-6", "1e-7", "1e-8"}) {
    CAPTURE(reltol);
    const DeckRun run =
        run_deck(fmt::format("V1 a 0 SIN(0 1 1)\nR1 a b 1k\nY1 b 0 m w0=0.5\n.model m memristor(ron=100 "
                             "roff=100meg beta=6.667e-07)\n"
                             ".options reltol={}\n.tran 5m 3\n.save v(*) i(*) w(*)\n",
                             reltol));
    CHECK(largest(run["v(b)"]) == testing::approx(1).epsilon(2e-4));
    CHECK(smallest(run["v(b)"]) == testing::approx(-1).epsilon(2e-4));
    const std::vector<double>& resistor = run["i(r1)"];
    const std::vector<double>& memristor = run["i(y1)"];
    const double scale = std::max(largest(resistor), -smallest(resistor));
    for (std::size_t row = 0; row < resistor.size(); ++row)
      CHECK(std::abs(resistor[row] - memristor[row]) <= 1e-9 * scale);
  }
}

TEST_CASE("a state that lands on a bound is under error control until it does") {
  for (const char* reltol : {"1e-4", "1e-6", "1e-8"}) {
    CAPTURE(reltol);
    const DeckRun run = run_deck(
        "R1 a 0 1k\nY0 a 0 m w0=0.246 alpha=1.421\nY1 a 0 m w0=0.7805 alpha=2.293\nY2 a 0 m w0=0.874 "
        "alpha=-2.329\n"
        ".model m memristor(ron=100 roff=1600)\n.tran 2.5m 1\n.save w(*)\n.options reltol=" +
        std::string(reltol) + "\n");
    double error = 0;
    for (std::size_t row = 0; row < run.time().size(); ++row) {
      const double t = run.time()[row];
      error = std::max({error, std::abs(run["w(y0)"][row] - std::min(1.0, 0.246 * std::exp(1.421 * t))),
                        std::abs(run["w(y1)"][row] - std::min(1.0, 0.7805 * std::exp(2.293 * t))),
                        std::abs(run["w(y2)"][row] - 0.874 * std::exp(-2.329 * t))});
    }
    CHECK(error <= 10 * std::stod(reltol));
  }
}

TEST_CASE("what expressions make of the time is seen between steps") {
  const DeckRun pulses = run_deck(
      "B1 0 out I={1m*exp(-400*(1-cos(2*pi*10k*time)))}\nC1 out 0 1n\nR1 out 0 1g\n.tran 1u 10m uic\n.save "
      "v(out)\n");
  CHECK(at(pulses, "v(out)", 9.95e-3) == testing::approx(197.551).epsilon(2.5e-3));
  const DeckRun edges = run_deck(
      "B1 in 0 V={0.5*(tanh((time%1-0.5)/1m)-tanh((time%1-0.52)/1m))}\nY1 in 0 mm w0=0.9\n"
      ".model mm memristor(ron=100 roff=16k beta=1e-2)\n.tran 1m 20\n.save w(y1)\n");
  CHECK(at(edges, "w(y1)", 19.9) == testing::approx(0.5578).epsilon(9e-3));
}

TEST_CASE("a state of nanometres is as good as one of metres") {
  for (const char* scale : {"1", "1m", "1u", "10n", "1p"}) {
    CAPTURE(scale);
    const DeckRun run = run_deck(fmt::format(
        ".param D={} k=1e4\nBs s 0 V={{100u*sin(2*pi*time)}}\nBw 0 w I={{D*k*v(s)*4*(v(w)/D)*(1-v(w)/D)}}\n"
        "Cw w 0 1 ic={{D*0.1}}\n.tran 1m 3 uic\n.save v(w)\n",
        scale));
    const double start = run["v(w)"].front();
    CHECK(at(run, "v(w)", 0.5) == testing::approx(2.84147 * start).epsilon(1e-3));
    CHECK(at(run, "v(w)", 3) == testing::approx(start).epsilon(1e-3));
  }
}

TEST_CASE("measures and tables change no step, and no row beyond rounding") {
  const std::string deck =
      "V1 a 0 SIN(0 1 1)\nR1 a b 1k\nY1 b 0 m w0=0.5\n.model m memristor(ron=100 roff=1meg beta=6.667e-05)\n"
      ".tran 5m 3\n.save v(*) i(*) w(*)\n";
  const DeckRun plain = run_deck(deck);
  const DeckRun measured =
      run_deck(deck + ".meas tran lo MIN v(b)\n.meas tran hi MAX v(b)\n.print tran v(b)\n");
  REQUIRE(plain.time() == measured.time());
  for (const char* name : {"v(b)", "i(y1)", "w(y1)"}) {
    const double scale = std::max(largest(plain[name]), -smallest(plain[name]));
    for (std::size_t row = 0; row < plain.rows(); ++row)
      CHECK(std::abs(plain[name][row] - measured[name][row]) <= 1e-11 * scale);
  }
}

TEST_CASE("an absolute tolerance of the deck above all that a charge does gets a warning") {
  std::vector<std::string> warnings;
  RunOptions options;
  options.warned = [&](const Diagnostic& warning) { warnings.push_back(warning.message); };
  const std::string deck = "V1 a 0 SIN(0 1m 1k)\nR1 a b 1k\nC1 b 0 1u\n.tran 5m\n.save v(b)\n";
  testing::try_circuit(testing::circuit_of(deck), options);
  CHECK(warnings.empty());
  testing::try_circuit(testing::circuit_of(deck + ".options vntol=1\n"), options);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings.front() ==
        "v(c1) stays below the absolute tolerance that .options gives: its error is not controlled");
  warnings.clear();
  testing::try_circuit(testing::circuit_of(deck + ".options vntol=1\n.mc 20\n"), options);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings.front().starts_with("at all points: v(c1) stays below"));
}

TEST_CASE("a comparison that holds for a moment within a step is an event") {
  for (const double level : {0.9, 0.99, 0.9995}) {
    for (const double frequency : {17.7, 3e3}) {
      CAPTURE(level);
      CAPTURE(frequency);
      const double stop = 5.25 / frequency;
      const double closed = std::acos(level) / (pi * frequency);  // of every period
      const DeckRun run = run_deck(fmt::format(
          "V1 ctl 0 SIN(0 1 {0})\nB1 0 out I={{v(ctl) > {1} ? 1 : 0}}\nC1 out 0 {2}\nR1 out 0 1g\n"
          "S1 in n ctl 0 sw\n.model sw sw(vt={1} ron=1 roff=1e12)\nV2 in 0 1\nC2 n 0 {2}\n"
          ".tran {2} {2} uic\n.save v(out) v(n)\n",
          frequency, level, stop));
      CHECK(run["v(out)"].back() == testing::approx(5.5 * closed / stop).epsilon(2e-3));
      CHECK(run["v(n)"].back() == testing::approx(1 - std::exp(-5.5 * closed / stop)).epsilon(2e-3));
    }
  }
}

TEST_CASE("what flows behind a cut set of coils and current sources does not hide what these carry") {
  // i(L1) = -i(I1) whatever is between, and v(b) - v(c) = (R1 || R2) times the rest: here nothing flows
  // there.
  for (const double inductance : {1e-6, 1.0, 1e6, 1e9}) {
    for (const double capacitance : {1e-12, 1e-6, 1.0}) {
      CAPTURE(inductance);
      CAPTURE(capacitance);
      const DeckRun run = run_deck(fmt::format(
          "I1 a 0 SIN(0 1m 1k)\nR1 a b 2\nC1 a b {0}\nR2 b d 100\nC2 b d {0}\nL1 0 b {1}\nL2 d e {1}\n"
          ".tran 10u 2m\n.save v(*) i(*)\n",
          capacitance, inductance));
      for (const double t : {0.25e-3, 1.1e-3, 1.9e-3}) {
        const double current = 1e-3 * std::sin(2 * pi * 1e3 * t);
        CHECK(at(run, "i(l1)", t) == testing::approx(current).epsilon(2e-3));
        CHECK(std::abs(at(run, "i(l2)", t)) <= 1e-15);
        CHECK(std::abs(at(run, "v(d)", t) - at(run, "v(b)", t)) <=
              1e-12 * std::max(1.0, std::abs(at(run, "v(b)", t))));
      }
    }
  }
}

TEST_CASE("coupled coils in a cut set share a prescribed flux") {
  const DeckRun run = run_deck(
      "I1 0 a PULSE(0 10u 0 2u 2u 1 2)\nR1 a b 2k\nC1 a b 214u\nL1 b c 26k\nL2 c 0 868\nK1 L1 L2 0.5\n"
      ".tran 5m 1\n.save v(*) i(*)\n");
  CHECK(at(run, "i(l2)", 0.5) == testing::approx(10e-6).epsilon(1e-6));
  CHECK(at(run, "i(l1)", 0.5) == testing::approx(10e-6).epsilon(1e-6));
  // While the current rises: v = (L1 + L2 + 2 M) di/dt.
  const double mutual = 0.5 * std::sqrt(26e3 * 868);
  CHECK(at(run, "v(b)", 1e-6) == testing::approx((26e3 + 868 + 2 * mutual) * 10e-6 / 2e-6).epsilon(1e-3));
}

TEST_CASE("an edge of picoseconds late in a run is no matter of the time's rounding") {
  const DeckRun run = run_deck(
      "I1 0 a PWL(0 0 25u 0 25.00000065u 1)\nR1 a 0 5\nC1 a 0 1u\n.options reltol=1e-8\n.tran 1u 75u\n"
      ".save v(a)\n");
  const double t = 75e-6 - 25e-6;
  CHECK(run["v(a)"].back() == testing::approx(5 * (1 - std::exp(-t / 5e-6))).epsilon(1e-6));
}

TEST_CASE("a capacitor far below the voltages beside it is controlled relative to its own range") {
  // 1 mV over 340 ohm charges 8 mF for 40 ms: 15 uV at the end.
  const DeckRun run =
      run_deck("V1 a 0 EXP(0 1m 0 5m 1 1)\nR1 a b 340\nC1 b 0 8m\n.options reltol=1e-3\n.tran 0.4m 40m\n");
  const double tau = 340 * 8e-3, rise = 5e-3, t = 40e-3 - 0.4e-3;  // td1 = 0 means tstep
  const double exact = 1e-3 * (1 - (tau * std::exp(-t / tau) - rise * std::exp(-t / rise)) / (tau - rise));
  CHECK(run["v(b)"].back() == testing::approx(exact).epsilon(2e-3));
}

TEST_CASE(
    "currents and voltages that are derivatives of what sources prescribe come within 2e-4 of their range") {
  for (const double frequency : {1e3, 3e5}) {
    CAPTURE(frequency);
    const double omega = 2 * pi * frequency;
    const DeckRun run = run_deck(fmt::format(
        "V1 a 0 SIN(0 1 {0})\nC1 a 0 1u\nI1 0 b SIN(0 1m {0})\nL1 b c 1m\nL2 c 0 1m\n.tran {1} {2}\n",
        frequency, 0.005 / frequency, 3 / frequency));
    double worst = 0;
    for (std::size_t i = 0; i < run.time().size(); ++i) {
      const double slope = omega * std::cos(omega * run.time()[i]);
      worst = std::max(worst, std::abs(run["i(v1)"][i] + 1e-6 * slope) / (2e-6 * omega));
      worst = std::max(worst, std::abs(run["v(b)"][i] - 2e-6 * slope) / (4e-6 * omega));
    }
    CHECK(worst <= 1e-4);
  }
}

TEST_CASE("a wave that is smooth over a line needs no step for every delay") {
  const DeckRun run =
      run_deck("V1 in 0 SIN(0 1 1k)\nR1 in b 50\nT1 b 0 o 0 Z0=50 TD=1n\nR2 o 0 50\n.tran 10u 6m\n.end\n");
  CHECK(run.analysis().statistics.steps < 2000);
  CHECK(at(run, "v(o)", 5.2e-3) == testing::approx(0.4755283).epsilon(1e-3));
  CHECK(at(run, "v(b)", 5.2e-3) == testing::approx(0.4755283).epsilon(1e-3));
}

TEST_CASE("lines in a row that are short against the wave shift it by their delays together") {
  const double delay = 1e-6;  // of three lines; 2 pi f delay = 0.06, far more than the tolerance
  const DeckRun run = run_deck(
      "V1 in 0 SIN(0 1 10k)\nR1 in a 50\nT1 a 0 b 0 Z0=50 TD=500n\nT2 b 0 c 0 Z0=50 TD=300n\n"
      "T3 c 0 d 0 Z0=50 TD=200n\nR2 d 0 50\n.options reltol=1e-5\n.tran 1u 5m\n.end\n");
  CHECK(run.analysis().statistics.steps < 10000);  // a delay at most: 25,000
  for (const double t : {1.02e-3, 2.51e-3, 4.987e-3}) {
    CAPTURE(t);
    CHECK(std::abs(at(run, "v(d)", t) - 0.5 * std::sin(2 * pi * 1e4 * (t - delay))) < 1e-3);
  }
}

TEST_CASE("a jump arrives as a jump at the end of a line that was at rest and is at rest again") {
  for (const double edge : {0.0, 1e-12}) {
    CAPTURE(edge);
    const DeckRun run = run_deck(
        fmt::format("V1 in 0 PWL(0 0 1u 0 {0:.17g} 1 3u 1 {1:.17g} 0)\nR1 in a 50\nT1 a 0 b 0 Z0=50 TD=10n\n"
                    "R2 b 0 150\n.tran 10n 5u\n.end\n",
                    1e-6 + edge, 3e-6 + edge));
    CHECK(at(run, "v(b)", 1.0099e-6) == testing::approx(0).epsilon(1e-9));
    CHECK(at(run, "v(b)", 1.0101e-6) == testing::approx(0.75));  // (1 + 1/2) / 2
    CHECK(at(run, "v(a)", 1.0199e-6) == testing::approx(0.5));
    CHECK(at(run, "v(a)", 1.025e-6) == testing::approx(0.75));
    CHECK(at(run, "v(b)", 3.0099e-6) == testing::approx(0.75));
    CHECK(std::abs(at(run, "v(b)", 3.0101e-6)) < 1e-6);
  }
}

TEST_CASE("a line whose far end floats behind teraohms, at every tolerance") {
  for (const char* leak : {"1g", "10t", "100t"}) {
    for (const double reltol : {1e-3, 1e-6}) {
      CAPTURE(leak);
      CAPTURE(reltol);
      const DeckRun run =
          run_deck(fmt::format("V1 n 0 PULSE(0 1 1n 10p 10p 50n 100n)\nR1 n a 150\nT1 a 0 p m z0=50 td=1n\n"
                               "RL p m 200\nR2 p 0 {}\nR3 m 0 {}\n.options reltol={}\n.tran 0.1n 40n\n.end\n",
                               leak, leak, reltol));
      CHECK(at(run, "v(a)", 39e-9) == testing::approx(200.0 / 350).epsilon(1e-5));
      CHECK(at(run, "v(p)", 39e-9) - at(run, "v(m)", 39e-9) == testing::approx(200.0 / 350).epsilon(1e-5));
    }
  }
}

TEST_CASE(
    "a charged line that is short against the run discharges in steps of its delay only while it does") {
  const DeckRun run =
      run_deck("T1 a 0 b 0 Z0=50 TD=1n IC=1,0,1,0\nR1 a 0 150\nR2 b 0 1t\n.tran 0.1n 1u uic\n.end\n");
  CHECK(run.analysis().statistics.steps < 600);
  double expected = 0.75;  // behind every turn of 2 ns half of it
  for (double t = 1e-9; t < 10e-9; t += 2e-9, expected *= 0.5) {
    CAPTURE(t);
    CHECK(at(run, "v(a)", t) == testing::approx(expected).epsilon(1e-6));
  }
  CHECK(std::abs(run["v(a)"].back()) < 1e-6);
}

TEST_CASE("a quarter-wave line rings with a switch's edge at its own frequency") {
  const DeckRun run = run_deck(
      "V1 in 0 PULSE(0 1 1n 0 0 1 2)\nR1 in a 1k\nT1 a 0 b 0 Z0=50 TD=5n\nR2 b 0 1m\n.tran 0.1n "
      "200n\n.end\n");
  const double enters = 50.0 / 1050, back = (1000.0 - 50) / 1050;
  double expected = enters;
  double leaves = enters;
  const double far = (1e-3 - 50) / (1e-3 + 50);
  for (double t = 6e-9; t < 190e-9; t += 10e-9) {
    CAPTURE(t);
    CHECK(std::abs(at(run, "v(a)", t) - expected) < 1e-6);
    expected += leaves * far * (1 + back);
    leaves *= far * back;
  }
}

TEST_CASE(
    "a short line in an oscillator adds its inductance and its capacitance, in steps longer than its delay") {
  const auto oscillator = [](const char* link) {
    return run_deck(
        fmt::format("C1 a 0 1n ic=0.1\n{}\nR1 b b1 0.5\nR2 b1 b 1k\nL1 b1 0 1u\nR3 b 0 2k\n"
                    "B1 a 0 i={{-2m*v(a)+0.333m*v(a)*v(a)*v(a)}}\n.tran 10n 20u uic\n.end\n",
                    link));
  };
  const auto period = [](const DeckRun& run) {
    const auto& t = run.time();
    const auto& v = run["v(a)"];
    std::vector<double> zeros;
    for (std::size_t i = 1; i < t.size(); ++i)
      if (t[i] > 10e-6 && v[i - 1] < 0 && v[i] >= 0)
        zeros.push_back(t[i] - v[i] * (t[i] - t[i - 1]) / (v[i] - v[i - 1]));
    return (zeros.back() - zeros.front()) / static_cast<double>(zeros.size() - 1);
  };
  const DeckRun line = oscillator("T1 a 0 b 0 z0=50 td=0.1n ic=0.1,0,0.1,0");
  CHECK(line.analysis().statistics.steps < 30000);  // a delay at most: 200,000
  const double slower = std::sqrt((1e-6 + 50 * 0.1e-9) / 1e-6 * (1e-9 + 0.1e-9 / 50) / 1e-9);
  CHECK(period(line) / period(oscillator("Vx a b 0")) == testing::approx(slower).epsilon(1e-4));
}
