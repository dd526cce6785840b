// JFETs of random models, at random temperatures, beside the real ngspice; and what holds for every
// field-effect transistor whatever its model is.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>

#include "devices/fet/jfet.hpp"
#include "devices/fet/mesfet.hpp"
#include "devices/fet/parker_skellern.hpp"
#include "devices/fet/vdmos.hpp"
#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"
#include "waveform/ngspice.hpp"

using namespace memspice;
using memspice::testing::Random;

namespace {

/// A transistor in a deck: `letter` and the parameters of its model and of its element.
struct RandomTransistor {
  char letter;
  bool p_channel;
  std::string model, element;
};

RandomTransistor random_jfet(Random& random) {
  const bool p = random.coin();
  std::string model =
      fmt::format("{}(vto={:.4g} beta={:.4g} lambda={:.4g} rs={:.4g} rd={:.4g} is={:.4g}", p ? "pjf" : "njf",
                  random.uniform(-4, -0.5), random.logarithmic(1e-4, 1e-2), random.uniform(0, 0.05),
                  random.coin() ? 0 : random.uniform(1, 50), random.coin() ? 0 : random.uniform(1, 50),
                  random.logarithmic(1e-15, 1e-12));
  if (random.coin())
    model += fmt::format(" b={:.4g} pb={:.4g}", random.uniform(0.5, 1.2), random.uniform(0.6, 1));
  if (random.coin())
    model += fmt::format(" tcv={:.4g} bex={:.4g}", random.uniform(-4e-3, 4e-3), random.uniform(-2, 0));
  if (random.coin())
    model += fmt::format(" vtotc={:.4g} betatce={:.4g} xti=3 eg={:.4g}", random.uniform(-4e-3, 4e-3),
                         random.uniform(-0.8, 0.2), random.uniform(1, 1.2));
  return {'j', p, model + ")",
          fmt::format("{:.4g} m={} temp={:.4g}", random.uniform(0.5, 3), 1 + random.below(3),
                      random.uniform(-40, 125))};
}

RandomTransistor random_parker_skellern(Random& random) {
  const bool p = random.coin();
  std::string model = fmt::format(
      "{}(level=2 vto={:.4g} beta={:.4g} lambda={:.4g} p={:.4g} q={:.4g} xi={:.4g} mxi={:.4g} z={:.4g} "
      "lfgam={:.4g} lfg1={:.4g} lfg2={:.4g} is={:.4g} n={:.4g}",
      p ? "pjf" : "njf", random.uniform(-3, 0), random.logarithmic(1e-4, 1e-2), random.uniform(0, 0.1),
      random.uniform(1.5, 3), random.uniform(1.5, 3), random.logarithmic(0.1, 1e3), random.uniform(0, 0.5),
      random.logarithmic(0.05, 2), random.uniform(0, 0.1), random.uniform(0, 0.02), random.uniform(0, 0.005),
      random.logarithmic(1e-15, 1e-12), random.uniform(1, 1.5));
  if (random.coin())
    model += fmt::format(" vst={:.4g} mvst={:.4g}", random.uniform(0.02, 0.1), random.uniform(0, 0.2));
  if (random.coin()) model += fmt::format(" delta={:.4g} taud=1u", random.logarithmic(0.1, 10));
  if (random.coin()) model += fmt::format(" ibd={:.4g} vbd=1", random.logarithmic(1e-16, 1e-14));
  if (random.coin())
    model += fmt::format(" rd={:.4g} rs={:.4g} cgs=1p cgd=0.2p cds=0.1p", random.uniform(1, 50),
                         random.uniform(1, 50));
  if (random.coin())
    model += fmt::format(" hfgam={:.4g} hfeta={:.4g} taug=10u acgam=0.05 xc=0.1", random.uniform(0, 0.1),
                         random.uniform(0, 0.1));
  return {'j', p, model + ")",
          fmt::format("{:.4g} m={} temp={:.4g}", random.uniform(0.5, 3), 1 + random.below(3),
                      random.uniform(-40, 125))};
}

RandomTransistor random_mesfet(Random& random) {
  const bool p = random.coin();
  return {
      'z', p,
      fmt::format(
          "{}(vto={:.4g} beta={:.4g} b={:.4g} alpha={:.4g} lambda={:.4g} rs={:.4g} rd={:.4g} is={:.4g})",
          p ? "pmf" : "nmf", random.uniform(-3, 0.2), random.logarithmic(1e-4, 1e-2), random.uniform(0, 1),
          random.uniform(0.5, 5), random.uniform(0, 0.1), random.coin() ? 0 : random.uniform(1, 50),
          random.coin() ? 0 : random.uniform(1, 50), random.logarithmic(1e-15, 1e-12)),
      // ngspice 39 reads an area by its name only, and takes m for it
      random.coin() ? fmt::format("area={:.4g}", random.uniform(0.5, 3))
                    : fmt::format("m={}", 1 + random.below(3))};
}

/// All of them side by side at the same voltages (those of a p-channel turned round), each behind ammeters.
std::string side_by_side(const std::vector<RandomTransistor>& all, std::string_view sweep) {
  std::string deck = "Vd d 0 0\nVg g 0 0\nEd dp 0 d 0 -1\nEg gp 0 g 0 -1\n";
  for (std::size_t i = 0; i < all.size(); ++i) {
    const RandomTransistor& each = all[i];
    const char* const turned = each.p_channel ? "p" : "";
    deck += fmt::format(
        "Vd{0} d{1} d{0} 0\nVg{0} g{1} g{0} 0\n{2}{0} d{0} g{0} 0 model{0} {3}\n.model model{0} {4}\n", i,
        turned, each.letter, each.element, each.model);
  }
  return deck + fmt::format(".dc {}\n", sweep);
}

void compare_with_ngspice(const std::vector<RandomTransistor>& all, std::string_view sweep) {
  if (!ngspice_found()) return;
  const std::string deck = side_by_side(all, sweep);
  const TemporaryFolder folder;
  REQUIRE(
      run_ngspice(folder,
                  "test\n" + deck + ".options reltol=1e-6 abstol=1e-10 vntol=1e-8 itl1=500 itl2=500\n.end\n",
                  "-r out.raw") == 0);
  const Plot theirs = read_waveforms(folder.file("out.raw")).front();
  const testing::DeckRun ours = testing::run_deck(deck);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(all[i].model);
    CAPTURE(all[i].element);
    for (const std::string& vector : {fmt::format("i(vd{})", i), fmt::format("i(vg{})", i)}) {
      CAPTURE(vector);
      REQUIRE(theirs.find(vector) != Plot::npos);
      const std::vector<double>& expected = theirs.columns[theirs.find(vector)];
      const std::vector<double>& found = ours[vector];
      REQUIRE(expected.size() == found.size());
      const auto [low, high] = std::ranges::minmax(expected);
      double worst = 0;
      for (std::size_t k = 0; k < found.size(); ++k) {
        const double error = std::abs(found[k] - expected[k]);
        if (!(error <= worst)) worst = error;
      }
      CHECK(worst <= 1e-4 * (high - low) + 1e-13);
    }
  }
}

/// Current into the drain and the gate of a model in code, after enough steps of Newton's method are known
/// not to matter: the inner voltages are those of the terminals.
template <class Model>
std::array<double, 2> currents_without_resistance(const Model& model, double vds, double vgs,
                                                  std::span<const double> inner) {
  Local<Model, double> x{};
  x.voltage = {vds, vgs};
  std::ranges::copy(inner, x.unknown.begin());
  Equations<Model, double> f;
  model.equations(x, f);
  return f.current;
}

template <class Model>
std::vector<double> default_values() {
  std::vector<double> values;
  for (const ParameterDescription& parameter : Model::describe().parameters)
    values.push_back(parameter.default_value);
  return values;
}

/// No current is infinite, and no transistor delivers power at rest, to ±1e6 V.
template <class Model, class Inner>
void check_far_away(Inner&& inner) {
  const Model model{std::span<const double>(default_values<Model>())};
  for (const double vds : {-1e6, -1e3, -10.0, -1.0, -1e-3, 0.0, 1e-3, 1.0, 10.0, 1e3, 1e6})
    for (const double vgs : {-1e6, -1e3, -10.0, -1.0, 0.0, 0.5, 1.0, 10.0, 1e3, 1e6}) {
      CAPTURE(vds);
      CAPTURE(vgs);
      const auto voltages = inner(vds, vgs);
      const auto [drain, gate] = currents_without_resistance(model, vds, vgs, voltages);
      CHECK(std::isfinite(drain));
      CHECK(std::isfinite(gate));
      CHECK(vds * drain + vgs * gate >= 0);
    }
}

}  // namespace

TEST_CASE("ngspice agrees on JFETs of random models from reverse to forward, cold and hot") {
  Random random(71);
  std::vector<RandomTransistor> all;
  for (int i = 0; i < 24; ++i) all.push_back(random_jfet(random));
  compare_with_ngspice(all, "Vd -0.6 10 0.2 Vg -4 0.6 0.2");
}

TEST_CASE("ngspice agrees on JFETs of random models of Parker and Skellern, cold and hot") {
  Random random(79);
  std::vector<RandomTransistor> all;
  for (int i = 0; i < 24; ++i) all.push_back(random_parker_skellern(random));
  compare_with_ngspice(all, "Vd -0.6 10 0.2 Vg -4 0.2 0.2");  // above 40 k T/q its junctions are straight
}

TEST_CASE("ngspice agrees on MESFETs of random models from reverse to forward") {
  Random random(73);
  std::vector<RandomTransistor> all;
  for (int i = 0; i < 24; ++i) all.push_back(random_mesfet(random));
  compare_with_ngspice(all, "Vd -0.6 10 0.2 Vg -4 0.6 0.2");
}

TEST_CASE("no field-effect transistor overflows or delivers power, up to a million volts") {
  check_far_away<JunctionFet<ShichmanHodges>>([](double vds, double vgs) {
    return std::array<double, 4>{vgs, vgs - vds, 0, 0};
  });
  check_far_away<JunctionFet<ParkerSkellern<false>>>([](double vds, double vgs) {
    return std::array<double, 4>{vgs, vgs - vds, 0, 0};
  });
  check_far_away<Vdmos>(
      [](double vds, double vgs) { return std::array<double, 6>{vds, vgs, -vds, 0, 0, 0}; });
}

TEST_CASE("the charge of gate and drain is the integral of its capacitance") {
  const GateDrainCapacitance gate(30e-12, 1.5e-9, 0.4);
  double charge = 0;
  constexpr double h = 1e-3;
  for (double v = -40; v < 40; v += h) {
    charge += h * gate.capacitance(v + h / 2);
    const double from_start = gate.charge(v + h) - gate.charge(-40.0);
    REQUIRE(from_start == testing::approx(charge).epsilon(1e-6));
  }
  CHECK(gate.capacitance(-1e9) == testing::approx(30e-12));
  CHECK(gate.capacitance(1e9) == testing::approx(1.5e-9));
}

TEST_CASE("a sweep whose sources hold every node still settles what is behind resistances") {
  const testing::DeckRun run = testing::run_deck(
      "Vd d 0 0\nVg g 0 0\nJ1 d g 0 t\n.model t njf(vto=-1.6 beta=1.2m rs=15)\n.dc Vd 0 10 5 Vg 0 -0.5 "
      "-0.5\n");
  CHECK(std::abs(run["i(vd)"][0]) <= 1e-11);
  CHECK(std::abs(run["i(vd)"][3]) <= 1e-11);
  // id = beta (vgs - rs id - vto)^2
  for (const std::size_t row : {1U, 5U}) {
    const double vgs = row < 3 ? 0 : -0.5;
    const double id = -run["i(vd)"][row];
    CHECK(id == testing::approx(1.2e-3 * std::pow(vgs - 15 * id + 1.6, 2)));
  }
}
