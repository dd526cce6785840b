#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "equations/rows/inductor_rounding.hpp"
#include "equations/rows/magnitudes.hpp"
#include "memspice/circuit.hpp"
#include "memspice/detail/population.hpp"

namespace memspice {

/// What unknowns weigh by their magnitudes, since these last changed, and what they were.
struct KeptWeights {
  std::vector<double> weight;
  std::uint64_t since = 0;  // Magnitudes::changes(); 0: not known
  std::vector<double> largest, largest_of_scale;
  double largest_voltage = 0, largest_current = 0;  // V, A

  /// Magnitudes creep for long where unknowns oscillate: a few at a time.
  template <class WeightOf>
  void renew(const Magnitudes& now, const WeightOf& weight_of) {
    const bool all =
        since == 0 || largest_voltage != now.largest_voltage() || largest_current != now.largest_current();
    weight.resize(now.size());
    largest.resize(now.size());
    largest_of_scale.resize(now.size());
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (!all && largest[i] == now.largest(i) && largest_of_scale[i] == now.largest_of_scale(i)) continue;
      largest[i] = now.largest(i);
      largest_of_scale[i] = now.largest_of_scale(i);
      weight[i] = weight_of(i);
    }
    largest_voltage = now.largest_voltage();
    largest_current = now.largest_current();
    since = now.changes();
  }
};

/// What the integrator may err in each unknown: weight = 1 / (reltol × largest magnitude so far + absolute
/// tolerance), and next to nothing for potentials of index 2. Charges and fluxes are controlled relative to
/// their own range where that is below the absolute tolerance, down to rounding (docs/numerics.md).
class ErrorWeights {
 public:
  /// `scale_of_row`: one a potential, they come first in y; those that share a number share their scale, too.
  /// `behind_inductors` are those of index 2.
  ErrorWeights(const Circuit& circuit, std::vector<std::uint32_t> scale_of_row,
               std::vector<std::uint32_t> behind_inductors);
  /// Room for that many unknowns.
  void reserve(std::size_t unknowns);
  /// The next auxiliary unknown behind the potentials; `tolerance` is absolute, in place of the quantity's.
  /// It shares the scale of the unknown that stands `before` places before it; 0: it has its own.
  void add(Quantity quantity, std::optional<double> tolerance = {}, std::uint32_t before = 0);
  /// The internal unknowns of a population, y[first] and up; populations in ascending order.
  void add(const DeviceType& type, const Population& population, std::size_t first);

  /// The derivative of this unknown is a current or a voltage that is looked at.
  void tighten(std::size_t unknown) {
    is_prescribed_[unknown] = true;
    kept_.since = 0;
  }

  /// Whether potentials are worth a test beside the states: not where these are bounded and passive.
  [[nodiscard]] bool tests_potentials() const { return !has_bounded_ || has_active_; }
  /// What the solution of a linear system may err by rounding, in tolerances of the potentials.
  [[nodiscard]] double rounding_of_potentials() const;
  /// Whether there are charges or fluxes, of which only a solution tells how large they become.
  [[nodiscard]] bool wants_scale() const { return magnitudes_.has_scales(); }
  /// A solution that tells: magnitudes as if it had been reached.
  void note_scale(const double* y);
  using Inductor = InductorRounding::Inductor;
  void add(const Inductor& inductor) { inductors_.add(inductor); }
  /// Calls visit(unknown) for each whose equation is one of voltages.
  template <class Visit>
  void for_each_charge_or_flux(Visit&& visit) const {
    for (const Inductor& inductor : inductors_.inductors()) visit(inductor.unknown);
    const std::size_t first = internals_.empty() ? magnitudes_.size() : internals_.front().first;
    for (std::size_t i = first; i < magnitudes_.size(); ++i)
      if (magnitudes_.kind(i) != Kind::fixed) visit(i);
  }
  /// The largest currents at the nodes, A, one a potential.
  void note_currents(std::span<const double> largest) { inductors_.note_currents(largest); }
  /// `weight`: one an unknown, for a step (s); `offset` is what sources add to the potentials, V by node.
  void weights(const double* y, double step, std::span<const double> offset, double* weight);
  /// What a step may err in this unknown.
  [[nodiscard]] double tolerance(std::size_t unknown) const { return 1 / weight_of(unknown); }
  /// A charge or flux whose whole range so far lies below an absolute tolerance that the deck gives.
  [[nodiscard]] std::optional<std::size_t> uncontrolled() const;
  /// What a saved run remembers of magnitudes (base/archive.hpp).
  template <class Archive>
  void exchange(Archive& archive) {
    magnitudes_.exchange(archive);
    inductors_.exchange(archive);
  }

 private:
  using Kind = Magnitudes::Kind;
  void push(double absolute, Kind kind, std::uint32_t scale);
  [[nodiscard]] double weight_of(std::size_t i) const;

  struct Internal {
    const Population* population;
    std::size_t first;
    std::span<const UnknownDescription> unknowns;  // of an instance
  };

  const Options& options_;
  double strictness_;
  Magnitudes magnitudes_;
  KeptWeights kept_;
  std::vector<double> absolute_;  // tolerance, by unknown
  std::vector<bool> is_prescribed_;
  InductorRounding inductors_;
  std::size_t potentials_;
  std::vector<std::uint32_t> behind_inductors_;
  std::vector<Internal> internals_;
  bool has_bounded_ = false;
  bool has_active_ = false;
};

}  // namespace memspice
