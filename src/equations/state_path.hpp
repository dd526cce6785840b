#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "equations/unknowns.hpp"

namespace memspice {

/// Bounded states along a transient (memspice/detail/reflection.hpp): while their path is followed, y has
/// free motions in their places.
class StatePath {
 public:
  explicit StatePath(const Unknowns& unknowns) : unknowns_(unknowns) {}

  /// The path begins at a point of states.
  void begin(double t, const double* y, const double* derivative);
  /// A step was accepted that ends there.
  void advance(double t, const double* y, const double* derivative);
  /// What is evaluated next has states in y (false: rows), or free motions again (true), if a path has begun.
  void follow(bool follow) { following_ = follow && begun_; }
  /// Since the last accepted point, s; -1: no path is followed.
  [[nodiscard]] double elapsed(double t) const { return following_ ? std::max(0.0, t - time_) : -1; }
  /// Puts bounded unknowns back to where they were at the last accepted point.
  void return_to(double* y) const;
  /// Puts the states into y.
  void project(double t, double* y, const double* derivative) const;
  /// +1 / -1 / 0: unknown i of y met its upper bound, its lower one, or none between the last accepted point
  /// and the one last evaluated; without a path what was noted.
  [[nodiscard]] int met_side(std::size_t i) const;
  /// What the states met in a step that followed no path: 0, or a side for these unknowns.
  void note_met(std::span<const std::size_t> unknowns, std::span<const std::int8_t> sides);

 private:
  [[nodiscard]] EvaluationPoint point(double t, const double* y, const double* derivative) const {
    return {.y = y, .derivative = derivative, .elapsed = elapsed(t)};
  }

  const Unknowns& unknowns_;
  bool begun_ = false;
  bool following_ = false;
  double time_ = 0;                 // s, of the last accepted point
  std::vector<std::int8_t> noted_;  // by unknown, without a path
};

}  // namespace memspice
