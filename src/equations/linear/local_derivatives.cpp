#include "equations/linear/local_derivatives.hpp"

#include <algorithm>
#include <cmath>

#include "equations/equation_group.hpp"

namespace memspice {

namespace {

/// Two values of a parameter around the given one, as far as its range and the device's check allow; equal
/// when there are none: a flag, a sign.
struct Neighbours {
  double low = 0;
  double high = 0;
};

Neighbours neighbours(const DeviceType& type, std::vector<double> values, std::size_t index) {
  const ParameterDescription& parameter = type.parameters[index];
  const double value = values[index];
  const auto allowed = [&](double candidate) {
    if (candidate < parameter.minimum || candidate > parameter.maximum) return false;
    if (!parameter.minimum_allowed && candidate == parameter.minimum) return false;
    values[index] = candidate;
    return !type.check || !type.check(values);
  };
  const double scale = value == 0 ? 1 : std::abs(value);
  constexpr double both = 4e-6;  // third root of the rounding unit, for central differences
  if (allowed(value - both * scale) && allowed(value + both * scale))
    return {value - both * scale, value + both * scale};
  constexpr double one = 1e-8;
  if (allowed(value + one * scale)) return {value, value + one * scale};
  if (allowed(value - one * scale)) return {value - one * scale, value};
  return {value, value};
}

/// (right - left) / distance of the instance of every entry, 0 where there is no distance.
void divide_differences(std::vector<double>& right, const std::vector<double>& left, std::size_t stride,
                        const std::vector<std::uint32_t>& instance, const std::vector<double>& distance) {
  for (std::size_t i = 0; i < right.size(); ++i) {
    const double width = distance[instance[i / stride]];
    right[i] = width == 0 ? 0 : (right[i] - left[i]) / width;
  }
}

}  // namespace

LocalDerivatives::LocalDerivatives(EquationSystem& system, double t, const double* y,
                                   const double* derivative)
    : system_(system) {
  system.points().go_to(t);
  groups_.resize(system.unknowns().groups().size());
  for (std::size_t g = 0; g < groups_.size(); ++g) add_group(g, y, derivative);
  for (const TinyResistors::Resistor& resistor : system.auxiliary().sets().resistors.resistors()) {
    parameters_.push_back({resistor.group, resistor.instance, 0});
    kept_.push_back(resistor);
    kept_current_.push_back(y[resistor.row]);
  }
}

LocalDerivatives::Values LocalDerivatives::evaluate(Population& population, std::size_t g, const Local& local,
                                                    const EvaluationPoint& at) const {
  const DeviceType& type = *system_.unknowns().groups()[g].devices->type;
  const std::size_t nb = type.branches.size();
  const std::size_t nu = type.unknowns.size();
  const std::size_t count = population.count();
  Values values;
  values.f.resize(local.rows.size());
  values.j.resize(local.rows.size() * local.width);
  std::vector<double> residual(system_.size());
  population.residual(at, residual.data());
  std::vector<double> current(count * nb), voltage(count * nb);
  population.currents(at, current.data(), voltage.data());
  population.jacobians(at, values.j.data());
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t b = 0; b < nb; ++b) values.f[k * (nb + nu) + b] = current[k * nb + b];
    for (std::size_t j = 0; j < nu; ++j)
      values.f[k * (nb + nu) + nb + j] = residual[population.wiring.first_unknown + k * nu + j];
  }
  std::size_t row = count * (nb + nu);
  std::vector<double> by_unknown(nu), by_both(nu);
  for (const TapRow& tap : system_.auxiliary().sets().taps.rows()) {
    if (tap.group != g) continue;
    double* j = values.j.data() + row * local.width;
    values.f[row++] = -population.tap(at, 0, tap.tap, j, by_unknown.data());
    population.tap(at, 1, tap.tap, j, by_both.data());
    for (std::size_t i = 0; i < nb; ++i) j[i] = -j[i];
    for (std::size_t i = 0; i < nu; ++i) {
      j[nb + i] = -by_unknown[i];
      j[nb + nu + i] = by_unknown[i] - by_both[i];
    }
  }
  return values;
}

LocalDerivatives::Local LocalDerivatives::rows_of(std::size_t g) const {
  const EquationGroup& group = system_.unknowns().groups()[g];
  const Wiring& wiring = group.population->wiring;
  const std::size_t nb = group.devices->type->branches.size();
  const std::size_t nu = group.devices->type->unknowns.size();
  Local local;
  local.width = nb + 2 * nu;
  for (std::uint32_t k = 0; k < group.population->count(); ++k) {
    for (std::size_t b = 0; b < nb; ++b)
      local.rows.push_back({k, wiring.plus[k * nb + b], wiring.minus[k * nb + b]});
    for (std::size_t j = 0; j < nu; ++j)
      local.rows.push_back({k, static_cast<std::uint32_t>(wiring.first_unknown + k * nu + j), 0});
  }
  for (const TapRow& tap : system_.auxiliary().sets().taps.rows())
    if (tap.group == g) local.rows.push_back({tap.tap.instance, tap.row, 0});
  for (const Row& row : local.rows) local.instance.push_back(row.instance);
  return local;
}

void LocalDerivatives::add_group(std::size_t g, const double* y, const double* derivative) {
  const EquationGroup& group = system_.unknowns().groups()[g];
  groups_[g] = rows_of(g);
  const std::vector<double> given = group.parameters();
  const EvaluationPoint at = system_.points().of_devices(0, y, derivative, huge_kappa);
  differentiate_by_parameters(g, given, at);
  differentiate_twice(g, given, at);
}

void LocalDerivatives::differentiate_by_parameters(std::size_t g, const std::vector<double>& given,
                                                   const EvaluationPoint& at) {
  const EquationGroup& group = system_.unknowns().groups()[g];
  const DeviceType& type = *group.devices->type;
  const std::size_t nb = type.branches.size();
  const std::size_t nu = type.unknowns.size();
  const std::size_t count = group.population->count();
  const std::size_t width = type.parameters.size();
  Local& local = groups_[g];
  const auto evaluate_with = [&](const std::vector<double>& parameters) {
    const std::unique_ptr<Population> population =
        type.populate(parameters, count, system_.circuit().records.curves);
    population->wiring = group.population->wiring;
    return evaluate(*population, g, local, at);
  };
  for (std::size_t p = 0; p < width; ++p) {
    if (!type.parameters[p].is_number()) continue;
    Change change;
    change.index = p;
    std::vector<double> low = given, high = given, distance(count, 0.0);
    for (std::size_t k = 0; k < count; ++k) {
      if (std::isnan(given[k * width + p])) continue;
      const auto first = given.begin() + static_cast<std::ptrdiff_t>(k * width);
      const Neighbours around = neighbours(type, {first, first + static_cast<std::ptrdiff_t>(width)}, p);
      low[k * width + p] = around.low;
      high[k * width + p] = around.high;
      distance[k] = around.high - around.low;
      if (distance[k] == 0) continue;
      change.instances.push_back(static_cast<std::uint32_t>(k));
      parameters_.push_back({static_cast<std::uint32_t>(g), static_cast<std::uint32_t>(group.instance(k)),
                             static_cast<std::uint32_t>(p)});
    }
    if (change.instances.empty()) continue;
    change.values = evaluate_with(high);
    const Values left = evaluate_with(low);
    divide_differences(change.values.f, left.f, 1, local.instance, distance);
    divide_differences(change.values.j, left.j, local.width, local.instance, distance);
    for (std::size_t j = 0; j < nu && at.hold_states; ++j) {
      if (type.unknowns[j].kind != UnknownKind::state || type.find_parameter(type.unknowns[j].initial) != p)
        continue;
      for (const std::uint32_t k : change.instances) change.values.f[k * (nb + nu) + nb + j] -= 1;
    }
    local.parameters.push_back(std::move(change));
  }
}

void LocalDerivatives::differentiate_twice(std::size_t g, const std::vector<double>& given,
                                           EvaluationPoint at) {
  const EquationGroup& group = system_.unknowns().groups()[g];
  const DeviceType& type = *group.devices->type;
  const Wiring& wiring = group.population->wiring;
  const std::size_t nb = type.branches.size();
  const std::size_t nu = type.unknowns.size();
  const std::size_t count = group.population->count();
  Local& local = groups_[g];
  const std::unique_ptr<Population> population =
      type.populate(given, count, system_.circuit().records.curves);
  population->wiring = wiring;
  population->wiring.emf.resize(count * nb, 0.0);
  const double* y = at.y;
  std::vector<double> moved(y, y + system_.size());
  at.y = moved.data();
  local.second.resize(nb + nu);
  for (std::size_t d = 0; d < nb + nu; ++d) {
    std::vector<double> distance(count);
    const auto move = [&](double sign) {
      for (std::size_t k = 0; k < count; ++k) {
        double& variable =
            d < nb ? population->wiring.emf[k * nb + d] : moved[wiring.first_unknown + k * nu + d - nb];
        const double original = d < nb ? (wiring.emf.empty() ? 0 : wiring.emf[k * nb + d])
                                       : y[wiring.first_unknown + k * nu + d - nb];
        const double step = d < nb ? 1e-5 : 1e-5 * std::max(std::abs(original), 1e-4);
        variable = original + sign * step;
        distance[k] = 2 * step;
      }
      return evaluate(*population, g, local, at);
    };
    Values right = move(1);
    const Values left = move(-1);
    move(0);
    divide_differences(right.j, left.j, local.width, local.instance, distance);
    if (std::ranges::any_of(right.j, [](double value) { return value != 0; }))
      local.second[d] = std::move(right.j);
  }
}

template <class Number>
std::vector<Number> LocalDerivatives::of_equations(std::span<const Number> lambda) const {
  std::vector<Number> result;
  result.reserve(parameters_.size());
  for (const Local& local : groups_) {
    for (const Change& change : local.parameters) {
      std::vector<Number> sum(local.instances(), Number{});
      for (std::size_t r = 0; r < local.rows.size(); ++r) {
        const Row& row = local.rows[r];
        sum[row.instance] += (lambda[row.plus] - lambda[row.minus]) * change.values.f[r];
      }
      for (const std::uint32_t k : change.instances) result.push_back(sum[k]);
    }
  }
  for (std::size_t i = 0; i < kept_.size(); ++i)
    result.push_back(kept_current_[i] * multiplier(kept_[i], lambda));
  return result;
}

std::vector<Complex> LocalDerivatives::local_changes(std::size_t g, std::span<const Complex> x,
                                                     std::span<const Complex> voltage, Complex s) const {
  const EquationGroup& group = system_.unknowns().groups()[g];
  const DeviceType& type = *group.devices->type;
  const Wiring& wiring = group.population->wiring;
  const std::size_t nu = type.unknowns.size();
  std::vector<Complex> changes;
  changes.reserve(group.population->count() * groups_[g].width);
  for (std::size_t k = 0; k < group.population->count(); ++k) {
    const NodeId* nodes = group.devices->nodes.data() + group.instance(k) * type.terminals.size();
    const Complex* internal = x.data() + wiring.first_unknown + k * nu;
    for (const auto& [plus, minus] : type.branches)
      changes.push_back(voltage[nodes[plus]] - voltage[nodes[minus]]);
    for (std::size_t j = 0; j < nu; ++j) changes.push_back(internal[j]);
    for (std::size_t j = 0; j < nu; ++j) changes.push_back(s * internal[j]);
  }
  return changes;
}

std::vector<Complex> LocalDerivatives::contract(const Local& local, const std::vector<double>& j,
                                                std::span<const Complex> lambda,
                                                const std::vector<Complex>& changes) {
  std::vector<Complex> sum(local.instances(), Complex{});
  const double* entry = j.data();
  for (const Row& row : local.rows) {
    Complex value{};
    const Complex* change = changes.data() + row.instance * local.width;
    for (std::size_t i = 0; i < local.width; ++i) value += *entry++ * change[i];
    sum[row.instance] += (lambda[row.plus] - lambda[row.minus]) * value;
  }
  return sum;
}

std::vector<Complex> LocalDerivatives::of_linear(std::span<const Complex> lambda, std::span<const Complex> x,
                                                 std::span<const Complex> voltage, Complex s) const {
  std::vector<Complex> result;
  result.reserve(parameters_.size());
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (groups_[g].parameters.empty()) continue;
    const std::vector<Complex> changes = local_changes(g, x, voltage, s);
    for (const Change& change : groups_[g].parameters) {
      const std::vector<Complex> sum = contract(groups_[g], change.values.j, lambda, changes);
      for (const std::uint32_t k : change.instances) result.push_back(sum[k]);
    }
  }
  for (const TinyResistors::Resistor& resistor : kept_)
    result.push_back(x[resistor.row] * multiplier(resistor, lambda));
  return result;
}

void LocalDerivatives::of_point(std::span<const Complex> lambda, std::span<const Complex> x,
                                std::span<const Complex> voltage, Complex s, PointGradient& out) const {
  out.by_node.assign(voltage.size(), Complex{});
  out.by_unknown.clear();
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const Local& local = groups_[g];
    const EquationGroup& group = system_.unknowns().groups()[g];
    const DeviceType& type = *group.devices->type;
    const std::size_t nb = type.branches.size();
    if (std::ranges::all_of(local.second, [](const auto& second) { return second.empty(); })) continue;
    const std::vector<Complex> changes = local_changes(g, x, voltage, s);
    for (std::size_t d = 0; d < local.second.size(); ++d) {
      if (local.second[d].empty()) continue;
      const std::vector<Complex> sum = contract(local, local.second[d], lambda, changes);
      for (std::size_t k = 0; k < sum.size(); ++k) {
        const std::size_t instance = group.instance(k);
        if (d < nb) {
          const NodeId* nodes = group.devices->nodes.data() + instance * type.terminals.size();
          out.by_node[nodes[type.branches[d][0]]] += sum[k];
          out.by_node[nodes[type.branches[d][1]]] -= sum[k];
        } else {
          out.by_unknown.push_back({g, instance, d - nb, sum[k]});
        }
      }
    }
  }
}

template std::vector<double> LocalDerivatives::of_equations(std::span<const double>) const;
template std::vector<Complex> LocalDerivatives::of_equations(std::span<const Complex>) const;

}  // namespace memspice
