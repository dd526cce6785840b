// Cards with any subset of their parameters: operating points are found, and they are those of the real
// ngspice.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
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

/// How devices of a kind stand between `d`, `g`, ground and `b`, and what is swept; those of a p-channel see
/// all voltages turned round.
struct Bench {
  char letter;
  const char*
      nodes;  // behind the drain: of gate, source and bulk, {0} being the number and {1} p of a p-channel
  const char* sweep;
  double floor = 0;  // A; where memspice has less no comparison
};

constexpr Bench diode_bench{'d', "0", "Vd 0.9 -12 -0.3"};
constexpr Bench bipolar_bench{'q', "g{0} 0", "Vd -0.6 5 0.4 Vg -1 0.9 0.1"};
constexpr Bench jfet_bench{'j', "g{0} 0", "Vd -0.6 10 0.8 Vg -4 0.6 0.4"};
constexpr Bench mos_bench{'m', "g{0} 0 b{1}", "Vd -0.3 5 0.53 Vg -1 5 0.6"};
// ngspice's saturation voltage is negative below the threshold where there is a largest velocity.
constexpr Bench fast_bench{'m', "g{0} 0 b{1}", "Vd 0 5 0.53 Vg 0.1 5 0.7", 1e-9};
constexpr Bench vdmos_bench{'m', "g{0} 0", "Vd -0.8 20 0.8 Vg -1 8 1"};

constexpr int devices_at_once = 8;

std::string curves(const Bench& bench, const std::vector<RandomDevice>& devices, Random& random) {
  std::string deck =
      fmt::format("Vd d 0 0\nVg g 0 0\nVb b 0 {}\nEd dp 0 d 0 -1\nEg gp 0 g 0 -1\nEb bp 0 b 0 -1\n",
                  random.coin() ? 0 : -2);
  for (const char* node : {"d", "g", "b", "dp", "gp", "bp"}) deck += fmt::format("R{0} {0} 0 1meg\n", node);
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const char* const turned = devices[i].p_channel ? "p" : "";
    deck += fmt::format("Vd{0} d{1} d{0} 0\nVg{0} g{1} g{0} 0\nRg{0} g{0} 0 1meg\n{2}{0} d{0} ", i, turned,
                        bench.letter);
    deck += fmt::format(fmt::runtime(bench.nodes), i, turned);
    deck += fmt::format(" mod{0} {1}\n.model mod{0} {2}\n", i, devices[i].element, devices[i].model);
  }
  return deck + fmt::format(".dc {}\n.options temp={:.0f}\n", bench.sweep, random.uniform(-40, 125));
}

void check_curves(const Bench& bench, const std::function<RandomDevice(double, Random&)>& draw,
                  int repetitions, std::uint64_t seed) {
  Random random(seed);
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    std::vector<RandomDevice> devices;
    for (int i = 0; i < devices_at_once; ++i) {
      constexpr double parts[] = {0.1, 0.3, 0.6};
      devices.push_back(draw(parts[random.below(3)], random));
    }
    const std::string deck = curves(bench, devices, random);
    CAPTURE(deck);
    const testing::DeckRun ours = run_deck(deck);
    if (!ngspice_found()) continue;
    const TemporaryFolder folder;
    REQUIRE(run_ngspice(
                folder,
                "test\n" + deck + ".options reltol=1e-6 abstol=1e-12 vntol=1e-9 itl1=500 itl2=500\n.end\n",
                "-r out.raw") == 0);
    const Plot theirs = read_waveforms(folder.file("out.raw")).front();
    for (int i = 0; i < devices_at_once; ++i) {
      for (const std::string& vector : {fmt::format("i(vd{})", i), fmt::format("i(vg{})", i)}) {
        CAPTURE(vector);
        const std::vector<double>& expected = theirs.columns[theirs.find(vector)];
        const std::vector<double>& found = ours[vector];
        REQUIRE(expected.size() == found.size());
        const auto [low, high] = std::ranges::minmax(expected);
        double worst = 0;
        for (std::size_t k = 0; k < found.size(); ++k) {
          if (std::abs(found[k]) < bench.floor) continue;
          const double error = std::abs(found[k] - expected[k]);
          if (!(error <= worst)) worst = error;
        }
        CHECK(worst <= 1e-4 * std::max(high - low, 1e-9));
      }
    }
  }
}

auto of_level(int level) {
  return [level](double probability, Random& random) {
    return testing::random_mos(level, probability, false, random);
  };
}

}  // namespace

TEST_CASE("cards of diodes with any of their parameters have the curves of ngspice") {
  check_curves(
      diode_bench,
      [](double probability, Random& random) { return testing::random_diode(probability, false, random); }, 3,
      501);
}

TEST_CASE("cards of bipolar transistors with any of their parameters have the curves of ngspice") {
  check_curves(
      bipolar_bench,
      [](double probability, Random& random) { return testing::random_bipolar(probability, false, random); },
      3, 502);
}

TEST_CASE("cards of JFETs with any of their parameters have the curves of ngspice") {
  check_curves(jfet_bench, testing::random_jfet, 3, 503);
}

TEST_CASE("cards of MOS transistors with any of their parameters have the curves of ngspice") {
  for (const int level : {1, 2, 3, 6}) check_curves(mos_bench, of_level(level), 3, 510 + level);
}

TEST_CASE("MOS transistors of level 2 with a largest velocity have the curves of ngspice") {
  check_curves(fast_bench, testing::random_fast_mos2, 4, 520);
}

TEST_CASE("cards of power MOS transistors with any of their parameters have the curves of ngspice") {
  check_curves(
      vdmos_bench,
      [](double probability, Random& random) { return testing::random_vdmos(probability, false, random); }, 3,
      505);
}

// Without a charge of the bulk Baum's quartic is quadratic in the saturation voltage.
TEST_CASE(
    "the saturation of level 2 by a largest velocity is the root of Baum's equation, whatever the velocity "
    "is") {
  for (const double velocity : {1e3, 1e4, 1e5, 1e6, 1e7, 1e9}) {
    CAPTURE(velocity);
    const auto run = run_deck(fmt::format(
        "vd d 0 4\nvg g 0 0\nm1 d g 0 0 n l=2u w=10u\n.model n nmos(level=2 vto=0.6 kp=50u uo=500 vmax={})\n"
        ".dc vg 0 5 0.05\n",
        velocity));
    const double xv = velocity * 2e-6 / 0.05;
    for (std::size_t row = 0; row < run.rows(); ++row) {
      const double over = std::max(0.05 * static_cast<double>(row) - 0.6, 0.0);
      const double saturation = over * 2 * xv / (over + xv + std::hypot(over, xv));
      const double across = std::min(4.0, saturation);
      const double expected = 2.5e-4 * (over - 0.5 * across) * across;
      CHECK(std::abs(-run["i(vd)"][row] - expected) <= 1e-8 * expected + 1e-11);
    }
  }
}

TEST_CASE("the current of level 2 grows with the gate, whatever its largest velocity is") {
  Random random(521);
  for (int repetition = 0; repetition < 40; ++repetition) {
    const std::string deck = fmt::format(
        "vd d 0 {:.4g}\nvg g 0 0\nvb b 0 {:.4g}\nm1 d g 0 b n l={:.4g}u w=10u\n"
        ".model n nmos(level=2 vto=0.6 kp=50u gamma={:.4g} nsub={:.4g} vmax={:.4g})\n.dc vg 0 5 0.01\n",
        random.uniform(0.1, 5), random.uniform(-3, 0.3), random.logarithmic(1, 100), random.uniform(0, 1.5),
        random.logarithmic(1e14, 1e17), random.logarithmic(1e3, 1e6));
    CAPTURE(deck);
    const auto run = run_deck(deck);
    const std::vector<double>& current = run["i(vd)"];
    double largest_step = 0;
    for (std::size_t row = 1; row < current.size(); ++row) {
      CHECK(current[row] <= current[row - 1] + 1e-12);
      largest_step = std::max(largest_step, current[row - 1] - current[row]);
    }
    // A square law takes 0.5 % of its current in a five hundredth of the way; a jump would be far more.
    CHECK(largest_step <= 0.02 * std::abs(current.back()) + 1e-12);
  }
}
