// Memristors of every level with random parameters, and LTspice's diode, converted and run by ngspice: the
// same to 1e-4 of every vector's range. The equations come of the models themselves, so that this checks the
// symbolic numbers, their programs and the subcircuits around them.

#include <fmt/format.h>

#include <vector>

#include "convert/random_cards.hpp"
#include "convert/round_trip.hpp"

namespace {

using memspice::testing::Choice;
using memspice::testing::chosen;
using memspice::testing::Random;
using memspice::testing::refusal;

/// A level: a sine drives all its devices, each behind a resistor, for one period.
struct Level {
  const char* name;
  double amplitude;  // V
  double period;     // s
  double resistance;
  const char* model;  // what every card has
  std::vector<Choice> parameters;
  std::vector<const char*> quantities;  // beside i
  int rows = 1500;
  int count = 3;
};

const std::vector<Level>& levels() {
  // clang-format off
  static const std::vector<Level> all = {
      {"joglekar", 1, 1, 10, "(window=joglekar beta=0.1", {{"p={}", 1, 3}, {"w0={}", 0.3, 0.6}, {"alpha={}", -0.2, 0.2}, {"floor={}", 0.01, 0.1}, {"polarity=-1"}}, {"w", "r"}},
      {"biolek", 1, 1, 10, "(window=biolek beta=0.1", {{"p={}", 1, 3}, {"w0={}", 0.3, 0.6}, {"control=voltage roff=2k"}, {"polarity=-1"}}, {"w", "r"}},
      {"prodromakis", 1, 1, 10, "(window=prodromakis beta=0.1", {{"p={}", 1, 3}, {"j={}", 0.7, 1.2}, {"w0={}", 0.3, 0.6}, {"active=0"}}, {"w", "r"}},
      {"kvatinsky", 1, 1, 10, "(window=kvatinsky beta=0.1 wc=0.1", {{"aon={}", 0, 0.1}, {"aoff={}", 0.9, 1}, {"w0={}", 0.3, 0.6}}, {"w", "r"}},
      {"team", 1, 1, 10, "(level=team kon=-1e-9 koff=1e-9 ion=-1m ioff=1m s0=0.5", {{"alphaon={} alphaoff=1.5", 1, 2}, {"wt=1 p={}", 1, 2}, {"wt=2 p={}", 1, 2}, {"wt=4 wc={}", 1e-10, 3e-10}, {"ivrelation=1 roff={}", 200, 1000}}, {"s", "x", "r"}},
      {"yakopcic", 1, 1, 10, "(level=yakopcic a1=0.17 a2=0.17 vp=0.16 vn=0.15 ap=1 an=1 xp=0.3 xn=0.5 xo=0.3", {{"alphap={}", 1, 5}, {"alphan={}", 1, 5}, {"b={}", 0.05, 2}, {"eta=-1"}}, {"x"}},
      {"pem", 1, 1, 10, "(level=pem i1=1m i2=1m v1=0.5 v2=0.5 g0=1m vp=0.3 vn=-0.3 d1=2 d2=-2 xo=0.4 fxpdata=(0 0.6, 0.4 0.6, 0.6 0.3, 0.8 0.1, 1 0) fxmdata=(0.1 0, 0.7 -0.2, 0.9 -0.1, 1 -0.02)", {{"c1={}", 0.1, 1}, {"c2={}", 0.1, 1}}, {"x"}, 4000},
      {"threshold", 1, 1, 10, "(level=5 rmin=1k rmax=20k rinit=7k", {{"alpha=100 beta={} vt=0.3", 4e3, 8e3}, {"alpha={}", 10, 1000}, {"beta={}", 3e3, 8e3}, {"vt={}", 0.1, 0.5}}, {"x", "r"}},
      {"vteam", 1, 1, 10, "(level=vteam kon=-4e-10 koff=5e-10 voff=0.2 von=-0.2 s0=0.4", {{"alphaon={} alphaoff=1.5", 1, 1.5}, {"alphaon=1 alphaoff=1"}, {"window=joglekar p={}", 1, 2}, {"window=biolek p={}", 1, 2}, {"window=kvatinsky wc={}", 1e-10, 3e-10}, {"ivrelation=1 roff={}", 200, 2000}}, {"s", "w", "r"}},
      {"stanford", 1.5, 20e-6, 1000, "(level=stanford temp=24.85", {{"i0={}", 5e-4, 2e-3}, {"v0={}", 0.2, 0.35}, {"gammar={}", 14, 18}, {"fwidth={}", 1e7, 4e7}, {"rth={}", 1000, 3000}, {"gap0={}", 0.8e-9, 1.5e-9}}, {"r", "tfil"}},
      {"knowm", 0.3, 5e-3, 100, "(level=knowm tau=1m", {{"von={}", 0.2, 0.3}, {"voff={}", 0.2, 0.3}, {"ron={}", 100, 500}, {"temp={}", 0, 80}, {"x0={}", 0, 0.5}}, {"x", "r"}},
      {"kuncic", 0.3, 0.1, 100, "(level=kuncic ron=1e4 roff=1e5", {{"vset={}", 0.01, 0.02}, {"b={}", 1, 10}, {"tunnel=hochstetter area={}", 0.1, 1}, {"tunnel=simmons smax={}", 1, 5}, {"lambda0={}", -0.005, 0.005}}, {"lambda"}, 5000},
      {"miranda", 1, 1, 10, "(level=miranda g0=0.2", {{"kp0={}", 1e-4, 1e-3}, {"etap={}", 5, 8}, {"kd0={}", 0.1, 1}, {"etad={}", 0.5, 2}, {"ymin={}", 1e-3, 1e-2}}, {"g", "r"}},
      {"mnns", 1, 0.1, 1, "(level=mnns x0=0.3 ron=100", {{"variant=decay tau0={}", 0.05, 0.2}, {"variant=slt sigma=0.3 theta=0.05 tau0={} eps0=0.1", 0.1, 0.3}, {"p={:.0f}", 1, 3}, {"rho={}", 20, 100}, {"mu={}", 2e-15, 8e-15}}, {"x", "tau", "eps", "r"}},
      {"tanh", 1, 0.1, 10, "(level=iontronic activation=tanh dg=0.6", {{"v1={}", 0.3, 1}, {"tau={}", 5e-3, 2e-2}, {"gch={}", 1e-12, 1e-6}, {"polarity=-1"}}, {"g", "ginf", "r"}},
      {"cone", 1, 0.1, 10, "(level=iontronic gch=1u", {{"peclet={}", -8, -4}, {"dg={}", -2, -1}, {"ratio={}", 2, 5}}, {"g"}, 1000, 1},
      {"dmm", 1.3, 1, 10, "(level=memdiode variant=dmm h0=0.2", {{"t0s={}", 1e6, 3e6}, {"t0r={}", 100, 300}, {"rsmin={} rsmax=300", 50, 200}, {"beta={}", 0.25, 0.5}, {"imax={}", 5e-4, 2e-3}}, {"lambda", "r"}},
      {"qmm", 1.3, 1, 10, "(level=memdiode variant=qmm h0=0.2 ch0=0.02 etaset=8", {{"vset={}", 0.6, 0.9}, {"vres={}", -1.3, -0.8}, {"etares={}", 3, 6}}, {"lambda"}},
  };
  // clang-format on
  return all;
}

void check_level(const Level& level, Random& random) {
  CAPTURE(std::string(level.name));
  std::string body = fmt::format("V1 in 0 SIN(0 {} {})\n", level.amplitude, 1 / level.period), saves;
  for (int k = 0; k < level.count; ++k) {
    body += fmt::format("R{0} in a{0} {1}\nY{0} a{0} 0 m{0}{4}\n.model m{0} memristor{2}{3})\n", k,
                        level.resistance, level.model, chosen(random, level.parameters, level.model),
                        random.coin() ? " m=2" : "");
    saves += fmt::format("+ i(y{})\n", k);
    for (const char* quantity : level.quantities) saves += fmt::format("+ {}(y{})\n", quantity, k);
  }
  body += fmt::format(".save\n{}.tran {} {}\n.options reltol=1e-7\n", saves, level.period / level.rows,
                      level.period);
  CHECK(disagreement(body, static_cast<std::size_t>(level.count) * (1 + level.quantities.size()), 1e-4,
                     1e-18) == "");
}

}  // namespace

TEST_CASE("ngspice agrees on memristors of every level with random parameters") {
  Random random(1);
  for (const Level& level : levels()) check_level(level, random);
}

TEST_CASE("ngspice agrees on LTspice's diode of straight lines") {
  Random random(2);
  std::string body = "V1 in 0 SIN(0 5 1k)\n", saves;
  for (int k = 0; k < 6; ++k) {
    body +=
        fmt::format("R{0} in a{0} 300\nD{0} a{0} 0 m{0}{1}\n.model m{0} d(ron=2 vfwd=0.6 epsilon=0.3{2})\n",
                    k, random.coin() ? " m=2" : "",
                    chosen(random, {{"roff={}", 1e3, 1e6},
                                    {"vrev={} revepsilon=0.3", 2, 4},
                                    {"rrev={}", 1, 20},
                                    {"ilimit={}", 0.01, 0.1},
                                    {"revilimit={}", 0.01, 0.1}}));
    saves += fmt::format("+ v(a{0}) i(d{0}) p(d{0})\n", k);
  }
  CHECK(disagreement(body + ".save\n" + saves + ".tran 0.1u 1m\n.options reltol=1e-6\n", 18, 1e-4) == "");
}

TEST_CASE(
    "ngspice agrees on what expressions read of memristors, and on an operating point that holds them") {
  const std::string circuit =
      "V1 in 0 SIN(0.7 0.3 100k)\nR1 in b 1k\nY1 b 0 gap gap0=1n\nY2 b 0 cell\nB1 c 0 "
      "V={tfil(y1)-298+lambda(y2)+gap(y1)*1e9}\n"
      "R2 c 0 1k\nB2 d 0 V={p(y1)*1k}\nR3 d 0 1k\n"
      ".model gap memristor(level=stanford temp=24.85)\n.model cell memristor(level=memdiode variant=qmm "
      "h0=0.3)\n";
  CHECK(disagreement(
            circuit + ".save v(*) r(y1) r(y2) p(y2) i(y*) gap(y1)\n.tran 5n 10u\n.options reltol=1e-7\n", 10,
            2e-4, 1e-15) == "");
  CHECK(disagreement(circuit + ".save v(*) lambda(y2) gap(y1) r(y2)\n.op\n", 7) == "");
}

TEST_CASE("memristors that differ in their initial states alone share a subcircuit, and Xyce's have braces") {
  const TemporaryFolder folder;
  convert_deck(folder,
               "a deck\nV1 a 0 1\nY1 a 0 one rinit=2k\nY2 a 0 one rinit=3k\nY3 a 0 two\n"
               ".model one memristor(level=5 rmin=1k rmax=10k alpha=0 beta=1e5 vt=0.5)\n"
               ".model two memristor(level=5 rmin=1k rmax=10k alpha=1 beta=1e5 vt=0.5)\n.tran 1m 1\n.save "
               "x(y1) r(y2)\n",
               "xyce");
  const std::string deck = read_bytes(folder.file("peer.cir"));
  CAPTURE(deck);
  const auto has = [&](const std::string& line) {
    return deck.find('\n' + line + '\n') != std::string::npos;
  };
  CHECK(has(".subckt device_threshold n1 n2 x1 params: x1_0=0"));
  CHECK(has("Bm n1 n2 I={((v(n1,n2))/(((v(c1))*9000)+1000))}"));
  CHECK(has("Cx1 x1 0 1 ic={x1_0}"));
  CHECK(has("Bc1 c1 0 V={min(max(v(x1),0),1)}"));
  CHECK(has("x_y1 a 0 s_y1 device_threshold params: x1_0=0.1111111111111111"));
  CHECK(has("x_y2 a 0 s_y2 device_threshold params: x1_0=0.2222222222222222"));
  CHECK(deck.find("\nx_y3 a 0 s_y3 device_threshold_2 params:") != std::string::npos);
  CHECK(has("*= x(y1) = v(probe_x_y1)"));
}

TEST_CASE("what .measure and .print read has its name in the peer's file, and .measure is a comment") {
  const TemporaryFolder folder;
  const std::string warnings =
      convert_deck(folder,
                   "a deck\nV1 a 0 1\nY1 a 0 m\n.model m memristor(level=stanford temp=24.85)\n.tran 1n 1u\n"
                   ".print tran gap(y1)\n.measure tran hot max tfil(y1)\n.measure tran when when r(y1)=1k\n",
                   "ngspice");
  const std::string deck = read_bytes(folder.file("peer.cir"));
  for (const char* name : {"gap", "tfil", "r"})
    CHECK(deck.find(fmt::format("\n*= {0}(y1) = v(probe_{0}_y1)\n", name)) != std::string::npos);
  CHECK(deck.find("\n* left out: .measure: ") != std::string::npos);
  CHECK(warnings.find(
            "deck.cir:7:1: warning: .measure: it is not converted, but the vectors that it reads are\n") !=
        std::string::npos);
}

TEST_CASE("a memristor with random numbers is refused, with what can be converted") {
  CHECK(refusal("V1 a 0 1\nY1 a 0 m\n.model m memristor(level=knowm variant=stochastic)\n.op\n", "ngspice") ==
        "deck.cir:3:1: error: ngspice has no random numbers of such a device\n  Y1 a 0 m\n  ^~\n  hint: "
        "convert writes "
        "its mean, without variant=stochastic\n");
}

TEST_CASE("what a .print without a .save looks at is saved in ngspice's deck too") {
  CHECK(
      disagreement("V1 in 0 SIN(0 1 1)\nR1 in b 10\nY1 b 0 m\n.model m memristor(level=vteam s0=0.4 "
                   "kon=-4e-10 koff=5e-10 "
                   "alphaon=1 alphaoff=1)\n.print tran i(y1) v(b) r(y1)\n.tran 1m 1\n.options reltol=1e-6\n",
                   6, 1e-4) == "");
}
