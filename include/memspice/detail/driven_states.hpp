#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "memspice/detail/radau.hpp"

namespace memspice {

// States of devices along a step of time in which their voltages are given.

/// Devices of one branch and one state that conduct as the state has it: i = G(x) v, dx/dt = f(x, v).
class DrivenStates {
 public:
  static constexpr std::size_t nodes = radau::stages;
  /// By instance, at the beginning of a step and at Radau's nodes.
  using Voltage = std::array<double, nodes + 1>;
  /// By instance, at Radau's nodes.
  using Values = std::array<double, nodes>;

  virtual ~DrivenStates() = default;

  /// What is known of the devices at a point, by instance.
  struct Point {
    double rate = 0;         // f, 0 where it points out of a bound that the state is at; per second
    double by_state = 0;     // ∂f/∂x, 1/s
    double sensitivity = 0;  // |∂f/∂v|, per second and volt
    double rest = 0;         // how far x is from the nearer bound, or from 0 where it has none
    double range = 1;        // of x; 1: it has no bounds
    bool operator==(const Point&) const = default;
  };
  /// How an instance came through a step.
  enum class Way : std::uint8_t { whole, pieces, failed };

  struct Step {
    double length = 0;                  // s
    std::span<const Voltage> voltage;   // V
    std::span<const double> begin;      // x
    std::span<const Point> point;       // there
    std::span<const double> tolerance;  // of x
  };
  struct Path {
    std::span<Values> state;        // a guess, then the solution
    std::span<double> conductance;  // S, at the nodes one after the other, each `stride` numbers
    std::size_t stride = 0;
    std::span<Values> known;     // the states that these conductances belong to
    std::span<Way> way;          // once in pieces, always in pieces: to be reset for another step
    std::span<std::int8_t> met;  // +1 / -1 / 0: the bound that the state was at last, or none
  };
  /// Follows the instances first … last - 1. Returns the largest change of a state at a node from what was
  /// guessed, in tolerances; infinity: an instance has failed.
  virtual double follow(const Step& step, std::size_t first, std::size_t last, Path& path) const = 0;
  /// The states of one instance at times τ of the step, ascending, that came through it in pieces.
  virtual void trace(const Step& step, std::size_t instance, std::span<const double> tau,
                     std::span<double> state) const = 0;
  /// What is known of the instances from `first` on in these states, at these voltages (V).
  virtual void look(std::size_t first, std::span<const double> state, std::span<const double> voltage,
                    std::span<Point> point) const = 0;
  /// The conductances (S) of all instances in these states, which may stand in the same place.
  virtual void conductances(std::span<const double> state, std::span<double> conductance) const = 0;
};

}  // namespace memspice
