#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "memspice/detail/population.hpp"
#include "memspice/detail/reflection.hpp"
#include "memspice/device.hpp"

namespace memspice {

/// The lowest layer of a ModelPopulation, its bounded states: where they are along a transient
/// (reflection.hpp), and which of them are held at a bound elsewhere. Empty where no unknown has bounds.
template <class Model>
class BoundedPopulation : public Population {
 public:
  std::span<const std::int8_t> held() const override { return held_; }
  std::span<const std::int8_t> met() const override { return met_; }
  std::span<const PathPoint> path() const override { return path_; }
  std::span<const StateBounds> own_bounds() const override { return bounds_; }

  void begin_path(const double* y, const double* derivative) override {
    if constexpr (bounded) {
      for (std::size_t i = 0; i < path_.size(); ++i) {
        const StateBounds bounds = bounds_of(i);
        const std::size_t place = wiring.first_unknown + i;
        path_[i] = {y[place], derivative[place], std::clamp(y[place], bounds.lower, bounds.upper)};
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

 protected:
  static constexpr int nu = static_cast<int>(Model::unknowns.size());

  explicit BoundedPopulation(std::size_t count) {
    if constexpr (bounded) {
      held_.assign(count * nu, 0);
      met_ = held_;
      path_.resize(count * nu);
      slope_.assign(count * nu, 1.0);
    }
  }

  /// Models whose instances have bounds of their own tell them here, in their order.
  void take_bounds(const std::vector<Model>& models) {
    if constexpr (own) {
      for (const Model& model : models)
        for (int j = 0; j < nu; ++j) bounds_.push_back(model.bounds(j));
    }
  }

  /// To be called before the residuals of a point: notes which form they have.
  void begin_residuals(const EvaluationPoint& at) {
    kappa_ = at.kappa;
    projecting_ = !at.on_path() && !at.hold_states;
  }

  /// On the path of a transient: puts the states of instance k into `state` that belong to its unknowns. `c`
  /// (1/s) as in linearise(); 0 where no slope is asked.
  void follow(const EvaluationPoint& at, std::size_t k, std::array<double, nu>& state, double c = 0) const {
    if constexpr (bounded) {
      if (!at.on_path()) return;
      for (int j = 0; j < nu; ++j) {
        const std::size_t i = k * nu + j;
        const Reflected now = reflected(at, i, c);
        state[j] = now.state;
        slope_[i] = now.slope;
        met_[i] = now.side;
      }
    }
  }

  /// dw/du of state j by its unknown, as it was last followed.
  [[nodiscard]] double slope(const EvaluationPoint& at, std::size_t k, int j) const {
    if constexpr (bounded) return at.on_path() ? slope_[k * nu + j] : 1;
    return 1;
  }

  /// The residual of state j, where ẋ - f is r: on the path of a transient just that; without one in
  /// projection form at its bounds, the natural-map form of the complementarity -λ = ẋ - f ≤ 0, x - upper ≤
  /// 0, λ (x - upper) = 0, and correspondingly at the lower one, decided anew at every evaluation.
  double projected(const EvaluationPoint& at, std::size_t k, int j, double r) {
    if constexpr (bounded) {
      if (at.on_path()) return r;
      const StateBounds bounds = bounds_of(k * nu + j);
      const double y = at.y[wiring.first_unknown + k * nu + j];
      std::int8_t side = 0;
      const double above = at.kappa * (y - bounds.upper);
      const double below = at.kappa * (y - bounds.lower);
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

  /// κ of the last residual.
  [[nodiscard]] double kappa() const { return kappa_; }

 private:
  static constexpr bool bounded = std::ranges::any_of(Model::unknowns, [](const UnknownDescription& unknown) {
    return unknown.lower > -infinity || unknown.upper < infinity;
  });

  static constexpr bool own = requires(const Model& model) { model.bounds(0); };

  [[nodiscard]] StateBounds bounds_of(std::size_t i) const {
    if constexpr (own) return bounds_[i];
    const UnknownDescription& unknown = Model::unknowns[i % nu];
    return {unknown.lower, unknown.upper};
  }

  [[nodiscard]] Reflected reflected(const EvaluationPoint& at, std::size_t i, double c) const {
    const StateBounds bounds = bounds_of(i);
    const std::size_t place = wiring.first_unknown + i;
    return reflect(path_[i], at.y[place], at.derivative[place], at.elapsed, c, bounds.lower, bounds.upper);
  }

  std::vector<std::int8_t> held_;    // count × nu
  std::vector<PathPoint> path_;      // count × nu: the last accepted point
  std::vector<StateBounds> bounds_;  // count × nu; empty: those of the descriptions
  // Count × nu, as the states were last followed.
  mutable std::vector<std::int8_t> met_;
  mutable std::vector<double> slope_;  // of the states by their unknowns
  bool projecting_ = false;            // the last residual was in projection form
  double kappa_ = 1;
};

}  // namespace memspice
