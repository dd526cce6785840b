#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "truth/case.hpp"
#include "truth/linear_oracle.hpp"

namespace memspice::truth {

namespace {

class LinearCase : public Case {
 public:
  explicit LinearCase(Netlist netlist) : netlist_(std::move(netlist)), oracle_(netlist_) {}

  // Whether it can be judged: a unique solution, and no more turns than an accurate run has time for.
  static std::unique_ptr<LinearCase> make(const Netlist& netlist) {
    if (!LinearOracle::objection(netlist).empty()) return nullptr;
    try {
      auto result = std::make_unique<LinearCase>(netlist);
      if (result->oracle_.fastest_turn() * netlist.stop > 2 * 3.15 * 30) return nullptr;
      return result;
    } catch (const std::domain_error&) {
      return nullptr;
    }
  }

  std::string cards() const override { return netlist_.cards(); }
  double stop() const override { return netlist_.stop; }
  const std::vector<Element>& elements() const override { return netlist_.elements; }

  std::vector<std::unique_ptr<Case>> simpler() const override {
    std::vector<std::unique_ptr<Case>> result;
    for (const Netlist& netlist : netlist_.simpler())
      if (auto simpler = make(netlist)) result.push_back(std::move(simpler));
    return result;
  }

  Verdict judge(const Plot& plot, double reltol) const override {
    const std::vector<std::size_t> rows = telling_rows(plot, 24);
    std::vector<double> times;
    for (const std::size_t row : rows) times.push_back(plot.columns[0][row]);
    const auto after = oracle_.values(times, false);
    const auto before = oracle_.values(times, true);
    const std::size_t count = netlist_.elements.size();
    std::vector<double> range(count);
    for (const auto& values : after)
      for (std::size_t k = 0; k < count; ++k) range[k] = std::max(range[k], std::abs(values[k]));
    const Noise noise = noise_of(range);
    Verdict verdict;
    for (std::size_t k = 0; k < count; ++k) {
      const Element& e = netlist_.elements[k];
      if (e.kind != 'r' && e.kind != 'l' && e.kind != 'c') continue;
      const double scale = scale_of(e, range[k], noise, reltol);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const double value = measured(plot, e, rows[i]);
        const double miss = std::min(std::abs(value - after[i][k]), std::abs(value - before[i][k]));
        if (scale == 0 || miss / scale <= verdict.error) continue;
        verdict.error = miss / scale;
        verdict.where = fmt::format("{}({}) = {:.9g} for {:.9g} at {:.9g} s",
                                    e.kind == 'l' ? "i" : "v across ", e.name, value, after[i][k], times[i]);
      }
    }
    return verdict;
  }

 private:
  struct Noise {
    double voltage = 0, current = 0;  // largest in the circuit
  };

  Noise noise_of(const std::vector<double>& range) const {
    Noise noise;
    for (std::size_t k = 0; k < range.size(); ++k) {
      const Element& e = netlist_.elements[k];
      if (e.kind == 'l') noise.current = std::max(noise.current, range[k]);
      if (e.kind == 'r') noise.current = std::max(noise.current, range[k] / e.value);
      if (e.kind == 'r' || e.kind == 'c') noise.voltage = std::max(noise.voltage, range[k]);
      if (e.kind != 'v' && e.kind != 'i') continue;
      double& largest = e.kind == 'v' ? noise.voltage : noise.current;
      for (int i = 0; i <= 200; ++i) {
        const double t = netlist_.stop * (i + 0.1) / 201;
        largest = std::max(largest, std::abs(e.source.value(t, t)));
      }
    }
    return noise;
  }

  // What an error of an element is measured in: the range of its quantity, but no less than what 100 times
  // the rounding noise of its equation allows; of a voltage without storage no less than vntol.
  double scale_of(const Element& e, double range, const Noise& noise, double reltol) const {
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    double floor = noise.voltage;
    if (e.kind == 'c') floor += noise.current * netlist_.stop / e.value;
    if (e.kind == 'l') floor = noise.current + noise.voltage * netlist_.stop / e.value;
    if (e.kind == 'r') range = std::max(range, 1e-2);
    return range + 100 * epsilon / reltol * floor;
  }

  static double measured(const Plot& plot, const Element& e, std::size_t row) {
    if (e.kind == 'l') return column(plot, "i(" + e.name + ")")[row];
    const auto potential = [&](int node) {
      return node == 0 ? 0.0 : column(plot, "v(" + node_name(node) + ")")[row];
    };
    return potential(e.a) - potential(e.b);
  }

  Netlist netlist_;
  LinearOracle oracle_;
};

struct Scales {
  double time, impedance, voltage;
};

Element passive(Random& random, const Scales& scales, double spread, char kind) {
  Element e;
  e.kind = kind;
  const double factor = random.logarithmic(1 / spread, spread);
  if (kind == 'r') e.value = scales.impedance * factor;
  if (kind == 'l') e.value = scales.impedance * scales.time * factor;
  if (kind == 'c') e.value = scales.time / scales.impedance * factor;
  return e;
}

}  // namespace

Netlist linear_netlist(Random& random) {
  const Scales scales{random.logarithmic(1e-9, 1e2),
                      random.chance(0.7) ? random.logarithmic(1, 1e5) : random.logarithmic(1e-3, 1e9),
                      random.logarithmic(1e-3, 1e3)};
  const double spread = random.chance(0.5) ? 10 : random.logarithmic(10, 1e5);
  Netlist netlist;
  netlist.stop = scales.time * random.logarithmic(0.5, 30);
  netlist.step = netlist.stop / random.of({50, 100, 200, 500, 1000});
  netlist.uic = random.chance(0.4);
  const int nodes = random.between(1, 4);
  const int extra = random.between(1, 4);
  static constexpr char kinds[] = {'r', 'r', 'r', 'c', 'c', 'l', 'l'};
  for (int k = 0; k < nodes + extra; ++k) {
    int a = k < nodes ? k + 1 : random.between(0, nodes);
    const int b = k < nodes ? random.between(0, k) : random.between(0, nodes);
    if (a == b) a = (b + 1) % (nodes + 1);
    const bool source = k == 0 || random.chance(0.15);
    Element e;
    if (source) {
      e.kind = random.chance(0.7) ? 'v' : 'i';
      do
        e.source = random_source(random, e.kind == 'v' ? scales.voltage : scales.voltage / scales.impedance,
                                 netlist.stop, netlist.step, random.chance(0.8) ? 15 : 200);
      while (k == 0 && e.source.kind == Source::Kind::dc && !netlist.uic);
    } else {
      e = passive(random, scales, spread, kinds[random.below(std::size(kinds))]);
    }
    e.a = a;
    e.b = b;
    e.name = fmt::format("{}{}", e.kind, k + 1);
    netlist.elements.push_back(e);
  }
  std::vector<int> inductors;
  for (std::size_t k = 0; k < netlist.elements.size(); ++k)
    if (netlist.elements[k].kind == 'l') inductors.push_back(static_cast<int>(k));
  if (inductors.size() >= 2 && random.chance(0.5)) {
    Element e;
    e.kind = 'k';
    e.name = "k1";
    e.a = inductors[0];
    e.b = inductors[1];
    e.value = random.chance(0.5) ? 0.5 : random.uniform(0.1, 0.999);
    netlist.elements.push_back(e);
  }
  if (netlist.uic) draw_initial_values(netlist, random, scales.voltage, scales.voltage / scales.impedance);
  return netlist;
}

std::unique_ptr<Case> linear_case(Random& random) {
  for (;;) {
    if (auto result = LinearCase::make(linear_netlist(random))) return result;
  }
}

}  // namespace memspice::truth
