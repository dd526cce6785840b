// Decks converted for ngspice, run by the real one, and compared by the commands in their heads: every vector
// within 1e-3 of its range.

#include <fmt/format.h>

#include <vector>

#include "convert/round_trip.hpp"
#include "support/random_network.hpp"
#include "waveform/ngspice.hpp"

namespace {

using memspice::testing::Random;

/// A run that is written finely enough for straight lines between its rows.
std::string fine_run(double stop) {
  return fmt::format(".tran {} {}\n.options reltol=1e-6\n", stop / 4000, stop);
}

std::string reference_deck(const std::string& name, double stop) {
  std::istringstream deck(read_bytes(memspice::testing::project_folder() + "/tests/reference/" + name));
  std::string body;
  std::string line;
  std::getline(deck, line);
  while (std::getline(deck, line))
    if (!line.starts_with(".tran") && !line.starts_with(".options") && !line.starts_with(".end"))
      body += line + "\n";
  return body + fine_run(stop);
}

}  // namespace

TEST_CASE("ngspice agrees on networks of memristors: K4, a ring, resistors, active devices") {
  CHECK(disagreement(reference_deck("k4_ac.cir", 3), 27) == "");
  CHECK(disagreement(reference_deck("ring5_dc.cir", 4), 24) == "");
  CHECK(disagreement(reference_deck("ladder_one_source.cir", 2), 65) == "");
  CHECK(disagreement(reference_deck("random10_active.cir", 1), 105) == "");
}

TEST_CASE("ngspice agrees on states that reach both bounds and leave them again") {
  CHECK(disagreement(reference_deck("random12_bounds.cir", 4), 131) == "");
  CHECK(disagreement(
            "V1 in 0 SIN(0 12 1)\nYcurrent in 0 memory\nYvoltage in 0 memory control=voltage beta=2\n"
            "Yback 0 in memory polarity=-1\n.model memory memristor(ron=100 roff=1600 alpha=0.2 beta=1)\n"
            ".tran 0.1m 3\n.options reltol=1e-6\n",  // corners at bounds fall between rows
            5) == "");
}

TEST_CASE("ngspice agrees on random networks where every device is different") {
  Random random(20241);
  for (int k = 0; k < 5; ++k) {
    memspice::testing::Network network = memspice::testing::random_network(random, 5, 5, 20, 1);
    const std::size_t count = network.branches.size();
    CHECK(disagreement(network.deck() + ".save w(*) i(y*)\n" + fine_run(2), 2 * count) == "");
  }
}

TEST_CASE("ngspice agrees on memristors with windows") {
  for (const std::string window : {"joglekar", "biolek", "prodromakis", "kvatinsky"}) {
    CAPTURE(window);
    CHECK(disagreement("V1 a 0 SIN(0 1 1)\nY1 a 0 memory w0=0.4\n"
                       ".model memory memristor(ron=100 roff=1600 beta=0.05 p=2 wc=0.05 floor=0.02 window=" +
                           window + ")\n.save w(y1) i(y1)\n" + fine_run(2),
                       2) == "");
  }
}

TEST_CASE("ngspice agrees on runs of nanoseconds and of days") {
  for (const double unit : {1e-9, 1e5}) {
    CHECK(disagreement(fmt::format("V1 in 0 SIN(0 20 {})\nR1 in a 50\nY1 a 0 memory w0=0.3\n"
                                   ".model memory memristor(ron=100 roff=1600 alpha={} beta={})\n",
                                   1 / unit, 0.1 / unit, unit) +
                           fine_run(3 * unit),
                       4) == "");
  }
}

TEST_CASE("ngspice agrees on R, L and C under every waveform of both kinds of source") {
  const std::string load = "R1 in a 100\nC1 a 0 1u\nR2 a b 1k\nL1 b 0 10m\nR3 b 0 -5k\n";
  for (const std::string wave :
       {"PULSE(-1 2 0.3m 50u 0.2m 0.5m 1.5m)", "PULSE(0 1)", "SIN(0.5 2 1k 0.4m 500)",
        "SIN(0 1 2k 0.2m 100 60)", "PWL(0 0 0.2m 1 0.7m -2 1.1m 0.5 2.5m 0.5)",
        "PWL(0 0 0.2m 1 0.7m -2 1.1m 0.5) td=0.3m", "PWL(0 0 0.2m 1 0.7m -2 1.1m 1) r=0.2m td=0.1m"}) {
    const std::string run = ".tran 1u 3m\n.options reltol=1e-6\n.save v(*) i(*)\n";
    CHECK(disagreement("V1 in 0 " + wave + "\n" + load + run, 9) == "");
    CHECK(disagreement("I1 0 in " + wave + "\nR9 in 0 500\n" + load + run, 10) == "");
  }
}

TEST_CASE("ngspice agrees on EXP sources; it does not stop at their corners, so small steps must") {
  for (const char* source : {"V1 in 0", "I1 0 in"})
    CHECK(disagreement(
              source + std::string(" EXP(-1 3 0.2m 0.3m 1.1m 0.3m)\nR1 in a 100\nC1 a 0 1u\nR2 a 0 1k\n"
                                   ".save v(*) i(*)\n.tran 1u 3m 0 0.2u\n.options reltol=1e-6\n"),
              6) == "");
}

TEST_CASE("ngspice agrees on a jump of a PWL source, where it has no corner of its own") {
  CHECK(disagreement("V1 in 0 PWL(0 0 1m 0 1m 1 2m 0 2m -1)\nR1 in out 1k\nC1 out 0 1u\n.save v(out)\n"
                     ".tran 1u 5m\n.options reltol=1e-6\n",
                     1) == "");
}

TEST_CASE("ngspice agrees on every vector that memspice can write") {
  CHECK(disagreement(
            "V1 in 0 SIN(1 1 1k)\nI1 0 b SIN(0 1m 2k)\nR1 in a 1k\nR2 a b 0\nC1 b 0 1u\nL1 b c 1m\nR3 c 0 "
            "100\nY1 "
            "b 0 "
            "memory\n.model memory memristor(ron=100 roff=1600 beta=1m)\n"
            ".save v(*) v(a,c) v(0,in) i(*) p(*) w(y1) r(y1) @r1[i]\n.tran 1u 3m\n.options reltol=1e-6\n",
            4 + 2 + 8 + 8 + 2) == "");
}

TEST_CASE("ngspice agrees on initial conditions, and on an operating point that holds the states") {
  const std::string circuit =
      "V1 in 0 2\nR1 in a 1k\nC1 a 0 1u ic=1\nL1 a b 1m ic=2m\nR2 b 0 1k\nC2 c 0 1u\nR3 c b 1k\nY1 in c "
      "memory "
      "w0=0.2\n.model memory memristor(ron=100 roff=1600 beta=1m)\n";
  const std::string run = ".options reltol=1e-6\n.tran 1u 2m";
  CHECK(disagreement(circuit + run + "\n", 7) == "");
  CHECK(disagreement(circuit + ".ic v(c)=0.5\n.nodeset v(a)=1\n" + run + "\n", 7) == "");
  CHECK(disagreement(circuit + ".ic v(c)=0.5 w(y1)=0.7\n.save w(*) v(a) v(b) v(c) i(l1)\n" + run + " uic\n",
                     5) == "");
  CHECK(disagreement(circuit + ".op\n", 7) == "");
}

TEST_CASE("ngspice agrees on subcircuits: their names come out legal, and comparable") {
  CHECK(
      disagreement(
          ".subckt cell p n params: start=0.5\nV1 p m SIN(0 5 1)\nY1 m x memory w0={start}\nR0 x n 0\nR1 p n "
          "2k\n.ends\n"
          ".subckt pair a b\nX1 a m cell\nX2 m b cell params: start=0.3\n.ends\n"
          "X1 top 0 pair\nX2 top 0 cell\nR1 top 0 1k\nRw w_x1_x1_y1 0 1k\nVw w_x1_x1_y1 0 1\n"
          "YMEMRISTOR side top 0 memory\n.model memory memristor(ron=100 roff=1600 beta=0.5)\n"
          ".save v(*) w(*) i(*)\n" +
              fine_run(2),
          2 + 1 + 3 * 2 + 4 + 4 * 3 + 4) == "");
}

TEST_CASE("ngspice agrees on controlled sources of every form, written as behavioural ones") {
  CHECK(disagreement("V1 a 0 SIN(0.3 1 1k)\nV2 b 0 SIN(-0.2 0.7 1.7k)\nR1 a s 1k\nVs s 0 0\nR2 b 0 1k\n"
                     "E1 o1 0 a b 3\nR3 o1 c 1k\nC1 c 0 0.1u\nE2 o2 0 POLY(2) a 0 b 0 0.1 0.2 0.3 0.4 0.5 "
                     "0.6\nR4 o2 0 1k\n"
                     "F1 0 o3 Vs 2 m=3\nR5 o3 0 1k\nH1 o4 0 R2 500\nR6 o4 0 1k\nG1 0 o5 TABLE {v(a)} = "
                     "(-0.5,-1m) (0.5,2m)\n"
                     "R7 o5 0 1k\nE3 o6 0 VALUE={tanh(v(a,b)) + (v(a) > 0.2 ? v(a) : 0.2) * abs(v(b))^3 * "
                     "cos(2000*time)}\nR8 o6 0 1k\n"
                     ".save v(*) i(e*) i(f1) i(h1) i(g1) p(e1)\n" +
                         fine_run(2e-3),
                     10 + 3 + 3 + 1) == "");
}

TEST_CASE("ngspice agrees on transformers, lines and smooth switches") {
  CHECK(disagreement("V1 in 0 SIN(0 10 1k)\nR1 in a 10\nL1 a 0 10m\nL2 b 0 40m\nL3 c 0 10m\nR2 b 0 200\nR3 c "
                     "0 100\nK1 L1 "
                     "L2 L3 "
                     "0.9\n" +
                         fine_run(2e-3),
                     4 + 1 + 3) == "");
  CHECK(disagreement("V1 in 0 SIN(0 1 20meg)\nR1 in a 25\nT1 a 0 b 0 z0=50 td=10n\nR2 b 0 200\n.save v(*) "
                     "i(v1) i(t1)\n" +
                         fine_run(200e-9),
                     5) == "");
  CHECK(disagreement("V1 c 0 SIN(0 1 1k)\nV2 p 0 5\nR1 p a 1k\nS1 a 0 c 0 sm\n.model sm vswitch(von=0.6 "
                     "voff=-0.4 ron=10 "
                     "roff=10k)\n.save v(*) i(s1) p(s1)\n" +
                         fine_run(2e-3),
                     5) == "");
}

TEST_CASE("ngspice agrees on switches with hysteresis, controlled by voltages, currents and expressions") {
  CHECK(disagreement(
            "V1 c 0 SIN(0 2 1k)\nR1 c s 1k\nVs s 0 0\nV2 p 0 5\nR2 p a 1k\nS1 a 0 c 0 sm\nR3 p b 1k\nW1 b 0 "
            "Vs wm "
            "on\n"
            "R4 p d 1k\nS2 d 0 sm control={v(c)*v(c)}\nC1 a 0 10u\nC2 b 0 10u\nC3 d 0 10u\n"
            ".model sm sw(vt=1 vh=0.3 ron=100 roff=100k)\n.model wm csw(it=0.2m ih=0.3m ron=100 roff=100k)\n"
            ".save v(a) v(b) v(d)\n" +
                fine_run(2e-3),
            3) == "");
}
