#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "memspice/detail/driven_states.hpp"
#include "memspice/detail/radau.hpp"
#include "memspice/detail/watched.hpp"
#include "memspice/device.hpp"
#include "memspice/model.hpp"

namespace memspice {

/// One instance in a step of length h from x at τ = 0 to τ = 1: by Radau's method of order 5 at once, or
/// where it meets or leaves a bound, where f has a kink and where x is faster than the step, piece by piece
/// for the cubic that the voltages at the beginning and the nodes make.
template <class Model>
class DrivenStep {
 public:
  using Way = DrivenStates::Way;
  static constexpr std::size_t nodes = DrivenStates::nodes;
  using Values = DrivenStates::Values;
  using Voltage = DrivenStates::Voltage;

  DrivenStep(const Model& model, StateBounds bounds, double tolerance)
      : model_(model), bounds_(bounds), tolerance_(tolerance) {}

  /// The whole step as one piece, from a guess. False: it has to be made in pieces.
  bool whole(double h, const Voltage& voltage, double begin, double rate, double slope, Values& state) const {
    const std::int8_t side = side_of(begin);
    if (side != 0) {
      bool held = rate * side >= 0;
      for (std::size_t i = 0; i < nodes && held; ++i) held = rate_at(begin, voltage[i + 1]) * side >= 0;
      if (held) state.fill(begin);
      return held;
    }
    const Values at{voltage[1], voltage[2], voltage[3]};
    if (!solve(h, at, begin, state)) return false;
    for (const double x : state)
      if (side_of(x) != 0) return false;
    if (turns_beyond_kink(voltage, begin, state)) return false;
    const double error = error_of(h, begin, state, rate, slope);
    if (error <= harmless * tolerance_) return true;
    const std::uint64_t kind = kind_at(begin, voltage[0]);
    for (std::size_t i = 0; i < nodes; ++i)
      if (kind_at(state[i], voltage[i + 1]) != kind) return false;
    return error <= tolerance_;
  }

  /// In pieces: the states at times τ, ascending. False: there is no way through.
  bool pieces(double h, const Voltage& voltage, double begin, std::span<const double> tau, double* state,
              std::int8_t& met) const {
    constexpr int most_pieces = 3000;
    const radau::Cubic volts(voltage);
    Progress at{.x = begin, .step = 0.25};
    std::size_t next = 0;
    met = side_of(begin);
    for (int piece = 0; piece < most_pieces && next < tau.size(); ++piece) {
      const std::int8_t side = side_of(at.x);
      if (side != 0 && !at.released && stays(side, volts(at.tau), at.x)) {
        const double until = hold(side, volts, at);
        for (; next < tau.size() && tau[next] <= until; ++next) state[next] = at.x;
        at.tau = until;
        continue;
      }
      if (!advance(h, volts, at)) return false;
      for (; next < tau.size() && tau[next] <= at.tau; ++next)
        state[next] = inside(at.path((tau[next] - at.before) / at.length));
      if (side_of(at.x) != 0) met = side_of(at.x);
    }
    return next == tau.size();
  }

  [[nodiscard]] double conductance(double x) const {
    Local<Model, double> local;
    Equations<Model, double> f;
    local.voltage[0] = 1;
    local.unknown[0] = x;
    model_.equations(local, f);
    return f.current[0];
  }

  [[nodiscard]] DrivenStates::Point look(double x, double volts) const {
    using Real = Dual<2>;
    Local<Model, Real> local;
    Equations<Model, Real> f;
    local.voltage[0] = Real::variable(volts, 0);
    local.unknown[0] = Real::variable(x, 1);
    model_.equations(local, f);
    const double rate = f.unknown[0].value;
    const double range = bounds_.upper - bounds_.lower;
    const double rest = std::min(x - bounds_.lower, bounds_.upper - x);
    const bool held = side_of(x) != 0 && rate * side_of(x) >= 0;
    return {.rate = rate,
            .by_state = held ? 0 : f.unknown[0].derivative[1],
            .sensitivity = held ? 0 : std::abs(f.unknown[0].derivative[0]),
            .rest = rest < infinity ? rest : std::abs(x),
            .range = range < infinity ? range : 1};
  }

 private:
  static constexpr double nearly_all = 0.995;    // of a piece: a kink there is its end
  static constexpr double beyond_kink = 1.0005;  // so that the next piece does not begin before it
  /// A piece errs less than a whole step may: that it is one at all, and where others begin, changes with
  /// the voltages, and no longer has to matter when these have been found.
  static constexpr double piece_share = 0.05;
  static constexpr double harmless = 0.01;  // of the tolerance: kinks that do so little need no look
  struct Slope {
    double value, by_state;
  };
  struct Progress {
    double tau = 0, x = 0;
    double step = 0;                // that the next piece tries
    double before = 0, length = 0;  // of the last piece: where it began, and how long it was tried
    radau::Cubic path{};            // along it
    bool released = false;          // the state leaves its bound here
  };

  [[nodiscard]] std::int8_t side_of(double x) const {
    return x >= bounds_.upper ? std::int8_t{1} : x <= bounds_.lower ? std::int8_t{-1} : std::int8_t{0};
  }
  [[nodiscard]] double inside(double x) const { return std::clamp(x, bounds_.lower, bounds_.upper); }

  [[nodiscard]] double rate_at(double x, double volts) const {
    Local<Model, double> local;
    Equations<Model, double> f;
    local.voltage[0] = volts;
    local.unknown[0] = x;
    model_.equations(local, f);
    return f.unknown[0];
  }
  /// Beyond a bound f goes on as it is there.
  [[nodiscard]] Slope slope_at(double x, double volts) const {
    using Real = Dual<1>;
    const double state = inside(x);
    Local<Model, Real> local;
    Equations<Model, Real> f;
    local.voltage[0] = Real(volts);
    local.unknown[0] = Real::variable(state, 0);
    model_.equations(local, f);
    return {f.unknown[0].value, state == x ? f.unknown[0].derivative[0] : 0};
  }
  /// The smooth piece of f that a point lies in.
  [[nodiscard]] std::uint64_t kind_at(double x, double volts) const {
    Local<Model, Watched> local;
    Equations<Model, Watched> f;
    local.voltage[0] = volts;
    local.unknown[0] = inside(x);
    Watched::begin();
    model_.equations(local, f);
    return Watched::outcomes();
  }
  [[nodiscard]] bool stays(std::int8_t side, double volts, double x) const {
    return rate_at(x, volts) * side >= 0;
  }

  /// Whether a voltage that turns between two nodes comes to a kink there that the nodes do not see.
  [[nodiscard]] bool turns_beyond_kink(const Voltage& voltage, double begin, const Values& state) const {
    for (std::size_t i = 1; i < nodes; ++i) {
      const double before = voltage[i] - voltage[i - 1], behind = voltage[i + 1] - voltage[i];
      if (!(before * behind < 0)) continue;
      const double first = radau::node[i] - radau::node[i - 1], second = radau::node[i + 1] - radau::node[i];
      // The vertex of the parabola through the three.
      const double slope = before / first;
      const double bend = (behind / second - slope) / (first + second);
      const double tau = radau::node[i - 1] + 0.5 * (first - slope / bend);
      const double volts = radau::Cubic(voltage)(tau);
      const double x = radau::Cubic({begin, state[0], state[1], state[2]})(tau);
      if (kind_at(x, volts) != kind_at(begin, voltage[0])) return true;
    }
    return false;
  }

  /// Newton's method for the states at the nodes; they hold a guess.
  bool solve(double h, const Values& volts, double begin, Values& state) const {
    constexpr int most_iterations = 10;
    constexpr double done = 0.03;  // of the tolerance
    double last = infinity;
    for (int iteration = 0; iteration < most_iterations; ++iteration) {
      Values f{}, slope{};
      for (std::size_t i = 0; i < nodes; ++i) {
        const Slope at = slope_at(state[i], volts[i]);
        f[i] = h * at.value;
        slope[i] = h * at.by_state;
      }
      const Values change = radau::newton_change(begin, state, f, slope);
      double size = 0;
      for (std::size_t i = 0; i < nodes; ++i) {
        state[i] += change[i];
        size = std::max(size, std::abs(change[i]));
      }
      if (!std::isfinite(change[0] + change[1] + change[2])) return false;
      if (slope == Values{}) return true;  // f does not depend on the state
      if (size <= done * tolerance_ || size <= 1e-15 * std::abs(begin)) return true;
      if (iteration > 2 && size > last) return false;
      last = size;
    }
    return false;
  }

  /// What the polynomial of a piece errs within it: by how much it misses f at its beginning, as far as that
  /// is not damped.
  [[nodiscard]] double error_of(double h, double begin, const Values& state, double rate,
                                double slope) const {
    constexpr double largest_integral = 0.07;  // of what is 1 at 0 and vanishes at the nodes
    constexpr double inverse_time = 3.6378;    // the real eigenvalue of Radau's matrix, inverted
    const double defect = std::abs(radau::slope_at_begin(begin, state) - h * rate);
    return largest_integral * defect / (1 + std::max(0.0, -h * slope) / inverse_time);
  }

  /// How long a state stays at its bound, at most a step.
  [[nodiscard]] double hold(std::int8_t side, const radau::Cubic& volts, Progress& at) const {
    const double end = std::min(at.tau + at.step, 1.0);
    double stayed = at.tau;
    for (const double part : {0.5, 1.0}) {
      const double then = part == 1 ? end : at.tau + part * (end - at.tau);
      if (stays(side, volts(then), at.x)) {
        stayed = then;
        continue;
      }
      double left = then;
      for (int i = 0; i < 45 && left - stayed > 1e-14; ++i) {
        const double middle = 0.5 * (stayed + left);
        (stays(side, volts(middle), at.x) ? stayed : left) = middle;
      }
      at.released = true;
      return left;
    }
    at.step *= 2;
    return end;
  }

  /// One piece, which ends at a kink where f has one, and at a bound where it meets one.
  bool advance(double h, const radau::Cubic& volts, Progress& at) const {
    constexpr double shortest = 1e-10;
    constexpr int most_cuts = 8;
    const double most_of_piece = piece_share * tolerance_;
    const Slope first = slope_at(at.x, volts(at.tau));
    const std::uint64_t kind = kind_at(at.x, volts(at.tau));
    double wanted = at.step;
    for (int cuts = 0;;) {
      double length = std::min(at.step, 1 - at.tau);
      if (1 - at.tau - length < 0.1 * length && cuts == 0) length = 1 - at.tau;
      Values at_nodes{}, state{};
      for (std::size_t i = 0; i < nodes; ++i) {
        const double way = radau::node[i + 1] * length;
        at_nodes[i] = volts(at.tau + way);
        state[i] = at.x + way * h * first.value / (1 + std::max(0.0, -way * h * first.by_state));
      }
      const bool solved = solve(length * h, at_nodes, at.x, state);
      const double error = solved ? error_of(length * h, at.x, state, first.value, first.by_state) : infinity;
      if (solved && error > harmless * most_of_piece && length > shortest && cuts < most_cuts) {
        const double kink = find_kink(kind, volts, at, length, state);
        if (kink < 1) {
          ++cuts;
          at.step = std::max(shortest, kink * length * beyond_kink);
          continue;
        }
      }
      if (error > most_of_piece && length > shortest) {
        at.step = wanted =
            length * (solved ? std::clamp(0.9 * std::pow(most_of_piece / error, 0.25), 0.1, 0.7) : 0.2);
        continue;
      }
      if (!solved) return false;
      at.step = std::max(wanted, length * std::clamp(0.9 * std::pow(most_of_piece / error, 0.25), 0.5, 4.0));
      accept(length, state, at);
      return true;
    }
  }

  /// Where along a piece f comes to another of its smooth pieces, as a part of it; 1: nowhere. By the
  /// voltage alone first: how comparisons of the state itself come out is rounding where it rests at a kink.
  [[nodiscard]] double find_kink(std::uint64_t kind, const radau::Cubic& volts, const Progress& at,
                                 double length, const Values& state) const {
    constexpr double least = 0.02;
    const radau::Cubic path({at.x, state[0], state[1], state[2]});
    const double by_voltage =
        first_change([&](double part) { return kind_at(at.x, volts(at.tau + part * length)) != kind; });
    if (by_voltage < nearly_all) return by_voltage;
    const double by_both =
        first_change([&](double part) { return kind_at(path(part), volts(at.tau + part * length)) != kind; });
    return by_both > least && by_both < nearly_all ? by_both : 1;
  }

  template <class Differs>
  [[nodiscard]] static double first_change(const Differs& differs) {
    for (std::size_t i = 1; i <= nodes; ++i) {
      if (!differs(radau::node[i])) continue;
      double before = radau::node[i - 1], behind = radau::node[i];
      while (behind - before > 1e-4 * behind && behind > 1e-12) {
        const double middle = 0.5 * (before + behind);
        (differs(middle) ? behind : before) = middle;
      }
      return behind;
    }
    return 1;
  }

  void accept(double length, const Values& state, Progress& at) const {
    constexpr double least = 1e-6;
    const double begin = at.x;
    at.path = radau::Cubic({begin, state[0], state[1], state[2]});
    at.before = at.tau;
    at.length = length;
    at.released = false;
    double last = 0;
    for (std::size_t i = 0; i < nodes; ++i) {
      const double node = radau::node[i + 1];
      if (side_of(state[i]) == 0 || state[i] == begin) {
        last = node;
        continue;
      }
      double beyond = node;
      while (beyond - last > 1e-14) {
        const double middle = 0.5 * (last + beyond);
        (side_of(at.path(middle)) == side_of(state[i]) ? beyond : last) = middle;
      }
      at.tau += std::max(beyond, least) * length;
      at.x = side_of(state[i]) > 0 ? bounds_.upper : bounds_.lower;
      return;
    }
    at.tau = at.tau + length > 1 - 1e-13 ? 1 : at.tau + length;
    at.x = state[nodes - 1];
  }

  const Model& model_;
  StateBounds bounds_;
  double tolerance_;
};

/// The instances of a model that conducts as its state has it.
template <class Model>
class DrivenModels final : public DrivenStates {
 public:
  explicit DrivenModels(const std::vector<Model>& models) : models_(models) {}

  double follow(const Step& step, std::size_t first, std::size_t last, Path& path) const override {
    double largest = 0;
    for (std::size_t k = first; k < last; ++k) {
      const DrivenStep<Model> device(models_[k], bounds(k), step.tolerance[k]);
      const Values guess = path.state[k];
      Values& state = path.state[k];
      path.met[k] = 0;
      if (path.way[k] != Way::whole || !device.whole(step.length, step.voltage[k], step.begin[k],
                                                     step.point[k].rate, step.point[k].by_state, state)) {
        path.way[k] = Way::pieces;
        if (!device.pieces(step.length, step.voltage[k], step.begin[k], std::span(radau::node).last(nodes),
                           state.data(), path.met[k])) {
          path.way[k] = Way::failed;
          return infinity;
        }
      }
      for (std::size_t i = 0; i < nodes; ++i) {
        largest = std::max(largest, std::abs(state[i] - guess[i]) / step.tolerance[k]);
        if (state[i] == path.known[k][i]) continue;
        path.known[k][i] = state[i];
        path.conductance[i * path.stride + k] = device.conductance(state[i]);
      }
    }
    return largest;
  }

  void trace(const Step& step, std::size_t k, std::span<const double> tau,
             std::span<double> state) const override {
    std::int8_t met = 0;
    const DrivenStep<Model> device(models_[k], bounds(k), step.tolerance[k]);
    device.pieces(step.length, step.voltage[k], step.begin[k], tau, state.data(), met);
  }

  void look(std::size_t first, std::span<const double> state, std::span<const double> voltage,
            std::span<Point> point) const override {
    for (std::size_t i = 0; i < state.size(); ++i)
      point[i] = DrivenStep<Model>(models_[first + i], bounds(first + i), 1).look(state[i], voltage[i]);
  }

  void conductances(std::span<const double> state, std::span<double> conductance) const override {
    for (std::size_t k = 0; k < models_.size(); ++k)
      conductance[k] = DrivenStep<Model>(models_[k], bounds(k), 1).conductance(state[k]);
  }

 private:
  [[nodiscard]] StateBounds bounds(std::size_t k) const {
    if constexpr (requires { models_[k].bounds(0); }) return models_[k].bounds(0);
    return {Model::unknowns[0].lower, Model::unknowns[0].upper};
  }

  const std::vector<Model>& models_;
};

}  // namespace memspice
