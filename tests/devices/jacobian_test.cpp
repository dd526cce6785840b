// Every device of the catalogue, present and future, is differentiated numerically: alone and among all
// others, at random states (on bounds too) with random parameters, at the operating point and in a transient.

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "equations/equation_system.hpp"
#include "equations/linear/linearisation.hpp"
#include "equations/readout.hpp"
#include "memspice/model.hpp"
#include "support/approx.hpp"
#include "support/circuit_builder.hpp"
#include "support/phasor_matrix_check.hpp"
#include "support/random.hpp"

using namespace memspice;
using memspice::testing::Random;

namespace {

/// What no shipped device has yet, so that the engine is tested beyond the catalogue: three terminals, two
/// branches that control each other, a non-linear charge, a bounded state and a coupling between both.
class Coupled {
 public:
  static constexpr int branches = 2;
  static constexpr std::array<UnknownDescription, 2> unknowns{
      UnknownDescription{.name = "q", .kind = UnknownKind::charge},
      UnknownDescription{.name = "s", .kind = UnknownKind::state, .lower = -1, .upper = 2, .initial = "s0"}};

  static DeviceType describe() {
    DeviceType type;
    type.name = "coupled";
    type.letter = 'z';
    type.level = 99;
    type.terminals = {"a", "b", "c"};
    type.branches = {{0, 2}, {1, 2}};
    type.parameters = {
        {.name = "g", .unit = "S", .default_value = 1e-3, .minimum = 0, .help = "conductance"},
        {.name = "s0", .unit = "1", .default_value = 0.5, .minimum = -1, .maximum = 2, .help = "start"},
    };
    return type;
  }

  explicit Coupled(std::span<const double> values) : g_(values[0]) {}

  template <class Real>
  void equations(const Local<Coupled, Real>& x, Equations<Coupled, Real>& f) const {
    using std::exp;
    const Real& u = x.voltage[0];
    const Real& v = x.voltage[1];
    const Real& q = x.unknown[0];
    const Real& s = x.unknown[1];
    f.current[0] = g_ * (exp(u) - 1.0) * (1.0 + s * s) + x.derivative[0] * 1e-3;
    f.current[1] = g_ * (2.0 + u * v + q) * v;
    f.unknown[0] = q - 0.3 * u * u * u - 0.2 * s * v;
    f.unknown[1] = s * u - 3.0 * v + q;
  }

 private:
  double g_;  // S
};

std::shared_ptr<const Catalogue> all_devices() {
  static const auto catalogue = [] {
    auto devices = std::make_shared<Catalogue>();
    for (const auto& type : standard_catalogue()->types()) {
      devices->add(*type);
      if (type->form.special) devices->add(*type->form.special);
    }
    devices->add(device_type<Coupled>());
    return devices;
  }();
  return catalogue;
}

/// `spread`: how far from a default value, as a factor.
double random_parameter(const ParameterDescription& parameter, double spread, Random& random) {
  if (!parameter.choices.empty()) return random.below(static_cast<std::uint32_t>(parameter.choices.size()));
  if (parameter.name == "ptf") return 0;  // a delay has no entries without a frequency
  if (parameter.name == "rco") return random.coin() ? random.logarithmic(1, 1e3) : not_given;
  if (!parameter.required && std::isnan(parameter.default_value)) return not_given;
  if (std::isfinite(parameter.minimum) && std::isfinite(parameter.maximum)) {
    if (random.coin()) return random.uniform(parameter.minimum, parameter.maximum);
    // Many such parameters are flags or signs, for which only the ends are right.
    return random.coin() && parameter.minimum_allowed ? parameter.minimum : parameter.maximum;
  }
  const bool open = std::isnan(parameter.default_value) || parameter.default_value == 0;
  double small = 1;
  if (parameter.unit == "A") small = 1e-12;  // saturation currents
  if (parameter.unit == "m") small = 1e-6;   // sizes of transistors
  if (parameter.unit == "m^2") small = 1e-11;
  if (parameter.unit == "V.s") small = 1e-3;  // fluxes of filaments
  const double typical = open ? small : parameter.default_value;
  const double sign = parameter.minimum >= 0 ? 1 : random.coin() ? 1 : -1;
  return std::clamp(sign * std::abs(typical) * random.logarithmic(1 / spread, spread), parameter.minimum,
                    parameter.maximum);
}

/// Some of what is absent unless given: breakdown and high injection of junctions, within the voltages drawn
/// here.
void give_absent(const DeviceType& type, std::vector<double>& values, Random& random) {
  const auto give = [&](std::string_view name, double value) {
    const auto place = type.find_parameter(name);
    if (place && std::isnan(values[*place]) && random.coin()) values[*place] = value;
  };
  give("bv", random.uniform(0.3, 0.38));
  give("nbv", random.uniform(1, 1.5));
  give("ikf", random.logarithmic(1e-12, 1e-6));
  give("ikr", random.logarithmic(1e-12, 1e-6));
  give("ns", random.uniform(1, 2));
}

/// Whose currents or rates grow exponentially: they must stay within what differences can tell.
bool is_steep(const DeviceType& type) {
  return type.form.lenient || (type.model_type == "memristor" && type.level >= 2);
}

std::vector<double> random_parameters(const DeviceType& type, Random& random) {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    std::vector<double> values;
    const double spread = is_steep(type) ? 1.4 : 10;
    for (const ParameterDescription& parameter : type.parameters)
      values.push_back(random_parameter(parameter, spread, random));
    if (type.letter == 'd') give_absent(type, values, random);
    if (!type.check || !type.check(values)) return values;
  }
  FAIL("no random parameters pass the check of " << type.name);
  return {};
}

/// Five nodes tied to ground by resistors, one of them through a voltage source, and three instances of each
/// of `types` anywhere.
Circuit random_circuit(const std::vector<const DeviceType*>& types, Random& random) {
  constexpr std::uint32_t nodes = 5;
  Circuit circuit = testing::empty_circuit(nodes + 1, all_devices());
  const DeviceType& resistor = *circuit.catalogue->find('r');
  for (NodeId node = 1; node <= nodes; ++node)
    testing::add_device(circuit, resistor, {node, random.below(node)}, {random.logarithmic(1, 1e3)});
  testing::add_voltage_source(circuit, nodes + 1, 0, 0.7);
  testing::add_device(circuit, resistor, {nodes + 1, nodes}, {50});
  for (const DeviceType* type : types) {
    for (int instance = 0; instance < 3; ++instance) {
      std::vector<NodeId> terminals;
      while (terminals.size() < type->terminals.size()) {
        const NodeId node = random.below(nodes + 1);
        if (std::ranges::find(terminals, node) == terminals.end()) terminals.push_back(node);
      }
      testing::add_device(circuit, *type, terminals, random_parameters(*type, random));
    }
  }
  return circuit;
}

struct Point {
  Eigen::VectorXd y;
  Eigen::VectorXd derivative;
};

/// Potentials of about a volt, internal unknowns within their bounds, a third of the bounded ones on a bound.
Point random_point(const EquationSystem& system, Random& random) {
  const auto size = static_cast<Eigen::Index>(system.size());
  Point at{Eigen::VectorXd(size), Eigen::VectorXd(size)};
  for (Eigen::Index i = 0; i < size; ++i) {
    at.y(i) = random.uniform(-1, 1);
    at.derivative(i) = random.uniform(-1, 1);
  }
  at.y(0) = at.derivative(0) = 0;
  const Circuit& circuit = system.circuit();
  for (std::size_t g = 0; g < circuit.groups.size(); ++g) {
    const auto& unknowns = circuit.groups[g].type->unknowns;
    for (std::size_t k = 0; k < circuit.groups[g].count(); ++k) {
      for (std::size_t j = 0; j < unknowns.size(); ++j) {
        const std::size_t index = system.unknowns().index(g, k, j);
        if (index == Unknowns::npos) continue;
        if (is_steep(*circuit.groups[g].type)) at.y(static_cast<Eigen::Index>(index)) *= 0.25;  // junctions
        const StateBounds bounds = system.unknowns().bounds(g, k, j);
        if (!std::isfinite(bounds.lower) || !std::isfinite(bounds.upper)) continue;
        double& value = at.y(static_cast<Eigen::Index>(index));
        // Steep rates change their sign within a difference, and leave a bound with it.
        switch (is_steep(*circuit.groups[g].type) ? 5 : random.below(6)) {
          case 0:
            value = bounds.lower;
            break;
          case 1:
            value = bounds.upper;
            break;
          default:
            value = random.uniform(bounds.lower, bounds.upper);
        }
      }
    }
  }
  return at;
}

/// Indices of the internal states, whose equations the operating point replaces by "stay where you are".
std::vector<Eigen::Index> states(const EquationSystem& system) {
  std::vector<Eigen::Index> found;
  const Circuit& circuit = system.circuit();
  for (std::size_t g = 0; g < circuit.groups.size(); ++g) {
    for (std::size_t k = 0; k < circuit.groups[g].count(); ++k) {
      for (std::size_t j = 0; j < circuit.groups[g].type->unknowns.size(); ++j) {
        const std::size_t index = system.unknowns().index(g, k, j);
        if (index != Unknowns::npos && circuit.groups[g].type->unknowns[j].kind == UnknownKind::state)
          found.push_back(static_cast<Eigen::Index>(index));
      }
    }
  }
  return found;
}

Eigen::VectorXd residual(EquationSystem& system, const Point& at, double c) {
  Eigen::VectorXd r(at.y.size());
  REQUIRE(system.residual(0, at.y.data(), at.derivative.data(), c > 0 ? c : 1, r.data()));
  return r;
}

/// Of bounded states with a small range that range, of all else 1.
Eigen::VectorXd ranges_of(const EquationSystem& system) {
  Eigen::VectorXd ranges = Eigen::VectorXd::Ones(static_cast<Eigen::Index>(system.size()));
  const Circuit& circuit = system.circuit();
  for (std::size_t g = 0; g < circuit.groups.size(); ++g) {
    for (std::size_t k = 0; k < circuit.groups[g].count(); ++k) {
      for (std::size_t j = 0; j < circuit.groups[g].type->unknowns.size(); ++j) {
        const std::size_t index = system.unknowns().index(g, k, j);
        if (index == Unknowns::npos) continue;
        const StateBounds bounds = system.unknowns().bounds(g, k, j);
        ranges(static_cast<Eigen::Index>(index)) = std::min(1.0, bounds.upper - bounds.lower);
      }
    }
  }
  return ranges;
}

/// ∂F/∂y + c ∂F/∂ẏ by central differences of two widths, extrapolated: a conductance may change by orders of
/// magnitude within a small part of its state's range.
Eigen::MatrixXd numerical_jacobian(EquationSystem& system, const Point& at, double c) {
  const auto size = at.y.size();
  const auto difference = [&](Eigen::Index column, double h) -> Eigen::VectorXd {
    Point right = at;
    right.y(column) += h;
    right.derivative(column) += c * h;
    Point left = at;
    left.y(column) -= h;
    left.derivative(column) -= c * h;
    return (residual(system, right, c) - residual(system, left, c)) / (right.y(column) - left.y(column));
  };
  const Eigen::VectorXd ranges = ranges_of(system);
  Eigen::MatrixXd jacobian(size, size);
  for (Eigen::Index column = 0; column < size; ++column) {
    const double h = 4e-7 * ranges(column);
    jacobian.col(column) = (4 * difference(column, h / 2) - difference(column, h)) / 3;
  }
  return jacobian;
}

/// J x = b for random b, J by differences and x by linearise, assemble, condense, factorise and recover.
void check_linear_solution(const Circuit& circuit, EquationSystem::Mode mode, Random& random) {
  EquationSystem system(circuit, mode);
  const bool transient = mode == EquationSystem::Mode::transient;
  const double c = transient ? random.logarithmic(1, 1e3) : 0;
  const Point at = random_point(system, random);
  Eigen::MatrixXd jacobian = numerical_jacobian(system, at, c);
  if (!transient) {
    for (const Eigen::Index state : states(system))
      jacobian.row(state) = Eigen::MatrixXd::Identity(at.y.size(), at.y.size()).row(state);
  }

  residual(system, at, c);  // the active set belongs to this point again
  REQUIRE(system.linearise(0, at.y.data(), at.derivative.data(), c));
  Eigen::VectorXd b(at.y.size());
  for (Eigen::Index i = 0; i < b.size(); ++i) b(i) = random.uniform(-1, 1);
  b = b.cwiseProduct(ranges_of(system));
  b(0) = 0;
  Eigen::VectorXd x = b;
  REQUIRE(system.solve(x.data(), 1));
  CHECK(x(0) == 0);
  const Eigen::VectorXd error = jacobian * x - b;
  const Eigen::VectorXd scale = jacobian.cwiseAbs() * x.cwiseAbs() + b.cwiseAbs();
  // Blocks whose numbers lie twenty decades apart leave their inverses fewer digits.
  const bool steep =
      std::ranges::any_of(circuit.groups, [](const DeviceGroup& group) { return is_steep(*group.type); });
  const double tolerance = steep ? 1e-5 : 2e-6;
  for (Eigen::Index row = 1; row < b.size(); ++row) {
    CAPTURE(system.unknowns().name_of(static_cast<std::size_t>(row)));
    CHECK(std::abs(error(row)) <= tolerance * scale(row));
  }
}

/// Every entry of G + c C, and the right-hand side of a change of the voltage source, by differences.
void check_linearisation(Circuit circuit, EquationSystem::Mode mode, Random& random) {
  EquationSystem system(circuit, mode);
  const bool transient = mode == EquationSystem::Mode::transient;
  const double c = transient ? random.logarithmic(1, 1e3) : 0;
  const Point at = random_point(system, random);
  Eigen::MatrixXd expected = numerical_jacobian(system, at, c);
  const Eigen::Index size = at.y.size();
  expected.col(0).setZero();  // ground stays where it is
  expected(0, 0) = 1;
  const Eigen::VectorXd before = residual(system, at, c);
  const Linearisation linear(system, 0, at.y.data(), at.derivative.data());
  const auto fix_row = [&](Eigen::Index row) {
    expected.row(row) = Eigen::MatrixXd::Identity(size, size).row(row);
  };
  for (const std::size_t held : system.unknowns().held()) fix_row(static_cast<Eigen::Index>(held));
  if (!transient) {
    for (const Eigen::Index state : states(system)) fix_row(state);
  }
  Eigen::MatrixXd found = Eigen::MatrixXd::Zero(size, size);
  for (const MatrixEntry& entry : linear.entries()) found(entry.row, entry.column) += entry.g + c * entry.c;
  for (Eigen::Index row = 0; row < size; ++row) {
    CAPTURE(system.unknowns().name_of(static_cast<std::size_t>(row)));
    // Of every unknown as much as it may change: what 1 V is to a potential, the range is to a bounded state.
    const Eigen::VectorXd ranges = ranges_of(system);
    CHECK((found - expected).row(row).transpose().cwiseProduct(ranges).cwiseAbs().maxCoeff() <=
          2e-6 * expected.row(row).transpose().cwiseProduct(ranges).cwiseAbs().maxCoeff());
  }

  constexpr double change = 1e-6;
  SourceChanges<double> sources = linear.no_changes();
  sources.voltage[0] = change;
  Eigen::VectorXd b = Eigen::VectorXd::Zero(size);
  linear.right_side<double>(sources, {b.data(), static_cast<std::size_t>(size)});
  circuit.voltage_sources[0].dc += change;
  system.sources().enter_segment(0);
  const Eigen::VectorXd difference = residual(system, at, c) - before;
  for (Eigen::Index row = 1; row < size; ++row) {
    if (expected(row, row) == 1 && b(row) == 0) continue;  // held
    CHECK(b(row) == testing::approx(-difference(row)).epsilon(1e-4).scale(1e-3 * change));
  }
}

void check_everywhere(const std::vector<const DeviceType*>& types, int repetitions, std::uint64_t seed) {
  Random random(seed);
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    CAPTURE(repetition);
    const Circuit circuit = random_circuit(types, random);
    check_linear_solution(circuit, EquationSystem::Mode::transient, random);
    check_linear_solution(circuit, EquationSystem::Mode::operating_point, random);
    check_linearisation(circuit, EquationSystem::Mode::transient, random);
    check_linearisation(circuit, EquationSystem::Mode::operating_point, random);
  }
}

}  // namespace

TEST_CASE(
    "every device alone: the condensed solver inverts the Jacobian that differences of the residual give") {
  for (const auto& type : all_devices()->types()) {
    CAPTURE(type->name);
    check_everywhere({type.get()}, 40, 11);
  }
}

TEST_CASE("all devices together: the condensed solver inverts the Jacobian that differences give") {
  std::vector<const DeviceType*> types;
  for (const auto& type : all_devices()->types()) types.push_back(type.get());
  check_everywhere(types, 40, 12);
}

TEST_CASE("changes of currents and voltages of a linearised circuit are what differences of them give") {
  std::vector<const DeviceType*> types;
  for (const auto& type : all_devices()->types()) types.push_back(type.get());
  Random random(15);
  for (int repetition = 0; repetition < 20; ++repetition) {
    Circuit circuit = random_circuit(types, random);
    EquationSystem system(circuit, EquationSystem::Mode::transient);
    const Point at = random_point(system, random);
    residual(system, at, 1e30);
    const Linearisation linear(system, 0, at.y.data(), at.derivative.data());
    const double s = random.uniform(0.5, 2);
    SourceChanges<double> sources = linear.no_changes();
    sources.voltage[0] = 0.8;
    Eigen::VectorXd x(at.y.size());
    for (Eigen::Index i = 0; i < x.size(); ++i) x(i) = random.uniform(-1, 1);
    x = x.cwiseProduct(ranges_of(system));
    x(0) = 0;
    for (const std::size_t held : system.unknowns().held()) x(static_cast<Eigen::Index>(held)) = 0;
    BranchChanges<double> changes;
    linear.recover<double>({x.data(), static_cast<std::size_t>(x.size())}, sources, s, changes);

    constexpr double h = 1e-6;
    BranchValues left, right;
    const auto move = [&](double step, BranchValues& out) {
      const Eigen::VectorXd y = at.y + step * x;
      const Eigen::VectorXd derivative = at.derivative + step * s * x;
      circuit.voltage_sources[0].dc += step * sources.voltage[0];
      system.sources().enter_segment(0);
      read_branches(system, 0, y.data(), derivative.data(), out);
      circuit.voltage_sources[0].dc -= step * sources.voltage[0];
    };
    move(-h, left);
    move(h, right);
    const auto check = [&](double change, double before, double after) {
      CHECK(change == testing::approx((after - before) / (2 * h)).epsilon(1e-5).scale(1e-3));
    };
    for (std::size_t g = 0; g < circuit.groups.size(); ++g) {
      CAPTURE(circuit.groups[g].type->name);
      for (std::size_t i = 0; i < changes.current[g].size(); ++i)
        check(changes.current[g][i], left.current[g][i], right.current[g][i]);
    }
    check(changes.source_current[0], left.source_current[0], right.source_current[0]);
  }
}

TEST_CASE("phasors of all devices together: the condensed matrix and its transpose at many frequencies") {
  std::vector<const DeviceType*> types;
  for (const auto& type : all_devices()->types()) types.push_back(type.get());
  Random random(16);
  for (int repetition = 0; repetition < 20; ++repetition) {
    CAPTURE(repetition);
    const Circuit circuit = random_circuit(types, random);
    EquationSystem system(circuit, EquationSystem::Mode::transient);
    const Point at = random_point(system, random);
    residual(system, at, 1e30);
    testing::check_phasor_matrix(Linearisation(system, 0, at.y.data(), at.derivative.data()),
                                 {0.3, 10, 1e4, 2}, random);
  }
}

TEST_CASE("the currents of all branches, summed at the nodes, are the node residuals") {
  std::vector<const DeviceType*> types;
  for (const auto& type : all_devices()->types()) types.push_back(type.get());
  Random random(13);
  for (int repetition = 0; repetition < 20; ++repetition) {
    const Circuit circuit = random_circuit(types, random);
    EquationSystem system(circuit, EquationSystem::Mode::transient);
    const Point at = random_point(system, random);
    const Eigen::VectorXd r = residual(system, at, 1);
    BranchValues values;
    read_branches(system, 0, at.y.data(), at.derivative.data(), values);
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(system.unknowns().rows()));
    for (std::size_t g = 0; g < circuit.groups.size(); ++g) {
      const DeviceGroup& group = circuit.groups[g];
      const std::size_t branches = group.type->branches.size();
      for (std::size_t k = 0; k < group.count(); ++k) {
        for (std::size_t i = 0; i < branches; ++i) {
          const auto [from, to] = group.type->branches[i];
          const NodeId* nodes = group.nodes.data() + k * group.type->terminals.size();
          sum(system.unknowns().forest().row(nodes[from])) += values.current[g][k * branches + i];
          sum(system.unknowns().forest().row(nodes[to])) -= values.current[g][k * branches + i];
        }
      }
    }
    for (Eigen::Index row = 1; row < sum.size(); ++row)
      CHECK(sum(row) == testing::approx(r(row)).epsilon(1e-12));
  }
}

TEST_CASE("a changed leading coefficient scales every correction except that of a state on its bound") {
  Random random(14);
  std::vector<const DeviceType*> types;
  for (const auto& type : all_devices()->types()) types.push_back(type.get());
  int held = 0;
  for (int repetition = 0; repetition < 20; ++repetition) {
    const Circuit circuit = random_circuit(types, random);
    EquationSystem system(circuit, EquationSystem::Mode::transient);
    constexpr double c = 7;
    Point at = random_point(system, random);
    residual(system, at, c);
    REQUIRE(system.linearise(0, at.y.data(), at.derivative.data(), c));
    Eigen::VectorXd b = Eigen::VectorXd::Ones(at.y.size());
    b(0) = 0;
    Eigen::VectorXd plain = b;
    Eigen::VectorXd scaled = b;
    system.solve(plain.data(), 1);
    system.solve(scaled.data(), 0.8);
    for (Eigen::Index i = 1; i < b.size(); ++i) {
      if (scaled(i) == plain(i)) {
        ++held;
        CHECK(scaled(i) == testing::approx(b(i) / c));
      } else {
        CHECK(scaled(i) == testing::approx(0.8 * plain(i)));
      }
    }
  }
  CHECK(held > 10);
}
