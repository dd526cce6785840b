#pragma once

#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "equations/equation_system.hpp"

namespace memspice {

using Complex = std::complex<double>;

/// Small changes of the independent sources, or derivatives by their values.
template <class Number>
struct SourceChanges {
  std::vector<Number> voltage;  // V, by voltage source
  std::vector<Number> current;  // A, by current source
};

/// What small changes of the unknowns and the sources do to everything that was eliminated.
template <class Number>
struct BranchChanges {
  std::vector<Number> voltage;               // V, by node
  std::vector<std::vector<Number>> current;  // A, by group: one per instance and branch
  std::vector<Number> source_current;        // A, by voltage source, plus → minus through the source
  std::vector<Number> behavioural_current;   // A, by behavioural source
  std::vector<Number> switch_current;        // A, by switch
  std::vector<Number> line_current;          // A, two a line
};

/// The circuit linearised at a point, with no unknown eliminated: at the complex frequency s small changes x
/// of the unknowns y follow from (G + s C + Σ D exp(-s τ)) x = b, G = ∂F/∂y, C = ∂F/∂ẏ, and D for the lines
/// and devices of delay τ. Row and column 0 are ground's, x[0] = 0. States that the last residual found held
/// at a bound stay there, and so do all states of a system that holds them. `Number` is double at s = 0 and
/// std::complex<double> elsewhere.
class Linearisation {
 public:
  /// The residual must have been evaluated at this point. The system must outlive the linearisation; changing
  /// the point of the system does not change it.
  Linearisation(EquationSystem& system, double t, const double* y, const double* derivative);

  [[nodiscard]] std::size_t size() const { return system_.size(); }
  /// In an order that depends on the system only; positions may repeat.
  [[nodiscard]] const std::vector<MatrixEntry>& entries() const { return equations_.entries; }
  [[nodiscard]] const std::vector<DelayedEntry>& delayed() const { return equations_.delayed; }
  /// One instance whose internal unknowns nothing outside of it reads, so that they can be eliminated. None
  /// is an inductor.
  struct Block {
    const double* jacobian = nullptr;  // as Population::jacobians() lays it out
    std::size_t branches = 0;
    std::size_t unknowns = 0;
    const std::uint32_t* plus = nullptr;  // rows of its branches' ends
    const std::uint32_t* minus = nullptr;
    std::size_t first_unknown = 0;
  };
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
  /// The entries that are not those of blocks.
  [[nodiscard]] std::span<const MatrixEntry> kept_entries() const {
    return std::span(equations_.entries).first(kept_entries_);
  }

  [[nodiscard]] SourceChanges<double> no_changes() const;
  /// Adds to b what changes of the sources do.
  template <class Number>
  void right_side(const SourceChanges<Number>& sources, std::span<Number> b) const;
  /// Adds to b a current (A) through an element from one node to another.
  template <class Number>
  void inject(NodeId from, NodeId to, Number current, std::span<Number> b) const;
  /// The voltages of all nodes.
  template <class Number>
  void recover_voltages(std::span<const Number> x, const SourceChanges<Number>& sources,
                        BranchChanges<Number>& out) const;
  /// Everything that follows from x at s.
  template <class Number>
  void recover(std::span<const Number> x, const SourceChanges<Number>& sources, Number s,
               BranchChanges<Number>& out) const;

  /// What a change by one unit of every source does to λ·b + μ·v, v being the part that EMFs have in the
  /// voltages of nodes; μ may be empty.
  template <class Number>
  [[nodiscard]] SourceChanges<Number> source_gradient(std::span<const Number> lambda,
                                                      std::span<const Number> mu = {}) const;

 private:
  void add_instances(const EvaluationPoint& at, std::size_t group, bool blocks);
  /// The equation of a device's unknown that follows the others, of its instance and from `first` on, late.
  void add_delayed(std::uint32_t row, std::uint32_t first, std::span<const double> by_unknown, double delay);
  /// Leaves out what ground has no equation for, is no unknown, or cannot change. `ground_row`: row 0 is a
  /// function like the others.
  void add_lists(const EntryLists& from, EntryLists& to, bool ground_row) const;
  void add_taps(const EvaluationPoint& at);
  /// Adds what the changes of sources alone do to the functions.
  template <class Number>
  static void add_sources(const EntryLists& gradient, std::span<const Number> offset,
                          const SourceChanges<Number>& sources, Number sign, std::span<Number> out);
  template <class Number>
  void recover_devices(std::span<const Number> x, Number s, BranchChanges<Number>& out,
                       std::vector<Number>& leaving) const;
  template <class Number>
  void recover_auxiliary(std::span<const Number> x, const SourceChanges<Number>& sources, Number s,
                         BranchChanges<Number>& out, std::vector<Number>& leaving) const;
  template <class Number>
  [[nodiscard]] std::vector<Number> offsets(const SourceChanges<Number>& sources) const;

  EquationSystem& system_;
  std::vector<std::vector<double>> jacobians_;  // by group (Population::jacobians)
  std::vector<std::uint8_t> has_offset_;        // by node
  EntryLists equations_;
  std::size_t kept_entries_ = 0;
  std::vector<Block> blocks_;
  EntryLists loads_;  // the functions are the currents of the loads
};

}  // namespace memspice
