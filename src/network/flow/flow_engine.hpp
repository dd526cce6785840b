#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "network/flow/flow_network.hpp"
#include "solver/laplacian_preconditioner.hpp"

namespace memspice::network {

/// Where sources of a point at the time t of a step have their values from, unless said otherwise: before a
/// jump.
inline double inside_of(double t) {
  return t * (1 - 1e-12);
}

/// An integrator of networks, step by step, and what is known within its last step.
///
/// Life cycle: construct; start(); step() until the end; between steps everything else.
class FlowEngine {
 public:
  enum class Outcome { advanced, no_step };  // no_step: too stiff for the method, or too large
  struct Statistics {
    long steps = 0, rejected = 0, failed = 0, passes = 0, newton_iterations = 0;
    long iterations = 0;  // of linear solutions
    long factorisations = 0;
  };
  struct Step {
    bool made = false;          // or the run has only begun
    double begin = 0, end = 0;  // s
    [[nodiscard]] double tau(double t) const { return made ? (t - begin) / (end - begin) : 1; }
  };
  /// Times that find_states() finds in one pass.
  static constexpr std::size_t at_once = 16;

  virtual ~FlowEngine() = default;

  /// The states at the time t (s).
  virtual void start(double t, std::span<const double> states) = 0;
  /// Goes on by one step.
  virtual Outcome step() = 0;
  [[nodiscard]] virtual double time() const = 0;
  /// +1 / -1 / 0: a state was at its upper bound in the last step, at its lower one, or at none.
  [[nodiscard]] virtual std::span<const std::int8_t> met() const = 0;
  [[nodiscard]] virtual Statistics statistics() const = 0;
  [[nodiscard]] virtual LaplacianPreconditioner& inverse() = 0;

  [[nodiscard]] virtual Step last_step() const = 0;
  /// Times of the last step, ascending, s. Receives these states, one time after the other; those of start(),
  /// bit by bit, before there is a step.
  virtual void find_states(std::span<const double> times, std::span<const std::uint32_t> which,
                           std::span<double> states) = 0;
  /// 0, 1, 2 …: all states.
  [[nodiscard]] virtual std::span<const std::uint32_t> all() const = 0;
  /// The conductances (S) of all memristors in these states, which may stand in the same place.
  virtual void find_conductances(std::span<const double> states, std::span<double> conductance) const = 0;
  /// The potentials at these τ as the step's polynomials have them, V: three a row.
  virtual void foresee(const Instants& tau, std::span<double> potential) const = 0;
  [[nodiscard]] virtual double foresee(double tau, std::size_t row) const = 0;
  /// The potential of a row is about as large in the last step, and not larger, V.
  [[nodiscard]] virtual double largest_potential(std::size_t row) const = 0;
  /// Whether the step goes over no corner of a source, and over no sine that its polynomials do not resolve.
  [[nodiscard]] virtual bool has_smooth_sources() = 0;
  /// Whether a device comes to a bound or a threshold in the last step, or leaves one.
  [[nodiscard]] virtual bool bends() const = 0;
};

}  // namespace memspice::network
