// A lossless line between two resistors: the sum of its echoes.
#include <fmt/format.h>

#include <cmath>

#include "truth/formula_case.hpp"

namespace memspice::truth {

namespace {

using Numbers = std::vector<double>;

enum : std::size_t {
  stop,
  step,
  resistance_in,
  impedance,
  delay,
  resistance_out,
  first_value
};  // then the waveform's

Source pulse_of(const Numbers& n) {
  return {Source::Kind::pulse, {n.begin() + first_value, n.end()}};
}
Source sine_of(const Numbers& n) {
  return {Source::Kind::sine, {n.begin() + first_value, n.end()}};
}

double reflection(double resistance, double impedance) {
  return (resistance - impedance) / (resistance + impedance);
}

bool sound(const Numbers& n) {
  return n[step] > 0 && n[step] < n[stop] / 10 && n[resistance_in] > 0 && n[impedance] > 0 &&
         n[resistance_out] > 0 && n[delay] > 0 &&
         std::abs(reflection(n[resistance_in], n[impedance]) * reflection(n[resistance_out], n[impedance])) <
             0.9;
}
bool sound_pulse(const Numbers& n) {
  const double* v = n.data() + first_value;
  return sound(n) && v[3] > 0 && v[4] > 0 && v[5] > 0 && v[3] + v[4] + v[5] < v[6] &&
         n[delay] > n[stop] / 500;
}
bool sound_sine(const Numbers& n) {
  return sound(n) && n[first_value + 2] > 0 && n[first_value + 2] * n[stop] < 40;
}

Numbers draw(Random& random, double shortest) {
  const double z = random.of({50, 75, 100, 377});
  const double end = random.logarithmic(1e-9, 1e-1);
  const auto end_resistance = [&] { return random.chance(0.3) ? z : z * random.logarithmic(0.1, 10); };
  return {end, end / random.of({50, 100, 500}),         end_resistance(),
          z,   end * random.logarithmic(shortest, 0.4), end_resistance()};
}

std::string cards(const Numbers& n, const Source& source) {
  return fmt::format("v1 in 0 {}\nr1 in a {}\nt1 a 0 b 0 z0={} td={}\nr2 b 0 {}\n.tran {} {}\n",
                     source.text(), exact(n[resistance_in]), exact(n[impedance]), exact(n[delay]),
                     exact(n[resistance_out]), exact(n[step]), exact(n[stop]));
}

std::vector<Comparison> echoes(const Numbers& n, const std::vector<double>& times, const Source& source) {
  const double near = reflection(n[resistance_in], n[impedance]),
               far = reflection(n[resistance_out], n[impedance]);
  const double enters = n[impedance] / (n[resistance_in] + n[impedance]);
  const auto wave = [&](double t) {
    return t <= 0 ? source.value(0, 0) : source.value(t, t);
  };  // at rest before
  Comparison left{"v(a)", {}}, right{"v(b)", {}};
  for (const double t : times) {
    double a = enters * wave(t), b = 0;
    double size = enters;
    for (int k = 0; k < 400 && std::abs(size) > 1e-17; ++k) {
      b += size * (1 + far) * wave(t - (2 * k + 1) * n[delay]);
      a += size * far * (1 + near) * wave(t - (2 * k + 2) * n[delay]);
      size *= far * near;
    }
    left.exact.push_back(a);
    right.exact.push_back(b);
  }
  return {left, right};
}

const Recipe pulses{
    "pulses on a line",
    [](Random& random) {
      Numbers n = draw(random, 5e-3);
      const double period = n[stop] / random.uniform(0.7, 5);
      const double edge = period * random.logarithmic(1e-3, 0.2);
      for (const double v : {random.chance(0.5) ? 0 : random.uniform(-1, 1), random.logarithmic(0.1, 10),
                             0.1 * period, edge, edge, period * random.uniform(0.1, 0.5), period})
        n.push_back(v);
      return n;
    },
    sound_pulse, [](const Numbers& n) { return cards(n, pulse_of(n)); },
    [](const Numbers& n, const std::vector<double>& times) { return echoes(n, times, pulse_of(n)); }};

const Recipe sines{
    "a sine on a line, mostly a short one",
    [](Random& random) {
      Numbers n = draw(random, random.chance(0.3) ? 1e-6 : 1e-2);
      for (const double v : {random.chance(0.5) ? 0 : random.uniform(-1, 1), random.logarithmic(0.1, 10),
                             random.uniform(0.5, 10) / n[stop], 0.0, 0.0, 0.0})
        n.push_back(v);
      return n;
    },
    sound_sine, [](const Numbers& n) { return cards(n, sine_of(n)); },
    [](const Numbers& n, const std::vector<double>& times) { return echoes(n, times, sine_of(n)); }};

}  // namespace

std::unique_ptr<Case> line_case(Random& random) {
  const Recipe& recipe = random.chance(0.5) ? pulses : sines;
  for (;;) {
    Numbers numbers = recipe.draw(random);
    if (recipe.sound(numbers)) return recipe_case(recipe, std::move(numbers));
  }
}

}  // namespace memspice::truth
