// The real ngspice on the same R C L V I decks, both at tight tolerances: every common vector agrees to 1e-4
// of its range.

#include <fmt/format.h>

#include "support/interpolate.hpp"
#include "support/run_deck.hpp"
#include "waveform/ngspice.hpp"

using namespace memspice;

namespace {

/// Runs both programs. The vectors are compared on a grid of `points` that misses the corners of the sources,
/// where a jump's left and right values are both right.
void check_agreement(const std::string& body, double stop, const std::vector<std::string>& vectors,
                     bool uic = false) {
  if (!ngspice_found()) return;
  constexpr int points = 997;
  const std::string tran =
      fmt::format(".tran {:.6g} {:.6g} 0 {:.6g}{}\n", stop / 5000, stop, stop / 10000, uic ? " uic" : "");
  const TemporaryFolder folder;
  REQUIRE(run_ngspice(
              folder,
              "test\n" + body + tran + ".options reltol=1e-6 abstol=1e-15 vntol=1e-10 chgtol=1e-18\n.end\n",
              "-r out.raw") == 0);
  const std::vector<Plot> plots = read_waveforms(folder.file("out.raw"));
  REQUIRE(plots.size() == 1);
  const Plot& theirs = plots.front();
  std::string save = ".save";
  for (const std::string& vector : vectors) save += " " + vector;
  const testing::DeckRun result = testing::run_deck(body + tran + ".options reltol=1e-6\n" + save + "\n");
  const Plot& ours = result.plots.back();
  for (const std::string& vector : vectors) {
    CAPTURE(vector);
    const std::size_t their_column = theirs.find(vector);
    const std::size_t our_column = ours.find(vector);
    REQUIRE(their_column != Plot::npos);
    REQUIRE(our_column != Plot::npos);
    double difference = 0;
    double low = infinity;
    double high = -infinity;
    for (int k = 1; k < points; ++k) {
      const double t = stop * k / points;
      const double expected = testing::interpolate(theirs.columns[0], theirs.columns[their_column], t);
      const double error =
          std::abs(testing::interpolate(ours.columns[0], ours.columns[our_column], t) - expected);
      if (!(error <= difference)) difference = error;
      low = std::min(low, expected);
      high = std::max(high, expected);
    }
    REQUIRE(high > low);
    CHECK(difference <= 1e-4 * (high - low));
  }
}

}  // namespace

TEST_CASE("ngspice agrees on RC and RLC circuits driven by a pulse") {
  check_agreement("V1 in 0 PULSE(0 1 0.1m 10u 20u 0.4m 1m)\nR1 in out 1k\nC1 out 0 0.1u\n", 2e-3,
                  {"v(in)", "v(out)", "i(v1)"});
  check_agreement("V1 in 0 PULSE(0 1 0.1m 10u 20u 0.4m 1m)\nR1 in a 20\nL1 a b 1m\nC1 b 0 0.1u\nR2 b 0 1k\n",
                  1e-3, {"v(a)", "v(b)", "i(v1)", "i(l1)"});
}

TEST_CASE("ngspice agrees on every waveform of voltage and current sources") {
  const std::string load = "R1 in a 100\nC1 a 0 1u\nR2 a b 1k\nL1 b 0 10m\n";
  for (const std::string wave :
       {"PULSE(-1 2 0.3m 50u 0.2m 0.5m 1.5m)", "SIN(0.5 2 1k)", "SIN(0.5 2 1k 0.4m 500)",
        "SIN(0 1 2k 0.2m 100 60)", "EXP(-1 3 0.2m 0.1m 1.1m 0.3m)",
        "PWL(0 0 0.2m 1 0.7m -2 1.1m 0.5 2.5m 0.5)"}) {
    CAPTURE(wave);
    check_agreement("V1 in 0 " + wave + "\n" + load, 3e-3, {"v(in)", "v(a)", "v(b)", "i(v1)", "i(l1)"});
    check_agreement("I1 0 in " + wave + "\nR9 in 0 500\n" + load, 3e-3, {"v(in)", "v(a)", "v(b)", "i(l1)"});
  }
}

TEST_CASE("ngspice agrees on ladders, from the operating point and from initial conditions") {
  std::string ladder;
  for (int k = 0; k < 8; ++k)
    ladder += fmt::format("R{0} n{0} m{0} 10\nL{0} m{0} n{1} 1m\nC{0} n{1} 0 10n\n", k, k + 1);
  ladder += "R99 n8 0 300\n";
  check_agreement("V1 n0 0 PULSE(1 2 20u 5u 5u 100u)\n" + ladder, 0.3e-3,
                  {"v(n1)", "v(n4)", "v(n8)", "i(l0)", "i(l7)", "i(v1)"});
  check_agreement("V1 n0 0 0\nC9 n4 0 10n ic=3\nC10 n8 0 10n ic=-1\n" +
                      ladder.replace(ladder.find("C3 n4 0 10n"), 11, "C3 n4 0 10n ic=3")
                          .replace(ladder.find("C7 n8 0 10n"), 11, "C7 n8 0 10n ic=-1"),
                  0.2e-3, {"v(n1)", "v(n4)", "v(n8)", "i(l0)"}, true);
}

TEST_CASE("ngspice agrees on a bridge with two sources and a floating capacitor") {
  check_agreement(
      "V1 a 0 SIN(0 5 1k)\nI1 c d PULSE(0 5m 0.2m 10u 10u 0.5m 1m)\nR1 a b 1k\nR2 a c 2k\nR3 b d 3k\nR4 c d "
      "1k\n"
      "R5 d 0 500\nC1 b c 0.1u\nL1 b 0 50m\n",
      3e-3, {"v(a)", "v(b)", "v(c)", "v(d)", "i(v1)", "i(l1)"});
}

TEST_CASE("ngspice agrees on nested subcircuits with parameters and expressions") {
  check_agreement(
      ".param rbase=1k tau=0.1m\n.subckt section in out params: r=1k c=100n\nR1 in out {r}\nC1 out 0 "
      "{c}\n.ends\n"
      ".subckt pair a b params: r=1k\nX1 a m section params: r={r} c={tau/r}\nX2 m b section params: "
      "r={2*r}\n.ends\n"
      "V1 in 0 PULSE(0 1 0.1m 10u 10u 0.5m 1m)\nX1 in mid pair params: r={rbase}\nX2 mid out pair params: "
      "r={3*rbase}\n"
      "R1 out 0 10k\n",
      2e-3, {"v(mid)", "v(out)", "v(x1.m)", "v(x2.m)", "i(v1)"});
}
