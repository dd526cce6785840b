// Diodes of random models against the real ngspice, and what must hold for all of them.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>

#include "devices/diodes/diode.hpp"
#include "devices/diodes/diode_parameters.hpp"
#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"
#include "waveform/ngspice.hpp"

using namespace memspice;
using testing::Random;

namespace {

/// A .model card's parameters: each is there or not. No isr: ngspice 39 has none below -3 n k T/q.
std::string random_model(Random& random) {
  std::string text = fmt::format("is={:.6g} n={:.6g}", random.logarithmic(1e-18, 1e-8), random.uniform(1, 2));
  const auto add = [&](std::string_view name, double value) {
    if (random.below(3) == 0) text += fmt::format(" {}={:.6g}", name, value);
  };
  const auto add_pair = [&](std::string_view name, double value, std::string_view other, double its) {
    if (random.below(3) == 0) text += fmt::format(" {}={:.6g} {}={:.6g}", name, value, other, its);
  };
  add("rs", random.logarithmic(0.01, 100));
  add("trs1", random.uniform(-2e-3, 5e-3));
  add("trs2", random.uniform(-5e-6, 5e-6));
  add_pair("jsw", random.logarithmic(1e-18, 1e-10), "pj", random.uniform(0.5, 5));
  add("ns", random.uniform(1, 2));
  add("ikf", random.logarithmic(1e-6, 1));
  add("ikr", random.logarithmic(1e-12, 1e-3));
  add_pair("bv", random.uniform(5.5, 9), "ibv", random.logarithmic(1e-6, 1e-2));
  add("nbv", random.uniform(0.7, 2));
  add("tcv", random.uniform(-2e-3, 2e-3));
  add("tlev", 1);
  add("eg", random.uniform(0.6, 1.6));
  add("xti", random.uniform(1, 4));
  add_pair("jtun", random.logarithmic(1e-12, 1e-8), "ntun", random.uniform(5, 40));
  add_pair("jtunsw", random.logarithmic(1e-12, 1e-9), "keg", random.uniform(0.2, 1));
  add("xtitun", random.uniform(1, 4));
  add_pair("cjo", random.logarithmic(1e-13, 1e-9), "vj", random.uniform(0.4, 1.2));
  add("m", random.uniform(0.2, 0.7));
  add_pair("cjsw", random.logarithmic(1e-13, 1e-10), "php", random.uniform(0.4, 1.2));
  add("mjsw", random.uniform(0.2, 0.6));
  add("tm1", random.uniform(-1e-3, 1e-3));
  add("fc", random.uniform(0.2, 0.7));
  add("fcs", random.uniform(0.2, 0.7));
  add_pair("tt", random.logarithmic(1e-10, 1e-6), "ttt1", random.uniform(-1e-3, 1e-3));
  if (random.below(4) > 0) {
    add("tnom", random.uniform(15, 60));
  } else {  // from 27 °C on, as ngspice 39 counts whatever tnom is
    text += fmt::format(" tlevc=1 cta={:.6g} ctp={:.6g} tpb={:.6g} tphp={:.6g}", random.uniform(-1e-3, 1e-3),
                        random.uniform(-1e-3, 1e-3), random.uniform(0, 1e-3), random.uniform(0, 1e-3));
  }
  return text;
}

/// Diodes in parallel, each behind a source of 0 V that tells its current.
struct RandomDiodes {
  int count;
  std::string deck;

  RandomDiodes(int count, Random& random) : count(count) {
    for (int k = 0; k < count; ++k) {
      deck += fmt::format("vd{} in a{} 0\nd{} a{} 0 m{}", k, k, k, k, k);
      if (random.coin()) deck += fmt::format(" area={:.6g}", random.logarithmic(0.1, 10));
      if (random.coin()) deck += fmt::format(" m={}", 1 + random.below(4));
      if (random.coin()) deck += fmt::format(" dtemp={:.6g}", random.uniform(-20, 20));
      deck += fmt::format("\n.model m{} d({})\n", k, random_model(random));
    }
  }

  /// All currents are ngspice's, to 1e-4 of each value and 1e-13 A, rounding of rs.
  void compare(const std::string& cards) const {
    const std::string text = deck + cards;
    const TemporaryFolder folder;
    REQUIRE(run_ngspice(folder, "test\n" + text + ".options reltol=1e-9 abstol=1e-18 vntol=1e-9\n.end\n",
                        "-r out.raw") == 0);
    const Plot theirs = read_waveforms(folder.file("out.raw")).back();
    const Plot ours = testing::run_deck(text).plots.back();
    for (int k = 0; k < count; ++k) {
      const std::string vector = fmt::format("i(vd{})", k);
      const std::vector<std::complex<double>> expected = theirs.complex_values(vector);
      const std::vector<std::complex<double>> found = ours.complex_values(vector);
      REQUIRE(found.size() == expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        INFO(vector << " at row " << i << ": " << found[i].real() << ", ngspice " << expected[i].real());
        CHECK(std::abs(found[i] - expected[i]) <= 1e-4 * std::abs(expected[i]) + 1e-13);
      }
    }
  }
};

}  // namespace

TEST_CASE("currents of diodes of random models are ngspice's from -6 V to 1 V, from -40 to 125 °C") {
  if (!ngspice_found()) return;
  Random random(1);
  for (const double celsius : {-40.0, 27.0, 60.0, 125.0}) {
    CAPTURE(celsius);
    const RandomDiodes diodes(25, random);
    diodes.compare(fmt::format("v1 in 0 0\n.dc v1 -6 1 0.0513\n.options temp={}\n", celsius));
  }
}

TEST_CASE("small signals of diodes of random models are ngspice's: conductances and capacitances") {
  if (!ngspice_found()) return;
  Random random(2);
  for (const double volt : {-3.0, -0.5, 0.2, 0.5, 0.8}) {
    CAPTURE(volt);
    const RandomDiodes diodes(25, random);
    diodes.compare(fmt::format("v1 in 0 dc {} ac 1\n.ac dec 1 1k 1g\n.options temp={}\n", volt,
                               random.uniform(-40, 125)));
  }
}

TEST_CASE("a diode bears a million volts, and takes power at any voltage") {
  Random random(3);
  const DeviceType type = Diode::describe();
  for (int k = 0; k < 200; ++k) {
    std::vector<double> values;
    for (const ParameterDescription& parameter : type.parameters) values.push_back(parameter.default_value);
    const auto set = [&](DiodeParameter which, double value) {
      if (random.coin()) values[static_cast<std::size_t>(which)] = value;
    };
    set(DiodeParameter::is, random.logarithmic(1e-20, 1e-6));
    set(DiodeParameter::isr, random.logarithmic(1e-14, 1e-9));
    set(DiodeParameter::jtun, random.logarithmic(1e-14, 1e-6));
    set(DiodeParameter::bv, random.uniform(1, 100));
    set(DiodeParameter::ibvl, random.logarithmic(1e-9, 1e-3));
    set(DiodeParameter::ikf, random.logarithmic(1e-6, 1));
    set(DiodeParameter::ikr, random.logarithmic(1e-12, 1));
    set(DiodeParameter::temp, random.uniform(-40, 125));
    const Diode diode(values);
    for (const double sign : {-1.0, 1.0}) {
      for (double u = 1e-6; u < 2e6; u *= 3) {
        Local<Diode, double> x{{sign * u}, {sign * u, 0}, {0, 0}};
        Equations<Diode, double> f;
        diode.equations(x, f);
        CHECK(std::isfinite(f.current[0]));
        CHECK(std::isfinite(f.unknown[1]));
        CHECK(f.current[0] * u * sign >= 0);
      }
    }
  }
}

TEST_CASE("what a junction has stored comes back within a cycle") {
  const testing::DeckRun run = testing::run_deck(
      "v1 in 0 sin(-1 1.2 1meg)\nd1 in 0 dm\n.model dm d(is=1e-30 cjo=10p tt=1n gmin=0)\n"
      ".tran 5n 3u\n.measure tran moved integ i(v1) from=1u to=3u\n.measure tran most max i(v1)\n");
  const double moved = run.analysis().measures[0].value.value(),
               most = run.analysis().measures[1].value.value();
  CHECK(std::abs(moved) < 1e-4 * most * 1e-6);
}

TEST_CASE("with uic a diode begins where ic= says, or at what .ic says of its nodes") {
  const std::string cards =
      "c1 a 0 1n ic=0.3\nd1 a 0 dm{}\nr1 a 0 1meg\n.model dm d(is=1e-15 cjo=1n vj=1 m=0.5)\n"
      "{}.save v(a) @d1[vd] @d1[qd]\n.tran 1n 10n uic\n";
  for (const auto& [element, card] : {std::pair{" ic=0.3", ""}, std::pair{"", ".ic v(a)=0.3\n"}}) {
    const testing::DeckRun run = testing::run_deck(fmt::format(fmt::runtime(cards), element, card));
    CHECK(run["v(a)"].front() == testing::approx(0.3).epsilon(1e-3));
    CHECK(run["vd(d1)"].front() == testing::approx(0.3).epsilon(1e-3));
    CHECK(run["qd(d1)"].front() == testing::approx(2e-9 * (1 - std::sqrt(0.7))).epsilon(1e-3));
  }
}

TEST_CASE("LTspice's diodes of straight lines are chosen by their parameters") {
  const testing::DeckRun run = testing::run_deck(
      "v1 in 0 0\nd1 in 0 dm\n.model dm d(ron=0.1 roff=1k vfwd=0.5 vrev=2 rrev=0.2 epsilon=0.2 ilimit=3)\n"
      ".dc v1 -3 2 0.5\n");
  const std::vector<double>& i = run["i(v1)"];
  CHECK(-i[0] == testing::approx(-3e-3 - 1 * (5 - 1e-3)));
  CHECK(-i[4] == testing::approx(-1e-3));
  CHECK(-i[7] == testing::approx(0.5e-3));
  CHECK(-i[10] == testing::approx(2e-3 + 3 * std::tanh((10 - 1e-3) * 1.4 / 3)));
  const testing::DeckRun limit = testing::run_deck("i1 0 in 1\nd1 in 0 dm\n.model dm d(vfwd=0.4)\n.op\n");
  CHECK(limit["v(in)"].front() == testing::approx(1.4));
}
