// Bipolar transistors against ngspice, on random cards, and against what must hold without it. Decks of whole
// circuits are those of tests/decks/conformance/bipolar.

#include <fmt/format.h>

#include <cmath>
#include <complex>
#include <utility>

#include "devices/bipolar/bipolar_transistor.hpp"
#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"
#include "waveform/ngspice.hpp"

using namespace memspice;
using memspice::testing::Random;

namespace {

/// A card of a model within what people measure. ngspice 39 counts `area` twice in the collector junction:
/// it stays 1.
std::string random_card(Random& random, bool charges) {
  std::string card;
  const auto add = [&](const char* name, double probability, double value) {
    if (random.uniform(0, 1) < probability) card += fmt::format(" {}={:.6g}", name, value);
  };
  add("is", 1, random.logarithmic(1e-17, 1e-13));
  add("bf", 1, random.logarithmic(20, 500));
  add("nf", 0.5, random.uniform(0.97, 1.08));
  add("vaf", 0.7, random.logarithmic(10, 200));
  add("ikf", 0.6, random.logarithmic(1e-3, 1));
  add("nkf", 0.3, random.uniform(0.3, 0.9));
  add("ise", 0.6, random.logarithmic(1e-16, 1e-13));
  add("ne", 0.5, random.uniform(1.3, 2));
  add("br", 0.7, random.logarithmic(0.1, 20));
  add("var", 0.5, random.logarithmic(5, 50));
  add("ikr", 0.4, random.logarithmic(1e-3, 1));
  add("isc", 0.4, random.logarithmic(1e-16, 1e-13));
  add("rb", 1, random.logarithmic(10, 300));
  if (!charges) add("rbm", 0.6, random.uniform(1, 9));  // ngspice's small signals leave out that it changes
  if (!charges) add("irb", 0.4, random.logarithmic(1e-5, 1e-2));
  add("re", 0.6, random.logarithmic(0.01, 5));
  add("rc", 0.6, random.logarithmic(0.1, 50));
  if (!charges) add("iss", 0.4, random.logarithmic(1e-16, 1e-13));
  add("xtb", 0.4, random.uniform(0, 2));
  add("tre1", 0.2, random.uniform(-1e-3, 1e-3));
  add("tvaf1", 0.2, random.uniform(-1e-3, 1e-3));
  add("tnf1", 0.2, random.uniform(-1e-4, 1e-4));
  if (!charges) return card;
  add("cje", 1, random.logarithmic(1e-13, 5e-11));
  add("cjc", 1, random.logarithmic(1e-13, 2e-11));
  add("cjs", 0.7, random.logarithmic(1e-13, 2e-11));
  add("mjs", 0.5, random.uniform(0, 0.5));
  add("xcjc", 0.7, random.uniform(0, 1));
  add("tf", 1, random.logarithmic(1e-11, 1e-9));
  add("tr", 1, random.logarithmic(1e-9, 1e-7));
  add("xtf", 0.7, random.uniform(0, 10));
  add("itf", 0.7, random.logarithmic(1e-3, 1));
  add("vtf", 0.7, random.logarithmic(0.5, 20));
  add("tlevc", 0.3, 1);
  add("ctc", 0.3, random.uniform(-1e-3, 1e-3));
  return card;
}

/// Four transistors at the same voltages (of a pnp the other way round), at temperatures of their own; what
/// flows into collector k is i(vck), and so on.
std::string random_transistors(Random& random, bool charges) {
  std::string deck =
      "Vc c 0 1 AC 1\nVb b 0 0.65 AC 1\nVs s 0 -1\nEc cn 0 0 c 1\nEb bn 0 0 b 1\nEs sn 0 0 s 1\n";
  constexpr double temperatures[] = {-40, 0, 27, 60, 125};
  for (int k = 0; k < 4; ++k) {
    const bool pnp = random.coin();
    const std::string_view n = pnp ? "n" : "";
    deck += fmt::format("Vc{0} c{1} c{0} 0\nVb{0} b{1} b{0} 0\nVs{0} s{1} s{0} 0\n", k, n);
    deck += fmt::format("Q{0} c{0} b{0} 0 s{0} m{0} temp={1} m={2}\n.model m{0} {3}({4})\n", k,
                        temperatures[random.below(5)], 1 + random.below(3), pnp ? "pnp" : "npn",
                        random_card(random, charges));
  }
  return deck;
}

/// The worst difference of the transistors' currents, relative to each one's largest.
void check_agreement(const std::string& deck) {
  const TemporaryFolder folder;
  REQUIRE(run_ngspice(folder, "test\n" + deck + ".options reltol=1e-7 abstol=1e-16 vntol=1e-10\n.end\n",
                      "-r out.raw") == 0);
  const Plot theirs = read_waveforms(folder.file("out.raw")).back();
  const testing::DeckRun run = testing::run_deck(deck);
  const Plot& ours = run.plots.back();
  for (int k = 0; k < 4; ++k) {
    for (const char terminal : {'c', 'b', 's'}) {
      const std::string name = fmt::format("i(v{}{})", terminal, k);
      CAPTURE(name);
      const std::vector<std::complex<double>> expected = theirs.complex_values(name);
      const std::vector<std::complex<double>> found = ours.complex_values(name);
      REQUIRE(expected.size() == found.size());
      double largest = 1e-7, difference = 0;
      for (std::size_t i = 0; i < found.size(); ++i) {
        largest = std::max(largest, std::abs(expected[i]));
        difference = std::max(difference, std::abs(expected[i] - found[i]));
      }
      CHECK(difference <= 1e-4 * largest);
    }
  }
}

double last(const testing::DeckRun& run, const std::string& name) {
  const Plot& plot = run.plots.back();
  const std::size_t column = plot.find(name);
  REQUIRE(column != Plot::npos);
  return plot.columns[column].back();
}

}  // namespace

TEST_CASE("ngspice agrees on the currents of random bipolar transistors at rest") {
  if (!ngspice_found()) return;
  Random random(31);
  for (int repetition = 0; repetition < 6; ++repetition) {
    CAPTURE(repetition);
    check_agreement(random_transistors(random, false) + ".dc Vc -0.2 5.8 0.6 Vb -0.4 0.75 0.115\n");
  }
}

TEST_CASE("ngspice agrees on the small signals of random bipolar transistors") {
  if (!ngspice_found()) return;
  Random random(32);
  for (int repetition = 0; repetition < 6; ++repetition) {
    CAPTURE(repetition);
    check_agreement(random_transistors(random, true) + ".ac dec 2 100k 1g\n");
  }
}

TEST_CASE("a bipolar transistor of four areas is four transistors") {
  const std::string model =
      ".model q npn(is=1f bf=80 vaf=50 ikf=5m ise=1e-14 isc=1e-14 rb=100 rbm=20 irb=0.1m re=1 rc=10 "
      "iss=1e-15)\n"
      "Vc c 0 0.3\nVb b 0 0.8\nVs s 0 -1\n.op\n";
  const testing::DeckRun large = testing::run_deck("Q1 c b 0 s q area=4 gmin=4p\n" + model);
  const testing::DeckRun many = testing::run_deck("Q1 c b 0 s q m=4 gmin=1p\n" + model);
  for (const char* current : {"i(vc)", "i(vb)", "i(vs)"})
    CHECK(last(large, current) == testing::approx(last(many, current)).epsilon(1e-9));
}

TEST_CASE("a pnp with all voltages reversed is an npn") {
  const std::string card = "(is=1f bf=80 vaf=50 ikf=5m rb=100 re=1 rc=10 subs=1 iss=1e-15)\n";
  const testing::DeckRun npn =
      testing::run_deck(".model q npn" + card + "Q1 c b 0 s q\nVc c 0 2\nVb b 0 0.7\nVs s 0 -1\n.op\n");
  const testing::DeckRun pnp =
      testing::run_deck(".model q pnp" + card + "Q1 c b 0 s q\nVc c 0 -2\nVb b 0 -0.7\nVs s 0 1\n.op\n");
  for (const char* current : {"i(vc)", "i(vb)", "i(vs)"})
    CHECK(last(npn, current) == testing::approx(-last(pnp, current)).epsilon(1e-12));
}

TEST_CASE("bipolar transistors stay finite a million volt away, and their derivatives do") {
  Random random(33);
  for (const bool epitaxial : {false, true}) {
    DeviceType type = bipolar_transistor_type();
    if (epitaxial) type = DeviceType(*type.form.special);
    std::vector<double> values;
    for (const ParameterDescription& parameter : type.parameters) values.push_back(parameter.default_value);
    const auto set = [&](const char* name, double value) {
      values[type.find_parameter(name).value()] = value;
    };
    for (const auto& [name, value] : std::initializer_list<std::pair<const char*, double>>{{"vaf", 50},
                                                                                           {"var", 10},
                                                                                           {"ikf", 1e-2},
                                                                                           {"ikr", 1e-2},
                                                                                           {"rb", 100},
                                                                                           {"rbm", 10},
                                                                                           {"irb", 1e-4},
                                                                                           {"iss", 1e-15},
                                                                                           {"tf", 1e-10},
                                                                                           {"xtf", 5},
                                                                                           {"vtf", 3},
                                                                                           {"itf", 1e-2},
                                                                                           {"cje", 1e-12},
                                                                                           {"cjc", 1e-12},
                                                                                           {"mjs", 0.5},
                                                                                           {"cjs", 1e-12}})
      set(name, value);
    if (epitaxial) set("rco", 10), set("qco", 1e-12), set("ptf", 30);
    const auto check = [&]<bool extended>(const BipolarTransistor<extended>& model) {
      using Model = BipolarTransistor<extended>;
      constexpr int n = static_cast<int>(Model::unknown_count);
      for (int repetition = 0; repetition < 2000; ++repetition) {
        Local<Model, Dual<n>> x;
        for (auto& v : x.voltage) v = random.uniform(-1, 1) * random.logarithmic(1e-3, 1e6);
        for (int j = 0; j < n; ++j) {
          const double far = random.uniform(-1, 1) * random.logarithmic(1e-3, 1e6);
          x.unknown[j] = Dual<n>::variable(far, j);
          x.derivative[j] = 0.0;
        }
        Equations<Model, Dual<n>> f;
        model.equations(x, f);
        bool finite = true;
        const auto see = [&](const Dual<n>& y) {
          finite &= std::isfinite(y.value);
          for (const double d : y.derivative) finite &= std::isfinite(d);
        };
        for (const auto& y : f.current) see(y);
        for (const auto& y : f.unknown) see(y);
        REQUIRE(finite);
      }
    };
    epitaxial ? check(BipolarTransistor<true>(values)) : check(BipolarTransistor<false>(values));
  }
}

TEST_CASE("a bipolar transistor at rest takes power, whatever its voltages are") {
  for (const char* card : {"vaf=50 ikf=5m rb=100 rbm=10", "var=8 ikr=1m br=0.5 nr=1.05 nf=1.05",
                           "rco=10 gamma=1e-8 vo=3 rc=1", "ise=1e-13 isc=1e-13 iss=1e-14"}) {
    const testing::DeckRun run = testing::run_deck(
        fmt::format("Q1 c b 0 s q\n.model q npn(is=1f {})\nVc c 0 0\nVb b 0 0\nVs s 0 -1\n.save @q1[p]\n"
                    ".dc Vc 0 3 0.5 Vb -2 0.8 0.2\n",
                    card));
    const Plot& plot = run.plots.back();
    for (const double power : plot.columns.back()) CHECK(power >= -1e-15);
  }
}

TEST_CASE("off and .nodeset choose the state of a latch") {
  const std::string latch =
      "Vcc v 0 5\nR1 v a 1k\nR2 v b 1k\nR3 a x 10k\nR4 b y 10k\nQ2 b x 0 q\n.model q npn(is=1f "
      "bf=100)\n.op\n";
  const testing::DeckRun off = testing::run_deck("Q1 a y 0 q off\n" + latch);
  CHECK(last(off, "v(a)") > 4);
  CHECK(last(off, "v(b)") < 0.2);
  const testing::DeckRun held = testing::run_deck("Q1 a y 0 q\n.nodeset v(a)=0.1 v(b)=4\n" + latch);
  CHECK(last(held, "v(a)") < 0.2);
  CHECK(last(held, "v(b)") > 4);
  const testing::DeckRun other = testing::run_deck("Q1 a y 0 q\n.nodeset v(b)=0.1\n" + latch);
  CHECK(last(other, "v(b)") < 0.2);
}

TEST_CASE("the observables of a bipolar transistor are its terminals' currents and small signals") {
  const testing::DeckRun run = testing::run_deck(
      "Q1 c b e s q m=2\n.model q pnp(is=1f bf=80 vaf=50 rb=100 rc=5 cje=1p cjc=2p cjs=1p tf=1n xcjc=0.4)\n"
      "Vc c 0 -3\nVb b 0 -0.7\nVe e 0 0\nVs s 0 -5\n"
      ".save ic(q1) ib(q1) ie(q1) is(q1) i(vc) i(vb) i(ve) i(vs) @q1[gm] @q1[gx] @q1[vbe] @q1[cbx]\n.op\n");
  CHECK(last(run, "ic(q1)") == testing::approx(-last(run, "i(vc)")).epsilon(1e-9));
  CHECK(last(run, "ib(q1)") == testing::approx(-last(run, "i(vb)")).epsilon(1e-9));
  CHECK(last(run, "ie(q1)") == testing::approx(-last(run, "i(ve)")).epsilon(1e-9));
  CHECK(last(run, "is(q1)") == testing::approx(-last(run, "i(vs)")).epsilon(1e-6));
  CHECK(last(run, "gx(q1)") == testing::approx(0.02));
  CHECK(last(run, "gm(q1)") == testing::approx(-last(run, "ic(q1)") / 0.025852).epsilon(0.01));
  CHECK(last(run, "vbe(q1)") > 0.6);
}

// Seen by a warning: of what stays below the deck's own vntol, here 0.5 V, which the junction's voltage is
// above.
TEST_CASE("a bipolar transistor's charge is in volt at what it is at 0 V and at 1 mA/V together") {
  const auto stays_below = [](const char* card, const char* sources, double milliampere) {
    bool warned = false;
    RunOptions options;
    options.warned = [&](const Diagnostic&) { warned = true; };
    const double junction = 0.025865 * std::log(milliampere * 1e-3 / 1e-14);
    const testing::DeckRun run = testing::try_circuit(
        testing::circuit_of(fmt::format(".param v={}\n{}Q1 c b 0 q m=2\n.model q npn(is=1e-14 {})\n"
                                        ".options vntol=0.5\n.tran 1u 5u\n",
                                        junction, sources, card)),
        options);
    REQUIRE(run.analysis().outcome == Outcome::complete);
    return warned;
  };
  const auto check = [&](const char* card, const char* sources) {
    CAPTURE(card);
    CHECK(stays_below(card, sources, 0.05));
    CHECK_FALSE(stays_below(card, sources, 1));
  };
  // 0.05 V and 1 V in their unit; with a depletion of the same size 0.4 V and 0.9 V.
  for (const char* card : {"tf=1n", "tf=1n cje=1p", "tf=1u cje=1n"}) check(card, "Vb b 0 {v}\nVc c 0 {v}\n");
  for (const char* card : {"tr=1n", "tr=1n cjc=1p", "tr=1u cjc=1n"}) check(card, "Vb b 0 0\nVc c 0 {-v}\n");
}
