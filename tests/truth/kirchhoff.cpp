#include "truth/kirchhoff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "truth/case.hpp"

namespace memspice::truth {

namespace {

struct Branch {
  const Element* element;
  const std::vector<double>* current;
  const std::vector<double>* state = nullptr;
};

double largest_conductance(const Element& e) {
  if (e.kind == 'r') return 1 / std::abs(e.value);
  return e.kind == 'y' ? 1 / e.memristor.ron : 0;
}

class Laws {
 public:
  Laws(const Plot& plot, const std::vector<Element>& elements) : time_(plot.columns.front()) {
    int nodes = 0;
    for (const Element& e : elements) {
      if (e.kind == 'k') continue;
      branches_.push_back({&e, &column(plot, "i(" + e.name + ")")});
      if (e.kind == 'y') branches_.back().state = &column(plot, "w(" + e.name + ")");
      nodes = std::max({nodes, e.a, e.b});
    }
    potentials_.resize(static_cast<std::size_t>(nodes));  // none for numbers that no element uses
    for (const Branch& branch : branches_)
      for (const int node : {branch.element->a, branch.element->b})
        if (node > 0)
          potentials_[static_cast<std::size_t>(node - 1)] = &column(plot, "v(" + node_name(node) + ")");
    sums_.resize(potentials_.size() + 1);
  }

  std::string broken(std::size_t row) {
    std::fill(sums_.begin(), sums_.end(), Sum{});
    double largest_potential = 0;
    for (const auto* potential : potentials_)
      if (potential) largest_potential = std::max(largest_potential, std::abs((*potential)[row]));
    for (const Branch& branch : branches_) {
      const Element& e = *branch.element;
      const double current = (*branch.current)[row];
      for (const auto& [node, sign] : {std::pair{e.a, 1.0}, std::pair{e.b, -1.0}}) {
        Sum& sum = sums_[static_cast<std::size_t>(node)];
        sum.current += sign * current;
        sum.largest = std::max(sum.largest, std::abs(current));
        sum.conductance = std::max(sum.conductance, largest_conductance(e));
      }
      std::string ohm = broken_ohm(branch, row, largest_potential);
      if (!ohm.empty()) return ohm;
    }
    for (std::size_t node = 1; node < sums_.size(); ++node) {
      const Sum& sum = sums_[node];
      const double allowed = 1e-9 * sum.largest + 8 * epsilon * largest_potential * sum.conductance + 1e-18;
      if (!(std::abs(sum.current) <= allowed))
        return fmt::format("KCL at {}: sum {:.3g} A, largest {:.3g} A, allowed {:.3g} A, t = {:.9g} s",
                           node_name(static_cast<int>(node)), sum.current, sum.largest, allowed, time_[row]);
    }
    return {};
  }

 private:
  static constexpr double epsilon = std::numeric_limits<double>::epsilon();
  struct Sum {
    double current = 0, largest = 0, conductance = 0;
  };

  double potential(int node, std::size_t row) const {
    return node == 0 ? 0 : (*potentials_[static_cast<std::size_t>(node - 1)])[row];
  }

  std::string broken_ohm(const Branch& branch, std::size_t row, double largest_potential) const {
    const Element& e = *branch.element;
    if (e.kind != 'r' && e.kind != 'y') return {};
    const double resistance = e.kind == 'r' ? e.value : e.memristor.resistance((*branch.state)[row]);
    const double voltage = potential(e.a, row) - potential(e.b, row);
    const double current = (*branch.current)[row];
    const double allowed = 1e-9 * std::abs(voltage) + 8 * epsilon * largest_potential + 1e-18 * resistance;
    if (std::abs(voltage - resistance * current) <= allowed) return {};
    return fmt::format("Ohm's law at {}: {:.6g} V for {:.6g} ohm times {:.6g} A, t = {:.9g} s", e.name,
                       voltage, resistance, current, time_[row]);
  }

  const std::vector<double>& time_;
  std::vector<Branch> branches_;
  std::vector<const std::vector<double>*> potentials_;
  std::vector<Sum> sums_;
};

}  // namespace

std::string broken_invariant(const Plot& plot, const std::vector<Element>& elements, double stop) {
  if (plot.rows() == 0) return "no rows";
  const std::vector<double>& time = plot.columns.front();
  for (std::size_t row = 0; row < plot.rows(); ++row) {
    for (std::size_t k = 0; k < plot.columns.size(); ++k) {
      const double value = plot.columns[k][row];
      const std::string& name = plot.vectors[k].name;
      if (!std::isfinite(value)) return fmt::format("{} = {} at t = {:.9g} s", name, value, time[row]);
      if (name.starts_with("w(") && !(value >= 0 && value <= 1))
        return fmt::format("{} = {} at t = {:.9g} s", name, value, time[row]);
    }
    if (row > 0 && !(time[row] > time[row - 1]))
      return fmt::format("time {} after {}", time[row], time[row - 1]);
  }
  if (!(std::abs(time.back() - stop) <= 1e-12 * stop))
    return fmt::format("last time {} for {}", time.back(), stop);
  if (elements.empty()) return {};
  Laws laws(plot, elements);
  for (std::size_t row = 0; row < plot.rows(); ++row) {
    std::string broken = laws.broken(row);
    if (!broken.empty()) return broken;
  }
  return {};
}

}  // namespace memspice::truth
