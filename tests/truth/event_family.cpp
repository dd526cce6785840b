// What happens between steps: B sources that read time, comparisons, switches.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "truth/formula_case.hpp"

namespace memspice::truth {

namespace {

using Numbers = std::vector<double>;

constexpr double turn = 2 * std::numbers::pi;

// Numbers of all current pulses into a capacitor with a leak:
enum : std::size_t { stop, step, amplitude, frequency, shape, capacitance, leak };

// `narrowness` is the part of a period that the narrowest feature takes.
Numbers draw_pulses(Random& random, double value_of_shape, double narrowness) {
  const double f = random.logarithmic(1, 1e6);
  const double periods = random.logarithmic(2, 60);
  const double r = random.logarithmic(1e2, 1e8);
  const double c = periods / f / r / random.logarithmic(0.02, 5);
  return {periods / f,
          narrowness / f / random.logarithmic(3, 10),
          random.logarithmic(1e-6, 1e-1),
          f,
          value_of_shape,
          c,
          r};
}

std::string pulse_cards(const Numbers& n, const std::string& current) {
  return fmt::format("b1 0 out I={{{}}}\nc1 out 0 {}\nr1 out 0 {}\n.tran {} {} uic\n", current,
                     exact(n[capacitance]), exact(n[leak]), exact(n[step]), exact(n[stop]));
}

std::vector<Comparison> pulse_values(const Numbers& n, const std::vector<double>& times,
                                     std::vector<double> corners, double panel,
                                     std::function<double(double, double)> current) {
  FirstOrder circuit{std::move(corners), panel, [&](double) { return -1 / (n[leak] * n[capacitance]); },
                     [&](double t, double inside) { return current(t, inside) / n[capacitance]; }};
  return {{"v(out)", circuit.values(0, times)}};
}

bool sound_pulses(const Numbers& n) {
  return n[stop] > 0 && n[step] > 0 && n[step] < n[stop] / 10 && n[stop] * n[frequency] < 200 &&
         n[stop] * n[frequency] > 0.5 && n[capacitance] > 0;
}

bool sound_level(const Numbers& n) {
  return sound_pulses(n) && std::abs(n[shape]) < 1;
}

double level(Random& random) {
  return random.chance(0.5) ? random.uniform(-0.9, 0.9) : 1 - random.logarithmic(3e-3, 0.1);
}

// Part of a period for which a sine is above (or below) a level, whichever is shorter.
double narrowness(double level) {
  return std::acos(std::abs(level)) / std::numbers::pi;
}

std::string sine_of(const Numbers& n) {
  return fmt::format("sin(2*pi*{}*time)", exact(n[frequency]));
}

const Recipe exponential_pulses{
    "narrow pulses exp(-k (1 - cos))",
    [](Random& random) {
      const double k = random.logarithmic(10, 1000);
      return draw_pulses(random, k, 1.0 / std::sqrt(k) / 2);
    },
    sound_pulses,
    [](const Numbers& n) {
      return pulse_cards(n, fmt::format("{}*exp(-{}*(1-cos(2*pi*{}*time)))", exact(n[amplitude]),
                                        exact(n[shape]), exact(n[frequency])));
    },
    [](const Numbers& n, const std::vector<double>& times) {
      return pulse_values(n, times, {}, 0.1 / std::sqrt(n[shape]) / n[frequency], [&](double t, double) {
        return n[amplitude] * std::exp(-n[shape] * (1 - std::cos(turn * n[frequency] * t)));
      });
    }};

std::vector<Comparison> square_values(const Numbers& n, const std::vector<double>& times) {
  return pulse_values(n, times, sine_crossings(n[frequency], n[shape], n[stop]), 0.05 / n[frequency],
                      [&](double, double inside) {
                        return std::sin(turn * n[frequency] * inside) > n[shape] ? n[amplitude] : 0;
                      });
}

Numbers draw_level(Random& random) {
  const double l = level(random);
  return draw_pulses(random, l, narrowness(l));
}

const Recipe comparison{
    "sin(time) > level", draw_level, sound_level,
    [](const Numbers& n) {
      return pulse_cards(n, fmt::format("{}*({} > {})", exact(n[amplitude]), sine_of(n), exact(n[shape])));
    },
    square_values};

const Recipe unit_step{
    "u(sin(time) - level)", draw_level, sound_level,
    [](const Numbers& n) {
      return pulse_cards(n, fmt::format("{}*u({}-({}))", exact(n[amplitude]), sine_of(n), exact(n[shape])));
    },
    square_values};

const Recipe choice{
    "v(ctl) > level ? a : 0", draw_level, sound_level,
    [](const Numbers& n) {
      return fmt::format("v1 ctl 0 SIN(0 1 {})\n", exact(n[frequency])) +
             pulse_cards(n, fmt::format("v(ctl) > {} ? {} : 0", exact(n[shape]), exact(n[amplitude])));
    },
    square_values};

const Recipe clipped{
    "max(0, sin(time) - level)", draw_level, sound_level,
    [](const Numbers& n) {
      return pulse_cards(n,
                         fmt::format("{}*max(0,{}-({}))", exact(n[amplitude]), sine_of(n), exact(n[shape])));
    },
    [](const Numbers& n, const std::vector<double>& times) {
      return pulse_values(n, times, sine_crossings(n[frequency], n[shape], n[stop]), 0.03 / n[frequency],
                          [&](double t, double inside) {
                            return std::sin(turn * n[frequency] * inside) > n[shape]
                                       ? n[amplitude] * (std::sin(turn * n[frequency] * t) - n[shape])
                                       : 0;
                          });
    }};

// One pulse a period with sigmoid edges, `shape` wide (as a part of the period), edges a tenth of that.
const Recipe sigmoid{
    "tanh edges of time % period",
    [](Random& random) {
      const double width = random.logarithmic(0.01, 0.3);
      return draw_pulses(random, width, 0.2 * width);
    },
    [](const Numbers& n) { return sound_pulses(n) && n[shape] > 0 && n[shape] < 0.35; },
    [](const Numbers& n) {
      const double period = 1 / n[frequency];
      const auto edge = [&](double at) {
        return fmt::format("tanh((time%{}-{})/{})", exact(period), exact(at * period),
                           exact(0.1 * n[shape] * period));
      };
      return pulse_cards(n,
                         fmt::format("{}*({}-{})/2", exact(n[amplitude]), edge(0.5), edge(0.5 + n[shape])));
    },
    [](const Numbers& n, const std::vector<double>& times) {
      const double period = 1 / n[frequency], width = 0.1 * n[shape] * period;
      std::vector<double> corners;
      for (double k = 1; k * period < n[stop]; ++k) corners.push_back(k * period);
      return pulse_values(n, times, corners, width / 2, [&](double t, double inside) {
        const double u = t - std::floor(inside / period) * period;
        return n[amplitude] *
               (std::tanh((u - 0.5 * period) / width) - std::tanh((u - (0.5 + n[shape]) * period) / width)) /
               2;
      });
    }};

// A switch with hysteresis charges a capacitor from 1 V while a sine is high; the leak takes it back.
enum : std::size_t { closed = 7, open = 8, hysteresis = 9 };
const Recipe switched{
    "switch with hysteresis at a sine",
    [](Random& random) {
      Numbers n = draw_pulses(random, random.uniform(-0.7, 0.7), 0.2);
      n.push_back(n[leak] * random.logarithmic(1e-3, 1));
      n.push_back(n[leak] * random.logarithmic(10, 1e6));
      n.push_back(random.chance(0.4) ? 0 : random.uniform(0.01, 0.25));
      return n;
    },
    [](const Numbers& n) {
      return sound_level(n) && n[hysteresis] >= 0 && std::abs(n[shape]) + n[hysteresis] < 0.99 &&
             std::abs(n[shape]) > n[hysteresis] + 1e-3 && n[closed] > 0 && n[open] > n[closed];
    },
    [](const Numbers& n) {
      return fmt::format(
          "v1 a 0 DC 1\nv2 ctl 0 SIN(0 1 {})\ns1 a out ctl 0 sw1\n.model sw1 sw(vt={} vh={} ron={} "
          "roff={})\nc1 out 0 {} ic=0\n"
          "r1 out 0 {}\n.tran {} {} uic\n",
          exact(n[frequency]), exact(n[shape]), exact(n[hysteresis]), exact(n[closed]), exact(n[open]),
          exact(n[capacitance]), exact(n[leak]), exact(n[step]), exact(n[stop]));
    },
    [](const Numbers& n, const std::vector<double>& times) {
      // It closes where the sine rises through the upper and opens where it falls through the lower
      // threshold.
      const double up = n[shape] + n[hysteresis], down = n[shape] - n[hysteresis];
      std::vector<double> corners;
      const auto phase = [&](double t) {
        const double turns = n[frequency] * t;
        return turns - std::floor(turns);
      };
      for (const double t : sine_crossings(n[frequency], up, n[stop]))
        if (std::cos(turn * n[frequency] * t) > 0) corners.push_back(t);
      for (const double t : sine_crossings(n[frequency], down, n[stop]))
        if (std::cos(turn * n[frequency] * t) < 0) corners.push_back(t);
      const double closes = std::asin(up) / turn, opens = 0.5 - std::asin(down) / turn;
      const auto resistance = [&](double t) {
        double p = phase(t);
        if (n[frequency] * t < opens && up < 0) return n[closed];  // it is closed from the start
        if (n[frequency] * t < closes) return n[open];
        if (p < closes && closes < opens) p += 1;
        const bool is_closed = closes >= 0 ? p >= closes && p < opens : p < opens || p >= 1 + closes;
        return is_closed ? n[closed] : n[open];
      };
      FirstOrder circuit{corners, 0.1 / n[frequency],
                         [&](double t) { return -(1 / resistance(t) + 1 / n[leak]) / n[capacitance]; },
                         [&](double, double inside) { return 1 / resistance(inside) / n[capacitance]; }};
      return std::vector<Comparison>{{"v(out)", circuit.values(0, times)}};
    }};

// The same pulses write a memristor: w falls by the charge, the resistance does not matter.
const Recipe memristor_pulses{
    "narrow pulses into a memristor",
    [](Random& random) {
      const double k = random.logarithmic(10, 1000);
      return draw_pulses(random, k, 1.0 / std::sqrt(k) / 2);
    },
    sound_pulses,
    [](const Numbers& n) {
      // ron/β so that all pulses together take w from 0.9 by about 0.6
      const double charge = n[amplitude] * n[stop] / std::sqrt(turn * n[shape]);
      return fmt::format(
          "b1 0 out I={{{}*exp(-{}*(1-cos(2*pi*{}*time)))}}\ny1 out 0 m w0=0.9\n"
          ".model m memristor(ron=100 roff=16k beta={})\n.tran {} {}\n.save v(*) w(*)\n",
          exact(n[amplitude]), exact(n[shape]), exact(n[frequency]), exact(100 * charge / 0.6),
          exact(n[step]), exact(n[stop]));
    },
    [](const Numbers& n, const std::vector<double>& times) {
      const double charge = n[amplitude] * n[stop] / std::sqrt(turn * n[shape]);
      FirstOrder circuit{{},
                         0.1 / std::sqrt(n[shape]) / n[frequency],
                         [](double) { return 0.0; },
                         [&](double t, double) {
                           return -0.6 / charge * n[amplitude] *
                                  std::exp(-n[shape] * (1 - std::cos(turn * n[frequency] * t)));
                         }};
      std::vector<double> w = circuit.values(0.9, times);
      for (double& value : w) value = std::max(value, 0.0);
      return std::vector<Comparison>{{"w(y1)", w}};
    }};

}  // namespace

std::unique_ptr<Case> event_case(Random& random) {
  static const Recipe* const recipes[] = {
      &exponential_pulses, &comparison,      &unit_step, &choice, &clipped, &sigmoid,
      &switched,           &memristor_pulses};
  const Recipe& recipe = *recipes[random.below(std::size(recipes))];
  for (;;) {
    Numbers numbers = recipe.draw(random);
    if (recipe.sound(numbers)) return recipe_case(recipe, std::move(numbers));
  }
}

}  // namespace memspice::truth
