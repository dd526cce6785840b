#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "memspice/analysis.hpp"
#include "memspice/deck.hpp"
#include "memspice/detail/elements.hpp"
#include "memspice/detail/program.hpp"
#include "memspice/device.hpp"

namespace memspice {

/// What integrates a transient: IDA every circuit, the network integrator those of linear memristors,
/// resistors and independent sources.
enum class Integrator { automatic, ida, network };
/// What solves its linear equations: factors of KLU or of CHOLMOD, or conjugate gradients.
enum class LinearSolver { automatic, klu, cholmod, gradients };

/// Tolerances and switches of .options. Absolute tolerances not given follow reltol, so that tightening
/// reltol tightens everything: vntol = 1e-2 V x reltol, abstol = 1e-8 A x reltol, statetol = 1e-2 x reltol.
struct Options {
  double reltol = 1e-4;
  std::optional<double> vntol;     // V
  std::optional<double> abstol;    // A; for dimensionless states too when statetol is not given
  std::optional<double> statetol;  // 1
  bool interp = false;             // rows exactly on the tstep grid
  int max_order = 5;
  Integrator integrator = Integrator::automatic;
  LinearSolver solver = LinearSolver::automatic;
  bool verify = false;                     // integrates a stretch of every transient with both integrators
  std::optional<std::uint64_t> max_steps;  // internal steps before giving up
  std::optional<double> max_rows;          // of all analyses at all points: more are an error
  int harmonics = 10;                      // of .four, the mean included
  double temperature = 27;                 // degrees Celsius
  double nominal_temperature = 27;         // at which parameters are given
  double gmin = 1e-12;                     // S, across every junction
  std::optional<std::uint64_t> seed;       // of the random functions; nothing: 1
  Budgets budgets;                         // max_rows is the deck's of rows

  [[nodiscard]] double voltage_tolerance() const { return vntol.value_or(1e-2 * reltol); }
  [[nodiscard]] double current_tolerance() const { return abstol.value_or(1e-8 * reltol); }
  [[nodiscard]] double state_tolerance() const { return statetol.value_or(abstol.value_or(1e-2 * reltol)); }
};

/// `.mc`: the analyses again with new draws of the random functions.
struct MonteCarloCard {
  std::size_t runs = 0;
  Location where;
};

/// A vector asked for by .save or .probe: `v(n1)`, `v(a,b)`, `w(*)`, `i(v*)`, `all`, `@r1[i]`. Lower
/// case.
struct SaveRequest {
  std::string pattern;
  Location where;
  bool script = false;  // of .control: what it names may come of commands that are not run
};

struct NodeVoltage {
  NodeId node = ground;
  double voltage = 0;
  Location where;
};

struct CardKind;
/// The cards of all analyses, and of what looks at their rows.
std::span<const CardKind* const> standard_analyses();

struct SteppedParameters;

struct ElaborateOptions {
  /// What is not read: cards that repeat the analyses (.step, .mc, .temp), or also those of the analyses.
  enum class Cards : std::uint8_t { all, no_steps, no_analyses };
  /// -D name=value: overrides the top level's .param.
  std::vector<std::pair<std::string, double>> parameters = {};
  std::vector<SweptValue> swept = {};      // go before what the deck says, -D too
  std::optional<std::uint64_t> seed = {};  // of the random functions; nothing: the deck's
  std::uint64_t run = 0;                   // every run of a seed has random numbers of its own
  Cards cards = Cards::all;
  /// Those that .step and .data declare, of an elaboration of the same deck: a point does not look for them.
  std::shared_ptr<const SteppedParameters> stepped = {};
  /// The cards that a deck may have beside those that describe it: of its analyses.
  std::span<const CardKind* const> analyses = standard_analyses();
};

/// What is written of the analyses.
struct Outputs {
  std::vector<SaveRequest> saves;
  std::vector<PrintCard> prints;
  std::vector<MeasureCard> measures;
  std::vector<FourierCard> fouriers;
  /// What the expressions of these cards read beside vectors, by name: parameters, temper.
  std::map<std::string, double, std::less<>> parameters;
};

/// What all analyses are repeated for.
struct Repetitions {
  std::vector<Sweep> steps;          // .step: the outermost first; for every combination
  std::vector<double> temperatures;  // .temp with several, outside of the steps
  std::optional<MonteCarloCard> monte_carlo;
};

/// What a circuit was elaborated from.
struct Origin {
  std::shared_ptr<const Deck> deck;     // null: the circuit was made in code
  std::vector<std::string> data_files;  // that waveforms were read from
  ElaborateOptions options;
  bool varies = false;  // some card sweeps or steps more than the values of sources
};

/// What there is of devices beside the parameters of their groups.
struct DeviceRecords {
  std::vector<SmallSignalResistor> small_signal_resistors;
  std::vector<ValueFactor> value_factors;  // those that are not 1, ascending in a group
  std::vector<Curve> curves;               // that parameters stand for
};

/// A flat circuit: every subcircuit expanded, every parameter a number, every name unique and lower case.
/// Immutable once elaborated.
struct Circuit {
  std::string title;
  std::shared_ptr<const SourceFiles> sources;
  std::shared_ptr<const Catalogue> catalogue;
  NameTable node_names;  // 0 is ground, named "0"
  NameTable element_names;
  // Nodes inside of elements (of Rser= and the like), ascending: no vectors unless named in full.
  std::vector<NodeId> hidden_nodes;
  std::vector<DeviceGroup> groups;
  DeviceRecords records;
  std::vector<Source> voltage_sources;
  std::vector<Source> current_sources;
  SourceFunctions functions;
  std::vector<Program> programs;
  std::vector<BehaviouralSource> behavioural_sources;
  std::vector<Auxiliary> auxiliaries;
  std::vector<Switch> switches;
  std::vector<Coupling> couplings;
  std::vector<TransmissionLine> lines;
  std::vector<NodeVoltage> initial_conditions;  // .ic v(n)=
  std::vector<NodeVoltage> nodesets;
  std::vector<AnalysisCard> analyses;         // in deck order
  std::vector<AnalysisCard> before_analyses;  // .network
  std::vector<AnalysisCard> after_analyses;   // .fixedpoint, then .eigen
  std::vector<ObserverCard> observers;        // of every transient, in the order of their vectors
  Outputs outputs;
  Repetitions repetitions;
  Options options;
  std::vector<Diagnostic> warnings;
  Origin origin;

  /// The same circuit with another value of what `name` stands for: a parameter of the deck's top level
  /// ("rload"), the DC value of a source ("v1"), the value of an element ("r1"), a parameter of an element
  /// ("y1:w0") or of a model ("flat:ron"), or "temp" (degrees Celsius); SI units, any case. The text is not
  /// read again. Where nothing but that one number depends on it, it is changed in place; otherwise the deck
  /// is elaborated again, with all values that were given before. Throws std::out_of_range for an element or
  /// a model without such a parameter, std::invalid_argument for a value out of its range, DeckError for a
  /// name that neither an element nor a parameter has, and when the deck makes no sense with the value.
  [[nodiscard]] Circuit with(std::string_view name, double value) const;
};

/// Gives a deck its meaning; the circuit keeps the deck. Throws DeckError with everything wrong that could be
/// found.
Circuit elaborate(std::shared_ptr<const Deck> deck,
                  std::shared_ptr<const Catalogue> catalogue = standard_catalogue(),
                  const ElaborateOptions& options = {});
inline Circuit elaborate(Deck deck, std::shared_ptr<const Catalogue> catalogue = standard_catalogue(),
                         const ElaborateOptions& options = {}) {
  return elaborate(std::make_shared<const Deck>(std::move(deck)), std::move(catalogue), options);
}

/// The same deck with other values, elaborated again: what it is at one point of its .step, .mc, .temp or .dc
/// cards. Safe to be called from several threads at once. Throws DeckError when the deck makes no sense with
/// these values, std::invalid_argument where other values than those of sources are given to a circuit
/// without a deck.
struct Variation {
  std::vector<SweptValue> values = {};
  std::optional<std::uint64_t> run = {};  // whose random numbers; nothing: the circuit's
  bool analyses = true;                   // false: the new circuit has none
};
Circuit variant(const Circuit& circuit, const Variation& variation);

/// Makes a circuit in code: element by element, then build(). Everything that a deck can say can be said
/// here, and gives the same circuit to the bit; names are those of a deck (any case, node "0" is ground,
/// elements begin with the letter of their kind), values are in SI units. Calls can be chained.
///
///   Circuit circuit = CircuitBuilder("divider")
///                         .voltage_source("v1", "in", "0", 5)
///                         .device("resistor", "r1", {"in", "out"}, {{"r", 1e3}})
///                         .device("resistor", "r2", {"out", "0"}, {{"r", 2e3}})
///                         .transient({.step = 1e-3, .stop = 1})
///                         .build();
class CircuitBuilder {
 public:
  using Value = std::pair<std::string_view, double>;

  explicit CircuitBuilder(std::string_view title = "a circuit made in code",
                          std::shared_ptr<const Catalogue> catalogue = standard_catalogue());

  /// An element of the catalogue's type with this name ("resistor", "linear memristor") or model type
  /// ("memristor"). Throws std::out_of_range for a type, a node's number or a parameter that there is not,
  /// and says which there are; std::invalid_argument for a name that does not begin with the type's letter.
  CircuitBuilder& device(std::string_view type, std::string_view name,
                         const std::vector<std::string_view>& nodes,
                         const std::vector<Value>& parameters = {});
  /// Independent sources: their DC value (V or A), and where it differs their function of time. A current
  /// flows from plus through the source to minus. Throws std::invalid_argument for a name that does not begin
  /// with v or i, and for noise functions, which card() makes.
  CircuitBuilder& voltage_source(std::string_view name, std::string_view plus, std::string_view minus,
                                 double dc, const std::optional<SourceFunction>& function = {});
  CircuitBuilder& current_source(std::string_view name, std::string_view plus, std::string_view minus,
                                 double dc, const std::optional<SourceFunction>& function = {});
  /// Any card of a deck: "B1 out 0 V=v(in)^2", ".param rload=1k", ".save w(*)", ".options reltol=1e-6".
  CircuitBuilder& card(std::string_view text);
  CircuitBuilder& transient(const TransientCard& card);
  CircuitBuilder& operating_point() { return card(".op"); }

  // Functions of time. Volt or ampere, seconds, hertz.
  static SourceFunction sine(double offset, double amplitude, double frequency);
  static SourceFunction pulse(double low, double high, double delay, double rise, double fall, double width,
                              double period);
  /// Straight lines between points (s, V or A), times ascending.
  static SourceFunction piecewise_linear(std::vector<std::pair<double, double>> points);

  /// Throws DeckError for everything that is wrong with the circuit, with the cards that the calls stand for.
  [[nodiscard]] Circuit build(const ElaborateOptions& options = {}) const;
  /// The deck that says the same.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  CircuitBuilder& source(char letter, std::string_view name, std::string_view plus, std::string_view minus,
                         double dc, const std::optional<SourceFunction>& function);
  std::string text_;
  std::shared_ptr<const Catalogue> catalogue_;
  std::vector<const DeviceType*> modelled_;  // types that have a model card
};

}  // namespace memspice
