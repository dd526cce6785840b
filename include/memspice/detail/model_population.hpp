#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "memspice/detail/condensed_population.hpp"
#include "memspice/detail/driven_models.hpp"
#include "memspice/detail/population.hpp"
#include "memspice/model.hpp"

namespace memspice {

/// How a model becomes a population: all its instances in one object, evaluated by tight loops. Here stands
/// what evaluates the model; the layers below have its bounded states and its linearisation.
template <class Model>
class ModelPopulation final : public CondensedPopulation<Model> {
  using Condensed = CondensedPopulation<Model>;
  using Condensed::begin_residuals;
  using Condensed::condense_block;
  using Condensed::follow;
  using Condensed::is_held;
  using Condensed::nb;
  using Condensed::nu;
  using Condensed::projected;
  using Condensed::slope;

 public:
  using Condensed::wiring;

  ModelPopulation(std::span<const double> parameters, std::size_t count, std::span<const Curve> curves)
      : Condensed(count) {
    const std::size_t width = count == 0 ? 0 : parameters.size() / count;
    models_.reserve(count);
    for (std::size_t k = 0; k < count; ++k)
      models_.push_back(make_model<Model>(parameters.subspan(k * width, width), curves));
    this->take_bounds(models_);
    draws_.resize(count * nd);
  }

  std::size_t count() const override { return models_.size(); }

  std::span<double> draws() override { return draws_; }

  double draw_interval(std::size_t instance) const override {
    if constexpr (nd > 0) return models_[instance].draw_interval();
    return infinity;
  }

  bool is_linear() const override {
    if constexpr (requires { Model::linear; }) return Model::linear;
    return false;
  }

  void residual(const EvaluationPoint& at, double* residual) override {
    begin_residuals(at);
    constexpr auto look = [](std::size_t, const auto&, const auto&) {};
    wiring.minus_is_ground ? add_residual<true>(at, residual, look) : add_residual<false>(at, residual, look);
  }

  void residual(const EvaluationPoint& at, double* residual, double* current, double* conductance) override {
    begin_residuals(at);
    add_residual<false>(at, residual, [&](std::size_t k, const auto& x, const auto& f) {
      for (int b = 0; b < nb; ++b) {
        const double g = stores_energy<Model> || x.voltage[b] == 0 ? 0 : f.current[b] / x.voltage[b];
        for (const std::uint32_t row : {wiring.plus[k * nb + b], wiring.minus[k * nb + b]}) {
          if (row == 0) continue;  // nobody asks for ground's, and each would wait for the one before
          current[row] = std::max(current[row], std::abs(f.current[b]));
          conductance[row] = std::max(conductance[row], std::abs(g));
        }
      }
    });
  }

  bool linearise(const EvaluationPoint& at, double c) override {
    using Real = Dual<nb + nu>;
    Local<Model, double> value;
    bool regular = true;
    for (std::size_t k = 0; k < models_.size(); ++k) {
      gather(at, k, value);
      if constexpr (HasOwnBlock<Model>) {
        regular &= models_[k].linearise(value, at.hold_states ? 0.0 : c, this->block(k));
      } else {
        Local<Model, Real> x;
        Equations<Model, Real> f;
        follow(at, k, value.unknown, c);
        seed(at, c, k, value, x);
        models_[k].equations(x, f);
        regular &= condense_block(at, k, c, f);
      }
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
      x.draw = value.draw;
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
        local.draw = value.draw;
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

  void currents(const EvaluationPoint& at, double* current, double* voltage) const override {
    for (std::size_t k = 0; k < models_.size(); ++k) read_currents(at, k, current, voltage);
  }

  void currents(const EvaluationPoint& at, std::span<const std::uint32_t> instances, double* current,
                double* voltage) const override {
    for (const std::uint32_t k : instances) read_currents(at, k, current, voltage);
  }

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

  void noise(const EvaluationPoint& at, double kelvin, double hertz, double* density,
             double* path) const override {
    if constexpr (requires { Model::noises; }) {
      Local<Model, double> x;
      for (std::size_t k = 0; k < models_.size(); ++k) {
        gather(at, k, x);
        if (density != nullptr) {
          models_[k].noise(x, kelvin, hertz, std::span<double>(density, Model::noises.size()));
          density += Model::noises.size();
        }
        if (path != nullptr) path = write_noise_paths(models_[k], x, path);
      }
    }
  }

  double tap(const EvaluationPoint& at, double c, const Tap& tap, double* by_voltage,
             double* by_unknown) const override {
    using Real = Dual<nb + nu>;
    Local<Model, double> value;
    gather(at, tap.instance, value);
    follow(at, tap.instance, value.unknown, c);
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

  bool limit(const double* y, double* change) const override {
    bool limited = false;
    if constexpr (requires(const Model& model, std::array<double, nu>& x) { model.limit(x, x); }) {
      for (std::size_t k = 0; k < models_.size(); ++k) {
        const std::size_t first = wiring.first_unknown + k * nu;
        std::array<double, nu> before, after;
        for (int j = 0; j < nu; ++j) {
          before[j] = y[first + j];
          after[j] = before[j] + change[first + j];
        }
        const std::array<double, nu> wanted = after;
        models_[k].limit(before, after);
        for (int j = 0; j < nu; ++j) {
          if (after[j] == wanted[j]) continue;
          change[first + j] = after[j] - before[j];
          limited = true;
        }
      }
    }
    return limited;
  }

  void guess(double* y) const override {
    if constexpr (requires(const Model& model, std::span<double> x) { model.guess(x); })
      for (std::size_t k = 0; k < models_.size(); ++k)
        models_[k].guess(std::span<double>(y + wiring.first_unknown + k * nu, nu));
  }

  void start(std::size_t instance, const double* voltage, double* y) const override {
    if constexpr (requires(const Model& model, std::array<double, nb>& v, std::span<double> x) {
                    model.start(v, x);
                  }) {
      std::array<double, nb> v;
      std::copy_n(voltage, nb, v.begin());
      models_[instance].start(v, std::span<double>(y + wiring.first_unknown + instance * nu, nu));
    }
  }

  std::unique_ptr<DrivenStates> driven() const override {
    if constexpr (conducts_by_state<Model>()) return std::make_unique<DrivenModels<Model>>(models_);
    return nullptr;
  }

  bool has_active() const override {
    Local<Model, double> x{};
    x.voltage.fill(1);
    Equations<Model, double> f;
    return std::ranges::any_of(models_, [&](const Model& model) {
      model.equations(x, f);
      return std::ranges::any_of(f.current, [](double current) { return current < 0; });
    });
  }

 private:
  void read_currents(const EvaluationPoint& at, std::size_t k, double* current, double* voltage) const {
    Local<Model, double> x;
    Equations<Model, double> f;
    gather(at, k, x);
    models_[k].equations(x, f);
    for (int b = 0; b < nb; ++b) {
      current[k * nb + b] = f.current[b];
      voltage[k * nb + b] = x.voltage[b];
    }
  }

  static double* write_noise_paths(const Model& model, const Local<Model, double>& x, double* path) {
    for (std::size_t i = 0; i < Model::noises.size(); ++i) {
      Equations<Model, double> f{};
      if constexpr (requires { model.noise_path(i, x, f); })
        model.noise_path(i, x, f);
      else
        f.current[Model::noises[i].branch] = 1;
      path = std::ranges::copy(f.current, path).out;
      path = std::ranges::copy(f.unknown, path).out;
    }
    return path;
  }

  /// What all instances add to ground's row, which nobody reads, each would wait for the one before.
  template <bool minus_is_ground, class Look>
  void add_residual(const EvaluationPoint& at, double* residual, const Look& look) {
    Local<Model, double> x;
    Equations<Model, double> f;
    for (std::size_t k = 0; k < models_.size(); ++k) {
      gather(at, k, x);
      follow(at, k, x.unknown);
      models_[k].equations(x, f);
      look(k, x, f);
      for (int b = 0; b < nb; ++b) {
        residual[wiring.plus[k * nb + b]] += f.current[b];
        if constexpr (!minus_is_ground) residual[wiring.minus[k * nb + b]] -= f.current[b];
      }
      double* r = residual + wiring.first_unknown + k * nu;
      for (int j = 0; j < nu; ++j) r[j] = unknown_residual(at, k, j, x, f);
    }
  }

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
    for (std::size_t d = 0; d < nd; ++d) x.draw[d] = draws_[k * nd + d];
  }

  /// Numbers that carry their derivatives by the branch voltages and the unknowns. One direction serves an
  /// unknown and its derivative by time: both move together in Newton's method, dẋ = c dx.
  void seed(const EvaluationPoint& at, double c, std::size_t k, const Local<Model, double>& value,
            Local<Model, Dual<nb + nu>>& x) const {
    using Real = Dual<nb + nu>;
    for (int b = 0; b < nb; ++b) x.voltage[b] = Real::variable(value.voltage[b], b);
    for (int j = 0; j < nu; ++j) {
      x.unknown[j] = Real::variable(value.unknown[j], nb + j, slope(at, k, j));
      x.derivative[j] = Real::variable(value.derivative[j], nb + j, at.hold_states ? 0.0 : c);
    }
    x.draw = value.draw;
  }

  double unknown_residual(const EvaluationPoint& at, std::size_t k, int j, const Local<Model, double>& x,
                          const Equations<Model, double>& f) {
    if (Model::unknowns[j].kind != UnknownKind::state) return f.unknown[j];
    if (at.hold_states) return 0;
    return projected(at, k, j, x.derivative[j] - f.unknown[j]);
  }

  static constexpr std::size_t nd = draw_count<Model>();

  std::vector<Model> models_;
  std::vector<double> draws_;
};

}  // namespace memspice
