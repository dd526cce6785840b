// Diodes and transistors of random models, converted and run by ngspice: the same to 1e-4 of every vector's
// range, whatever parameters they have. And what the cards for Xyce look like, and what cannot be converted.

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "convert/random_cards.hpp"
#include "convert/round_trip.hpp"

namespace {

using memspice::testing::Choice;
using memspice::testing::chosen;
using memspice::testing::Random;
using memspice::testing::refusal;

struct Kind {
  const char* name;
  char letter;
  const char* n_model;  // and what every card has
  const char* p_model;  // empty: there is none
  std::vector<Choice> model;
  std::vector<Choice> element;
  std::vector<const char*> quantities;  // beside voltages, i and p
};

// What depends on the temperature comes with temp= and tnom=.
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"diode",
       'd',
       "d(is=1e-13",
       "",
       {{"rs={} trs1=1e-3", 0.1, 100},
        {"n={}", 1, 2},
        {"cjo={} vj=0.7 m=0.4", 1e-12, 1e-9},
        {"tt={}", 1e-9, 1e-6},
        {"bv={} ibv=1e-4 tcv=1e-3", 5.5, 6},
        {"ikf={} tikf=1e-3", 1e-4, 1},
        {"bv=6 tbv1={} tbv2=1e-6", -1e-3, 1e-3},
        {"jsw={}", 1e-15, 1e-13},
        {"tlevc=1 cjo=1e-10 cta=1e-3 tpb={}", 0, 1e-3},
        {"jtun={} ntun=30", 1e-12, 1e-9},
        {"tnom={}", 0, 50}},
       {{"area={}", 0.1, 10}, {"pj={}", 1, 10}, {"temp={}", -40, 125}, {"dtemp={}", -30, 30}, {"m={}", 1, 4}},
       {"vd", "id"}},
      {"bipolar transistor",
       'q',
       "npn(is=1e-15 bf=120",
       "pnp(is=1e-15 bf=80",
       {{"vaf={}", 20, 100},
        {"rb={} rbm=1", 10, 100},
        {"rc={}", 0.1, 10},
        {"re={}", 0.1, 1},
        {"cje={} cjc=1e-12", 1e-12, 1e-10},
        {"tf={} xtf=2 itf=0.1 vtf=3", 1e-10, 1e-8},
        {"ise={} ne=1.6", 1e-14, 1e-13},
        {"ikf={} nkf=0.6", 1e-2, 1},
        {"cjs={} mjs=0.3", 1e-12, 1e-11},
        {"rco={} vo=5", 5, 50},
        {"xtb={}", 0, 2},
        {"tnom={}", 0, 50},
        {"var={} br=3", 5, 50}},
       {{"area={}", 0.3, 5}, {"temp={}", -40, 125}, {"m={}", 1, 4}},
       {"ic", "ib", "ie", "vbe", "gm"}},
      {"MOS transistor, level 1",
       'm',
       "nmos(level=1 vto=0.5 kp=5e-5",
       "pmos(level=1 vto=-0.5 kp=2e-5",
       {{"gamma={} phi=0.65", 0.2, 0.8},
        {"rd={} rs=5", 1, 100},
        {"tox={} cgso=1e-10 cgdo=2e-10 cgbo=1e-10", 2e-8, 1e-7},
        {"cj={} cjsw=1e-10", 1e-5, 1e-4},
        {"lambda={}", 0.01, 0.1},
        {"js={}", 1e-5, 1e-4},
        {"tnom={}", 0, 50},
        {"rsh={}", 1, 30}},
       {{"l={}", 1e-6, 5e-6},
        {"w={}", 5e-6, 1e-4},
        {"ad={} as=1e-10 pd=4e-5 ps=4e-5", 1e-11, 1e-10},
        {"temp={}", -40, 125},
        {"m={}", 1, 4}},
       {"id", "is", "ib", "vgs", "vth"}},
      {"MOS transistor, level 2",
       'm',
       "nmos(level=2 vto=0.5 kp=5e-5",
       "pmos(level=2 vto=-0.5 kp=2e-5",
       {{"gamma={} phi=0.65", 0.2, 0.8},
        {"rd={} rs=5", 1, 100},
        {"lambda={}", 0.01, 0.1},
        {"uexp={} ucrit=1e4 tox=5e-8", 0.05, 0.2},
        {"tnom={}", 0, 50}},
       {{"l={}", 2e-6, 5e-6}, {"w={}", 5e-6, 1e-4}, {"temp={}", -40, 125}, {"m={}", 1, 4}},
       {"id", "is"}},
      {"MOS transistor, level 3",
       'm',
       "nmos(level=3 vto=0.5 kp=5e-5",
       "pmos(level=3 vto=-0.5 kp=2e-5",
       {{"gamma={} phi=0.65", 0.2, 0.8},
        {"theta={}", 0.02, 0.1},
        {"vmax={} tox=5e-8", 1e4, 1e5},
        {"delvto={}", -0.1, 0.1},
        {"eta={} tox=5e-8", 0.01, 0.1},
        {"ld={}", 1e-8, 1e-7},
        {"xl={} xw=1e-7 wd=1e-8", -1e-7, 1e-7},
        {"tnom={}", 0, 50}},
       {{"l={}", 2e-6, 5e-6}, {"w={}", 5e-6, 1e-4}, {"temp={}", -40, 125}, {"m={}", 1, 4}},
       {"id", "is"}},
      {"MOS transistor, level 6",
       'm',
       "nmos(level=6 vto=0.5 kc=2e-5",
       "pmos(level=6 vto=-0.5 kc=1e-5",
       {{"gamma={} phi=0.65", 0.2, 0.8},
        {"lambda0={}", 0.01, 0.05},
        {"nc={} nv=0.6 kv=1.5", 1, 1.3},
        {"rd={} rs=5", 1, 100},
        {"tnom={}", 0, 50}},
       {{"l={}", 1e-6, 5e-6}, {"w={}", 5e-6, 5e-5}, {"temp={}", -40, 125}, {"m={}", 1, 4}},
       {"id", "is"}},
      {"power MOS transistor",
       'm',
       "vdmos(vto=0.5 kp=0.01",
       "vdmos(pchan vto=-0.5 kp=0.005",
       {{"rd={} rs=0.1", 0.1, 10},
        {"rg={}", 1, 10},
        {"cgdmax={} cgdmin=1e-12 a=0.5", 1e-11, 1e-10},
        {"cgs={}", 1e-11, 1e-10},
        {"cjo={} rb=1", 1e-11, 1e-10},
        {"lambda={}", 0.01, 0.05},
        {"theta={}", 0.02, 0.1},
        {"mtriode={}", 0.7, 1.2},
        {"rq={} vq=5 rd=1", 0.5, 3},
        {"rq={} vq=5", 0.5, 3},
        {"tnom={}", 0, 50}},
       {{"temp={}", -40, 125}, {"m={}", 1, 4}},
       {"id", "ig"}},
      {"JFET",
       'j',
       "njf(vto=-2 beta=1e-3",
       "pjf(vto=-2 beta=1e-3",
       {{"rd={} rs=5", 1, 30},
        {"cgs={} cgd=1e-11", 1e-12, 1e-10},
        {"lambda={}", 0.01, 0.05},
        {"b={}", 0.8, 1.2},
        {"tnom={}", 0, 50},
        {"bex={}", -1, 1}},
       {{"area={}", 0.5, 3}, {"temp={}", -40, 125}, {"m={}", 1, 4}},
       {"id", "ig", "is"}},
      {"JFET of level 2",
       'j',
       "njf(level=2 vto=-2 beta=1e-3 p=2.2 q=1.9 vst=0.05 xi=3 z=0.5",
       "pjf(level=2 vto=-2 beta=1e-3 p=2.2 q=1.9 vst=0.05 xi=3 z=0.5",
       {{"rd={} rs=5", 1, 30},
        {"lambda={}", 0.01, 0.05},
        {"mvst={}", 0.01, 0.1},
        {"lfgam={}", 0.01, 0.05},
        {"delta={}", 0.05, 0.3},
        {"hfeta={}", 0, 0.05}},
       {{"area={}", 0.5, 3}},
       {"id", "is"}},
      {"MESFET",
       'z',
       "nmf(vto=-1.5 beta=1e-3",
       "pmf(vto=-1.5 beta=1e-3",
       {{"rd={} rs=5", 1, 30},
        {"cgs={} cgd=1e-11", 1e-12, 1e-10},
        {"lambda={}", 0.01, 0.05},
        {"b={}", 0.1, 0.5},
        {"alpha={}", 1.5, 3}},
       {{"area={}", 0.5, 3}, {"m={}", 1, 4}},
       {"id", "ig"}},
  };
  return all;
}

/// Amplifiers around devices of one kind. All conduct: where nothing flows, nothing can be compared.
struct Amplifiers {
  std::string body;
  std::size_t vectors = 0;

  Amplifiers(const Kind& kind, int count, Random& random) {
    std::string saves;
    const auto save = [&](const std::string& vector) {
      saves += "+ " + vector + '\n';
      ++vectors;
    };
    // The gates of JFETs and MESFETs are reversed.
    const bool reversed = kind.letter == 'j' || kind.letter == 'z';
    const double middle = reversed ? -0.4 : kind.letter == 'd' ? -3 : kind.letter == 'q' ? 1.2 : 2;
    body = fmt::format(
        "Vp plus 0 5\nVm minus 0 -5\nVn in_n 0 SIN({0} {2} 1k 0 0 90)\nVq in_p 0 SIN({1} {2} 1k 0 0 90)\nR1 "
        "plus minus "
        "1k\n",
        middle, -middle, kind.letter == 'd' ? 3.6 : 0.5);
    for (int k = 0; k < count; ++k) {
      const bool p = *kind.p_model != 0 && random.coin();
      const std::string name = fmt::format("{}{}", kind.letter, k);
      body +=
          fmt::format(".model m{} {}{})\n", k, p ? kind.p_model : kind.n_model, chosen(random, kind.model));
      const std::string element = fmt::format(" m{}{}\n", k, chosen(random, kind.element));
      if (kind.letter == 'd') {
        body += fmt::format("{0} a{1} 0{2}Ra{1} in_n a{1} {3:.5g}\n", name, k, element,
                            random.logarithmic(30, 1e4));
      } else {
        const bool bulk = kind.letter == 'm' && std::string_view(kind.n_model).starts_with("nmos");
        body += fmt::format(
            "{0} c{1} b{1} e{1}{2}{3}Rc{1} {4} c{1} {5:.5g}\nRb{1} in_{6} b{1} 1k\nRe{1} e{1} 0 {7:.5g}\n",
            name, k, bulk ? (p ? " plus" : " minus") : "", element, p ? "minus" : "plus",
            random.logarithmic(100, 3e3), p ? "p" : "n", random.logarithmic(10, 500));
        for (const char node : {'b', 'c', 'e'}) save(fmt::format("v({}{})", node, k));
      }
      save(fmt::format("i({})", name));
      save(fmt::format("p({})", name));
      for (const char* quantity : kind.quantities) save(fmt::format("{}({})", quantity, name));
    }
    body += ".save\n" + saves;
  }
};

std::string converted(const std::string& body, const std::string& peer) {
  const TemporaryFolder folder;
  convert_deck(folder, "a deck\n" + body, peer);
  return read_bytes(folder.file("peer.cir"));
}

}  // namespace

TEST_CASE("ngspice agrees on diodes and transistors of random models") {
  Random random(1);
  for (const Kind& kind : kinds()) {
    CAPTURE(kind.name);
    const Amplifiers amplifiers(kind, 6, random);
    CHECK(disagreement(amplifiers.body + ".tran 0.2u 0.7m\n.options reltol=1e-6 temp=40\n",
                       amplifiers.vectors, 1e-4) == "");
  }
}

TEST_CASE("cards of diodes and transistors for Xyce have its names, and what it counts otherwise") {
  const auto has = [](const std::string& deck, const std::string& line) {
    CAPTURE(deck);
    CHECK_MESSAGE(deck.find('\n' + line + '\n') != std::string::npos, line);
  };
  const std::string deck = converted(
      "V1 a 0 1\nR1 a b 1k\nD1 b 0 dio area=2 m=3 temp=50 off\nQ1 b a 0 bip m=2\nM1 b a 0 0 mos l=1u w=2u "
      "m=2 "
      "ic=1,2,3\nJ1 b a 0 jun m=2\nZ1 b a 0 mes area=3\n"
      ".model dio d(is=1e-12 mj=0.4 bv=50 ibv=1m n=1.5)\n.model bip pnp(bf=50)\n"
      ".model mos nmos(level=3 uo=500 tox=1e-8 theta=0.1)\n.model jun pjf(beta=1m)\n.model mes nmf(beta=1m)\n"
      ".tran 1u 1m uic\n.options gmin=1e-11\n.save i(d1) ib(m1) id(j1) p(q1) vd(d1)\n",
      "xyce");
  has(deck, ".model model_d1 d(level=2 is=1e-12 n=1.5 m=0.4 bv=50 ibv=0.0005 nbv=1.5)");
  has(deck, "d1 b 0 model_d1 area=6 off=1 temp=50");
  has(deck, ".model model_q1 pnp(level=1 bf=50)");
  has(deck, ".model model_m1 nmos(level=3 tox=1e-08 u0=500 theta=0.1)");
  CHECK(deck.find(" l=1e-06 w=2e-06 m=2 ic1=1 ic2=2 ic3=3\n") != std::string::npos);
  has(deck, ".model model_j1 pjf(beta=0.001)");
  has(deck, ".options device gmin=1e-11");
  CHECK(deck.find("\n* left out: vd(d1): Xyce has no such quantity\n") != std::string::npos);
  CHECK(deck.find("{-i(vmeter_j1)}") != std::string::npos);  // of a p-channel
}

TEST_CASE("devices of one model share its card, and others have one of their own") {
  const std::string deck = converted(
      "V1 a 0 1\nD1 a 0 one\nD2 a 0 one area=2\nD3 a 0 two\n.model one d(is=1e-12)\n.model two "
      "d(is=1e-13)\n.op\n",
      "ngspice");
  CHECK(deck.find("\nd2 a 0 model_d1 area=2\n") != std::string::npos);
  CHECK(deck.find("\nd3 a 0 model_d3\n") != std::string::npos);
}

TEST_CASE("a diode or a transistor that a peer cannot have is refused, with the reason") {
  CHECK(refusal("V1 a 0 1\nD1 a 0 m\n.model m d(ibvl=1u bv=5)\n.op\n", "ngspice") ==
        "deck.cir:3:1: error: ngspice's diode has no breakdown at low currents, ibvl\n  D1 a 0 m\n  ^~\n  "
        "hint: "
        "leave ibvl out\n");
  CHECK(refusal("V1 a 0 1\nD1 a 0 m lm=1u wm=1u\n.model m d(level=3)\n.op\n", "ngspice") ==
        "deck.cir:3:1: error: ngspice has no oxide across a diode in transients\n  D1 a 0 m lm=1u wm=1u\n  "
        "^~\n  "
        "hint: leave coxide, lm, wm, lp and wp out, and put a capacitor across the diode\n");
  CHECK(refusal("V1 a 0 1\nM1 a a 0 0 m\n.model m nmos(capop=4)\n.op\n", "ngspice") ==
        "deck.cir:3:1: error: ngspice has Meyer's capacitances of the gate, not the charges of capop=4\n  M1 "
        "a a 0 0 "
        "m\n  ^~\n  hint: leave capop out\n");
  CHECK(refusal("V1 a 0 1\nD1 a 0 m\n.model m d(gmin=1n)\n.op\n", "ngspice") ==
        "deck.cir:3:1: error: ngspice has one gmin for all devices, that of .options\n  D1 a 0 m\n  ^~\n  "
        "hint: leave "
        "gmin out of the model\n");
  CHECK(refusal("V1 a 0 1\nM1 a a 0 m\n.model m vdmos(vto=1)\n.op\n", "xyce") ==
        "deck.cir:3:1: error: Xyce's power MOS transistor, level 18, has other equations\n  M1 a a 0 m\n  "
        "^~\n  hint: "
        "convert to ngspice, which has these\n");
  CHECK(refusal("V1 a 0 1\nJ1 a 0 0 m\n.model m njf(level=2)\n.op\n", "xyce") ==
        "deck.cir:3:1: error: Xyce's JFET of level 2 is another one\n  J1 a 0 0 m\n  ^~\n  hint: convert to "
        "ngspice, "
        "which has Parker and Skellern's\n");
  CHECK(refusal("V1 a 0 1\nQ1 a a 0 m\n.model m pnp(cjs=1p)\n.op\n", "xyce") ==
        "deck.cir:3:1: error: the substrate of Xyce's bipolar transistor meets the collector, not the base\n "
        " Q1 a a "
        "0 m\n  ^~\n  hint: write subs=1, or leave cjs out\n");
  CHECK(refusal("V1 a 0 1\nD1 a 0 m\n.model m d(jsw=1f)\n.op\n", "xyce") ==
        "deck.cir:3:1: error: Xyce's diode has no parameter jsw\n  D1 a 0 m\n  ^~\n  hint: leave it out, or "
        "convert to "
        "ngspice\n");
}

TEST_CASE("ngspice agrees on ic= of transistors with uic, and convert says that it ignores a diode's") {
  CHECK(disagreement(
            "V1 a 0 SIN(1 1 1k)\nR1 a q 10k\nQ1 c q 0 q1 ic=0.4,1\nR2 a c 1k\nR3 a g 10k\nM1 d g 0 0 m1 l=1u "
            "w=10u "
            "ic=1,0.5,0\nR4 a d 10k\n"
            ".model q1 npn(bf=100 cje=1n cjc=1n)\n.model m1 nmos(level=1 vto=0.4 kp=1e-5 tox=20n cgso=1n)\n"
            ".tran 0.2u 1m uic\n.options reltol=1e-6\n.save v(c) v(q) i(r2)\n",
            3, 1e-3) == "");
  const TemporaryFolder folder;
  CHECK(convert_deck(folder, "a deck\nI1 0 a 1m\nD1 a 0 d1 ic=0.3\n.model d1 d()\n.tran 1u 1m uic\n",
                     "ngspice") ==
        "deck.cir:3:1: warning: ic=: ngspice 39 takes no notice of that of a diode\n  D1 a 0 d1 ic=0.3\n  "
        "^~~\n  hint: "
        "write .ic of its nodes in its place\n");
}
