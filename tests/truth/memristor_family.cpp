#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "truth/case.hpp"
#include "truth/memristor_oracle.hpp"
#include "truth/network_model.hpp"

namespace memspice::truth {

namespace {

class MemristorCase : public Case {
 public:
  explicit MemristorCase(Netlist netlist) : netlist_(std::move(netlist)), oracle_(netlist_) {}

  std::string cards() const override { return netlist_.cards(); }
  double stop() const override { return netlist_.stop; }
  const std::vector<Element>& elements() const override { return netlist_.elements; }

  std::vector<std::unique_ptr<Case>> simpler() const override {
    std::vector<std::unique_ptr<Case>> result;
    for (const Netlist& netlist : netlist_.simpler())
      if (MemristorOracle::fits(netlist)) result.push_back(std::make_unique<MemristorCase>(netlist));
    return result;
  }

  Verdict judge(const Plot& plot, double reltol) const override {
    Verdict verdict;
    verdict.amplification = oracle_.amplification();
    const std::vector<double>& time = plot.columns[0];
    const std::vector<double>& w = column(plot, "w(y1)");
    const std::vector<double> exact = oracle_.states(time);
    for (std::size_t i = 0; i < time.size(); ++i) {
      const double miss = std::abs(w[i] - exact[i]);
      if (miss <= verdict.error) continue;
      verdict.error = miss;
      verdict.where = fmt::format("w(y1) = {:.9g} for {:.9g} at {:.9g} s", w[i], exact[i], time[i]);
    }
    const Eigen::MatrixXd yardstick = yardstick_states(NetworkModel(netlist_), time, reltol);
    if (yardstick.size() > 0) {
      double worst = 0;
      for (std::size_t i = 0; i < time.size(); ++i)
        worst = std::max(worst, std::abs(yardstick(0, static_cast<Eigen::Index>(i)) - exact[i]));
      verdict.yardstick = worst;
    }
    return verdict;
  }

 private:
  Netlist netlist_;
  MemristorOracle oracle_;
};

}  // namespace

Netlist memristor_netlist(Random& random) {
  Netlist netlist;
  netlist.stop = random.logarithmic(1e-6, 1e2);
  netlist.step = netlist.stop / random.of({50, 100, 200, 600});
  Memristor m;
  m.ron = random.logarithmic(1, 1e4);
  m.roff = m.ron * (random.chance(0.1) ? 1 : random.logarithmic(2, 1e6));
  m.polarity = random.sign();
  m.voltage_control = random.chance(0.4);
  const double resistance = m.ron * random.logarithmic(0.01, std::max(10.0, m.roff / m.ron));
  const double voltage = random.logarithmic(1e-2, 1e2);
  // The flux of a cycle or so sweeps the state's range from a fifth to twenty times.
  const double reach = m.voltage_control ? 1 + resistance / m.roff : (resistance + m.roff / 2) / m.ron;
  m.beta = voltage * netlist.stop * random.logarithmic(0.05, 1) / random.logarithmic(0.2, 20) / reach;

  const bool current = random.chance(0.3);  // a source and a resistor side by side
  const int middle = current ? 1 : 2;
  Element source{current ? 'i' : 'v', current ? "i1" : "v1", current ? 0 : 1, current ? 1 : 0};
  Element resistor{'r', "r1", 1, current ? 0 : 2, resistance};
  Element memristor{'y', "y1", middle, 0};
  if (random.chance(0.3)) std::swap(memristor.a, memristor.b);
  memristor.initial = random.chance(0.3) ? random.of({0, 1}) : random.uniform(0, 1);
  memristor.memristor = m;
  do {
    source.source =
        random_source(random, current ? voltage / resistance : voltage, netlist.stop, netlist.step);
    netlist.elements = {source, resistor, memristor};
  } while (!MemristorOracle::fits(netlist));
  return netlist;
}

std::unique_ptr<Case> memristor_case(Random& random) {
  return std::make_unique<MemristorCase>(memristor_netlist(random));
}

}  // namespace memspice::truth
