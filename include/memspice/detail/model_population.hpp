#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "memspice/detail/local_block.hpp"
#include "memspice/detail/population.hpp"
#include "memspice/detail/reflection.hpp"
#include "memspice/model.hpp"

namespace memspice {

/// How a model becomes a population: all its instances in one object, evaluated by tight loops.
template <class Model>
class ModelPopulation final : public Population {
  static constexpr int nb = Model::branches;
  static constexpr int nu = static_cast<int>(Model::unknowns.size());
  static constexpr bool bounded = has_bounds<Model>;

 public:
  ModelPopulation(std::span<const double> parameters, std::size_t count) {
    const std::size_t width = count == 0 ? 0 : parameters.size() / count;
    models_.reserve(count);
    for (std::size_t k = 0; k < count; ++k) models_.emplace_back(parameters.subspan(k * width, width));
    blocks_.resize(count);
    if constexpr (bounded) {
      held_.assign(count * nu, 0);
      met_ = held_;
      path_.resize(count * nu);
      slope_.assign(count * nu, 1.0);
    }
  }

  std::size_t count() const override { return models_.size(); }

  void residual(const EvaluationPoint& at, double* residual) override {
    kappa_ = at.kappa;
    projecting_ = !at.on_path() && !at.hold_states;
    Local<Model, double> x;
    Equations<Model, double> f;
    for (std::size_t k = 0; k < models_.size(); ++k) {
      gather(at, k, x);
      if constexpr (bounded) follow(at, k, x);
      models_[k].equations(x, f);
      for (int b = 0; b < nb; ++b) {
        residual[wiring.plus[k * nb + b]] += f.current[b];
        residual[wiring.minus[k * nb + b]] -= f.current[b];
      }
      double* r = residual + wiring.first_unknown + k * nu;
      for (int j = 0; j < nu; ++j) r[j] = unknown_residual(at, k, j, x, f);
    }
  }

  bool linearise(const EvaluationPoint& at, double c) override {
    using Real = Dual<nb + nu>;
    Local<Model, double> value;
    Local<Model, Real> x;
    Equations<Model, Real> f;
    bool regular = true;
    for (std::size_t k = 0; k < models_.size(); ++k) {
      gather(at, k, value);
      if constexpr (bounded) follow(at, k, value, c);
      seed(at, c, k, value, x);
      models_[k].equations(x, f);
      regular &= condense_block(at, k, c, f);
    }
    return regular;
  }

  void jacobians(const EvaluationPoint& at, double* values) const override {
    using Real = Dual<nb + 2 * nu>;
    Local<Model, double> value;
    Local<Model, Real> x;
    Equations<Model, Real> f;
    for (std::size_t k = 0; k < models_.size(); ++k) {
      gather(at, k, value);
      for (int b = 0; b < nb; ++b) x.voltage[b] = Real::variable(value.voltage[b], b);
      for (int j = 0; j < nu; ++j) {
        x.unknown[j] = Real::variable(value.unknown[j], nb + j);
        x.derivative[j] = Real::variable(value.derivative[j], nb + nu + j, at.hold_states ? 0.0 : 1.0);
      }
      models_[k].equations(x, f);
      for (int b = 0; b < nb; ++b, values += nb + 2 * nu) std::ranges::copy(f.current[b].derivative, values);
      for (int j = 0; j < nu; ++j, values += nb + 2 * nu) {
        const bool state = Model::unknowns[j].kind == UnknownKind::state;
        if (state && (at.hold_states || is_held(k, j))) {
          std::fill_n(values, nb + 2 * nu, 0.0);
          values[nb + j] = 1;
          continue;
        }
        for (int i = 0; i < nb + 2 * nu; ++i)
          values[i] = state ? -f.unknown[j].derivative[i] : f.unknown[j].derivative[i];
        if (state) values[nb + nu + j] += 1;
      }
    }
  }

  void apply_storage(const EvaluationPoint& at, const double* x, double* result) const override {
    if constexpr (nu > 0) {
      using Real = Dual<1>;
      Local<Model, double> value;
      Local<Model, Real> local;
      Equations<Model, Real> f;
      for (std::size_t k = 0; k < models_.size(); ++k) {
        const std::size_t first = wiring.first_unknown + k * nu;
        gather(at, k, value);
        for (int b = 0; b < nb; ++b) local.voltage[b] = value.voltage[b];
        for (int j = 0; j < nu; ++j) {
          local.unknown[j] = value.unknown[j];
          local.derivative[j] = Real::variable(value.derivative[j], 0, x[first + j]);
        }
        models_[k].equations(local, f);
        for (int b = 0; b < nb; ++b) {
          result[wiring.plus[k * nb + b]] += f.current[b].derivative[0];
          result[wiring.minus[k * nb + b]] -= f.current[b].derivative[0];
        }
        for (int j = 0; j < nu; ++j) {
          if (is_held(k, j)) continue;
          const double g = f.unknown[j].derivative[0];
          result[first + j] += Model::unknowns[j].kind == UnknownKind::state ? x[first + j] - g : g;
        }
      }
    }
  }

  void assemble(const std::uint32_t* slots, double* values) const override {
    for (const Block& block : blocks_) {
      for (const double g : block.conductance) {
        values[slots[0]] += g;
        values[slots[1]] -= g;
        values[slots[2]] -= g;
        values[slots[3]] += g;
        slots += 4;
      }
    }
  }

  void condense(const double* b, double* rhs) const override {
    if constexpr (nu > 0) {
      for (std::size_t k = 0; k < models_.size(); ++k) {
        const Block& block = blocks_[k];
        const auto local = local_solution(block, b + wiring.first_unknown + k * nu, k);
        for (int i = 0; i < nb; ++i) {
          double current = 0;
          for (int j = 0; j < nu; ++j) current += block.flow[i * nu + j] * local[j];
          rhs[wiring.plus[k * nb + i]] -= current;
          rhs[wiring.minus[k * nb + i]] += current;
        }
      }
    }
  }

  void recover(const double* b, double* x, double scale) const override {
    if constexpr (nu > 0) {
      for (std::size_t k = 0; k < models_.size(); ++k) {
        const Block& block = blocks_[k];
        auto local = local_solution(block, b + wiring.first_unknown + k * nu, k);
        double* out = x + wiring.first_unknown + k * nu;
        for (int j = 0; j < nu; ++j) {
          if (is_held(k, j)) {
            out[j] = local[j];  // exact whatever the step: scaling would pull the state off its bound
            continue;
          }
          for (int i = 0; i < nb; ++i) {
            const double voltage = x[wiring.plus[k * nb + i]] - x[wiring.minus[k * nb + i]];
            local[j] -= block.response[j * nb + i] * voltage;
          }
          out[j] = scale * local[j];
        }
      }
    }
  }

  void currents(const EvaluationPoint& at, double* current, double* voltage) const override {
    Local<Model, double> x;
    Equations<Model, double> f;
    for (std::size_t k = 0; k < models_.size(); ++k) {
      gather(at, k, x);
      models_[k].equations(x, f);
      for (int b = 0; b < nb; ++b) {
        current[k * nb + b] = f.current[b];
        voltage[k * nb + b] = x.voltage[b];
      }
    }
  }

  void largest_currents(const EvaluationPoint& at, double* current, double* conductance) const override {
    Local<Model, double> x;
    Equations<Model, double> f;
    for (std::size_t k = 0; k < models_.size(); ++k) {
      gather(at, k, x);
      if constexpr (bounded) follow(at, k, x);
      models_[k].equations(x, f);
      for (int b = 0; b < nb; ++b) {
        const double g = stores_energy<Model> || x.voltage[b] == 0 ? 0 : f.current[b] / x.voltage[b];
        for (const std::uint32_t row : {wiring.plus[k * nb + b], wiring.minus[k * nb + b]}) {
          current[row] = std::max(current[row], std::abs(f.current[b]));
          conductance[row] = std::max(conductance[row], std::abs(g));
        }
      }
    }
  }

  void keep_linearisation() override { kept_ = blocks_; }
  void return_to_linearisation() override { blocks_ = kept_; }

  double observe(const EvaluationPoint& at, std::size_t instance, std::size_t observable) const override {
    Local<Model, double> x;
    gather(at, instance, x);
    if constexpr (requires { models_[instance].observe(observable, x); }) {
      return models_[instance].observe(observable, x);
    } else {
      (void)observable;
      return not_given;
    }
  }

  void noise(const EvaluationPoint& at, double kelvin, double hertz, double* density) const override {
    if constexpr (requires { Model::noises; }) {
      Local<Model, double> x;
      for (std::size_t k = 0; k < models_.size(); ++k, density += Model::noises.size()) {
        gather(at, k, x);
        models_[k].noise(x, kelvin, hertz, std::span<double>(density, Model::noises.size()));
      }
    }
  }

  double tap(const EvaluationPoint& at, double c, const Tap& tap, double* by_voltage,
             double* by_unknown) const override {
    using Real = Dual<nb + nu>;
    Local<Model, double> value;
    gather(at, tap.instance, value);
    if constexpr (bounded) follow(at, tap.instance, value, c);
    Local<Model, Real> x;
    seed(at, c, tap.instance, value, x);
    Real result;
    if (tap.kind == Tap::Kind::unknown) {
      if constexpr (nu > 0) result = x.unknown[tap.index];
    } else if (tap.kind == Tap::Kind::current) {
      Equations<Model, Real> f;
      models_[tap.instance].equations(x, f);
      result = f.current[tap.index];
    } else if constexpr (requires { models_[0].observe(std::size_t{}, x); }) {
      result = models_[tap.instance].observe(tap.index, x);
    }
    for (int b = 0; b < nb; ++b) by_voltage[b] = result.derivative[b];
    for (int j = 0; j < nu; ++j) by_unknown[j] = result.derivative[nb + j];
    return result.value;
  }

  void condense_tap(std::uint32_t instance, const double* by_unknown, double* by_voltage) const override {
    const Block& block = blocks_[instance];
    for (int b = 0; b < nb; ++b)
      for (int j = 0; j < nu; ++j) by_voltage[b] -= by_unknown[j] * block.response[j * nb + b];
  }

  double tap_response(std::uint32_t instance, const double* by_unknown, const double* b) const override {
    double sum = 0;
    if constexpr (nu > 0) {
      const auto local =
          local_solution(blocks_[instance], b + wiring.first_unknown + instance * nu, instance);
      for (int j = 0; j < nu; ++j) sum += by_unknown[j] * local[j];
    }
    return sum;
  }

  std::span<const std::int8_t> held() const override { return held_; }
  std::span<const std::int8_t> met() const override { return met_; }
  std::span<const PathPoint> path() const override { return path_; }

  bool has_active() const override {
    Local<Model, double> x{};
    x.voltage.fill(1);
    Equations<Model, double> f;
    return std::ranges::any_of(models_, [&](const Model& model) {
      model.equations(x, f);
      return std::ranges::any_of(f.current, [](double current) { return current < 0; });
    });
  }

  void begin_path(const double* y, const double* derivative) override {
    if constexpr (bounded) {
      for (std::size_t i = 0; i < path_.size(); ++i) {
        const UnknownDescription& unknown = Model::unknowns[i % nu];
        const std::size_t place = wiring.first_unknown + i;
        path_[i] = {y[place], derivative[place], std::clamp(y[place], unknown.lower, unknown.upper)};
      }
    }
  }

  void advance_path(const EvaluationPoint& at) override {
    if constexpr (bounded) {
      for (std::size_t i = 0; i < path_.size(); ++i) {
        const std::size_t place = wiring.first_unknown + i;
        path_[i] = {at.y[place], at.derivative[place], reflected(at, i, 0).state};
      }
    }
  }

  void project(const EvaluationPoint& at, double* y) const override {
    if constexpr (bounded) {
      for (std::size_t i = 0; i < path_.size(); ++i) y[wiring.first_unknown + i] = reflected(at, i, 0).state;
    }
  }

  double conductance(std::size_t instance) const override { return blocks_[instance].held; }

 private:
  using Block = LocalBlock<nb, nu>;

  void gather(const EvaluationPoint& at, std::size_t k, Local<Model, double>& x) const {
    for (int b = 0; b < nb; ++b) {
      const std::size_t i = k * nb + b;
      x.voltage[b] = at.y[wiring.plus[i]] - at.y[wiring.minus[i]];
      if (!wiring.emf.empty()) x.voltage[b] += wiring.emf[i];
    }
    const std::size_t first = wiring.first_unknown + k * nu;
    for (int j = 0; j < nu; ++j) {
      x.unknown[j] = at.y[first + j];
      x.derivative[j] = at.hold_states ? 0.0 : at.derivative[first + j];
    }
  }

  /// Numbers that carry their derivatives by the branch voltages and the unknowns. One direction serves an
  /// unknown and its derivative by time: both move together in Newton's method, dẋ = c dx.
  void seed(const EvaluationPoint& at, double c, std::size_t k, const Local<Model, double>& value,
            Local<Model, Dual<nb + nu>>& x) const {
    using Real = Dual<nb + nu>;
    for (int b = 0; b < nb; ++b) x.voltage[b] = Real::variable(value.voltage[b], b);
    for (int j = 0; j < nu; ++j) {
      double slope = 1;
      if constexpr (bounded) slope = at.on_path() ? slope_[k * nu + j] : 1;
      x.unknown[j] = Real::variable(value.unknown[j], nb + j, slope);
      x.derivative[j] = Real::variable(value.derivative[j], nb + j, at.hold_states ? 0.0 : c);
    }
  }

  [[nodiscard]] Reflected reflected(const EvaluationPoint& at, std::size_t i, double c) const {
    const UnknownDescription& unknown = Model::unknowns[i % nu];
    const std::size_t place = wiring.first_unknown + i;
    return reflect(path_[i], at.y[place], at.derivative[place], at.elapsed, c, unknown.lower, unknown.upper);
  }

  /// Puts the states into `x` that belong to the unknowns on the path of a transient.
  void follow(const EvaluationPoint& at, std::size_t k, Local<Model, double>& x, double c = 0) const {
    if (!at.on_path()) return;
    for (int j = 0; j < nu; ++j) {
      const std::size_t i = k * nu + j;
      const Reflected now = reflected(at, i, c);
      x.unknown[j] = now.state;
      slope_[i] = now.slope;
      met_[i] = now.side;
    }
  }

  /// ẋ - f for a state: on the path of a transient just that; without one in projection form at its bounds,
  /// the natural-map form of the complementarity -λ = ẋ - f ≤ 0, x - upper ≤ 0, λ (x - upper) = 0, and
  /// correspondingly at the lower one, decided anew at every evaluation.
  double unknown_residual(const EvaluationPoint& at, std::size_t k, int j, const Local<Model, double>& x,
                          const Equations<Model, double>& f) {
    constexpr auto& unknowns = Model::unknowns;
    if (unknowns[j].kind == UnknownKind::charge) return f.unknown[j];
    if (at.hold_states) return 0;
    double r = x.derivative[j] - f.unknown[j];
    if constexpr (bounded) {
      if (at.on_path()) return r;
      const double y = at.y[wiring.first_unknown + k * nu + j];
      std::int8_t side = 0;
      const double above = at.kappa * (y - unknowns[j].upper);
      const double below = at.kappa * (y - unknowns[j].lower);
      if (above > r) {
        r = above;
        side = 1;
      } else if (below < r) {
        r = below;
        side = -1;
      }
      held_[k * nu + j] = side;
    }
    return r;
  }

  /// Held at a bound by the projection form.
  [[nodiscard]] bool is_held(std::size_t k, int j) const {
    if constexpr (bounded) return projecting_ && held_[k * nu + j] != 0;
    return false;
  }

  /// d⁻¹ b; for a held state b/κ, whatever was linearised: the factorised matrix may be older than the active
  /// set.
  std::array<double, nu> local_solution(const Block& block, const double* b, std::size_t k) const {
    std::array<double, nu> local = block.solve(b);
    if constexpr (bounded) {
      for (int j = 0; j < nu; ++j)
        if (is_held(k, j)) local[j] = b[j] / kappa_;
    }
    return local;
  }

  bool condense_block(const EvaluationPoint& at, std::size_t k, double c,
                      const Equations<Model, Dual<nb + nu>>& f) {
    Block& block = blocks_[k];
    for (int i = 0; i < nb; ++i) {
      for (int j = 0; j < nb; ++j) block.conductance[i * nb + j] = f.current[i].derivative[j];
      for (int j = 0; j < nu; ++j) block.flow[i * nu + j] = f.current[i].derivative[nb + j];
    }
    block.held = block.conductance[0];
    if constexpr (nu == 0) return true;
    std::array<double, nu * nu> d{};
    std::array<double, nu * nb> e{};
    for (int j = 0; j < nu; ++j) {
      const bool state = Model::unknowns[j].kind == UnknownKind::state;
      if (state && (at.hold_states || is_held(k, j))) {
        d[j * nu + j] = at.hold_states ? 1.0 : at.kappa;
        continue;
      }
      const double sign = state ? -1.0 : 1.0;
      for (int i = 0; i < nb; ++i) e[j * nb + i] = sign * f.unknown[j].derivative[i];
      for (int i = 0; i < nu; ++i) d[j * nu + i] = sign * f.unknown[j].derivative[nb + i];
      if (state) d[j * nu + j] += c;
    }
    return block.eliminate(d, e);
  }

  std::vector<Model> models_;
  std::vector<Block> blocks_;
  std::vector<Block> kept_;
  std::vector<std::int8_t> held_;  // count × nu
  std::vector<PathPoint> path_;    // count × nu: the last accepted point
  // Count × nu, as the states were last followed.
  mutable std::vector<std::int8_t> met_;
  mutable std::vector<double> slope_;  // of the states by their unknowns
  bool projecting_ = false;            // the last residual was in projection form
  double kappa_ = 1;                   // κ of the last residual
};

}  // namespace memspice
