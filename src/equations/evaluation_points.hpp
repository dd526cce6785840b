#pragma once

#include <cstdint>
#include <vector>

#include "equations/interval_draws.hpp"
#include "equations/source_values.hpp"
#include "equations/state_path.hpp"
#include "equations/unknowns.hpp"

namespace memspice {

/// The points at which the devices and the row sets of a circuit are evaluated: unknowns and their
/// derivatives, with what the sources are then, whether states are held, and how far the path of bounded
/// states has come.
class EvaluationPoints {
 public:
  explicit EvaluationPoints(const Unknowns& unknowns);

  [[nodiscard]] SourceValues& sources() { return sources_; }
  [[nodiscard]] const SourceValues& sources() const { return sources_; }
  [[nodiscard]] StatePath& path() { return path_; }
  [[nodiscard]] const StatePath& path() const { return path_; }

  /// Gives the sources their values at t (s).
  void go_to(double t);
  /// What devices see, with the sources as they are.
  [[nodiscard]] EvaluationPoint of_devices(double t, const double* y, const double* derivative,
                                           double kappa = 1) const {
    return {y, derivative, kappa, hold_, path_.elapsed(t)};
  }
  /// What row sets see; goes to t.
  [[nodiscard]] AuxiliaryPoint of_rows(double t, const double* y, const double* derivative);

  /// Holds the states and stops the charges for a while, as at the operating point.
  void hold_states(bool hold) { hold_ = hold; }
  /// Frequency that `hertz` stands for, Hz.
  void set_frequency(double frequency) { frequency_ = frequency; }
  /// κ of the complementarity residual for a given c: c itself, and without time steps a scale of the rates
  /// (1/s), above which the distance from a bound counts more than the drive towards it.
  [[nodiscard]] double kappa(double c) const { return c > 0 ? c : static_kappa_; }
  void set_static_kappa(double kappa) { static_kappa_ = kappa; }

  /// First corner of any source, end of a device's random interval, or arrival of a jump at the end of a
  /// line, later than t; infinity when there is none.
  [[nodiscard]] double next_breakpoint(double t) const;
  /// V, of a node now.
  [[nodiscard]] double voltage(NodeId node, const double* y) const {
    return y[unknowns_.forest().row(node)] + sources_.offset()[node];
  }
  /// Value for the potential in y such that the node has this voltage now.
  void set_voltage(NodeId node, double voltage, double* y) const {
    y[unknowns_.forest().row(node)] = voltage - sources_.offset()[node];
  }
  /// Of all nodes, V.
  [[nodiscard]] double largest_voltage(const double* y) const;

 private:
  /// Which instances of a population may have EMFs in series: one of their nodes can differ from its root.
  struct Driven {
    bool all = false;                      // then the list is empty
    std::vector<std::uint32_t> instances;  // ascending
  };

  const Unknowns& unknowns_;
  SourceValues sources_;
  std::vector<Driven> driven_;  // by group
  IntervalDraws draws_;
  StatePath path_;
  bool hold_;
  double static_kappa_ = 1;
  double frequency_ = 0;  // Hz
};

}  // namespace memspice
