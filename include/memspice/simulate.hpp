#pragma once

#include <complex>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "memspice/circuit.hpp"
#include "memspice/waveform.hpp"

namespace memspice {

/// What bounded the accepted steps of a transient: how many steps each.
struct StepLimits {
  long error_test = 0;       // the tolerance
  long largest_step = 0;     // tmax, .options maxstep
  long span = 0;             // a fiftieth of the run
  long period = 0;           // an eighth of the shortest period of a source
  long time_reading = 0;     // expressions that read the time
  long corners = 0;          // of waveforms, arrivals on lines, tstart, the stop
  long events = 0;           // conditions and switches that change
  long line_delay = 0;       // the shortest line
  long newton_failures = 0;  // Newton's method did not converge with a longer one

  StepLimits& operator+=(const StepLimits& other);
  /// By the names they have in the report.
  [[nodiscard]] std::vector<std::pair<std::string, long>> counts() const;
};

/// Of a transient whose circuit rings for longer than four periods, so that the errors of steps add up and
/// each may err less (docs/numerics.md, "Oscillators").
struct OscillationReport {
  long turns = 0;                // turning points of the unknown that has most
  double memory = 0;             // periods over which errors add up, at the end
  double accumulated_error = 0;  // estimate for the end, relative to the largest value of an unknown
};

/// What the solvers did, for one analysis.
struct SolverStatistics {
  std::string integrator;       // of a transient: "ida", "network", or which of them to when; else empty
  std::size_t unknowns = 0;     // of the integrator: potentials and internal unknowns
  std::size_t matrix_size = 0;  // rows of the condensed node matrix
  std::size_t matrix_nonzeros = 0;
  std::string factorisation;        // "cholesky", "lu", or "gradients": none
  std::size_t factor_nonzeros = 0;  // of L, or of L and U together; of .op and .tran
  std::string reason;               // of a transient: why this integrator, and why what solves its equations
  long steps = 0;
  long failed_steps = 0;
  long residuals = 0;
  long newton_iterations = 0;
  long newton_failures = 0;
  long restarts = 0;  // breakpoints
  std::size_t factorisations = 0;
  std::size_t solves = 0;
  std::size_t rows = 0;    // written
  long rejected_rows = 0;  // steps made anew because their rows would not have kept Kirchhoff's laws
  StepLimits step_limits;
  std::optional<OscillationReport> oscillation;
  double setup_seconds = 0;  // numbering, pattern, ordering
  double operating_point_seconds = 0;
  double integration_seconds = 0;  // steps and rows
};

/// How the closed form (.omega) compared.
struct OmegaReport {
  double tolerance = 0;
  double largest_deviation = 0;  // of a state w, 1
  double time = 0;               // s, where
  std::string state;             // "w(y1)"
  std::size_t states = 0;
  double seconds = 0;
  std::string point;  // "r=1000": where, of the worst of several points
  int reruns = 0;     // of the transient, with tighter tolerances, until the two agreed
  double reltol = 0;  // with which the run was integrated that the rows come from
  // When it failed:
  std::string reason;                   // which of the two integrations did not converge
  std::optional<double> amplification;  // of errors by the network, where that explains it

  [[nodiscard]] bool passed() const { return largest_deviation <= tolerance; }
  /// What is wrong, of one that has not passed; several lines.
  [[nodiscard]] std::string message() const;
};

/// How the two integrators of networks compared on a stretch of a transient (.options verify).
struct VerifyReport {
  double stretch = 0;            // s, from 0 on
  double tolerance = 0;          // of a state w, 1
  double largest_deviation = 0;  // of a state w, 1
  double time = 0;               // s, where
  std::string state;             // "w(y1)"; empty: there is no difference
  std::size_t states = 0;
  double seconds = 0;  // of computing, both integrations

  [[nodiscard]] bool passed() const { return largest_deviation <= tolerance; }
};

/// Drift of the conservation laws (.invariants). Dimensionless: as a part of what the law's devices can
/// store.
struct InvariantsReport {
  struct Law {
    std::size_t laws = 0;               // nodes or loops watched
    double largest_drift = 0;           // while the law held
    std::optional<double> valid_until;  // s, when a state at its bound voided the first of the laws
  };
  Law kcl_memory;
  Law flux;
  Law power;
};

/// The functionals along a transient (.functional).
struct FunctionalReport {
  struct Functional {
    double start = 0;
    double end = 0;
    std::size_t violations = 0;    // rows at which it rose
    double largest_violation = 0;  // the largest rise from row to row
  };
  Functional lyapunov;                 // Λ, 1/s
  std::optional<Functional> gradient;  // f, V: networks of identical devices only
  std::string no_gradient;             // why there is none
};

struct FixedPointReport {
  std::string from;  // "op", "end"
  bool converged = false;
  std::string method;                                  // "newton", "pseudo-transient"
  double residual = 0;                                 // largest |dw/dt| left, 1/s
  std::vector<std::pair<std::string, double>> states;  // "w(y1)" and its value
  std::vector<std::string> held;                       // states at a bound that their drive presses them to
  std::string message;                                 // why there is none; several lines
};

/// The spectrum of the linearised circuit (.eigen).
struct EigenReport {
  struct Oscillation {
    std::complex<double> value;       // 1/s, of the pair the one with the positive imaginary part
    std::vector<std::string> states;  // that swing most
  };
  std::string at;                            // "op", "fixed", "end"
  std::size_t dynamic_unknowns = 0;          // free states, charges and fluxes
  std::size_t held = 0;                      // states held at a bound: not part of the spectrum
  std::vector<std::complex<double>> values;  // 1/s, by falling real part
  bool complete = true;                      // false: only the extreme ones of a large circuit
  std::vector<Oscillation> oscillations;
  std::optional<double> closed_form_difference;  // largest, relative to the largest |value|
  std::string no_closed_form;                    // why there is no closed form to compare with
};

/// What `.network` found (docs/theory.md). Branches are memristors and resistors with their EMFs, bare
/// voltage sources and current sources.
struct NetworkReport {
  /// Of larger networks the lists by branch below are empty.
  static constexpr std::size_t most_listed_branches = 100;

  /// Q_T = -B_T⁻¹ B_T̄ [Eq 18]: what the currents of the chords make of those of the tree, i_T = Q_T i_T̄.
  /// Its entries are 0 and ±1.
  struct TreeResponse {
    std::size_t rows = 0;                // branches of the spanning tree: nodes - components
    std::size_t columns = 0;             // chords: loops
    std::optional<std::size_t> entries;  // that are not 0; none beyond 10,000,000
    std::vector<std::string> tree;       // names of the branches
    std::vector<std::string> chords;
    std::vector<std::vector<int>> matrix;  // by row
  };
  /// S = ΩS + (I - Ω)S [Eq 31] of the resistive branches at the operating point's source values, V.
  struct SourceSplit {
    struct Branch {
      std::string name;
      double emf = 0;      // S
      double driving = 0;  // ΩS: what drives currents
      double gauge = 0;    // (I - Ω)S: differences of potentials
    };
    double norm = 0;  // Euclidean, of S
    double driving_norm = 0;
    double gauge_norm = 0;
    std::vector<Branch> branches;
  };
  /// The spectrum of (I + Ω̂ΞW)⁻¹ [Eq 32] at the initial states.
  struct Resolvent {
    std::vector<std::complex<double>> values;  // one a loop of resistive branches, by rising real part
    std::size_t ones = 0;                      // as often 1 besides
  };

  std::size_t nodes = 0;
  std::size_t branches = 0;
  std::size_t memristors = 0;
  std::size_t resistors = 0;
  std::size_t voltage_sources = 0;  // bare ones
  std::size_t current_sources = 0;
  std::size_t components = 0;
  std::size_t loops = 0;  // branches - nodes + components
  std::size_t bridges = 0;
  std::size_t blocks = 0;                    // 2-connected, bridges included
  std::optional<double> log_spanning_trees;  // natural logarithm
  double effective_memory_current = 0;
  double effective_memory_voltage = 0;
  std::optional<std::size_t> projector_rank;
  std::optional<bool> projector_symmetric;
  TreeResponse tree_response;
  std::optional<SourceSplit> source_split;
  std::optional<Resolvent> resolvent;
  std::vector<std::pair<std::string, std::string>> reasons;   // why a value above is missing, by its name
  std::vector<std::string> files;                             // written
  std::vector<std::pair<std::string, std::string>> left_out;  // files not written, and why
  double seconds = 0;
};

/// What a .measure found.
struct MeasureReport {
  std::string name = {};
  std::optional<double> value = {};  // none: it failed
  /// Where: "at", "from" and "to", "trig" and "targ", or "with" for the value at a place; in ngspice's order.
  std::vector<std::pair<std::string, double>> details = {};
  std::string message = {};  // why it failed

  /// As ngspice prints it: `name                =  1.000000e-03 from=  0.000000e+00 to=  2.000000e-03`
  [[nodiscard]] std::string text() const;
};

/// What a .four found for one vector.
struct FourierReport {
  struct Harmonic {
    double frequency = 0;  // Hz
    double magnitude = 0;
    double phase = 0;                 // degrees, of a sine that begins with the period
    double normalised_magnitude = 0;  // in units of the fundamental's
    double normalised_phase = 0;      // degrees, beyond the fundamental's
  };
  std::string vector = {};
  double frequency = 0;                  // Hz, of the fundamental
  std::vector<Harmonic> harmonics = {};  // the mean first; empty: it failed
  double distortion = 0;                 // total harmonic distortion, in units of the fundamental
  std::string message = {};              // why it failed
};

/// A table that .print or .plot asked for.
struct PrintedTable {
  std::string plot;                  // ngspice's plot name
  std::vector<std::string> columns;  // a complex one is two: re(v(out)), im(v(out))
  std::vector<double> values;        // row by row
  std::vector<std::size_t> points;   // rows with which a point of .step begins
  PrintCard::Layout layout;
  std::string file;  // empty: standard output
};

enum class Outcome { complete, interrupted, failed };

struct AnalysisReport {
  std::string analysis;  // the word of its type: "op", "tran", …
  std::string summary;   // one line on what was done, of all but "op" and "tran"
  Outcome outcome = Outcome::complete;
  std::string message;          // why it ended early; several lines
  std::string operating_point;  // "newton", "gmin stepping", "source stepping", "pseudo-transient"
  double end_time = 0;          // s, of the last row
  SolverStatistics statistics;
  std::optional<OmegaReport> omega;
  std::optional<VerifyReport> verify;
  std::optional<InvariantsReport> invariants;
  std::optional<FunctionalReport> functional;
  std::vector<MeasureReport> measures;
  std::vector<FourierReport> fouriers;
  std::vector<PrintedTable> tables;
};

/// What analyses of all stages leave.
struct Findings {
  std::optional<NetworkReport> network;
  std::vector<AnalysisReport> analyses;
  std::vector<FixedPointReport> fixed_points;
  std::vector<EigenReport> eigenvalues;
  std::string interrupted_in;  // ".eigen": the card whose findings are missing because
                               // RunOptions::interrupted said so
};

/// What happened at one point of .step, .mc and a list of temperatures.
struct PointReport : Findings {
  std::vector<double> values;  // of RunReport::swept
  Outcome outcome = Outcome::complete;
  std::string message;  // why it ended early; several lines
};

/// Of a deck with points `analyses` has for each analysis its statistics summed over the points, its worst
/// outcome, the largest deviation of .omega, and the tables, those of all points in one with the swept values
/// as columns. What else belongs to a point stands in `points` only.
struct RunReport : Findings {
  std::vector<Diagnostic> warnings;
  std::vector<std::string> swept;   // names of what differs from point to point: "rload", "temp", "run"
  std::vector<PointReport> points;  // in order; without .step, .mc and a list of temperatures none

  /// The worst of the analyses; a failed .omega, .fixedpoint, .measure or .four counts
  /// as failed.
  [[nodiscard]] Outcome outcome() const;
  /// What failed, in order: texts of several lines, each with the point at which it did ("at r=1000: …").
  [[nodiscard]] std::vector<std::string> failures() const;
  /// "r=1000, temp=27": where a point lies.
  [[nodiscard]] std::string values_text(const std::vector<double>& values) const;
};

struct RunOptions {
  /// Asked after every step and all along computations that take longer, by one thread at a time; true ends
  /// the run within 0.3 s (one factorisation of a matrix of a million rows may take longer), and must stay
  /// true.
  std::function<bool()> interrupted;
  std::function<void(double time, double stop)> progress;  // called after every step of a run without points
  std::function<void(std::size_t done, std::size_t points)> points_done;  // called after every point
  /// Called with each warning of the report, by one thread at a time: at once with those that say how the run
  /// goes, with the others at its end.
  std::function<void(const Diagnostic& warning)> warned;
  /// For points, or for the inner loops of the only one; 0: as many as the machine has cores. The results are
  /// the same bits for any number.
  std::size_t threads = 0;
  bool verify = false;          // as .options verify
  bool plot_per_point = false;  // otherwise the rows of all points stand in one plot an analysis
};

/// Finds what run() would find before it solves anything: loops of voltage sources, floating nodes, vectors
/// that do not exist, more rows than .options maxrows. Throws DeckError; gives the warnings about the rows.
std::vector<Diagnostic> check_structure(const Circuit& circuit);

/// Runs .network, then every analysis of the circuit in deck order and streams the rows into the sink. Does
/// not commit the sink. A computation that cannot go on ends its analysis with Outcome::failed, the rows so
/// far are kept, and the analyses after it are not run. Throws DeckError for a circuit that has no solution
/// by its structure, and FileError from the sink and from the files of .network.
///
/// With .step, .mc or a list of temperatures every analysis runs for all their combinations (points), several
/// at once, and the rows come in the order of the points with the swept values as vectors behind the scale:
/// the same bits for any number of threads. A point that fails is reported, and the others run. DeckError is
/// thrown when there is no point at which the deck makes sense. The sink's members are called from several
/// threads, one after the other.
RunReport run(const Circuit& circuit, WaveformSink& sink, const RunOptions& options = {});

/// What a Simulation is to do beside simulating. Everything is called on the thread that runs it.
struct SimulationOptions {
  /// Step, stop and start time and uic; nothing: the circuit's first .tran card.
  std::optional<TransientCard> transient = {};
  /// The plot of the rows begins with the construction; Simulation::finish() ends it. Must outlive the
  /// simulation. The simulation does not commit it.
  WaveformSink* sink = nullptr;
  /// Called with every row, one value for each of Simulation::vectors(), the time first.
  std::function<void(std::span<const double> row)> row = {};
  /// Called after every accepted step.
  std::function<void(double time, double stop)> progress = {};
  /// Called with every warning.
  std::function<void(const Diagnostic& warning)> warned = {};
};

/// All that a run needs to go on: a plain value, to be kept in memory, a file, or anywhere else. It begins
/// with the number of its format; numbers stand in it as this machine has them.
struct SimulationState {
  static constexpr std::uint32_t format = 2;
  std::vector<std::byte> bytes;
};

/// How a source comes to the value that Simulation::run_until() gives it.
enum class InputShape { held, linear };
/// Sources by name, and their values, V or A.
using Inputs = std::vector<std::pair<std::string, double>>;

/// A transient that is run piece by piece: as far as is wanted, looked at, and gone on with.
///
/// Pieces change nothing: the integrator takes the steps of one uninterrupted run, with the same rows to the
/// bit, and quantities at times between its steps are read from its interpolant, corrected until they satisfy
/// the equations. So rows may come that are part of a step later than time().
///
/// .step, .mc, a list of temperatures and the analyses but one .tran are run()'s. What .measure, .four,
/// .print, .omega, .invariants and .functional ask for is answered by finish(), of the rows since the
/// beginning or the last restore(); .omega does not make the run anew with tighter tolerances.
///
/// One thread at a time may use a simulation, but for stop(); simulations share nothing. After a
/// SimulationError the simulation is at the last accepted point: it can be read and saved; running it throws
/// the same again. So it does after an exception of a callback.
class Simulation {
 public:
  /// Finds the operating point. Throws DeckError for a circuit without a solution by its structure and for
  /// vectors that it does not have, SimulationError when there is no operating point, std::invalid_argument
  /// without a .tran card and options, or with times that make no sense.
  explicit Simulation(Circuit circuit, SimulationOptions options = {});
  ~Simulation();
  Simulation(Simulation&&) noexcept;
  Simulation& operator=(Simulation&&) noexcept;

  /// Where the simulation is, s.
  [[nodiscard]] double time() const;
  /// Where it ends, s.
  [[nodiscard]] double stop_time() const;
  [[nodiscard]] bool is_done() const { return !(time() < stop_time()); }

  /// Runs to t, s. False: stop() has ended it at an accepted point before; the next call goes on. Throws
  /// std::invalid_argument for a time before time() or behind stop_time(), SimulationError when the
  /// computation cannot go on, and what callbacks throw.
  bool run_until(double t);
  /// Runs to t with these sources at other values: from time() on, or on straight lines from what they have
  /// now to these values at t, which they keep then; their own functions of time are given up. No step goes
  /// past t. Throws as run_until(t), and std::out_of_range for what is no independent source. .measure,
  /// .four, .print and observers are answered of the rows since the first time that a source is given a value
  /// so.
  bool run_until(double t, const Inputs& inputs, InputShape shape = InputShape::held);
  /// Runs to stop_time(); as run_until().
  bool run() { return run_until(stop_time()); }
  /// Goes on to the next point that the integrator accepts, at most stop_time(). Throws as run_until().
  void step();
  /// Ends the run_until() that is under way after its present step, or the next one before its first. May be
  /// called from callbacks, from any thread, and from a signal handler.
  void stop() noexcept;

  /// The value at time() of a voltage, a current, a state or another vector, in its SI unit: "v(out)",
  /// "v(a,b)", "i(r1)", "w(y1)", "@r1[p]"; not those that .omega, .invariants and .functional add to rows.
  /// Throws std::out_of_range for one that the circuit does not have, SimulationError as state().
  double operator[](std::string_view name);
  /// The states of devices, "w(y1)", and their values at time(), in the same order.
  [[nodiscard]] const std::vector<std::string>& state_names() const;
  std::vector<double> states();
  /// Gives all of them other values at time(); what follows from them jumps. Throws std::invalid_argument for
  /// another number of values, and for one outside of its bounds.
  void set_states(std::span<const double> values);
  /// What rows consist of: the time and what .save, .probe and .print ask for, or else the default.
  [[nodiscard]] const std::vector<VectorInfo>& vectors() const;
  [[nodiscard]] const Circuit& circuit() const;

  /// What is needed to go on from time(): unknowns, modes of conditions and switches, waves on lines,
  /// integrals, states at their bounds, magnitudes and turns that the error test knows. Sources and their
  /// noise follow from the circuit and its seed. Not the integrator's past steps: a restored run makes
  /// consistent values, as at a corner of a source, and small steps at first, and so agrees with an
  /// uninterrupted one within the tolerance (.options reltol), not to the bit. Throws SimulationError when
  /// there are no consistent values at the beginning of the run.
  [[nodiscard]] SimulationState state();
  /// Goes to where the state was saved, by this simulation or another one of a circuit with the same
  /// elements, nodes and switches; values of parameters, waveforms and the stop time may be others. Rows go
  /// on behind that time. Throws std::invalid_argument, and changes nothing, where the state is damaged, of
  /// another format or circuit, or not before stop_time().
  void restore(const SimulationState& state);

  /// Ends the plot of the sink and tells what the solvers did; the simulation cannot be run further. Throws
  /// FileError from the sink.
  AnalysisReport finish();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace memspice
