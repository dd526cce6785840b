// Operating points of textbook circuits with the node voltages that the book prints: Sedra and Smith,
// Microelectronic Circuits, 5th edition (Oxford University Press 2004), by the numbers of its examples.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/run_deck.hpp"

using memspice::testing::run_deck;

namespace {

struct Printed {
  const char* vector;
  double value;      // V, or A
  double tolerance;  // what the book rounds to, and by what its 0.7 V of a junction errs
};

struct Example {
  const char* number;
  std::string cards;
  std::vector<Printed> printed;
};

// A junction of 0.7 V at 1 mA; beta 100.
const std::string bipolar = ".model n npn(is=1.745f bf=100)\n.model p pnp(is=1.745f bf=100)\n";
// Thresholds of 1 V, k'W/L of 1 mA/V².
const std::string mos = ".model n nmos(vto=1 kp=1m)\n.model p pmos(vto=-1 kp=1m)\n";

const std::vector<Example> examples{
    // 0.7 V at 1 mA and 0.1 V a decade
    {"3.4",
     "Vdd a 0 5\nR1 a d 1k\nD1 d 0 d\n.model d d(is=1e-10 n=1.67907)\n.options temp=27\n",
     {{"v(d)", 0.762, 1e-3}}},
    {"4.2",
     "Vdd dd 0 2.5\nVss ss 0 -2.5\nRd dd d 5k\nRs s ss 3.25k\nM1 d 0 s s n l=1u w=32u\n"
     ".model n nmos(vto=0.7 kp=100u)\n",
     {{"v(d)", 0.5, 0.005}, {"v(s)", -1.2, 0.005}}},
    {"4.3",
     "Vdd dd 0 3\nR1 dd d 25k\nM1 d d 0 0 n l=0.8u w=4u\n.model n nmos(vto=0.6 kp=200u)\n",
     {{"v(d)", 1, 0.001}}},
    {"4.4", "Vdd dd 0 5\nRd dd d 12.4k\nM1 d dd 0 0 n\n" + mos, {{"v(d)", 0.1, 0.001}}},
    {"4.5",
     "Vdd dd 0 10\nRg1 dd g 10meg\nRg2 g 0 10meg\nRd dd d 6k\nRs s 0 6k\nM1 d g s s n\n" + mos,
     {{"v(g)", 5, 0.001}, {"v(s)", 3, 0.001}, {"v(d)", 7, 0.001}}},
    {"4.6",
     "Vdd dd 0 5\nRg1 dd g 2meg\nRg2 g 0 3meg\nRd d 0 6k\nM1 d g dd dd p\n" + mos,
     {{"v(g)", 3, 0.001}, {"v(d)", 3, 0.001}}},
    {"4.7, input at 0 V",
     "Vdd dd 0 2.5\nVss ss 0 -2.5\nVi i 0 0\nMp o i dd dd p\nMn o i ss ss n\nRl o 0 10k\n" + mos,
     {{"v(o)", 0, 0.001}, {"i(vss)", 1.125e-3, 1e-6}}},
    {"4.7, input at 2.5 V",
     "Vdd dd 0 2.5\nVss ss 0 -2.5\nVi i 0 2.5\nMp o i dd dd p\nMn o i ss ss n\nRl o 0 10k\n" + mos,
     {{"v(o)", -2.44, 0.005}, {"i(vss)", 0.244e-3, 1e-6}}},
    {"4.7, input at -2.5 V",
     "Vdd dd 0 2.5\nVss ss 0 -2.5\nVi i 0 -2.5\nMp o i dd dd p\nMn o i ss ss n\nRl o 0 10k\n" + mos,
     {{"v(o)", 2.44, 0.005}}},
    {"5.1",
     "Vcc cc 0 15\nVee ee 0 -15\nRc cc c 5k\nRe e ee 7.07k\nQ1 c 0 e n\n" + bipolar,
     {{"v(c)", 5, 0.005}, {"v(e)", -0.717, 0.002}}},
    {"5.4",
     "Vcc cc 0 10\nVb b 0 4\nRc cc c 4.7k\nRe e 0 3.3k\nQ1 c b e n\n" + bipolar,
     {{"v(e)", 3.3, 0.05}, {"v(c)", 5.3, 0.1}}},
    {"5.5, in saturation",
     "Vcc cc 0 10\nVb b 0 6\nRc cc c 4.7k\nRe e 0 3.3k\nQ1 c b e n\n" + bipolar,
     {{"v(e)", 5.3, 0.1}, {"v(c)", 5.5, 0.2}}},
    {"5.6, cut off",
     "Vcc cc 0 10\nVb b 0 0\nRc cc c 4.7k\nRe e 0 3.3k\nQ1 c b e n\n" + bipolar,
     {{"v(e)", 0, 0.001}, {"v(c)", 10, 0.001}}},
    {"5.7",
     "Vcc cc 0 10\nVee ee 0 -10\nRe cc e 2k\nRc c ee 1k\nQ1 c 0 e p\n" + bipolar,
     {{"v(e)", 0.7, 0.05}, {"v(c)", -5.4, 0.05}}},
    {"5.8",
     "Vcc cc 0 10\nVb bb 0 5\nRb bb b 100k\nRc cc c 2k\nQ1 c b 0 n\n" + bipolar,
     {{"v(b)", 0.7, 0.05}, {"v(c)", 1.4, 0.1}}},
    {"5.10",
     "Vcc cc 0 15\nRb1 cc b 100k\nRb2 b 0 50k\nRc cc c 5k\nRe e 0 3k\nQ1 c b e n\n" + bipolar,
     {{"v(b)", 4.57, 0.03}, {"v(e)", 3.87, 0.03}, {"v(c)", 8.6, 0.05}}},
    {"5.11, whose second junction carries 2.8 mA",
     "Vcc cc 0 15\nRb1 cc b 100k\nRb2 b 0 50k\nRc cc c 5k\nRe e 0 3k\nQ1 c b e n\nRe2 cc f 2k\nQ2 o c f "
     "p\nRo o 0 "
     "2.7k\n" +
         bipolar,
     {{"v(f)", 9.3, 0.2}, {"v(o)", 7.62, 0.25}}},
    {"5.12",
     "Vcc cc 0 5\nVee ee 0 -5\nVi i 0 5\nRb i b 10k\nQ1 cc b e n\nQ2 ee b e p\nRl e 0 1k\n" + bipolar,
     {{"v(e)", 3.9, 0.03}, {"v(b)", 4.6, 0.03}}},
    {"6.4, a current mirror of MOS transistors",
     "Vdd dd 0 3\nR1 dd g 20k\nM1 g g 0 0 n l=1u w=10u\nM2 o g 0 0 n l=1u w=10u\nVo o 0 1.02\n"
     ".model n nmos(vto=0.7 kp=200u)\n",
     {{"v(g)", 1.02, 0.005}, {"i(vo)", -100e-6, 1e-6}}},
    {"6.14, Widlar's current source of 10 uA",
     "Vcc cc 0 10\nR2 cc b 9.3k\nQ1 b b 0 n\nQ2 o b e n\nR3 e 0 11.5k\nVo o 0 5\n.model n npn(is=1.745f "
     "bf=10k)\n",
     {{"v(b)", 0.7, 0.005}, {"v(e)", 0.115, 0.005}, {"i(vo)", -10e-6, 0.5e-6}}},
};

}  // namespace

TEST_CASE("operating points of textbook circuits are those that the book prints") {
  for (const Example& example : examples) {
    CAPTURE(std::string(example.number));
    std::string saved = ".save";
    for (const Printed& printed : example.printed) saved += std::string(" ") + printed.vector;
    const auto run = run_deck(example.cards + ".op\n" + saved + "\n");
    for (const Printed& printed : example.printed) {
      CAPTURE(std::string(printed.vector));
      CHECK(std::abs(run[printed.vector].back() - printed.value) <= printed.tolerance);
    }
  }
}
