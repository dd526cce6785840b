#include "network/flow/flux_lanes.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::network {

namespace {

constexpr std::size_t lane_nodes = FluxLanes::nodes;
using LaneTables = StepTables<FluxLanes::Q>;

/// Four lanes side by side: a register of processors of the last ten years. Passed by reference, since how
/// they are passed by value depends on the processor.
using Four = double __attribute__((vector_size(32), aligned(8), may_alias));
constexpr std::size_t four = 4;

Four& four_at(double* place) {
  return *reinterpret_cast<Four*>(place);
}
void magnitude(const Four& x, Four& to) {
  to = x < 0 ? -x : x;
}

/// The law: R̂, its slope by X, and the drift a with its slope. A division costs as much as ten
/// multiplications.
struct CurrentControl {
  static void resistance(const Four& x, const Four& excess, Four& r) {
    const Four least = Four{} + 0.01, square = 1.0 + 2.0 * excess * x;
    r = square > least ? square : least;
    for (std::size_t i = 0; i < four; ++i) r[i] = std::sqrt(r[i]);
  }
  static void slope(const Four& conductance, const Four& excess, Four& to) { to = excess * conductance; }
  static void drift(const Four& x, const Four& r, Four& a, Four& by_x) {
    const Four inverse = 1.0 / (r * (1.0 + r));
    a = 2.0 * x * r * r * inverse;
    by_x = 2.0 - (1.0 + r) * inverse;
  }
  static void limit(const Four& excess, Four& to) { to = 1.0 + 0.5 * excess; }
};
struct VoltageControl {
  static void resistance(const Four& x, const Four& excess, Four& r) {
    const Four least = Four{} + 0.1, linear = 1.0 + excess * x;
    r = linear > least ? linear : least;
  }
  static void slope(const Four&, const Four& excess, Four& to) { to = excess; }
  static void drift(const Four& x, const Four&, Four& a, Four& by_x) {
    a = x;
    by_x = Four{} + 1.0;
  }
  static void limit(const Four&, Four& to) { to = Four{} + 1.0; }
};

/// How often the drift is linearised, and how often each linear system is iterated.
struct DriftPlan {
  static constexpr int most_sweeps = 4, most_rounds = 7;
  int sweeps = 0;
  std::array<int, most_sweeps> rounds{};

  /// An iteration gains a factor of |α| h, Newton's method squares the error and gains that factor too.
  explicit DriftPlan(const FluxLanes& b) {
    const double gain = b.largest_drift;
    if (!(gain > 0)) return;
    double error = gain * gain;  // of the start, as a part of X
    do {
      const double reached = std::max(b.accuracy, gain * error * error);
      const double wanted = std::ceil(std::log(reached / error) / std::log(gain));
      const int count = static_cast<int>(std::clamp(wanted, 1.0, double{most_rounds}));
      error = std::max(gain * error * error, error * std::pow(gain, count));
      rounds[static_cast<std::size_t>(sweeps)] = count;
    } while (++sweeps < most_sweeps && error > b.accuracy);
  }
};

/// Four lanes over a step.
template <class Law>
struct LaneGroup {
  FluxLanes& b;
  std::size_t lane;  // the first
  const LaneTables& tables;
  Four begin, excess, gain;
  Four voltage[FluxLanes::D];
  Four x[lane_nodes], end;

  LaneGroup(FluxLanes& lanes, std::size_t first, const LaneTables& of)
      : b(lanes), lane(first), tables(of), begin(at(b.begin)), excess(at(b.excess)), gain(at(b.gain)) {
    for (std::size_t j = 0; j < FluxLanes::D; ++j) voltage[j] = at(b.voltage[j]);
  }
  Four& at(std::array<double, FluxLanes::count>& values) const { return four_at(values.data() + lane); }

  /// X at the nodes and at the end without the drift.
  void follow_voltage() {
    end = begin - gain * voltage[0];
    for (std::size_t m = 0; m < lane_nodes; ++m) {
      Four flux{};
      for (std::size_t j = 0; j < FluxLanes::D; ++j) flux += tables.psi[m][j] * voltage[j];
      x[m] = begin - gain * flux;
    }
  }

  /// Adds the drift: collocation by Newton's method, whose linear equations are solved by iteration.
  void add_drift(const DriftPlan& plan) {
    const Four drive = at(b.drive);
    Four base[lane_nodes], drift[lane_nodes], slope[lane_nodes], r, a, by_x;
    Law::resistance(begin, excess, r);
    Law::drift(begin, r, a, by_x);
    for (std::size_t m = 0; m < lane_nodes; ++m) {
      base[m] = x[m];
      x[m] += tables.node[m] * (drive * a);
    }
    for (int sweep = 0; sweep < plan.sweeps; ++sweep) {
      for (std::size_t m = 0; m < lane_nodes; ++m) {
        Law::resistance(x[m], excess, r);
        Law::drift(x[m], r, a, by_x);
        drift[m] = drive * a;
        slope[m] = drive * by_x;
      }
      for (int round = 0; round < plan.rounds[static_cast<std::size_t>(sweep)]; ++round) {
        Four next[lane_nodes];
        for (std::size_t m = 0; m < lane_nodes; ++m) {
          next[m] = base[m];
          for (std::size_t l = 0; l < lane_nodes; ++l) next[m] += tables.collocation[m][l] * drift[l];
        }
        for (std::size_t m = 0; m < lane_nodes; ++m) {
          drift[m] += slope[m] * (next[m] - x[m]);
          x[m] = next[m];
        }
      }
    }
    for (std::size_t m = 0; m < lane_nodes; ++m) {
      end += tables.weight[m] * drift[m];
      at(b.drift[m]) = drift[m];
    }
  }

  /// How far the lanes stay from their bounds, less what may happen between the nodes.
  void find_room() {
    Four least = begin < end ? begin : end, most = begin < end ? end : begin;
    for (std::size_t m = 0; m < lane_nodes; ++m) {
      least = x[m] < least ? x[m] : least;
      most = x[m] > most ? x[m] : most;
    }
    Four swing{}, size, limit;
    for (std::size_t j = 1; j < FluxLanes::D; ++j) {
      magnitude(voltage[j], size);
      swing += size;
    }
    magnitude(gain, size);
    Four drift = at(b.drive) * most;
    magnitude(drift, drift);
    const Four margin = FluxStep<FluxLanes::Q>::near_bound * (size * swing + drift);
    Law::limit(excess, limit);
    limit -= most;
    at(b.room) = (least < limit ? least : limit) - margin;
    at(b.end) = end;
  }

  template <bool with_jacobian>
  void find_moments() {
    constexpr std::size_t K = FluxLanes::K, D = FluxLanes::D;
    Four mean{}, current[D]{}, jacobian[K * K]{};
    for (std::size_t m = 0; m < lane_nodes; ++m) {
      Four g;
      Law::resistance(x[m], excess, g);
      g = 1.0 / g;
      Four v{};
      for (std::size_t j = 0; j < D; ++j) v += tables.phi[m][j] * voltage[j];
      const Four weighted = tables.weight[m] * g;
      const Four i = v * weighted;
      mean += weighted;
      for (std::size_t j = 0; j < D; ++j) current[j] += tables.phi[m][j] * i;
      if constexpr (with_jacobian) {
        Four slope;
        Law::slope(g, excess, slope);
        const Four by_state = gain * slope * i * g;
        for (std::size_t l = 0; l < K; ++l) {
          const Four by_potential = tables.phi[m][l] * weighted + tables.psi[m][l] * by_state;
          for (std::size_t j = 0; j < K; ++j) jacobian[j * K + l] += tables.phi[m][j] * by_potential;
        }
      }
    }
    const Four conductance = at(b.conductance);
    Four size;
    magnitude(conductance, size);
    at(b.mean) = mean * size;
    for (std::size_t j = 0; j < D; ++j) at(b.current[j]) = current[j] * conductance;
    if constexpr (with_jacobian) {
      for (std::size_t j = 0; j < K; ++j)
        for (std::size_t l = 0; l < K; ++l)
          at(b.jacobian[j * K + l]) = static_cast<double>(2 * j + 1) * jacobian[j * K + l] * conductance;
    }
  }
};

template <class Law>
void integrate_as(FluxLanes& b, FluxLanes::Wanted wanted) {
  const DriftPlan plan(b);
  const LaneTables& tables = LaneTables::get();
  for (std::size_t lane = 0; lane < b.used; lane += four) {
    LaneGroup<Law> group(b, lane, tables);
    group.follow_voltage();
    if (plan.sweeps > 0) group.add_drift(plan);
    group.find_room();
    if (wanted == FluxLanes::Wanted::currents) group.template find_moments<false>();
    if (wanted == FluxLanes::Wanted::jacobian) group.template find_moments<true>();
  }
}

#ifdef __x86_64__
/// The same for processors of the last ten years: four lanes in a register, and fused multiplications.
[[gnu::target("avx2,fma"), gnu::flatten]] void integrate_wide(FluxLanes& b, FluxLanes::Wanted wanted) {
  if (b.voltage_control)
    integrate_as<VoltageControl>(b, wanted);
  else
    integrate_as<CurrentControl>(b, wanted);
}
const bool has_wide = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif

}  // namespace

void FluxLanes::integrate(Wanted wanted) {
#ifdef __x86_64__
  if (has_wide) return integrate_wide(*this, wanted);
#endif
  if (voltage_control)
    integrate_as<VoltageControl>(*this, wanted);
  else
    integrate_as<CurrentControl>(*this, wanted);
}

std::int8_t FluxLanes::held(std::size_t e) const {
  const LaneTables& tables = LaneTables::get();
  const double limit = voltage_control ? 1 : 1 + excess[e] / 2;
  const bool low = begin[e] <= 0, high = begin[e] >= limit;
  if (!low && !high) return 0;
  const double inward = low ? 1 : -1;
  const double own = low ? 0 : drive[e] * (voltage_control ? 1 : 1 + excess[e]);  // drift at the bound
  const auto pushes = [&](double v) { return inward * (own - gain[e] * v) >= 0; };
  double first = 0, last = 0;
  for (std::size_t j = 0; j < D; ++j) {
    first += j % 2 == 1 ? -voltage[j][e] : voltage[j][e];
    last += voltage[j][e];
  }
  if (pushes(first) || pushes(last)) return 0;
  for (std::size_t m = 0; m < nodes; ++m) {
    double v = 0;
    for (std::size_t j = 0; j < D; ++j) v += tables.phi[m][j] * voltage[j][e];
    if (pushes(v)) return 0;
  }
  return low ? -1 : 1;
}

}  // namespace memspice::network
