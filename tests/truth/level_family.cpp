// Driven networks of memristors of every level and resistors, by the equations that the levels' sources
// publish.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/dormand_prince.hpp"
#include "truth/formula_case.hpp"
#include "truth/published_models.hpp"
#include "truth/source.hpp"

namespace memspice::truth {

namespace {

using testing::PublishedModel;
using testing::States;
using testing::Values;

const std::vector<PublishedModel>& all_levels() {
  static const std::vector<PublishedModel> all = [] {
    std::vector<PublishedModel> levels = testing::published_drifts();
    for (PublishedModel& model : testing::published_models())
      if (model.network == "Y1 a 0 m") levels.push_back(std::move(model));
    return levels;
  }();
  return all;
}

/// Nodes of a memristor or a resistor; 0: ground. The source feeds node 1 through a resistor.
using NodePair = std::array<int, 2>;
struct LevelLayout {
  int nodes;
  std::vector<NodePair> memristors, resistors;
};

const std::vector<LevelLayout>& level_layouts() {
  static const std::vector<LevelLayout> all{
      {1, {{1, 0}}, {}},
      {2, {{1, 2}, {2, 0}}, {{2, 0}}},
      {2, {{1, 2}, {2, 0}, {1, 0}}, {{2, 0}}},
      {2, {{1, 0}, {2, 0}}, {{1, 2}}},
      {2, {{1, 2}, {0, 2}}, {{2, 0}}},  // one against the other
      {3, {{1, 2}, {2, 3}, {3, 0}}, {{2, 0}, {3, 0}}},
      {3, {{1, 2}, {1, 3}, {2, 0}, {3, 0}}, {{2, 3}}},  // a bridge
  };
  return all;
}

constexpr std::size_t most_memristors = 4, most_resistors = 3, most_parameters = 20;
enum LevelNumber : std::size_t {
  level_stop,
  level_step,
  level_model,
  level_layout,
  level_amplitude,  // V
  level_frequency,  // Hz
  level_resistor,   // ohm, the source's first
  level_start = level_resistor + most_resistors,
  level_parameter = level_start + most_memristors,  // factors
  level_numbers = level_parameter + most_parameters
};

/// A network with its numbers put in.
class LevelNetwork {
 public:
  explicit LevelNetwork(const std::vector<double>& numbers)
      : model_(all_levels()[static_cast<std::size_t>(numbers[level_model])]),
        layout_(level_layouts()[static_cast<std::size_t>(numbers[level_layout])]),
        amplitude_(numbers[level_amplitude]),
        frequency_(numbers[level_frequency]),
        values_(model_.defaults),
        potentials_(static_cast<std::size_t>(layout_.nodes) + 1) {
    std::size_t k = level_parameter;
    for (auto& [name, value] : values_) value *= numbers[k++];
    for (std::size_t j = 0; j < most_resistors; ++j) resistors_.push_back(numbers[level_resistor + j]);
    for (std::size_t j = 0; j < layout_.memristors.size(); ++j) {
      States x;
      for (const auto& state : model_.states) x.push_back(values_.at(state[1]));
      x[0] = held(x[0] * numbers[level_start + j], 0);
      starts_.push_back(x);
    }
  }

  [[nodiscard]] const PublishedModel& model() const { return model_; }
  [[nodiscard]] const LevelLayout& layout() const { return layout_; }
  [[nodiscard]] const Values& values() const { return values_; }
  [[nodiscard]] const std::vector<States>& starts() const { return starts_; }
  [[nodiscard]] const std::vector<double>& resistors() const { return resistors_; }
  [[nodiscard]] const std::vector<double>& potentials() const { return potentials_; }

  [[nodiscard]] double held(double x, std::size_t state) const {
    const auto bounds = model_.bounds(values_, state);
    return std::clamp(x, bounds[0], bounds[1]);
  }
  [[nodiscard]] double range(std::size_t state) const {
    const auto bounds = model_.bounds(values_, state);
    return std::min(bounds[1] - bounds[0], 1.0);
  }

  /// Potentials by Kirchhoff's law: Newton's method, whose slopes are differences, halved as long as the
  /// currents that are left grow.
  bool solve(double t, const std::vector<States>& x) {
    const std::size_t n = potentials_.size() - 1;
    source_ = amplitude_ * std::sin(2 * std::numbers::pi * frequency_ * t);
    std::vector<double> left = currents(potentials_, x);
    for (int iteration = 0; iteration < 60; ++iteration) {
      std::vector<std::vector<double>> matrix(n, std::vector<double>(n + 1));
      for (std::size_t j = 0; j < n; ++j) {
        std::vector<double> moved = potentials_;
        const double difference = 1e-6 * (std::abs(moved[j + 1]) + 1e-3);
        moved[j + 1] += difference;
        const std::vector<double> there = currents(moved, x);
        for (std::size_t i = 0; i < n; ++i) matrix[i][j] = (there[i] - left[i]) / difference;
      }
      for (std::size_t i = 0; i < n; ++i) matrix[i][n] = -left[i];
      const std::vector<double> change = solution(matrix);
      double largest = 0, part = 1;
      for (const double d : change) largest = std::max(largest, std::abs(d));
      for (;; part /= 2) {
        std::vector<double> tried = potentials_;
        for (std::size_t i = 0; i < n; ++i) tried[i + 1] += part * change[i];
        std::vector<double> rest = currents(tried, x);
        if (part > 1e-6 && !(magnitude(rest) <= magnitude(left) * (1 + 1e-9)) && largest > 1e-13) continue;
        potentials_ = std::move(tried);
        left = std::move(rest);
        break;
      }
      // Where the source is near 0 rounding of the devices' currents is what is left.
      if (largest <= 1e-12 * (std::abs(source_) + 1e-3 * amplitude_)) return true;
    }
    return false;
  }

  /// After solve().
  [[nodiscard]] States rates(std::size_t memristor, const States& x) const {
    return model_.rates(values_, voltage(layout_.memristors[memristor], potentials_), x);
  }

 private:
  static double voltage(const NodePair& branch, const std::vector<double>& potentials) {
    return potentials[static_cast<std::size_t>(branch[0])] - potentials[static_cast<std::size_t>(branch[1])];
  }
  static double magnitude(const std::vector<double>& values) {
    double largest = 0;
    for (const double value : values) largest = std::max(largest, std::abs(value));
    return largest;
  }
  [[nodiscard]] std::vector<double> currents(const std::vector<double>& potentials,
                                             const std::vector<States>& x) const {
    std::vector<double> sum(potentials.size());
    const auto add = [&](const NodePair& branch, double current) {
      sum[static_cast<std::size_t>(branch[0])] += current;
      sum[static_cast<std::size_t>(branch[1])] -= current;
    };
    for (std::size_t k = 0; k < x.size(); ++k)
      add(layout_.memristors[k], model_.current(values_, voltage(layout_.memristors[k], potentials), x[k]));
    for (std::size_t k = 0; k < layout_.resistors.size(); ++k)
      add(layout_.resistors[k], voltage(layout_.resistors[k], potentials) / resistors_[k + 1]);
    sum[1] += (potentials[1] - source_) / resistors_[0];
    sum.erase(sum.begin());
    return sum;
  }
  /// Gauss's elimination.
  static std::vector<double> solution(std::vector<std::vector<double>> a) {
    const std::size_t n = a.size();
    for (std::size_t k = 0; k < n; ++k) {
      const auto pivot = std::max_element(a.begin() + static_cast<std::ptrdiff_t>(k), a.end(),
                                          [k](auto& p, auto& q) { return std::abs(p[k]) < std::abs(q[k]); });
      std::swap(a[k], *pivot);
      for (std::size_t i = k + 1; i < n; ++i) {
        const double part = a[i][k] / a[k][k];
        for (std::size_t j = k; j <= n; ++j) a[i][j] -= part * a[k][j];
      }
    }
    std::vector<double> x(n);
    for (std::size_t k = n; k-- > 0;) {
      x[k] = a[k][n];
      for (std::size_t j = k + 1; j < n; ++j) x[k] -= a[k][j] * x[j];
      x[k] /= a[k][k];
    }
    return x;
  }

  const PublishedModel& model_;
  const LevelLayout& layout_;
  double amplitude_, frequency_;
  Values values_;
  std::vector<double> resistors_;
  std::vector<States> starts_;
  std::vector<double> potentials_;  // V, that of ground first
  double source_ = 0;               // V
};

/// Runge and Kutta's method of Dormand and Prince on the states, held at their bounds.
class LevelReference {
 public:
  LevelReference(LevelNetwork& network, std::vector<States> starts, double longest)
      : network_(network), x_(std::move(starts)), longest_(longest), step_(1e-3 * longest) {}

  /// Whether it got there.
  bool go_to(double time) {
    static constexpr double tolerance = 1e-10;
    while (t_ < time) {
      if (++steps_ > 40000) return false;
      const double h = std::min({step_, longest_, time - t_});
      double error = 0;
      std::vector<States> end;
      if (!attempt(h, end, error)) return false;
      const bool shortest = h < 1e-10 * longest_;
      if (error <= tolerance || shortest) {
        t_ = h == time - t_ ? time : t_ + h;
        x_ = std::move(end);
        for (States& x : x_)
          for (std::size_t j = 0; j < x.size(); ++j) x[j] = network_.held(x[j], j);
      }
      const double factor = std::clamp(0.9 * std::pow(tolerance / std::max(error, 1e-30), 0.2), 0.2, 4.0);
      if (error > tolerance || h == step_ || h * factor < step_) step_ = h * factor;
    }
    return network_.solve(t_, x_);
  }
  [[nodiscard]] const std::vector<States>& states() const { return x_; }

 private:
  bool slopes(double t, std::vector<States> x, std::vector<States>& f) {
    for (States& each : x)
      for (std::size_t j = 0; j < each.size(); ++j) each[j] = network_.held(each[j], j);
    if (!network_.solve(t, x)) return false;
    f.clear();
    for (std::size_t k = 0; k < x.size(); ++k) f.push_back(network_.rates(k, x[k]));
    return true;
  }

  bool attempt(double h, std::vector<States>& end, double& error) {
    using Pair = testing::DormandPrince;
    std::array<std::vector<States>, 7> k;
    const auto add = [&](std::vector<States>& to, std::size_t stage, double weight) {
      for (std::size_t m = 0; m < to.size(); ++m)
        for (std::size_t j = 0; j < to[m].size(); ++j) to[m][j] += weight * k[stage][m][j];
    };
    for (std::size_t stage = 0; stage < 7; ++stage) {
      end = x_;
      for (std::size_t i = 0; i < stage; ++i) add(end, i, h * Pair::weights[stage][i]);
      if (!slopes(t_ + Pair::nodes[stage] * h, end, k[stage])) return false;
    }
    std::vector<States> miss(x_.size(), States(x_[0].size(), 0.0));
    for (std::size_t i = 0; i < 7; ++i) add(miss, i, h * Pair::errors[i]);
    for (const States& each : miss)
      for (std::size_t j = 0; j < each.size(); ++j)
        error = std::max(error, std::abs(each[j]) / network_.range(j));
    return true;
  }

  LevelNetwork& network_;
  std::vector<States> x_;
  double longest_, step_, t_ = 0;
  int steps_ = 0;
};

/// Whether the reference follows it, and an error at the start, or after half of the run, stays small: others
/// amplify the errors of any integration.
bool is_calm(const std::vector<double>& numbers) {
  LevelNetwork network(numbers), moved(numbers);
  std::vector<States> others = moved.starts();
  const double small = 1e-6 * moved.range(0);
  for (States& x : others) x[0] = moved.held(x[0] + small, 0) == x[0] + small ? x[0] + small : x[0] - small;
  const double longest = 0.005 / numbers[level_frequency];
  LevelReference reference(network, network.starts(), longest), other(moved, others, longest);
  for (int k = 1; k <= 40; ++k) {
    const double time = numbers[level_stop] * k / 40;
    if (!reference.go_to(time) || !other.go_to(time)) return false;
    for (std::size_t m = 0; m < others.size(); ++m)
      if (std::abs(reference.states()[m][0] - other.states()[m][0]) > 10 * small) return false;
  }
  return true;
}

bool is_sound_level(const std::vector<double>& n) {
  const auto whole = [&](std::size_t place, std::size_t end) {
    return n[place] >= 0 && n[place] == std::floor(n[place]) && n[place] < static_cast<double>(end);
  };
  for (std::size_t k = 0; k < n.size(); ++k)
    if (k != level_model && k != level_layout && !(n[k] > 0)) return false;
  return whole(level_model, all_levels().size()) && whole(level_layout, level_layouts().size()) && is_calm(n);
}

std::vector<double> draw_level(Random& random) {
  for (;;) {
    std::vector<double> n(level_numbers, 1.0);
    n[level_model] = static_cast<double>(random.below(all_levels().size()));
    n[level_layout] = static_cast<double>(random.below(level_layouts().size()));
    const PublishedModel& model = all_levels()[static_cast<std::size_t>(n[level_model])];
    n[level_frequency] = random.logarithmic(model.frequency[0], model.frequency[1]);
    n[level_stop] = random.uniform(1, 2) / n[level_frequency];
    n[level_step] = n[level_stop] / 100;
    n[level_amplitude] = random.logarithmic(model.amplitude[0], model.amplitude[1]);
    for (std::size_t k = level_start; k < level_parameter; ++k) n[k] = random.logarithmic(0.7, 1.4);
    for (std::size_t k = level_parameter; k < level_numbers; ++k)
      n[k] = random.logarithmic(1 / model.spread, model.spread);
    const LevelNetwork network(n);
    const double v = 0.5 * n[level_amplitude];
    const double resistance = v / model.current(network.values(), v, network.starts()[0]);
    for (std::size_t k = 0; k < most_resistors; ++k)
      n[level_resistor + k] = resistance * random.logarithmic(0.1, 3);
    if (is_calm(n)) return n;
  }
}

std::string level_cards(const std::vector<double>& n) {
  const LevelNetwork network(n);
  const auto node = [](int k) { return k == 0 ? std::string("0") : fmt::format("n{}", k); };
  std::string text = fmt::format("Vs in 0 SIN(0 {} {})\nR1 in n1 {}\n", exact(n[level_amplitude]),
                                 exact(n[level_frequency]), exact(n[level_resistor]));
  const LevelLayout& layout = network.layout();
  for (std::size_t k = 0; k < layout.resistors.size(); ++k)
    text += fmt::format("R{} {} {} {}\n", k + 2, node(layout.resistors[k][0]), node(layout.resistors[k][1]),
                        exact(n[level_resistor + k + 1]));
  std::string saves = ".save";
  for (int k = 1; k <= layout.nodes; ++k) saves += fmt::format(" v(n{})", k);
  for (std::size_t k = 0; k < layout.memristors.size(); ++k) {
    text += fmt::format("Y{} {} {} m {}={}\n", k + 1, node(layout.memristors[k][0]),
                        node(layout.memristors[k][1]), network.model().states[0][1],
                        exact(network.starts()[k][0]));
    for (const auto& state : network.model().states) saves += fmt::format(" {}(y{})", state[0], k + 1);
  }
  text += fmt::format(".model m memristor(level={} {}", network.model().level, network.model().words);
  for (const auto& [name, value] : network.values())
    if (name != network.model().states[0][1]) text += fmt::format(" {}={}", name, exact(value));
  return text + fmt::format(")\n{}\n.tran {} {}\n", saves, exact(n[level_step]), exact(n[level_stop]));
}

std::vector<Comparison> level_values(const std::vector<double>& n, const std::vector<double>& times) {
  LevelNetwork network(n);
  std::vector<Comparison> all;
  for (int k = 1; k <= network.layout().nodes; ++k) all.push_back({fmt::format("v(n{})", k), {}});
  for (std::size_t m = 0; m < network.layout().memristors.size(); ++m)
    for (const auto& state : network.model().states)
      all.push_back({fmt::format("{}(y{})", state[0], m + 1), {}});
  LevelReference reference(network, network.starts(), 0.005 / n[level_frequency]);
  for (const double time : times) {
    if (!reference.go_to(time)) throw std::runtime_error("the reference of a network of a level failed");
    std::size_t k = 0;
    for (int node = 1; node <= network.layout().nodes; ++node)
      all[k++].exact.push_back(network.potentials()[static_cast<std::size_t>(node)]);
    for (const States& x : reference.states())
      for (const double value : x) all[k++].exact.push_back(value);
  }
  return all;
}

const Recipe level_networks{"memristors of a level", draw_level, is_sound_level, level_cards, level_values};

}  // namespace

std::unique_ptr<Case> level_case(Random& random) {
  return recipe_case(level_networks, draw_level(random));
}

}  // namespace memspice::truth
