#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "circuit/element_view.hpp"
#include "equations/rows/error_weights.hpp"
#include "equations/rows/lossless_line.hpp"
#include "equations/topology/cut_sets.hpp"
#include "equations/topology/potential_forest.hpp"
#include "equations/topology/tiny_resistances.hpp"
#include "memspice/detail/population.hpp"

namespace memspice {

/// A point at which the auxiliary equations are evaluated, with what the sources are there.
struct AuxiliaryPoint {
  double t = 0;  // s
  const double* y = nullptr;
  const double* derivative = nullptr;
  bool hold = false;  // nothing changes in time: derivatives are 0, integrals keep their initial values
  std::span<const double> offset;          // V, by node
  std::span<const double> source_voltage;  // V, by voltage source
  std::span<const double> source_current;  // A, by current source
  double factor = 1;                       // of behavioural sources (source stepping)
  double inside = 0;  // s: a time within the smooth segment, which chooses between the two limits at its ends
  double elapsed = -1;  // s, as in EvaluationPoint
};

/// What modified nodal analysis adds to the potentials: unknowns and equations of everything that is neither
/// a population nor a plain source. The unknowns stand behind the potentials in y and are kept when the
/// internal unknowns of the devices are condensed:
///
/// - the current of every element that prescribes a voltage (behavioural voltage sources, inductors that
///   are coupled or stand in a cut set of inductors, ports of lines) or all but does (tiny resistors and
///   closed switches), and of every source, short circuit, switch or behavioural current source whose current
///   an expression reads;
/// - a *tap* for every other quantity of a device that an expression reads: s = i(r1), s = w(y1). A tap of a
///   condensed unknown is condensed along with it (Population::condense_tap);
/// - the arguments of ddt() and the values of idt().
///
/// Behavioural current sources and switches whose current nobody reads have no unknown: they add to
/// Kirchhoff's current law only.
class AuxiliaryRows {
 public:
  /// `at_rest`: the operating point, where inductors, coupled or not, are short circuits and lines join their
  /// ports.
  /// `keep_cut_sets`: the currents of their inductors are unknowns.
  AuxiliaryRows(const Circuit& circuit, bool at_rest, bool keep_cut_sets);

  // Before the potentials are numbered: which ties keep their current as an unknown.
  [[nodiscard]] bool keeps_source(std::uint32_t voltage_source) const;
  [[nodiscard]] bool keeps_short(std::uint32_t group, std::uint32_t instance) const;
  /// An inductor with a K that moves or in a cut set, or a tiny resistor: no member of its population.
  [[nodiscard]] bool replaces(std::uint32_t group, std::uint32_t instance) const;
  /// Short circuits and lines at rest whose circulating current nothing determines: it counts as 0.
  void set_idle_short(std::uint32_t group, std::uint32_t instance);
  void set_idle_line(std::uint32_t line);

  [[nodiscard]] std::size_t count() const { return rows_.size(); }
  [[nodiscard]] bool empty() const { return rows_.empty() && loads_.empty(); }
  /// Whether there are no unknowns but the currents of inductors,
  [[nodiscard]] bool keeps_only_inductors() const {
    return std::ranges::all_of(rows_, [](const Row& row) { return row.kind == Kind::inductor; });
  }
  /// and nothing else either.
  [[nodiscard]] bool has_only_inductors() const { return loads_.empty() && keeps_only_inductors(); }

  /// Numbers the unknowns: the first one is y[first].
  void attach(const PotentialForest& forest, std::size_t first);
  /// The population that a tap reads, and the instance's number in it.
  void attach_taps(std::uint32_t group, const Population& population,
                   const std::vector<std::uint32_t>& position);

  void residual(const AuxiliaryPoint& at, double* r);
  /// Raises largest[row] of both ends of every element to the magnitude of its current, A.
  void largest_currents(const AuxiliaryPoint& at, double* largest);
  /// Calls emit(row, column, g, c) for every entry of ∂F/∂y (g) and ∂F/∂ẏ (c) that these equations add,
  /// always the same ones in the same order; ground's row and column are 0. Taps have only their own
  /// unknown's entry here. Where `emit` has these members, they are called too:
  /// - node(row, node, g): g = ∂F/∂v by the voltage of a node, which includes the EMFs of sources;
  /// - source_voltage(row, index, g), source_current(row, index, g): by the value of an independent source;
  /// - delayed(row, column, g, delay): g times the unknown one delay (s) ago.
  template <class Emit>
  void entries(const AuxiliaryPoint& at, Emit&& emit);
  /// The same for the currents of the elements without an unknown of their own: `row` is a number from 0 to
  /// loads() - 1.
  template <class Emit>
  void load_entries(const AuxiliaryPoint& at, Emit&& emit);
  [[nodiscard]] std::size_t loads() const { return loads_.size(); }
  /// The currents in the unknowns x and those of the loads (or small changes of all of them), as in
  /// currents().
  template <class Number>
  void share(const Number* x, const Number* loads, std::vector<Number>& behavioural,
             std::vector<Number>& switches, std::vector<Number>& ports, std::vector<Number>& leaving) const;

  /// A tap's equation: y[row] is a tap of instance tap.instance of the group's population.
  struct TapRow {
    std::uint32_t row = 0;  // in y
    std::uint32_t group = 0;
    const Population* population = nullptr;
    Tap tap;
  };
  [[nodiscard]] const std::vector<TapRow>& taps() const { return taps_; }

  /// An inductor whose current is an unknown.
  struct Inductor {
    std::uint32_t row = 0;  // in y
    NodeId plus = ground, minus = ground;
    double inductance = 0;  // H, its own
  };
  [[nodiscard]] std::vector<Inductor> inductors() const;
  [[nodiscard]] const CutSets& cut_sets() const { return cut_sets_; }

  // Conditions and switches (Program's events).
  /// While frozen, conditions keep their modes; otherwise the point decides. Switches always keep theirs.
  void freeze(bool frozen) { frozen_ = frozen; }
  /// Sets modes as the point decides; true when one of them changed.
  bool decide(const AuxiliaryPoint& at);
  /// Whether decide() would change a mode.
  bool changed(const AuxiliaryPoint& at);
  [[nodiscard]] bool has_events() const;
  /// What the modes depend on, switches first: they change where one of these changes its sign (passes a
  /// whole number, for floor() and the like).
  void event_arguments(const AuxiliaryPoint& at, std::vector<double>& arguments);
  void adopt_modes(const AuxiliaryRows& other);
  void set_frequency(double frequency) { frequency_ = frequency; }
  /// While so, programs count as 0 where they have no value or no slope (0/0, log(0)).
  void leave_out_undefined(bool leave_out) { leave_out_undefined_ = leave_out; }
  /// Whether all programs have values and slopes at the point.
  [[nodiscard]] bool is_defined(const AuxiliaryPoint& at);
  /// The value of one of Circuit::programs.
  [[nodiscard]] double value_of(std::uint32_t program, const AuxiliaryPoint& at) {
    return value(program, at);
  }
  [[nodiscard]] bool depends_on_time() const { return depends_on_time_; }

  // Lines.
  /// Waves before t = 0: those of the point, or with `uic` those of the cards; y is made to fit them.
  void begin_lines(const AuxiliaryPoint& at, bool use_initial_conditions, double* y);
  /// A point of the run.
  void note_lines(const AuxiliaryPoint& at);
  /// The values just behind a corner: jumps that no error test would see are none.
  void note_corner_of_lines(const AuxiliaryPoint& at, const ErrorWeights& weights);
  [[nodiscard]] std::span<LosslessLine> lines() { return lines_; }
  /// Index in y of the first of a line's unknowns.
  [[nodiscard]] std::uint32_t line_row(std::uint32_t line) const;
  /// When the next jump arrives at the end of a line, s; infinity: none is under way.
  [[nodiscard]] double next_arrival(double t) const;

  /// What a saved run remembers beside the unknowns (base/archive.hpp): modes and waves.
  template <class Archive>
  void exchange(Archive& archive) {
    archive(decided_);
    archive(closed_);
    for (Compiled& compiled : programs_) archive(compiled.modes);
    archive.list(arrivals_);
    for (LosslessLine& line : lines_) line.exchange(archive);
  }

  // Values.
  [[nodiscard]] std::uint32_t first() const { return first_; }
  /// Index in y; npos: the element's current is no unknown.
  [[nodiscard]] std::uint32_t source_row(std::uint32_t voltage_source) const;
  [[nodiscard]] std::uint32_t short_row(std::uint32_t group, std::uint32_t instance) const;
  [[nodiscard]] std::uint32_t inductor_row(std::uint32_t group, std::uint32_t instance) const;
  [[nodiscard]] std::uint32_t resistor_row(std::uint32_t group, std::uint32_t instance) const;
  /// Index in y of the current of any instance of a group that has one here.
  [[nodiscard]] std::uint32_t current_row(std::uint32_t group, std::uint32_t instance) const;
  /// A resistor whose current is an unknown. `equations`: rows in which resistance times current appears, and
  /// the sign that it has there.
  struct Resistor {
    std::uint32_t group = 0;
    std::uint32_t instance = 0;
    std::uint32_t row = 0;  // in y
    double resistance = 0;  // ohm
    std::vector<std::pair<std::uint32_t, double>> equations;
  };
  [[nodiscard]] std::vector<Resistor> resistors() const;
  [[nodiscard]] std::uint32_t port_row(std::uint32_t line, std::uint32_t port) const;
  static constexpr std::uint32_t npos = 0xffffffffu;
  /// Index in y of what an input of a program reads; npos when that is no unknown.
  [[nodiscard]] std::uint32_t reading_row(std::uint32_t program, std::size_t input) const;
  [[nodiscard]] double switch_conductance(std::uint32_t index) const;
  /// Index in y of a switch's current; npos: it is no unknown. `scale` is what that current is multiplied by
  /// in its equation, scale i = scale v / R: 1 or R.
  [[nodiscard]] std::uint32_t switch_row(std::uint32_t index) const;
  [[nodiscard]] double switch_scale(std::uint32_t index) const;
  /// Currents of all behavioural sources, switches and ports (two a line), A, from plus through the element
  /// to minus; adds to `leaving` what leaves each node by auxiliary elements, those apart that are devices
  /// too.
  void currents(const AuxiliaryPoint& at, std::vector<double>& behavioural, std::vector<double>& switches,
                std::vector<double>& ports, std::vector<double>& leaving);

  struct Unknown {
    Quantity quantity = Quantity::current;
    bool tested = false;                   // has a part in the integrator's error test
    bool dynamic = false;                  // its derivative appears
    std::optional<double> tolerance = {};  // absolute, where it is not that of the quantity
    std::uint32_t before = 0;  // has the scale of the unknown so many places before it; 0: its own
  };
  [[nodiscard]] Unknown unknown(std::size_t k) const;
  /// "i(e1)", for messages.
  [[nodiscard]] std::string name(std::size_t k) const;
  /// Names of the elements here that have a negative resistance by themselves, as last linearised, with their
  /// conductances, S.
  [[nodiscard]] std::vector<std::pair<double, std::uint32_t>> negative() const;
  /// Copies what both of two systems of a circuit have.
  void transfer(const double* y, const AuxiliaryRows& to, double* to_y) const;
  /// Puts integrals to their initial values.
  void initialise(double* y) const;

 private:
  friend class ProgramDerivatives;
  /// The absolute tolerance of the argument of a ddt(), whatever its unit is: what vntol for voltages and
  /// other quantities, and a thousandth of it for currents, make of it by its slopes at 0, 1 and -1.
  [[nodiscard]] double argument_tolerance(const Program& program) const;
  enum class Kind : std::uint8_t {
    source,
    short_circuit,
    behavioural_voltage,
    behavioural_current,
    switch_current,
    inductor,
    resistor,
    port,
    tap,
    power,
    derivative,
    integral,
    arriving,
    leaving,
    stage,
  };
  struct Ends {
    std::uint32_t plus_row, minus_row;
    NodeId plus, minus;
  };
  struct Row {
    Kind kind = Kind::source;
    std::uint32_t index = 0;  // of the element in its list; instance; tap; auxiliary
    std::uint32_t part = 0;   // group; port; of arriving and stage the port too
    NodeId plus = ground;
    NodeId minus = ground;
    std::uint32_t plus_row = 0;
    std::uint32_t minus_row = 0;
    std::uint32_t current = 0;  // power: index in y of the current; npos: that of current source `part`
    // Inductor: range in mutuals_. Resistor that closes a loop of such: range in drops_, its own among them.
    std::uint32_t first_mutual = 0, last_mutual = 0;
    double resistance = 0;  // resistor: ohm
    bool idle = false;      // carries no current
    bool has_current() const { return kind <= Kind::port; }
    Ends ends() const { return {plus_row, minus_row, plus, minus}; }
  };
  using Key = std::tuple<Kind, std::uint32_t, std::uint32_t, std::uint32_t>;
  /// Where a program's input comes from.
  struct Reading {
    enum class Kind : std::uint8_t { difference, unknown, derivative, time, frequency, source_current };
    Kind kind = Kind::difference;
    std::uint32_t plus = 0;  // row; unknown, derivative: number of the auxiliary row, later index in y
    std::uint32_t minus = 0;
    NodeId plus_node = ground;
    NodeId minus_node = ground;
    Ends ends() const { return {plus, minus, plus_node, minus_node}; }  // of a difference
  };
  struct Compiled {
    const Program* program = nullptr;
    std::vector<Reading> readings;
    std::vector<double> x, tolerance, gradient, modes, argument, decided;
    Program::Workspace work;
  };
  /// An element without an unknown of its own.
  struct Load {
    bool is_switch = false;
    std::uint32_t index = 0;
    NodeId plus = ground;
    NodeId minus = ground;
    std::uint32_t plus_row = 0;
    std::uint32_t minus_row = 0;
    Ends ends() const { return {plus_row, minus_row, plus, minus}; }
  };
  struct Mutual {
    std::uint32_t row = 0;  // of the other inductor, index in y
    double inductance = 0;  // H
  };
  struct Drop {
    std::uint32_t row = 0;  // of the current, index in y
    double resistance = 0;  // ohm, negative where the loop runs against the resistor
  };

  std::uint32_t add_row(const Row& row, std::uint32_t key = 0);
  [[nodiscard]] std::uint32_t find(Kind kind, std::uint32_t index, std::uint32_t part = 0) const;
  void add_line(std::uint32_t index);
  void keep_inductors();
  void keep_tiny_resistances(const TinyResistances& tiny);
  void close_loops_of_resistors();
  void read_programs();
  Reading reading(const Probe& probe);
  [[nodiscard]] double tolerance(const Probe& probe) const;
  Reading element_reading(const Probe& probe);
  Reading current_of(std::uint32_t name);
  [[nodiscard]] std::pair<NodeId, NodeId> ends(const ElementPlace& place) const;
  [[nodiscard]] bool is_short(const ElementPlace& place) const;
  std::uint32_t tap_row(const ElementPlace& place, Tap::Kind kind, std::uint32_t index);

  [[nodiscard]] double read(const Reading& reading, const AuxiliaryPoint& at) const;
  double value(std::uint32_t program, const AuxiliaryPoint& at);
  /// Value and slopes of a program; whether it has them: finite ones, and no pole.
  bool evaluate(Compiled& compiled, const AuxiliaryPoint& at, double& value);
  const std::vector<double>& gradient(std::uint32_t program, const AuxiliaryPoint& at);
  double load_current(const Load& element, const AuxiliaryPoint& at);
  void decide_program(Compiled& compiled, const AuxiliaryPoint& at);
  [[nodiscard]] bool switch_decision(std::uint32_t index, const AuxiliaryPoint& at);
  [[nodiscard]] double voltage(const Row& row, const AuxiliaryPoint& at) const;
  [[nodiscard]] static double current_of(const Row& power, const AuxiliaryPoint& at);
  /// Of `row`, and with the other sign of `opposite` where there is one.
  template <class Emit>
  void program_entries(std::uint32_t program, std::uint32_t row, double scale, const AuxiliaryPoint& at,
                       Emit& emit, std::uint32_t opposite = npos);
  /// Of a voltage between the ends of `what`: a Row, a Load or a Reading of a difference.
  template <class What, class Emit>
  static void difference_entries(std::uint32_t row, const What& what, double g, Emit& emit);
  template <class Emit>
  void row_entries(std::uint32_t me, const Row& row, const AuxiliaryPoint& at, Emit& emit);
  /// At rest the ports have one voltage and opposite currents.
  template <class Emit>
  void arriving_entries(std::uint32_t me, const Row& row, const AuxiliaryPoint& at, Emit& emit);

  const Circuit& circuit_;
  bool at_rest_;
  CutSets cut_sets_;
  std::vector<ElementPlace> places_;
  std::vector<Row> rows_;
  std::map<Key, std::uint32_t> row_numbers_;
  std::vector<Compiled> programs_;
  std::vector<Load> loads_;
  std::vector<double> load_currents_;
  std::vector<double> tap_by_voltage_, tap_by_unknown_;  // work
  std::vector<TapRow> taps_;
  std::vector<Mutual> mutuals_;
  std::vector<Drop> drops_;
  std::vector<LosslessLine> lines_;
  std::uint32_t first_line_row_ = 0;  // in rows_; those of all lines follow each other
  std::vector<double> arrivals_;      // s, ascending
  std::vector<std::uint8_t> closed_;  // by switch
  std::uint32_t first_ = 0;
  bool frozen_ = false;
  bool leave_out_undefined_ = false;
  bool decided_ = false;  // modes hold what a point decided
  bool depends_on_time_ = false;
  double frequency_ = 0;  // Hz
};

}  // namespace memspice
