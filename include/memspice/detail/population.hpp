#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "memspice/detail/driven_states.hpp"
#include "memspice/detail/reflection.hpp"
#include "memspice/device.hpp"

namespace memspice {

/// Where a population's instances sit in the system. Row 0 stands for ground.
struct Wiring {
  std::vector<std::uint32_t> plus;   // count × branches: row of the first terminal's potential
  std::vector<std::uint32_t> minus;  // count × branches
  std::vector<double> emf;  // count × branches, V: added to the potential difference; empty when all are 0
  bool minus_is_ground = false;   // of all branches, whose currents then have one place only to be added at
  std::size_t first_unknown = 0;  // index of the first internal unknown in y; instance by instance
};

/// A point at which the equations are evaluated. Arrays hold the whole system: potentials, then internal
/// unknowns.
struct EvaluationPoint {
  const double* y = nullptr;
  const double* derivative = nullptr;
  double kappa = 1;          // 1/s: scale of the complementarity residual, IDA's leading coefficient
  bool hold_states = false;  // operating point: states stay at y, charges carry no current
  double elapsed = -1;       // s since the last accepted point of a transient; negative: there is none
  /// Bounded unknowns stand for free motions, whose reflections are the states (reflection.hpp). Elsewhere
  /// they are the states themselves.
  [[nodiscard]] bool on_path() const { return elapsed >= 0; }
};

/// A quantity of one instance that an equation outside of the population reads.
struct Tap {
  enum class Kind : std::uint8_t { current, unknown, observable };
  Kind kind = Kind::current;
  std::uint32_t instance = 0;
  std::uint32_t index = 0;  // of the branch, the unknown or the observable
};

/// The bounded states of a population; all of this is empty, and does nothing, where no unknown has bounds.
class BoundedStates {
 public:
  virtual ~BoundedStates() = default;
  /// Of every internal unknown, instance by instance; empty where all instances have those of the
  /// descriptions.
  [[nodiscard]] virtual std::span<const StateBounds> own_bounds() const = 0;
  /// Of internal unknown i, as in own_bounds(), which `unknown` describes.
  [[nodiscard]] StateBounds bounds(std::size_t i, const UnknownDescription& unknown) const {
    const std::span<const StateBounds> own = own_bounds();
    return own.empty() ? StateBounds{unknown.lower, unknown.upper} : own[i];
  }
  /// +1 / -1 / 0 for every internal unknown: held at its upper bound, at its lower one, or free, as the last
  /// residual without a path found it.
  [[nodiscard]] virtual std::span<const std::int8_t> held() const = 0;
  /// +1 / -1 / 0: the bound met between the last accepted point and the one last evaluated on the path.
  [[nodiscard]] virtual std::span<const std::int8_t> met() const = 0;
  /// The last accepted point, one an internal unknown.
  [[nodiscard]] virtual std::span<const PathPoint> path() const = 0;
  /// A path begins: y are states.
  virtual void begin_path(const double* y, const double* derivative) = 0;
  /// The point becomes the last accepted one.
  virtual void advance_path(const EvaluationPoint& at) = 0;
  /// Writes the states that belong to the unknowns of a point on the path into y.
  virtual void project(const EvaluationPoint& at, double* y) const = 0;
};

/// All instances of one model. Node rows of residuals count currents leaving the node.
class Population : public BoundedStates {
 public:
  Wiring wiring;

  [[nodiscard]] virtual std::size_t count() const = 0;
  /// Random numbers of the present intervals, count × draw_count(); empty where the model has none.
  [[nodiscard]] virtual std::span<double> draws() = 0;
  /// How long those of an instance stay, s; infinity: it has none.
  [[nodiscard]] virtual double draw_interval(std::size_t instance) const = 0;
  /// Whether the equations are linear, with coefficients that never change.
  [[nodiscard]] virtual bool is_linear() const = 0;
  /// Adds currents to the node rows of `residual` (ground's may be left out) and sets the rows of the
  /// internal unknowns.
  virtual void residual(const EvaluationPoint& at, double* residual) = 0;
  /// The same, and raises current[row] (A) and conductance[row] (S) of both ends of every branch, but ground,
  /// to the magnitudes of its current, and of its current over its voltage.
  virtual void residual(const EvaluationPoint& at, double* residual, double* current,
                        double* conductance) = 0;
  /// Evaluates and condenses the local Jacobians ∂F/∂y + c ∂F/∂ẏ. False when an internal block is singular.
  virtual bool linearise(const EvaluationPoint& at, double c) = 0;
  /// The local Jacobians, dense and instance by instance: a row for every branch current (A, first terminal
  /// to second), then for every internal equation of F; a column for every branch voltage, internal unknown
  /// and derivative of an internal unknown. (branches + unknowns) × (branches + 2 unknowns) values an
  /// instance, row by row. A held state x has the equation dx = 0; hold_states as in linearise().
  virtual void jacobians(const EvaluationPoint& at, double* values) const = 0;
  /// Adds ∂F/∂ẏ x to `result`, rows as in residual(); held states have no part in it.
  virtual void apply_storage(const EvaluationPoint& at, const double* x, double* result) const = 0;
  /// Adds the condensed conductances to the node matrix. Of devices of one branch `slots` has four places an
  /// instance, (plus,plus) (plus,minus) (minus,plus) (minus,minus); of others for each instance a number of
  /// pairs, then these: 2 (branches × row branch + column branch), and 1 where it is subtracted; and its
  /// place.
  virtual void assemble(const std::uint32_t* slots, double* values) const = 0;
  /// Eliminates the internal part of the right-hand side b: subtracts its effect from the node rows of `rhs`.
  virtual void condense(const double* b, double* rhs) const = 0;
  /// Internal part of the solution: reads its node part from `x`, its right-hand side from `b`; `scale`
  /// corrects for a leading coefficient that has changed since linearise (1: none).
  virtual void recover(const double* b, double* x, double scale) const = 0;
  /// Branch currents (count × branches) and, where asked, branch voltages.
  virtual void currents(const EvaluationPoint& at, double* current, double* voltage) const = 0;
  /// The same of these instances alone, into their places.
  virtual void currents(const EvaluationPoint& at, std::span<const std::uint32_t> instances, double* current,
                        double* voltage) const = 0;
  /// Shortens the change of the internal unknowns of a Newton step from y where the equations bend too much
  /// to be followed: junctions. Whether anything was shortened; at a solution nothing is.
  virtual bool limit(const double* y, double* change) const = 0;
  /// First guesses of the internal unknowns that no parameter gives, where 0 is a bad one.
  virtual void guess(double* y) const = 0;
  /// Sets the internal unknowns of an instance to what fits these branch voltages, where a transient begins
  /// with what the deck gives: charges, and the voltages that they belong to.
  virtual void start(std::size_t instance, const double* voltage, double* y) const = 0;
  /// Keeps the present linearisation, and puts it back in place of later ones.
  virtual void keep_linearisation() = 0;
  virtual void return_to_linearisation() = 0;
  /// Value of one observable of one instance.
  [[nodiscard]] virtual double observe(const EvaluationPoint& at, std::size_t instance,
                                       std::size_t observable) const = 0;
  /// Spectral densities of the noise currents, A²/Hz: count × DeviceType::noises. And where they enter: what
  /// each adds to the branch currents and the internal equations, count × noises × (branches + unknowns). A
  /// nullptr for what is not asked.
  virtual void noise(const EvaluationPoint& at, double kelvin, double hertz, double* density,
                     double* path) const = 0;
  /// Value of a tap, and its derivatives by the instance's branch voltages and internal unknowns (where a
  /// derivative of an unknown by time appears, c times that: both move together).
  virtual double tap(const EvaluationPoint& at, double c, const Tap& tap, double* by_voltage,
                     double* by_unknown) const = 0;
  /// Eliminates the internal unknowns from a tap's derivatives, as last linearised: corrects `by_voltage`.
  virtual void condense_tap(std::uint32_t instance, const double* by_unknown, double* by_voltage) const = 0;
  /// What the eliminated unknowns of a right-hand side b add to a tap.
  virtual double tap_response(std::uint32_t instance, const double* by_unknown, const double* b) const = 0;
  /// Whether an instance has a negative resistance with its unknowns at 0: that of 1 V makes a current
  /// against it.
  [[nodiscard]] virtual bool has_active() const = 0;
  /// The conductance of an instance's first branch as last linearised, S, its internal unknowns held: names
  /// the guilty in messages. (Condensed, that of a passive device may be negative: a state that follows
  /// fast.)
  [[nodiscard]] virtual double conductance(std::size_t instance) const = 0;
  /// How the states go on for voltages that are given, of a population that outlives the answer. Nothing:
  /// the devices are none whose current is a conductance of one state times their voltage.
  [[nodiscard]] virtual std::unique_ptr<DrivenStates> driven() const { return nullptr; }
};

}  // namespace memspice
