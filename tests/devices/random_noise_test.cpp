// Noise of devices with random cards against the real ngspice, and of resistances inside against resistors
// outside.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "devices/random_cards.hpp"
#include "support/run_deck.hpp"
#include "waveform/ngspice.hpp"

using namespace memspice;
using memspice::testing::Random;
using memspice::testing::RandomDevice;
using memspice::testing::run_deck;

namespace {

/// A device that conducts, in a stage of resistors with the output `out`. `low` and `high`: of the
/// controlling voltage, V.
std::string noisy_stage(char letter, const RandomDevice& device, double low, double high, Random& random) {
  const double sign = device.p_channel ? -1 : 1;
  std::string deck =
      fmt::format("Vcc cc 0 {:.4g}\nVin in 0 {:.4g} AC 1\nR1 in g {:.4g}\nR2 cc out {:.4g}\nR3 s 0 {:.4g}\n",
                  sign * random.uniform(1, 8), sign * random.uniform(low, high), random.logarithmic(10, 1e4),
                  random.logarithmic(10, 3e3), random.logarithmic(1, 300));
  if (letter == 'm' && !device.model.starts_with("vdmos"))
    deck += fmt::format("Vb b 0 {:.4g}\nR4 b bb {:.4g}\nm1 out g s bb mod {}\n", random.coin() ? 0 : -sign,
                        random.logarithmic(1, 1e3), device.element);
  else if (letter == 'd')
    deck += fmt::format("R4 g s 100k\nR5 out 0 100\nd1 g s mod {}\n", device.element);
  else
    deck += fmt::format("{}1 out g s mod {}\n", letter, device.element);
  return deck + fmt::format(".model mod {}\n.noise v({}) Vin dec 2 10 10g 1\n.options temp={:.0f}\n",
                            device.model, letter == 'd' ? "s" : "out", random.uniform(-40, 125));
}

/// Every part of the noise at every frequency, relative to itself or a thousandth of the whole.
void check_noise_parts(const std::string& deck) {
  CAPTURE(deck);
  const TemporaryFolder folder;
  REQUIRE(run_ngspice(folder, "test\n" + deck + ".options reltol=1e-7 abstol=1e-15 vntol=1e-11\n.end\n",
                      "-r out.raw") == 0);
  const Plot theirs = read_waveforms(folder.file("out.raw")).front();
  const Plot ours = run_deck(deck).plots.front();
  const std::vector<double>& whole = theirs.columns[theirs.find("onoise_spectrum")];
  int compared = 0;
  for (std::size_t column = 0; column < theirs.columns.size(); ++column) {
    const std::string& name = theirs.vectors[column].name;
    const std::size_t place = ours.find(name);
    if (!name.starts_with("onoise") || place == Plot::npos) continue;
    CAPTURE(name);
    ++compared;
    REQUIRE(ours.columns[place].size() == whole.size());
    double worst = 0;
    for (std::size_t k = 0; k < whole.size(); ++k) {
      const double expected = theirs.columns[column][k];
      const double error = std::abs(ours.columns[place][k] - expected) / std::max(expected, 1e-3 * whole[k]);
      if (!(error <= worst)) worst = error;
    }
    CHECK(worst <= 1e-4);
  }
  CHECK(compared >= 5);
}

/// Noise of `out` in its parts: of the device's own sources, and of resistors.
double noise_part(const testing::DeckRun& run, const std::string& name, std::size_t row) {
  const Plot& plot = run.plots.front();
  const std::size_t place = plot.find(name);
  REQUIRE_MESSAGE(place != Plot::npos, "no vector " << name);
  return plot.columns[place][row];
}

}  // namespace

TEST_CASE("ngspice agrees on the noise of devices with random cards, part by part") {
  if (!ngspice_found()) return;
  Random random(601);
  for (int repetition = 0; repetition < 5; ++repetition) {
    for (const int level : {1, 2, 3})
      check_noise_parts(noisy_stage('m', testing::random_mos(level, 0.5, true, random), 2, 5, random));
    check_noise_parts(noisy_stage('q', testing::random_bipolar(0.5, true, random), 0.75, 1.2, random));
    check_noise_parts(noisy_stage('j', testing::random_jfet(0.5, random), -0.3, 0.3, random));
    check_noise_parts(noisy_stage('d', testing::random_diode(0.5, true, random), 0.7, 2, random));
    check_noise_parts(noisy_stage('m', testing::random_vdmos(0.5, true, random), 4.5, 7, random));
  }
}

// Whatever the model makes of capacitances and of currents of its bulk, resistances inside are resistors.
TEST_CASE("resistances of MOS transistors make the noise of resistors") {
  Random random(602);
  for (const int level : {1, 2, 3, 6}) {
    for (int repetition = 0; repetition < 5; ++repetition) {
      const bool p = random.coin();
      const double sign = p ? -1 : 1;
      const double drain = random.logarithmic(1, 1e3), source = random.logarithmic(1, 1e3);
      const std::string head = fmt::format(
          "Vdd dd 0 {:.4g}\nVin in 0 {:.4g} AC 1\nR1 in g {:.4g}\nR2 dd out {:.4g}\nR3 s 0 {:.4g}\nVb b 0 0\n"
          "R4 b bb {:.4g}\n.noise v(out) Vin dec 2 10 10g 1\n.options temp={:.0f}\n",
          sign * random.uniform(1, 8), sign * random.uniform(2, 5), random.logarithmic(10, 1e4),
          random.logarithmic(10, 1e4), random.logarithmic(1, 1e3), random.logarithmic(1, 1e3),
          random.uniform(-40, 125));
      const std::string card = fmt::format(
          "{}(level={} vto={:.4g} gamma={:.4g} tox=20n cgso=0.3n cgdo=0.3n cj=0.3m cjsw=0.3n kf={:.4g} "
          "af=1.1",
          p ? "pmos" : "nmos", level, sign * random.uniform(0.3, 1.2), random.uniform(0, 1),
          random.logarithmic(1e-27, 1e-24));
      const std::string element = "x l=2u w=20u ad=50p as=50p pd=50u ps=50u";
      const auto inside = run_deck(
          head + fmt::format("m1 out g s bb {}\n.model x {} rd={} rs={})\n", element, card, drain, source));
      const auto outside =
          run_deck(head + fmt::format("Rd out d1 {}\nRs s s1 {}\nm1 d1 g s1 bb {}\n.model x {})\n", drain,
                                      source, element, card));
      CAPTURE(card);
      for (std::size_t row = 0; row < inside.plots.front().rows(); ++row) {
        const double floor = 1e-6 * noise_part(outside, "onoise_spectrum", row);
        for (const auto& [ours, theirs] :
             {std::pair{"onoise_m1_rd", "onoise_rd_thermal"}, std::pair{"onoise_m1_rs", "onoise_rs_thermal"},
              std::pair{"onoise_m1_id", "onoise_m1_id"}, std::pair{"onoise_m1_1overf", "onoise_m1_1overf"},
              std::pair{"onoise_spectrum", "onoise_spectrum"}})
          CHECK(std::abs(noise_part(inside, ours, row) - noise_part(outside, theirs, row)) <=
                1e-5 * noise_part(outside, theirs, row) + floor);
      }
    }
  }
}
