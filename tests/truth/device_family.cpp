// Two devices with models in a line of resistors and capacitors, by their published equations.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "support/dormand_prince.hpp"
#include "truth/formula_case.hpp"
#include "truth/source.hpp"

namespace memspice::truth {

namespace {

constexpr double vt = 1.380649e-23 / 1.602176634e-19 * 300.15;  // V, at 27 degrees Celsius
constexpr double gmin = 1e-12;                                  // S

/// A junction: SPICE's ideal law with its reverse branch.
double junction(double v, double is, double nvt) {
  if (v >= -3 * nvt) return is * std::expm1(v / nvt) + gmin * v;
  const double part = 3 * nvt / (v * std::numbers::e);
  return -is * (1 + part * part * part) + gmin * v;
}

/// A square law, of vds >= 0.
double square_law(double beta, double lambda, double over, double vds) {
  if (over <= 0) return 0;
  const double shape = vds < over ? vds * (2 * over - vds) : over * over;
  return beta * shape * (1 + lambda * vds);
}

/// A device from a node to ground: its cards, its current and the rate of its state, which stays between 0
/// and
/// 1. `p` are three numbers between 0 and 1.
struct Kind {
  std::string_view name;
  const char* state;  // its vector's accessor; "": none
  std::string (*cards)(int k, const double* p);
  double (*current)(double v, double x, const double* p);
  double (*rate)(double v, double x, const double* p);
};

double between(double low, double high, double part) {
  return low * std::pow(high / low, part);
}
double no_rate(double, double, const double*) {
  return 0;
}

const Kind kinds[] = {
    {"diode", "",
     [](int k, const double* p) {
       return fmt::format("D{0} n{0} 0 m{0}\n.model m{0} d(is={1} n={2})\n", k,
                          exact(between(1e-15, 1e-9, p[0])), exact(1 + p[1]));
     },
     [](double v, double, const double* p) {
       return junction(v, between(1e-15, 1e-9, p[0]), (1 + p[1]) * vt);
     },
     no_rate},
    {"npn as a diode", "",
     [](int k, const double* p) {
       return fmt::format("Q{0} n{0} n{0} 0 m{0}\n.model m{0} npn(is={1} bf={2})\n", k,
                          exact(between(1e-16, 1e-13, p[0])), exact(between(10, 300, p[1])));
     },
     [](double v, double, const double* p) {  // the collector's current, and the base's with gmin across b-e
       const double is = between(1e-16, 1e-13, p[0]), bf = between(10, 300, p[1]);
       return (1 + 1 / bf) * (junction(v, is, vt) - gmin * v) + gmin * v;
     },
     no_rate},
    {"JFET as a source of current", "",
     [](int k, const double* p) {
       return fmt::format("J{0} n{0} 0 0 m{0}\n.model m{0} njf(beta={1} vto={2} lambda={3})\n", k,
                          exact(between(1e-4, 1e-2, p[0])), exact(-0.5 - p[1]), exact(0.1 * p[2]));
     },
     [](double v, double, const double* p) {
       const double beta = between(1e-4, 1e-2, p[0]), vto = -0.5 - p[1], lambda = 0.1 * p[2];
       const double channel =
           v < 0 ? -square_law(beta, lambda, -v - vto, -v) : square_law(beta, lambda, -vto, v);
       return channel - junction(-v, 1e-14, vt);
     },
     no_rate},
    {"MOS transistor with a gate at 2 V", "",
     [](int k, const double* p) {
       return fmt::format("M{0} n{0} gate 0 0 m{0} l=1u w=1u\n.model m{0} nmos(kp={1} vto={2} lambda={3})\n",
                          k, exact(between(1e-4, 1e-2, p[0])), exact(0.5 + p[1]), exact(0.1 * p[2]));
     },
     [](double v, double, const double* p) {
       const double beta = between(1e-4, 1e-2, p[0]) / 2, over = 1.5 - p[1], lambda = 0.1 * p[2];
       const double channel =
           v < 0 ? -square_law(beta, lambda, over - v, -v) : square_law(beta, lambda, over, v);
       return channel - junction(-v, 1e-14, vt);
     },
     no_rate},
    {"VTEAM", "s",
     [](int k, const double* p) {
       return fmt::format(
           "Y{0} n{0} 0 m{0}\n.model m{0} memristor(level=vteam s0=0.5 ron=300 roff=3k koff={1} kon={2} "
           "voff={3} "
           "von={4} alphaon=1 alphaoff=1)\n",
           k, exact(3e-9 * between(1, 30, p[0])), exact(-3e-9 * between(1, 30, p[1])),
           exact(0.1 + 0.3 * p[2]), exact(-0.1 - 0.3 * p[2]));
     },
     [](double v, double x, const double*) { return v / (300 + 2700 * x); },
     [](double v, double, const double* p) {
       const double threshold = 0.1 + 0.3 * p[2];
       if (v > threshold) return between(1, 30, p[0]) * (v / threshold - 1);
       if (v < -threshold) return -between(1, 30, p[1]) * (-v / threshold - 1);
       return 0.0;
     }},
    {"threshold", "s",
     [](int k, const double* p) {
       return fmt::format(
           "Y{0} n{0} 0 m{0}\n.model m{0} memristor(level=5 s0=0.5 rmin=300 rmax=3k alpha={1} beta={2} "
           "vt={3})\n",
           k, exact(2700 * p[0]), exact(2700 * between(1, 30, p[1])), exact(0.1 + 0.5 * p[2]));
     },
     [](double v, double x, const double*) { return v / (300 + 2700 * x); },
     [](double v, double, const double* p) {
       const double alpha = p[0], beta = between(1, 30, p[1]), edge = 0.1 + 0.5 * p[2];
       return beta * v + 0.5 * (alpha - beta) * (std::abs(v + edge) - std::abs(v - edge));
     }},
    {"balance of rates", "g",
     [](int k, const double* p) {
       return fmt::format(
           "Y{0} n{0} 0 m{0}\n.model m{0} memristor(level=rate g0=0.5 kp0={1} etap={2} kd0={3} etad=1 "
           "ymin=0.3m "
           "ymax=3m)\n",
           k, exact(between(0.01, 1, p[0])), exact(1 + 3 * p[1]), exact(between(0.1, 10, p[2])));
     },
     [](double v, double x, const double*) { return v * (0.3e-3 * (1 - x) + 3e-3 * x); },
     [](double v, double x, const double* p) {
       const double up = between(0.01, 1, p[0]) * std::exp((1 + 3 * p[1]) * std::abs(v));
       const double down = between(0.1, 10, p[2]) * std::exp(-std::abs(v));
       return up * (1 - x) - down * x;
     }},
    {"Yakopcic", "x",
     [](int k, const double* p) {
       return fmt::format(
           "Y{0} n{0} 0 m{0}\n.model m{0} memristor(level=3 xo=0.5 a1=1m a2=2m b={1} vp={2} vn={2} ap={3} "
           "an={3} "
           "xp=1 xn=1 alphap=1 alphan=1)\n",
           k, exact(0.5 + p[0]), exact(0.1 + 0.3 * p[1]), exact(between(0.3, 10, p[2])));
     },
     [](double v, double x, const double* p) {
       return (v >= 0 ? 1e-3 : 2e-3) * x * std::sinh((0.5 + p[0]) * v);
     },
     [](double v, double x, const double* p) {
       const double edge = 0.1 + 0.3 * p[1], speed = between(0.3, 10, p[2]);
       if (v > edge) return x >= 1 ? 0 : speed * (std::exp(v) - std::exp(edge));
       if (v < -edge) return x <= 0 ? 0 : -speed * (std::exp(-v) - std::exp(edge));
       return 0.0;
     }},
};
constexpr int kind_count = static_cast<int>(std::size(kinds));

enum Number : std::size_t {
  stop,
  tstep,
  amplitude,
  frequency,
  resistance,
  capacitance,
  first_kind,
  second_kind,
  first_parts,
  second_parts = first_parts + 3,
  number_count = second_parts + 3
};
using Numbers = std::vector<double>;

/// v1, v2, x1, x2.
using State = std::array<double, 4>;

State slopes(const Numbers& n, double t, const State& y) {
  const double c = n[capacitance], g = 1 / n[resistance];
  const double source = n[amplitude] * std::sin(2 * std::numbers::pi * n[frequency] * t);
  const std::array<const Kind*, 2> kind{&kinds[static_cast<int>(n[first_kind])],
                                        &kinds[static_cast<int>(n[second_kind])]};
  State f{};
  std::array<double, 2> current{};
  for (std::size_t k = 0; k < 2; ++k) {
    const double* p = &n[k == 0 ? first_parts : second_parts];
    const double x = std::clamp(y[2 + k], 0.0, 1.0);
    current[k] = kind[k]->current(y[k], x, p);
    f[2 + k] = kind[k]->rate(y[k], x, p);
    if ((x >= 1 && f[2 + k] > 0) || (x <= 0 && f[2 + k] < 0)) f[2 + k] = 0;
  }
  f[0] = ((source - y[0]) * g - (y[0] - y[1]) * g - current[0]) / c;
  f[1] = ((y[0] - y[1]) * g - current[1]) / c;
  return f;
}

/// Dormand and Prince's pair; `h` is the step, which is kept from call to call.
void integrate(const Numbers& n, double& t, double to, State& y, double& h) {
  static constexpr double tolerance = 1e-10;
  using Pair = testing::DormandPrince;
  while (t < to) {
    const double step = std::min(h, to - t);
    std::array<State, 7> k{};
    k[0] = slopes(n, t, y);
    State end = y;
    for (std::size_t stage = 0; stage < 6; ++stage) {
      for (std::size_t i = 0; i < end.size(); ++i) {
        end[i] = y[i];
        for (std::size_t j = 0; j <= stage; ++j) end[i] += step * Pair::weights[stage + 1][j] * k[j][i];
      }
      k[stage + 1] = slopes(n, t + Pair::nodes[stage + 1] * step, end);
    }
    double error = 0;
    for (std::size_t i = 0; i < end.size(); ++i) {
      double miss = 0;
      for (std::size_t j = 0; j < 7; ++j) miss += step * Pair::errors[j] * k[j][i];
      error = std::max(error, std::abs(miss) / tolerance);
    }
    const double factor = std::clamp(0.9 * std::pow(std::max(error, 1e-10), -0.2), 0.2, 5.0);
    if (error <= 1) {
      t += step;
      y = end;
      for (std::size_t i = 2; i < 4; ++i) y[i] = std::clamp(y[i], 0.0, 1.0);
      if (step == h || factor < 1) h = step * factor;
    } else {
      h = step * factor;
    }
  }
}

Numbers draw(Random& random) {
  Numbers n(number_count);
  n[frequency] = random.logarithmic(0.5, 5);
  n[stop] = random.uniform(1, 3) / n[frequency];
  n[tstep] = n[stop] / 200;
  n[amplitude] = random.logarithmic(0.3, 5);
  n[resistance] = random.logarithmic(100, 3e3);
  n[capacitance] = random.logarithmic(0.003, 0.3) / n[frequency] / n[resistance];
  n[first_kind] = random.between(0, kind_count - 1);
  n[second_kind] = random.between(0, kind_count - 1);
  for (std::size_t i = first_parts; i < number_count; ++i) n[i] = random.unit();
  return n;
}

bool sound(const Numbers& n) {
  for (const std::size_t i : {stop, tstep, amplitude, frequency, resistance, capacitance})
    if (!(n[i] > 0)) return false;
  for (const std::size_t i : {first_kind, second_kind})
    if (n[i] != std::floor(n[i]) || n[i] >= kind_count) return false;
  return true;
}

std::string cards(const Numbers& n) {
  std::string text =
      fmt::format("Vs in 0 SIN(0 {} {})\nVg gate 0 2\nR1 in n1 {}\nR2 n1 n2 {}\nC1 n1 0 {}\nC2 n2 0 {}\n",
                  exact(n[amplitude]), exact(n[frequency]), exact(n[resistance]), exact(n[resistance]),
                  exact(n[capacitance]), exact(n[capacitance]));
  std::string saves = ".save v(n1) v(n2)";
  for (const int k : {1, 2}) {
    const Kind& kind = kinds[static_cast<int>(n[k == 1 ? first_kind : second_kind])];
    text += kind.cards(k, &n[k == 1 ? first_parts : second_parts]);
    if (*kind.state) saves += fmt::format(" {}(y{})", kind.state, k);
  }
  return text + fmt::format("{}\n.tran {} {}\n", saves, exact(n[tstep]), exact(n[stop]));
}

std::vector<Comparison> values_of(const Numbers& n, const std::vector<double>& times) {
  std::vector<Comparison> all{{"v(n1)", {}}, {"v(n2)", {}}};
  std::array<std::size_t, 2> place{};
  for (const std::size_t k : {0, 1}) {
    const Kind& kind = kinds[static_cast<int>(n[k == 0 ? first_kind : second_kind])];
    if (!*kind.state) continue;
    place[k] = all.size();
    all.push_back({fmt::format("{}(y{})", kind.state, k + 1), {}});
  }
  State y{0, 0, 0.5, 0.5};
  double t = 0, h = 1e-4 * n[resistance] * n[capacitance];
  for (const double time : times) {
    integrate(n, t, time, y, h);
    all[0].exact.push_back(y[0]);
    all[1].exact.push_back(y[1]);
    for (const std::size_t k : {0, 1})
      if (place[k] > 0) all[place[k]].exact.push_back(y[2 + k]);
  }
  return all;
}

const Recipe devices{"devices with models", draw, sound, cards, values_of};

}  // namespace

std::unique_ptr<Case> device_case(Random& random) {
  return recipe_case(devices, draw(random));
}

}  // namespace memspice::truth
