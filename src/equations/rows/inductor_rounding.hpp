#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "equations/rows/magnitudes.hpp"
#include "memspice/circuit.hpp"

namespace memspice {

/// What rounding leaves of inductors' currents, which is no error of a step, and of the potentials that
/// follow from them.
class InductorRounding {
 public:
  struct Inductor {
    std::size_t unknown = 0;
    double inductance = 0;  // H
    NodeId plus = ground, minus = ground;
    std::uint32_t plus_row = 0, minus_row = 0;
  };
  void add(const Inductor& inductor) { inductors_.push_back(inductor); }
  [[nodiscard]] std::span<const Inductor> inductors() const { return inductors_; }
  /// The largest currents at the nodes, A, one a potential.
  void note_currents(std::span<const double> largest);
  /// Lowers the weights of the currents and of the first `potentials` unknowns for a step (s) to what
  /// rounding allows; `offset` is what sources add to the potentials, V by node.
  void leave_out(double step, std::span<const double> offset, const Magnitudes& magnitudes,
                 std::size_t potentials, double* weight) const;
  /// What a saved run remembers (base/archive.hpp).
  template <class Archive>
  void exchange(Archive& archive) {
    archive.list(current_at_);
  }

 private:
  std::vector<Inductor> inductors_;
  std::vector<double> current_at_;  // A, by row: largest so far
};

}  // namespace memspice
