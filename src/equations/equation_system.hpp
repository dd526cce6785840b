#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "equations/cut_rows.hpp"
#include "equations/held_potentials.hpp"
#include "equations/islands.hpp"
#include "equations/node_equations.hpp"
#include "equations/rows/auxiliary_rows.hpp"
#include "equations/rows/error_weights.hpp"
#include "equations/source_values.hpp"
#include "equations/topology/potential_forest.hpp"
#include "memspice/circuit.hpp"
#include "memspice/detail/population.hpp"
#include "solver/dae.hpp"

namespace memspice {

/// Currents and voltages of every branch at one point, recovered from a solution.
struct BranchValues {
  std::vector<std::vector<double>> current;  // A, by group: one per instance and branch
  std::vector<std::vector<double>> voltage;  // V
  std::vector<double> source_current;        // A, by voltage source, plus → minus through the source
  std::vector<double> tie_current;           // A, by tie of the potential forest
  std::vector<double> behavioural_current;   // A, by behavioural source
  std::vector<double> switch_current;        // A, by switch
  std::vector<double> line_current;          // A, two a line: into the plus node of either port
  std::vector<double> tolerated;      // work: A, by node, what rounding may leave; empty where nothing asks
  std::vector<double> conductance;    // work: S, by node, the largest that has been seen there
  std::vector<NodeId> most_tolerant;  // work
  std::vector<double> leaving;        // work: A, by node
  std::vector<double> sum_of_row, tolerated_of_row;  // work: A, by row
};

/// The circuit as a differential-algebraic system F(t, y, ẏ) = 0 in modified nodal form.
///
/// Unknowns y: [0] ground's potential, always 0; then one potential for every tree of nodes joined by voltage
/// sources (potential_forest.hpp); then the auxiliary unknowns of elements that prescribe a voltage or that
/// expressions read (auxiliary_rows.hpp); then the devices' internal unknowns, population by population.
/// Equations: Kirchhoff's current law for every tree (A, currents leaving), the auxiliary ones, the devices'
/// own. The linear solver condenses the internal unknowns device by device and factorises the node matrix
/// only.
class EquationSystem final : public DaeProblem {
 public:
  enum class Mode {
    operating_point,  // inductors and .ic are voltage sources, capacitors carry no current, states are held
    equilibrium,      // the same without .ic and with free states: what does not change in time
    transient,
    small_signal,  // the same equations, to be linearised only: inductors of cut sets keep no currents
  };
  [[nodiscard]] static bool is_at_rest(Mode mode) {
    return mode == Mode::operating_point || mode == Mode::equilibrium;
  }

  /// Throws DeckError for loops of voltage sources and for nodes without a path to ground.
  EquationSystem(const Circuit& circuit, Mode mode);
  ~EquationSystem() override;

  // The differential-algebraic problem.
  std::size_t size() const override { return size_; }
  bool residual(double t, const double* y, const double* derivative, double kappa, double* residual) override;
  bool linearise(double t, const double* y, const double* derivative, double c) override;
  bool solve(double* b, double scale) override;
  void weights(const double* y, double step, double* weight) override {
    weights_.weights(y, step, sources_.offset(), weight);
  }
  [[nodiscard]] ErrorWeights& error_weights() { return weights_; }
  /// Potentials have no memory: they follow from charges, states and sources. They are left out where they
  /// may follow from derivatives of what is prescribed (auxiliary rows but inductors': index 2) or have
  /// corners (bounded states); not so where negative resistances may amplify errors of states without limit.
  bool tests_error(std::size_t i) const override {
    if (i >= rows()) return true;
    if (i < potentials()) return tests_potentials_;
    return auxiliary_.unknown(i - potentials()).tested;
  }

  /// Gives source functions SPICE's defaults for a transient of this step and stop time (s).
  void resolve_sources(double step, double stop) { sources_.resolve(step, stop); }
  /// First corner of any source, or arrival of a jump at the end of a line, later than t; infinity when there
  /// is none.
  [[nodiscard]] double next_breakpoint(double t) const;
  /// Shortest period with which a source oscillates smoothly, s; infinity: none does.
  [[nodiscard]] double shortest_period() const { return sources_.shortest_period(); }
  /// Whether an expression of the circuit reads the time: it may be any function of it.
  [[nodiscard]] bool reads_time() const { return auxiliary_.sets().expressions.reads_time(); }
  /// Makes source functions take their values from the smooth piece that contains `inside`.
  void enter_segment(double inside) { sources_.enter_segment(inside); }
  /// Operating point: uses the DC values of sources (.op), or their time functions at t (start of a
  /// transient); source values are multiplied by `factor` (source stepping), `gmin` S join every potential to
  /// its value in `reference` (to 0 when that is empty).
  void set_homotopy(bool dc_values, double factor, double gmin, std::span<const double> reference = {});
  /// Whether all expressions have values and slopes at the point; `leave_out_undefined`: those that have none
  /// count as 0.
  [[nodiscard]] bool is_defined(double t, const double* y, const double* derivative) {
    return auxiliary_.sets().expressions.is_defined(auxiliary_point(t, y, derivative));
  }
  void leave_out_undefined(bool leave_out) { auxiliary_.sets().expressions.leave_out_undefined(leave_out); }
  /// What joins potentials to fixed values for a while.
  [[nodiscard]] HeldPotentials& held() { return held_; }
  [[nodiscard]] const HeldPotentials& held() const { return held_; }
  /// Names of the loose potentials that are held: "v(x)".
  [[nodiscard]] std::vector<std::string> held_loose() const;

  // Conditions and switches: what jumps when an inequality changes its truth (Program's events). While
  // frozen, conditions keep their modes, so that the equations are smooth; switches always keep theirs.
  void freeze_conditions(bool frozen) { auxiliary_.sets().expressions.freeze(frozen); }
  [[nodiscard]] bool has_events() const { return auxiliary_.modes().has_events(); }
  /// Sets all modes as the point decides; true when one of them changed.
  bool decide_modes(double t, const double* y, const double* derivative) {
    return auxiliary_.modes().decide(auxiliary_point(t, y, derivative));
  }
  [[nodiscard]] bool modes_changed(double t, const double* y, const double* derivative) {
    return auxiliary_.modes().changed(auxiliary_point(t, y, derivative));
  }
  /// What the modes depend on: they change where one of these changes its sign (passes a whole number, for
  /// floor() and the like).
  void event_arguments(double t, const double* y, const double* derivative, std::vector<double>& arguments);
  void adopt_modes(const EquationSystem& other) { auxiliary_.modes().adopt(other.auxiliary_.modes()); }

  // Lossless lines.
  /// The point at t = 0: what the lines carry before the transient begins; y is made to fit that.
  void begin_lines(double* y, const double* derivative, bool use_initial_conditions);
  /// A point of the transient.
  void note_lines(double t, const double* y, const double* derivative);
  /// The values just behind a corner.
  void note_corner_of_lines(double t, const double* y, const double* derivative);

  /// Frequency that `hertz` stands for, Hz.
  void set_frequency(double frequency) { frequency_ = frequency; }
  [[nodiscard]] AuxiliaryRows& auxiliary() { return auxiliary_; }
  [[nodiscard]] const AuxiliaryRows& auxiliary() const { return auxiliary_; }
  /// The auxiliary rows' view of a point; sources at t.
  [[nodiscard]] AuxiliaryPoint auxiliary_point(double t, const double* y, const double* derivative);

  /// Whether the operating point needs a system of its own: inductors and .ic change which potentials are
  /// one.
  [[nodiscard]] static bool differs_at_operating_point(const Circuit& circuit);
  /// Holds the states and stops the charges for a while, as at the operating point.
  void hold_states(bool hold) { hold_ = hold; }

  // Bounded states along a transient (memspice/detail/reflection.hpp): while a path is followed, y has free
  // motions in their places.
  /// A path begins at a point of states.
  void begin_path(double t, const double* y, const double* derivative);
  /// A step was accepted that ends there.
  void advance_path(double t, const double* y, const double* derivative);
  /// What is evaluated next has states in y (false: rows), or free motions again (true).
  void follow_path(bool follow) { following_ = follow; }
  /// Puts bounded unknowns back to where they were at the last accepted point.
  void return_to_path(double* y) const;
  /// Puts the states into y.
  void project(double t, double* y, const double* derivative) const;

  /// The largest sum of the currents of a node, as a part of what it may be: 1e-10 of the largest of them, or
  /// as far as the rounding of voltages lets it.
  [[nodiscard]] double kirchhoff_excess(double t, const double* y, const double* derivative);
  [[nodiscard]] bool kirchhoff_holds(double t, const double* y, const double* derivative) {
    return kirchhoff_excess(t, y, derivative) <= 1;
  }

  /// Takes for 0 what is rounding of the last residual: of potentials in the equations of charges and fluxes,
  /// of currents in those of cut sets.
  void leave_out_rounding(const double* y, double* residual) const;
  /// Moves what kirchhoff_excess() has found at nodes behind cut sets to inductors there.
  void balance_cut_sets(double* y) const { cut_rows_->balance(y); }
  /// Tells the error weights of charges and fluxes how large the currents are at a point, and where
  /// kirchhoff_excess() has just looked.
  void note_currents(double t, const double* y, const double* derivative);
  void note_currents();

  /// κ of the complementarity residual for a given c: c itself, and without time steps a scale of the rates
  /// (1/s), above which the distance from a bound counts more than the drive towards it.
  [[nodiscard]] double kappa(double c) const { return c > 0 ? c : static_kappa_; }
  void set_static_kappa(double kappa) { static_kappa_ = kappa; }

  /// Adds ∂F/∂ẏ x to `result`.
  void apply_storage(const double* y, const double* derivative, const double* x, double* result);
  /// Unknowns whose derivatives appear: charges, and states that the last residual did not find held.
  [[nodiscard]] std::vector<std::size_t> dynamic_unknowns() const;
  /// +1 / -1 / 0: unknown i of y met its upper bound, its lower one, or none between the last accepted point
  /// of the path and the one last evaluated.
  [[nodiscard]] int met_side(std::size_t i) const;
  /// States that the last residual found held at a bound.
  [[nodiscard]] std::vector<std::size_t> held_unknowns() const;

  /// Noise of the elements, the devices' first.
  [[nodiscard]] std::vector<NoiseSource> noise_sources() const;
  /// Their spectral densities at a point, A²/Hz.
  void noise_densities(const double* y, const double* derivative, double kelvin, double hertz,
                       std::vector<double>& density);

  // Layout.
  /// Unknowns that the node matrix keeps: ground, potentials, auxiliary ones.
  [[nodiscard]] std::size_t rows() const { return forest_.rows() + auxiliary_.count(); }
  /// Those of them that are potentials, ground's included; they come first.
  [[nodiscard]] std::size_t potentials() const { return forest_.rows(); }
  [[nodiscard]] std::size_t first_unknown(std::size_t group) const { return first_unknown_[group]; }
  /// Index in y of an instance's internal unknown; npos when the instance is a short circuit here.
  [[nodiscard]] std::size_t unknown_index(std::size_t group, std::size_t instance, std::size_t unknown) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  [[nodiscard]] const PotentialForest& forest() const { return forest_; }
  [[nodiscard]] const Circuit& circuit() const { return circuit_; }
  /// "v(n1)" or "w(y1)": what component i of y is, for messages.
  [[nodiscard]] std::string name_of(std::size_t i) const;

  // Recovery of what was eliminated, at a solution.
  [[nodiscard]] double voltage(NodeId node, const double* y) const {
    return y[forest_.row(node)] + sources_.offset()[node];
  }
  /// Value for y[row] such that the node has this voltage now.
  void set_voltage(NodeId node, double voltage, double* y) const {
    y[forest_.row(node)] = voltage - sources_.offset()[node];
  }
  void branches(double t, const double* y, const double* derivative, BranchValues& out);
  [[nodiscard]] double observe(double t, const double* y, const double* derivative, std::size_t group,
                               std::size_t instance, std::size_t observable);
  [[nodiscard]] double source_value(bool voltage, std::size_t index) const {
    return (voltage ? sources_.voltage() : sources_.current())[index];
  }

  /// The system as linearised last.
  [[nodiscard]] NodeEquations& matrix() { return *matrix_; }
  [[nodiscard]] const NodeEquations& matrix() const { return *matrix_; }
  /// Names of the elements that have a negative resistance by themselves, states and charges held, where the
  /// system was linearised last; the largest conductance first.
  [[nodiscard]] std::vector<std::string> suspects(std::size_t most) const;

 private:
  friend class Linearisation;
  friend class LocalDerivatives;
  using Group = EquationGroup;

  void build_groups();
  void read_kept_currents(std::size_t group, const double* y, BranchValues& out) const;
  /// Of all nodes, V.
  [[nodiscard]] double largest_voltage(const double* y) const;
  void find_tolerated_sums(const double* y, BranchValues& out) const;
  void read_auxiliary_currents(double t, const double* y, const double* derivative, BranchValues& out);
  void weigh_inductors();
  void update_sources(double t);
  void find_largest_currents(double t, const double* y, const double* derivative);
  [[nodiscard]] EvaluationPoint point(double t, const double* y, const double* derivative,
                                      double kappa) const;

  const Circuit& circuit_;
  Mode mode_;
  bool hold_;
  AuxiliaryRows auxiliary_;
  PotentialForest forest_;
  std::vector<Group> groups_;
  std::vector<std::size_t> first_unknown_;
  std::size_t size_ = 0;
  SourceValues sources_;
  HeldPotentials held_;
  std::optional<CutRows> cut_rows_;
  std::optional<Islands> islands_;
  std::optional<NodeEquations> matrix_;
  bool tests_potentials_ = true;
  double static_kappa_ = 1;
  bool following_ = false;
  double frequency_ = 0;                                                 // Hz
  double path_time_ = 0;                                                 // s, of the last accepted point
  std::vector<double> balance_, largest_current_, largest_conductance_;  // work, by row
  ErrorWeights weights_;
};

}  // namespace memspice
