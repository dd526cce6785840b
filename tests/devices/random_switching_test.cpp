// Power MOS transistors with random cards, small signals and switching, against the real ngspice.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
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

Plot of_ngspice(const std::string& deck, const std::string& tolerances) {
  const TemporaryFolder folder;
  REQUIRE(run_ngspice(folder, "test\n" + deck + ".options " + tolerances + "\n.end\n", "-r out.raw") == 0);
  return read_waveforms(folder.file("out.raw")).back();
}

double between_rows(const Plot& plot, const std::string& vector, double time) {
  const std::vector<double>& times = plot.columns[0];
  const std::vector<double>& values = plot.columns[plot.find(vector)];
  const auto after = std::ranges::lower_bound(times, time);
  if (after == times.begin()) return values.front();
  if (after == times.end()) return values.back();
  const auto k = static_cast<std::size_t>(after - times.begin());
  const double part = (time - times[k - 1]) / (times[k] - times[k - 1]);
  return values[k - 1] + part * (values[k] - values[k - 1]);
}

}  // namespace

TEST_CASE("ngspice agrees on small signals of power MOS transistors with random cards") {
  if (!ngspice_found()) return;
  Random random(701);
  for (int repetition = 0; repetition < 12; ++repetition) {
    const RandomDevice device = testing::random_vdmos(0.5, true, random);
    const double sign = device.p_channel ? -1 : 1;
    const std::string deck = fmt::format(
        "Vdd dd 0 {:.4g}\nVg in 0 {:.4g} AC 1\nR1 in g {:.4g}\nR2 dd d {:.4g}\nR3 s 0 {:.4g}\nM1 d g s "
        "x\n.model x {}\n"
        ".ac dec 4 100 1g\n.options temp={:.0f}\n",
        sign * random.uniform(1, 30), sign * (device.threshold + random.uniform(-0.3, 2)),
        random.logarithmic(1, 300), random.logarithmic(0.1, 100), random.logarithmic(0.01, 1), device.model,
        random.uniform(-40, 125));
    CAPTURE(deck);
    const Plot theirs = of_ngspice(deck, "reltol=1e-6 abstol=1e-12 vntol=1e-9");
    const auto run = run_deck(deck);
    for (const char* vector : {"v(d)", "v(g)", "v(s)", "i(vg)"}) {
      CAPTURE(std::string(vector));
      const std::vector<std::complex<double>> expected = theirs.complex_values(vector);
      const std::vector<std::complex<double>> found = run.plots.back().complex_values(vector);
      double largest = 0, difference = 0;
      for (std::size_t k = 0; k < expected.size(); ++k) {
        largest = std::max(largest, std::abs(expected[k]));
        difference = std::max(difference, std::abs(expected[k] - found[k]));
      }
      CHECK(difference <= 1e-4 * largest);
    }
  }
}

// ngspice adds its charges up as capacitance times change of voltage, and with them what its Newton's method
// leaves.
TEST_CASE("ngspice agrees on how power MOS transistors with random cards switch") {
  if (!ngspice_found()) return;
  Random random(702);
  for (int repetition = 0; repetition < 4; ++repetition) {
    const RandomDevice device = testing::random_vdmos(0.5, false, random);
    const double sign = device.p_channel ? -1 : 1;
    const std::string circuit = fmt::format(
        "Vdd dd 0 {:.4g}\nVg in 0 PULSE({:.4g} {:.4g} 1u 1u 1u 3.5u 10u)\nR1 in g {:.4g}\nR2 dd d {:.4g}\nR3 "
        "s 0 "
        "{:.4g}\nM1 d g s x\n.model x {}\n.options temp={:.0f}\n",
        sign * random.uniform(2, 30), sign * random.uniform(-2, 0.5), sign * random.uniform(5, 10),
        random.logarithmic(1, 100), random.logarithmic(3, 100), random.logarithmic(0.01, 1), device.model,
        random.uniform(-40, 125));
    CAPTURE(circuit);
    const auto run = run_deck(circuit + ".tran 20n 10u 0 20n\n.options reltol=1e-6\n");
    const Plot theirs = of_ngspice(circuit + ".tran 20n 10u 0 2n\n", "reltol=1e-9 abstol=1e-15 vntol=1e-12");
    for (const char* vector : {"v(d)", "v(g)"}) {
      CAPTURE(std::string(vector));
      const auto [low, high] = std::ranges::minmax(theirs.columns[theirs.find(vector)]);
      double worst = 0;
      for (std::size_t row = 0; row < run.rows(); ++row)
        worst = std::max(worst, std::abs(run[vector][row] - between_rows(theirs, vector, run.time()[row])));
      CHECK(worst <= 1e-4 * (high - low));
    }
  }
}
