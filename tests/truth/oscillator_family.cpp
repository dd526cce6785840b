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

// C x' = mu (x - x³/3) g - i, L i' = x with g = sqrt(C/L), by the classical Runge-Kutta method in steps so
// small that its error is below 1e-9.
std::vector<Complex> van_der_pol(const Netlist& netlist, double mu, const std::vector<double>& times) {
  const double c = netlist.elements[0].value, l = netlist.elements[1].value;
  const double unit = std::sqrt(l * c), z = std::sqrt(l / c);
  long double x = netlist.elements[0].initial, y = z * netlist.elements[1].initial, t = 0;
  const auto rates = [mu](long double p, long double q) {
    return std::pair{mu * (p - p * p * p / 3) - q, p};
  };
  std::vector<Complex> result;
  for (const double time : times) {
    const long double end = time / unit;
    const int steps = std::max(1, static_cast<int>(std::ceil((end - t) / (0.004L / (1 + mu)))));
    const long double h = (end - t) / steps;
    for (int k = 0; k < steps; ++k) {
      const auto [a1, b1] = rates(x, y);
      const auto [a2, b2] = rates(x + h / 2 * a1, y + h / 2 * b1);
      const auto [a3, b3] = rates(x + h / 2 * a2, y + h / 2 * b2);
      const auto [a4, b4] = rates(x + h * a3, y + h * b3);
      x += h / 6 * (a1 + 2 * a2 + 2 * a3 + a4);
      y += h / 6 * (b1 + 2 * b2 + 2 * b3 + b4);
    }
    t = end;
    result.emplace_back(static_cast<double>(x), static_cast<double>(y / z));
  }
  return result;
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

  // Both states make a phasor: its length is the amplitude, which counts fully, its angle the phase, of which
  // 0.01 is as bad as 0.001 of amplitude.
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
      const double right = std::hypot(exact[k].first, z * exact[k].second);
      const double turned = std::atan2(i, v) - std::atan2(z * exact[k].second, exact[k].first);
      const double amplitude = std::abs(std::hypot(v, i) - right) / scale;
      const double phase = std::abs(std::remainder(turned, 2 * std::numbers::pi)) * right / scale;
      const double miss = std::max(amplitude, phase / 10);
      if (miss <= verdict.error) continue;
      verdict.error = miss;
      verdict.where =
          fmt::format("amplitude {:.6g} for {:.6g}, phase {:.4g} rad off at {:.9g} s", std::hypot(v, i),
                      right, std::remainder(turned, 2 * std::numbers::pi), times[k]);
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
