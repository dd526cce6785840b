// A coil whose current a switch hands over to a diode and takes back.
#include <fmt/format.h>

#include <cmath>

#include "truth/formula_case.hpp"

namespace memspice::truth {

namespace {

using Numbers = std::vector<double>;

enum : std::size_t { stop, step, voltage, inductance, resistance, closed, open, period, duty, edge };

// The diode's TABLE: a leak below 0 V and a conductance above.
constexpr double leak = 1e-6, conductance = 100;

bool sound(const Numbers& n) {
  for (std::size_t k = 0; k < n.size(); ++k)
    if (!(n[k] > 0)) return false;
  const double off = (1 - n[duty]) * n[period] * n[resistance] / n[inductance];
  const double first = n[duty] * n[period] * n[resistance] / n[inductance];
  return n[step] < n[stop] / 10 && n[duty] < 0.9 && n[duty] > 0.1 && n[edge] < 0.05 * n[period] &&
         n[stop] < 60 * n[period] && n[closed] < n[resistance] && n[open] > 1e3 * n[resistance] &&
         off < 4 &&  // the current stays above that of the open switch
         first > 0.02 && n[edge] < 0.01 * n[duty] * n[period];  // and above it from the first pulse on
}

const Recipe freewheel{
    "a coil between a switch and a diode given by a TABLE",
    [](Random& random) {
      const double t = random.logarithmic(1e-6, 1e-1), r = random.logarithmic(1, 1e3);
      const double l = r * t * random.logarithmic(0.3, 10);
      const double end = t * random.uniform(1.2, 20);
      return Numbers{end,
                     end / random.of({50, 200, 1000}),
                     random.logarithmic(1, 400),
                     l,
                     r,
                     r * random.logarithmic(1e-4, 1e-1),
                     r * random.logarithmic(1e4, 1e7),
                     t,
                     random.uniform(0.2, 0.8),
                     t * random.logarithmic(1e-6, 1e-3)};
    },
    sound,
    [](const Numbers& n) {
      return fmt::format(
          "v1 in 0 DC {}\ns1 in a ctl 0 sw1\n.model sw1 sw(vt=0.5 ron={} roff={})\nl1 a b {} ic=0\nr1 b 0 "
          "{}\n"
          "g1 0 a TABLE {{-v(a)}} = (-1000,-1m) (0,0) (10,1000)\nv2 ctl 0 PULSE(0 1 0 {} {} {} {})\n.tran {} "
          "{} uic\n",
          exact(n[voltage]), exact(n[closed]), exact(n[open]), exact(n[inductance]), exact(n[resistance]),
          exact(n[edge]), exact(n[edge]), exact(n[duty] * n[period]), exact(n[period]), exact(n[step]),
          exact(n[stop]));
    },
    [](const Numbers& n, const std::vector<double>& times) {
      // Closed while the pulse is above its middle. The node a has a positive potential just then: before the
      // first pulse's middle too, by the open switch, while there is no current yet.
      const auto phase = [&](double t) { return t - std::floor(t / n[period]) * n[period]; };
      const double closes = n[edge] / 2, opens = 1.5 * n[edge] + n[duty] * n[period];
      std::vector<double> corners;
      for (double k = 0; k * n[period] < n[stop]; ++k)
        for (const double t : {closes, opens})
          if (k * n[period] + t < n[stop]) corners.push_back(k * n[period] + t);
      const auto is_closed = [&](double t) { return phase(t) >= closes && phase(t) < opens; };
      const auto source = [&](double t) { return 1 / (is_closed(t) ? n[closed] : n[open]); };
      const auto total = [&](double t) {
        return source(t) + (is_closed(t) || t < closes ? leak : conductance);
      };
      FirstOrder coil{
          corners, 0.1 * n[period], [&](double t) { return -(1 / total(t) + n[resistance]) / n[inductance]; },
          [&](double, double inside) { return n[voltage] * source(inside) / total(inside) / n[inductance]; }};
      return std::vector<Comparison>{{"i(l1)", coil.values(0, times)}};
    }};

}  // namespace

std::unique_ptr<Case> commutation_case(Random& random) {
  for (;;) {
    Numbers numbers = freewheel.draw(random);
    if (freewheel.sound(numbers)) return recipe_case(freewheel, std::move(numbers));
  }
}

}  // namespace memspice::truth
