// A lossless line between two resistors: the sum of its echoes; two lines in a row: their lattice.
#include <fmt/format.h>

#include <array>
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
bool sound_slow_pulse(const Numbers& n) {
  const double* v = n.data() + first_value;
  return sound(n) && v[3] > 0 && v[4] > 0 && v[5] > 0 && v[3] + v[4] + v[5] < v[6] && v[6] * 10 > n[stop];
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
    "a sine on a line, mostly a long one",
    [](Random& random) {
      Numbers n = draw(random, random.chance(0.3) ? 1e-6 : 1e-2);
      for (const double v : {random.chance(0.5) ? 0 : random.uniform(-1, 1), random.logarithmic(0.1, 10),
                             random.uniform(0.5, 10) / n[stop], 0.0, 0.0, 0.0})
        n.push_back(v);
      return n;
    },
    sound_sine, [](const Numbers& n) { return cards(n, sine_of(n)); },
    [](const Numbers& n, const std::vector<double>& times) { return echoes(n, times, sine_of(n)); }};

const Recipe slow_pulses{
    "pulses on a line that is short against them",
    [](Random& random) {
      Numbers n = draw(random, 1e-6);
      n[delay] = n[stop] * random.logarithmic(1e-6, 1e-3);
      const double period = n[stop] / random.uniform(0.7, 5);
      const double edge = period * random.logarithmic(1e-4, 0.2);
      for (const double v : {random.chance(0.5) ? 0 : random.uniform(-1, 1), random.logarithmic(0.1, 10),
                             0.1 * period, edge, edge, period * random.uniform(0.1, 0.5), period})
        n.push_back(v);
      return n;
    },
    sound_slow_pulse, [](const Numbers& n) { return cards(n, pulse_of(n)); },
    [](const Numbers& n, const std::vector<double>& times) { return echoes(n, times, pulse_of(n)); }};

// Two lines in a row, whose delays are small multiples of a unit (in the place of `delay`).
enum : std::size_t { second_impedance = first_value, first_length, second_length, first_of_row };

Source source_of_row(const Numbers& n) {
  constexpr std::size_t values_of_sine = 6;
  const bool sine = n.size() - first_of_row == values_of_sine;
  return {sine ? Source::Kind::sine : Source::Kind::pulse, {n.begin() + first_of_row, n.end()}};
}

bool sound_row(const Numbers& n) {
  const auto whole = [](double x) { return x >= 1 && x <= 5 && x == std::round(x); };
  const double* v = n.data() + first_of_row;
  const bool waveform = source_of_row(n).kind == Source::Kind::sine
                            ? v[2] > 0 && v[2] * n[stop] < 40
                            : v[3] > 0 && v[4] > 0 && v[5] > 0 && v[3] + v[4] + v[5] < v[6];
  const double through = 1 - std::abs(reflection(n[second_impedance], n[impedance]));
  return sound(n) && n[second_impedance] > 0 && through > 0.4 && whole(n[first_length]) &&
         whole(n[second_length]) && waveform;
}

std::string cards_of_row(const Numbers& n) {
  return fmt::format(
      "v1 in 0 {}\nr1 in a {}\nt1 a 0 b 0 z0={} td={}\nt2 b 0 c 0 z0={} td={}\nr2 c 0 {}\n.tran {} {}\n",
      source_of_row(n).text(), exact(n[resistance_in]), exact(n[impedance]),
      exact(n[delay] * n[first_length]), exact(n[second_impedance]), exact(n[delay] * n[second_length]),
      exact(n[resistance_out]), exact(n[step]), exact(n[stop]));
}

// What one volt of the source, for an instant, makes of v(a), v(b) and v(c), unit by unit of time.
std::array<std::vector<double>, 3> answers_of_row(const Numbers& n) {
  constexpr std::size_t most = 4000;
  const double z1 = n[impedance], z2 = n[second_impedance];
  const auto n1 = static_cast<std::size_t>(n[first_length]), n2 = static_cast<std::size_t>(n[second_length]);
  std::array<std::vector<double>, 3> v;
  std::array<std::vector<double>, 4> leaving;  // the ports, from the source on
  const auto arriving = [&](std::size_t from, std::size_t k, std::size_t length) {
    return k < length ? 0 : leaving[from][k - length];
  };
  for (std::size_t k = 0; k < most; ++k) {
    const double source = k == 0 ? 1 : 0;
    const double to_a = arriving(1, k, n1), to_b1 = arriving(0, k, n1);
    const double to_b2 = arriving(3, k, n2), to_c = arriving(2, k, n2);
    const double a = (source / n[resistance_in] + to_a / z1) / (1 / n[resistance_in] + 1 / z1);
    const double b = (to_b1 / z1 + to_b2 / z2) / (1 / z1 + 1 / z2);
    const double c = to_c / z2 / (1 / n[resistance_out] + 1 / z2);
    v[0].push_back(a);
    v[1].push_back(b);
    v[2].push_back(c);
    leaving[0].push_back(2 * a - to_a);
    leaving[1].push_back(2 * b - to_b1);
    leaving[2].push_back(2 * b - to_b2);
    leaving[3].push_back(2 * c - to_c);
    double under_way = 0;
    for (const auto& wave : leaving)
      for (std::size_t back = 0; back < std::min<std::size_t>(5, wave.size()); ++back)
        under_way = std::max(under_way, std::abs(wave[wave.size() - 1 - back]));
    if (under_way < 1e-15) break;
  }
  return v;
}

std::vector<Comparison> lattice(const Numbers& n, const std::vector<double>& times) {
  const Source source = source_of_row(n);
  const auto answers = answers_of_row(n);
  std::vector<Comparison> result{{"v(a)", {}}, {"v(b)", {}}, {"v(c)", {}}};
  for (const double t : times) {
    std::array<double, 3> sums{};
    for (std::size_t k = 0; k < answers[0].size(); ++k) {
      const double then = t - static_cast<double>(k) * n[delay];
      const double wave = then <= 0 ? source.value(0, 0) : source.value(then, then);
      for (std::size_t i = 0; i < 3; ++i) sums[i] += answers[i][k] * wave;
    }
    for (std::size_t i = 0; i < 3; ++i) result[i].exact.push_back(sums[i]);
  }
  return result;
}

const Recipe rows_of_lines{
    "two lines in a row",
    [](Random& random) {
      Numbers n = draw(random, 1e-6);
      n[delay] = n[stop] * random.logarithmic(1e-6, 2e-2);
      n.push_back(n[impedance] * random.logarithmic(0.4, 2.5));
      for (int i = 0; i < 2; ++i) n.push_back(std::floor(random.uniform(1, 6)));
      const double offset = random.chance(0.5) ? 0 : random.uniform(-1, 1);
      const double size = random.logarithmic(0.1, 10);
      if (random.chance(0.5)) {
        for (const double v : {offset, size, random.uniform(0.5, 10) / n[stop], 0.0, 0.0, 0.0})
          n.push_back(v);
      } else {
        const double period = n[stop] / random.uniform(0.7, 3);
        const double edge = period * random.logarithmic(1e-2, 0.2);
        for (const double v :
             {offset, size, 0.1 * period, edge, edge, period * random.uniform(0.1, 0.5), period})
          n.push_back(v);
      }
      return n;
    },
    sound_row, cards_of_row, lattice};

}  // namespace

std::unique_ptr<Case> line_case(Random& random) {
  const Recipe* all[] = {&pulses, &sines, &slow_pulses, &rows_of_lines};
  const Recipe& recipe = *all[static_cast<std::size_t>(random.uniform(0, 4))];
  for (;;) {
    Numbers numbers = recipe.draw(random);
    if (recipe.sound(numbers)) return recipe_case(recipe, std::move(numbers));
  }
}

}  // namespace memspice::truth
