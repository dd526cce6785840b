#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "truth/case.hpp"
#include "truth/network_model.hpp"

namespace memspice::truth {

namespace {

class NetworkCase : public Case {
 public:
  explicit NetworkCase(Netlist netlist) : netlist_(std::move(netlist)), model_(netlist_) {}

  // Whether the reference gets through it.
  static std::unique_ptr<NetworkCase> make(const Netlist& netlist) {
    if (!NetworkModel::fits(netlist)) return nullptr;
    auto result = std::make_unique<NetworkCase>(netlist);
    return reference_states(result->model_, result->model_.initial(), {netlist.stop}, 1e-8, 30000).size() > 0
               ? std::move(result)
               : nullptr;
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
    Verdict verdict;
    std::vector<double> times;
    const std::vector<std::size_t> rows = telling_rows(plot, 30);
    for (const std::size_t row : rows) times.push_back(plot.columns[0][row]);
    const Eigen::MatrixXd exact = reference_states(model_, model_.initial(), times);
    if (exact.size() == 0) return verdict;  // too stiff for the reference
    for (std::size_t k = 0; k < model_.size(); ++k) {
      const std::string name = "w(" + model_.memristors()[k].name + ")";
      const std::vector<double>& w = column(plot, name);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const double right = exact(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(i));
        const double miss = std::abs(w[rows[i]] - right);
        if (miss <= verdict.error) continue;
        verdict.error = miss;
        verdict.where = fmt::format("{} = {:.9g} for {:.9g} at {:.9g} s", name, w[rows[i]], right, times[i]);
      }
    }
    const Eigen::MatrixXd yardstick = yardstick_states(model_, times, reltol);
    if (yardstick.size() > 0) verdict.yardstick = (yardstick - exact).cwiseAbs().maxCoeff();
    if (verdict.error > 2 * std::max(verdict.yardstick.value_or(0), reltol))
      verdict.amplification = amplification(times, exact);
    return verdict;
  }

 private:
  // Of a change at the beginning or on the way: where states start at bounds or rest there for a while, one
  // at the beginning alone would hide what becomes of the errors made later.
  double amplification(const std::vector<double>& times, const Eigen::MatrixXd& exact) const {
    constexpr double perturbation = 1e-9;
    constexpr std::size_t places = 8;
    double most = 0;
    for (std::size_t place = 0; place < places; ++place) {
      const std::size_t from = place * times.size() / places;
      Eigen::VectorXd w =
          place == 0 ? model_.initial() : Eigen::VectorXd(exact.col(static_cast<Eigen::Index>(from)));
      for (Eigen::Index k = 0; k < w.size(); ++k) w[k] += w[k] > 0.5 ? -perturbation : perturbation;
      const std::vector<double> later(times.begin() + static_cast<std::ptrdiff_t>(from), times.end());
      const auto rest = exact.rightCols(static_cast<Eigen::Index>(later.size()));
      const Eigen::MatrixXd perturbed =
          reference_states(model_, w, later, 1e-12, 400000, place == 0 ? 0 : times[from]);
      if (perturbed.size() == 0) continue;
      for (Eigen::Index i = 0; i < rest.cols(); ++i)
        for (Eigen::Index k = 0; k < rest.rows(); ++k)
          most = std::max(most, std::abs(perturbed(k, i) - rest(k, i)) / perturbation *
                                    growth(later[static_cast<std::size_t>(i)], rest.col(i), k));
    }
    return most;
  }

  // What becomes of an error of state k until it lands on a bound, if it does so soon: it is one of the time
  // of landing, and grows as the state's speed does.
  double growth(double t, const Eigen::VectorXd& w, Eigen::Index k) const {
    constexpr double near = 0.05;
    const double bound = w[k] > 0.5 ? 1 : 0, way = bound - w[k];
    if (way == 0 || std::abs(way) > near) return 1;
    std::size_t segment = 0;
    while (segment + 2 < model_.segments().size() && model_.segments()[segment + 1] <= t) ++segment;
    Eigen::VectorXd speed, at_bound, state = w;
    model_.drive(t, segment, state, speed);
    state[k] = bound;
    model_.drive(t, segment, state, at_bound);
    const double soon = t + way / speed[k];  // it becomes faster
    if (!(soon > t) || !(std::abs(at_bound[k]) > std::abs(speed[k])) || soon > netlist_.stop) return 1;
    const Eigen::MatrixXd then = reference_states(model_, w, {soon}, 1e-12, 400000, t);
    return then.size() > 0 && then(k, 0) == bound ? at_bound[k] / speed[k] : 1;
  }

  Netlist netlist_;
  NetworkModel model_;
};

using Edges = std::vector<std::pair<int, int>>;

Edges draw_graph(Random& random) {
  std::set<std::pair<int, int>> edges;
  const auto add = [&](int a, int b) {
    if (a != b) edges.insert({std::min(a, b), std::max(a, b)});
  };
  switch (random.below(4)) {
    case 0: {  // ring
      const int n = random.between(2, 8);
      for (int i = 0; i < n; ++i) add(i, (i + 1) % n);
      break;
    }
    case 1: {  // complete
      const int n = random.between(2, 5);
      for (int i = 0; i < n; ++i)
        for (int j = 0; j < i; ++j) add(i, j);
      break;
    }
    case 2: {  // grid
      const int rows = random.between(2, 3), columns = random.between(2, 4);
      for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j) {
          if (j + 1 < columns) add(i * columns + j, i * columns + j + 1);
          if (i + 1 < rows) add(i * columns + j, (i + 1) * columns + j);
        }
      break;
    }
    default: {  // any
      const int n = random.between(3, 8);
      for (int i = 1; i < n; ++i) add(i, random.between(0, i - 1));
      for (int k = random.between(1, n); k > 0; --k) add(random.between(0, n - 1), random.between(0, n - 1));
    }
  }
  return {edges.begin(), edges.end()};
}

}  // namespace

Netlist network_netlist(Random& random) {
  Netlist netlist;
  const Edges edges = draw_graph(random);
  netlist.stop = random.logarithmic(1e-3, 1e2);
  netlist.step = netlist.stop / random.of({50, 100, 400});
  const double voltage = random.logarithmic(1e-1, 1e2);
  const double ron = random.logarithmic(1, 1e4);
  const double ratio = random.logarithmic(10, 1e6);
  const bool alike = random.chance(0.3), decay = random.chance(0.4), voltage_control = random.chance(0.3),
             mixed_polarity = random.chance(0.5);
  // β so that a device with its share of the voltage crosses its range in about this part of the run.
  const double crossing = netlist.stop * random.logarithmic(0.05, 5);
  int nodes = 0;
  for (const auto& [a, b] : edges) nodes = std::max({nodes, a, b});
  for (const auto& [a, b] : edges) {
    Element e;
    e.a = a;
    e.b = b;
    if (!netlist.elements.empty() && random.chance(0.15)) {
      e.kind = 'r';
      e.value = ron * std::pow(ratio, random.unit());
    } else {
      e.kind = 'y';
      Memristor& m = e.memristor;
      m.ron = alike ? ron : ron * random.logarithmic(0.5, 2);
      m.roff = m.ron * (alike ? ratio : ratio * random.uniform(0.5, 1));
      m.voltage_control = voltage_control;
      m.polarity = mixed_polarity ? random.sign() : 1;
      m.beta = voltage * crossing * (voltage_control ? 1 : 2 * m.ron / m.roff) *
               (alike ? 1 : random.uniform(0.3, 3));
      if (decay) m.alpha = random.uniform(-1, 1) * random.logarithmic(0.1, 10) / netlist.stop;
      e.initial = random.chance(0.2) ? random.of({0, 1}) : random.uniform(0, 1);
    }
    if (random.chance(0.5)) std::swap(e.a, e.b);
    e.name = fmt::format("{}{}", e.kind, netlist.elements.size() + 1);
    netlist.elements.push_back(e);
  }
  // A source in series with one end of the network, another one anywhere.
  const int drives = random.between(1, 2);
  for (int k = 0; k < drives; ++k) {
    Element e;
    e.kind = random.chance(0.75) ? 'v' : 'i';
    e.a = random.between(1, nodes);
    e.b = k == 0 ? 0 : random.between(0, nodes);
    const double resistance = ron * std::sqrt(ratio);
    e.source =
        random_source(random, e.kind == 'v' ? voltage : voltage / resistance, netlist.stop, netlist.step);
    e.name = fmt::format("{}{}", e.kind, netlist.elements.size() + 1);
    if (random.chance(0.5) && e.kind == 'v') {
      Element series{'r', fmt::format("r{}", netlist.elements.size() + 2), e.a, nodes + 1 + k,
                     ron * std::pow(ratio, random.uniform(-0.2, 1))};
      e.a = nodes + 1 + k;
      netlist.elements.push_back(series);
    }
    if (e.a != e.b) netlist.elements.push_back(e);
  }
  return netlist;
}

std::unique_ptr<Case> network_case(Random& random) {
  for (;;)
    if (auto result = NetworkCase::make(network_netlist(random))) return result;
}

}  // namespace memspice::truth
