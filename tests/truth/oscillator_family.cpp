// Tanks over many periods and van der Pol's oscillator: amplitude and phase.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "truth/case.hpp"
#include "truth/linear_oracle.hpp"

namespace memspice::truth {

namespace {

using Complex =
    std::pair<double, double>;  // voltage of the capacitor, current of the coil times its impedance

/// The two state variables, exact, at times that ascend.
using Oracle = std::vector<Complex> (*)(const Netlist& netlist, double mu, const std::vector<double>& times);

std::vector<Complex> tank(const Netlist& netlist, double, const std::vector<double>& times) {
  const LinearOracle oracle(netlist);
  std::vector<Complex> result;
  for (const auto& values : oracle.values(times, false)) result.emplace_back(values[0], values[1]);
  return result;
}

struct PhasePoint {
  long double x, y;
};

// Van der Pol's equations in units of the tank's own: x' = mu (x - x³/3) - y, y' = x.
PhasePoint rates(double mu, PhasePoint p) {
  return {mu * (p.x - p.x * p.x * p.x / 3) - p.y, p.x};
}

// By the classical Runge-Kutta method in steps so small that its error is below 1e-9.
PhasePoint van_der_pol_after(double mu, PhasePoint p, long double duration) {
  const auto ahead = [](PhasePoint from, long double h, PhasePoint slope) {
    return PhasePoint{from.x + h * slope.x, from.y + h * slope.y};
  };
  const int steps = std::max(1, static_cast<int>(std::ceil(std::abs(duration) / (0.004L / (1 + mu)))));
  const long double h = duration / steps;
  for (int k = 0; k < steps; ++k) {
    const PhasePoint a = rates(mu, p);
    const PhasePoint b = rates(mu, ahead(p, h / 2, a));
    const PhasePoint c = rates(mu, ahead(p, h / 2, b));
    const PhasePoint d = rates(mu, ahead(p, h, c));
    p = {p.x + h / 6 * (a.x + 2 * b.x + 2 * c.x + d.x), p.y + h / 6 * (a.y + 2 * b.y + 2 * c.y + d.y)};
  }
  return p;
}

// C v' = mu (v - v³/3) g - i, L i' = v with g = sqrt(C/L).
std::vector<Complex> van_der_pol(const Netlist& netlist, double mu, const std::vector<double>& times) {
  const double c = netlist.elements[0].value, l = netlist.elements[1].value;
  const double unit = std::sqrt(l * c), z = std::sqrt(l / c);
  PhasePoint p{netlist.elements[0].initial, z * netlist.elements[1].initial};
  long double t = 0;
  std::vector<Complex> result;
  for (const double time : times) {
    p = van_der_pol_after(mu, p, time / unit - t);
    t = time / unit;
    result.emplace_back(static_cast<double>(p.x), static_cast<double>(p.y / z));
  }
  return result;
}

struct Miss {
  double amplitude, phase;
};

// How far off the orbit the point is, and how far (rad) along it from where it should be: the length of the
// phasor changes over a turn, so that it tells one from the other only for a lossless tank.
Miss off_orbit(double mu, Complex found, Complex exact) {
  const PhasePoint target{found.first, found.second};
  PhasePoint p{exact.first, exact.second};
  long double along = 0;
  for (int k = 0; k < 5; ++k) {
    const PhasePoint slope = rates(mu, p);
    const long double speed = slope.x * slope.x + slope.y * slope.y;
    if (speed == 0) break;
    const long double shift = ((target.x - p.x) * slope.x + (target.y - p.y) * slope.y) / speed;
    if (!(std::abs(along + shift) < 1)) break;
    along += shift;
    p = van_der_pol_after(mu, p, shift);
  }
  return {static_cast<double>(std::hypot(target.x - p.x, target.y - p.y)),
          static_cast<double>(std::abs(along))};
}

/// c1 and l1 side by side, and what else there is. Of van der Pol's oscillator the conductance is a B source.
class OscillatorCase : public Case {
 public:
  OscillatorCase(Netlist netlist, double mu) : netlist_(std::move(netlist)), mu_(mu) {}

  std::string cards() const override {
    if (mu_ == 0) return netlist_.cards();
    const double g = std::sqrt(netlist_.elements[0].value / netlist_.elements[1].value);
    return fmt::format("b1 0 n1 I={{{}*(v(n1)-v(n1)*v(n1)*v(n1)/3)}}\n", exact(mu_ * g)) + netlist_.cards();
  }
  double stop() const override { return netlist_.stop; }
  // The B source is no element that Kirchhoff's law here knows.
  const std::vector<Element>& elements() const override { return mu_ == 0 ? netlist_.elements : none_; }

  std::vector<std::unique_ptr<Case>> simpler() const override {
    std::vector<std::unique_ptr<Case>> result;
    for (const Netlist& netlist : netlist_.simpler()) {
      const auto& e = netlist.elements;
      if (e.size() < 2 || e[0].kind != 'c' || e[1].kind != 'l' || e[0].a != 1 || e[0].b != 0 || e[1].a != 1 ||
          e[1].b != 0)
        continue;
      if (LinearOracle::objection(netlist).empty())
        result.push_back(std::make_unique<OscillatorCase>(netlist, mu_));
    }
    return result;
  }

  // Both states make a phasor: the amplitude counts fully, of the phase 0.01 rad is as bad as 0.001 of
  // amplitude.
  Verdict judge(const Plot& plot, double) const override {
    std::vector<double> times;
    std::vector<std::size_t> rows;
    for (std::size_t k = 0; k <= 40; ++k) rows.push_back(k * (plot.rows() - 1) / 40);
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    for (const std::size_t row : rows) times.push_back(plot.columns[0][row]);
    const std::vector<Complex> exact = (mu_ == 0 ? tank : van_der_pol)(netlist_, mu_, times);
    const double z = std::sqrt(netlist_.elements[1].value / netlist_.elements[0].value);
    const std::vector<double>& voltage = column(plot, "v(n1)");
    const std::vector<double>& current = column(plot, "i(l1)");
    double scale = 0;
    for (const auto& [v, i] : exact) scale = std::max(scale, std::hypot(v, z * i));
    Verdict verdict;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const double v = voltage[rows[k]], i = z * current[rows[k]];
      const Complex right{exact[k].first, z * exact[k].second};
      const double length = std::hypot(right.first, right.second);
      Miss off;
      if (mu_ == 0) {
        const double turned = std::atan2(i, v) - std::atan2(right.second, right.first);
        off = {std::abs(std::hypot(v, i) - length),
               std::abs(std::remainder(turned, 2 * std::numbers::pi)) * length / scale};
      } else {
        off = off_orbit(mu_, {v, i}, right);
      }
      const double miss = std::max(off.amplitude / scale, off.phase / 10);
      if (miss <= verdict.error) continue;
      verdict.error = miss;
      verdict.where = fmt::format("amplitude {:.4g} off of {:.6g}, phase {:.4g} rad off at {:.9g} s",
                                  off.amplitude, length, off.phase, times[k]);
    }
    return verdict;
  }

 private:
  Netlist netlist_;
  double mu_;
  std::vector<Element> none_;
};

}  // namespace

std::unique_ptr<Case> oscillator_case(Random& random) {
  const double period = random.logarithmic(1e-9, 1), z = random.logarithmic(1, 1e5);
  const double turn = 2 * std::numbers::pi;
  Netlist netlist;
  Element c{'c', "c1", 1, 0, period / turn / z}, l{'l', "l1", 1, 0, period / turn * z};
  c.initial = random.logarithmic(0.1, 100);
  l.initial = 0;
  netlist.elements = {c, l};
  netlist.uic = true;
  double periods = random.logarithmic(100, 400);
  double mu = 0;
  switch (random.below(4)) {
    case 0:
      break;
    case 1:  // rings down
      netlist.elements.push_back({'r', "r1", 1, 0, z * random.logarithmic(10, 3000)});
      break;
    case 2: {  // rings up, near resonance
      netlist.elements.push_back({'r', "r1", 1, 2, z * random.logarithmic(10, 300)});
      Element drive{'v', "v1", 2, 0};
      drive.source = {Source::Kind::sine, {0, c.initial, random.uniform(0.98, 1.02) / period, 0, 0, 0}};
      netlist.elements.push_back(drive);
      netlist.elements[0].initial = 0;
      break;
    }
    default:
      mu = random.logarithmic(0.1, 2);
      netlist.elements[0].initial = random.logarithmic(0.05, 2);
      periods = random.logarithmic(10, 60);
  }
  netlist.stop = periods * period;
  netlist.step = period / 20;
  return std::make_unique<OscillatorCase>(netlist, mu);
}

}  // namespace memspice::truth
