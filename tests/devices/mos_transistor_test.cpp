// MOS transistors against the real ngspice, with random cards at random temperatures, and against what holds
// for any transistor.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "devices/mos/mos1.hpp"
#include "devices/mos/mos2.hpp"
#include "devices/mos/mos3.hpp"
#include "devices/mos/mos6.hpp"
#include "devices/mos/mos_type.hpp"
#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"
#include "waveform/ngspice.hpp"

using namespace memspice;
using memspice::testing::Random;
using memspice::testing::run_deck;

namespace {

/// Parameters of a card, each with a probability.
class RandomCard {
 public:
  RandomCard(int level, bool p_channel, Random& random) : random_(random) {
    text_ = fmt::format("{}(level={} vto={:.4g}", p_channel ? "pmos" : "nmos", level,
                        (p_channel ? -1 : 1) * random.uniform(0.2, 1.3));
    maybe("gamma", 0.1, 1);
    maybe("phi", 0.4, 0.9);
    range("tox", 5e-9, 1e-7);
    maybe("nsub", 1e14, 1e17);
    maybe("uo", 100, 800);
    maybe("ld", 1e-8, 3e-7);
    maybe("rd", 0.1, 1e3);
    maybe("rs", 0.1, 1e3);
    maybe("rsh", 1, 50);
    maybe("js", 1e-8, 1e-4);
    if (level != 6) maybe("kp", 1e-5, 3e-4);
    if (level == 1) maybe("lambda", 1e-3, 0.1);
    if (level == 2 || level == 3) {
      maybe("delta", 0.1, 2);
      maybe("xj", 1e-7, 1e-6);
      maybe("nfs", 1e10, 1e12);
    }
    if (level == 2) {
      maybe("ucrit", 1e4, 3e5);
      maybe("uexp", 0.05, 0.3);
      maybe("lambda", 1e-3, 0.05);
    }
    if (level == 3) {
      maybe("vmax", 3e4, 3e5);
      maybe("theta", 0.01, 0.3);
      maybe("eta", 0.01, 1);
      maybe("kappa", 0.01, 2);
    }
    if (level == 6) {
      maybe("kv", 0.3, 2);
      maybe("nv", 0.3, 1.2);
      range("kc", 1e-6, 1e-4);
      maybe("nc", 0.8, 2);
      maybe("sigma", 1e-3, 0.05);
      maybe("lambda0", 1e-3, 0.1);
    }
    text_ += ")";
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void range(const char* name, double low, double high) {
    text_ += fmt::format(" {}={:.4g}", name, random_.logarithmic(low, high));
  }
  void maybe(const char* name, double low, double high) {
    if (random_.coin()) range(name, low, high);
  }

  Random& random_;
  std::string text_;
};

/// Eight transistors on common drain, gate and bulk voltages, with an ammeter at each terminal but the gate.
std::string curve_families(int level, Random& random) {
  const bool p_channel = random.coin();
  const double sign = p_channel ? -1 : 1;
  std::string deck = "vd d 0 0\nvg g 0 0\n" + fmt::format("vb b 0 {}\n", random.coin() ? 0 : -2 * sign);
  for (int i = 0; i < 8; ++i) {
    deck += fmt::format(".model x{} {}\n", i, RandomCard(level, p_channel, random).text());
    deck += fmt::format("vd{0} d d{0} 0\nvs{0} s{0} 0 0\nvb{0} b b{0} 0\n", i);
    deck += fmt::format("m{0} d{0} g s{0} b{0} x{0} l={1:.3g}u w={2:.3g}u", i, random.logarithmic(2, 20),
                        random.logarithmic(3, 50));
    deck += random.coin() ? " ad=20p as=30p pd=20u ps=20u nrd=2 nrs=0.5\n" : "\n";
  }
  const double first = p_channel ? -5 : -0.3, last = p_channel ? 0.3 : 5;
  deck +=
      fmt::format(".dc vd {} {} 0.53 vg {} {} 0.6\n", first, last, p_channel ? -5 : -1, p_channel ? 1 : 5);
  deck += fmt::format(".options temp={:.0f}\n", random.uniform(-40, 125));
  return deck;
}

/// Currents and derivatives at random voltages, with the default parameters and a doped bulk.
template <class Level>
void check_finite(const DeviceType& type) {
  using Model = MosTransistor<Level>;
  std::vector<double> values;
  for (const ParameterDescription& parameter : type.parameters) values.push_back(parameter.default_value);
  values[mos_doping] = 1e16;
  values[mos_oxide] = 2e-8;
  const Model model(values);
  Random random(73);
  for (int repetition = 0; repetition < 200; ++repetition) {
    Local<Model, Dual<8>> x;
    for (auto& voltage : x.voltage) voltage = random.uniform(-1e6, 1e6);
    for (int j = 0; j < 8; ++j) x.unknown[j] = Dual<8>::variable(random.uniform(-1e6, 1e6), j);
    x.derivative.fill(1e9);
    Equations<Model, Dual<8>> f;
    model.equations(x, f);
    for (const auto& current : f.current) {
      CHECK(std::isfinite(current.value));
      for (const double slope : current.derivative) CHECK(std::isfinite(slope));
    }
  }
}

}  // namespace

TEST_CASE("ngspice agrees on curve families of MOS transistors with random cards at random temperatures") {
  if (!ngspice_found()) return;
  Random random(71);
  for (const int level : {1, 2, 3, 6}) {
    for (int repetition = 0; repetition < 3; ++repetition) {
      const std::string deck = curve_families(level, random);
      CAPTURE(deck);
      const TemporaryFolder folder;
      REQUIRE(run_ngspice(folder, "test\n" + deck + ".options reltol=1e-6 abstol=1e-15 vntol=1e-10\n.end\n",
                          "-r out.raw") == 0);
      const Plot theirs = read_waveforms(folder.file("out.raw")).front();
      const Plot ours = run_deck(deck).plots.back();
      for (int i = 0; i < 8; ++i) {
        for (const char terminal : {'d', 's', 'b'}) {
          const std::string name = fmt::format("i(v{}{})", terminal, i);
          CAPTURE(name);
          const std::vector<double>& expected = theirs.columns[theirs.find(name)];
          const std::vector<double>& found = ours.columns[ours.find(name)];
          REQUIRE(expected.size() == found.size());
          const auto [low, high] = std::ranges::minmax(expected);
          double worst = 0;
          for (std::size_t k = 0; k < found.size(); ++k)
            worst = std::max(worst, std::abs(found[k] - expected[k]));
          CHECK(worst <= 1e-4 * std::max(high - low, 1e-9));
        }
      }
    }
  }
}

TEST_CASE("a MOS transistor conducts alike when drain and source are exchanged") {
  const auto run = run_deck(
      "vd d 0 1\nvg g 0 3\nvb b 0 -1\nm1 d g 0 b x\nm2 0 g d2 b x\nvd2 d2 0 1\n"
      ".model x nmos(level=3 vto=0.7 gamma=0.5 theta=0.1 vmax=1e5 nsub=1e16)\n.op\n");
  CHECK(run["i(vd)"].back() == testing::approx(run["i(vd2)"].back()).epsilon(1e-9));
}

TEST_CASE("the operating quantities of MOS transistors are those of Shichman and Hodges") {
  const auto run = run_deck(
      "vd d 0 3\nvg g 0 2\nm1 d g 0 0 x l=1u w=10u\n.model x nmos(vto=0.5 kp=100u lambda=0.1)\n.op\n"
      ".save @m1[id] @m1[gm] @m1[gds] @m1[vdsat] @m1[vth] i(vd)\n");
  CHECK(run["id(m1)"].back() == testing::approx(0.5e-3 * 1.5 * 1.5 * 1.3).epsilon(1e-8));
  CHECK(run["gm(m1)"].back() == testing::approx(1e-3 * 1.5 * 1.3).epsilon(1e-8));
  CHECK(run["gds(m1)"].back() == testing::approx(0.5e-3 * 1.5 * 1.5 * 0.1).epsilon(1e-8));
  CHECK(run["vdsat(m1)"].back() == testing::approx(1.5).epsilon(1e-8));
  CHECK(run["vth(m1)"].back() == testing::approx(0.5).epsilon(1e-8));
}

TEST_CASE("a MOS transistor takes energy at rest") {
  Random random(72);
  for (const int level : {1, 2, 3, 6}) {
    for (int repetition = 0; repetition < 20; ++repetition) {
      const std::string card = RandomCard(level, random.coin(), random).text();
      for (const double size : {1.0, 5.0}) {
        const auto voltage = [&] { return random.uniform(-size, size); };
        const std::string deck = fmt::format(
            "rd d d1 1\nvd d1 0 {}\nvg g 0 {}\nrb b b1 1\nvb b1 0 {}\nm1 d g 0 b x\n.model x {}\n.op\n",
            voltage(), voltage(), voltage(), card);
        CAPTURE(deck);
        const auto run = run_deck(deck);
        const double drain = -run["i(vd)"].back(), bulk = -run["i(vb)"].back();
        const double power = drain * run["v(d)"].back() + bulk * run["v(b)"].back();
        CHECK(std::isfinite(power));
        CHECK(power >= -1e-9 * (std::abs(drain) + std::abs(bulk)) * size);
      }
    }
  }
}

TEST_CASE("the equations of MOS transistors stay finite at a million volt") {
  check_finite<Mos1>(mos1_type());
  check_finite<Mos2>(mos2_type());
  check_finite<Mos3>(mos3_type());
  check_finite<Mos6>(mos6_type());
}

TEST_CASE("no terminal of a MOS transistor with charges gains any over a cycle") {
  const std::string head =
      "vd d 0 PULSE(0 3 0.5u 1u 1u 1u 8u)\nvg g 0 PULSE(-2 4 1u 1u 1u 2u 8u)\nvs s 0 PULSE(0 2 2u 1u 1u 1u "
      "8u)\n"
      "m1 d g s 0 x\n.model x nmos(level=1 vto=1 gamma=0.5 tox=50n cgso=1n cgdo=1n kp=1e-30 ";
  const auto run = run_deck(head + "capop=4)\n.tran 5n 16u 8u 5n\n.options reltol=1e-7\n");
  const std::vector<double>& time = run.time();
  const std::vector<double>& current = run["i(vd)"];
  double charge = 0, moved = 0;
  for (std::size_t k = 1; k < time.size(); ++k) {
    const double part = 0.5 * (time[k] - time[k - 1]) * (current[k] + current[k - 1]);
    charge += part;
    moved += std::abs(part);
  }
  CHECK(moved > 1e-12);
  CHECK(std::abs(charge) <= 1e-3 * moved);
}

// Charges of junctions at 0 V beside potentials of 5 V: what Newton's method leaves of them is rounding.
TEST_CASE("gates of every level rest before they switch") {
  for (const int level : {1, 2, 3, 6}) {
    for (const int charges : {0, 4}) {
      for (const std::string resistances : {"", "rd=20 rs=10"}) {
        const std::string card = fmt::format(
            "level={} tox=20n cgso=0.2n cgdo=0.2n cj=0.3m cjsw=0.3n gamma=0.4 "
            "capop={} {}",
            level, charges, resistances);
        CAPTURE(card);
        const auto run =
            run_deck(fmt::format("vdd vdd 0 5\nvin in 0 PULSE(0 5 1n 0.1n 0.1n 4n 10n)\n"
                                 "mp1 a in vdd vdd p l=1u w=10u ad=24p as=24p pd=28u ps=28u\n"
                                 "mn1 a in x 0 n l=1u w=4u ad=10p as=10p pd=14u ps=14u\n"
                                 "mn2 x vdd 0 0 n l=1u w=4u ad=10p as=10p pd=14u ps=14u\n"
                                 "mp2 b a vdd vdd p l=1u w=10u ad=24p as=24p pd=28u ps=28u\n"
                                 "mn3 b a 0 0 n l=1u w=4u ad=10p as=10p pd=14u ps=14u\n"
                                 "mt b vdd c 0 n l=1u w=4u ad=10p as=10p pd=14u ps=14u\ncl c 0 20f\n"
                                 ".model n nmos(vto=0.8 kp=60u {0})\n.model p pmos(vto=-0.9 kp=25u {0})\n"
                                 ".tran 0.1n 8n\n.options reltol=1e-4 interp\n.save v(a) v(b)\n",
                                 card));
        CHECK(run["time"].back() == testing::approx(8e-9));
        const std::size_t before = 10, within = 50;  // rows, of 0.1 ns
        CHECK(run["v(a)"][before] == testing::approx(5).epsilon(1e-6));
        CHECK(std::abs(run["v(a)"][within]) < 1e-3);
        CHECK(run["v(b)"][within] == testing::approx(5).epsilon(1e-3));
      }
    }
  }
}
