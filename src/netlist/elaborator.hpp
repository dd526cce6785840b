#pragma once

#include <fmt/format.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/messages.hpp"
#include "circuit/element_view.hpp"
#include "deck/card_reader.hpp"
#include "memspice/circuit.hpp"
#include "netlist/cards/spacing.hpp"
#include "netlist/cards/table.hpp"
#include "netlist/definitions.hpp"
#include "netlist/elements/table.hpp"
#include "netlist/evaluator.hpp"
#include "netlist/vector_expressions.hpp"

namespace memspice {

inline constexpr double absolute_zero = -273.15;  // degrees Celsius

/// The work of elaborate(): walks the bodies of a deck and fills a Circuit. One object per deck; members
/// throw Problem for the card they are at.
class Elaborator {
 public:
  Elaborator(const Deck& deck, std::shared_ptr<const Catalogue> catalogue);
  Circuit run(const ElaborateOptions& given);
  static std::vector<CardDescription> describe_cards();
  static std::vector<ElementDescription> describe_elements();

 private:
  // elaborate.cpp: the walk
  /// Unknown names are mistakes once the top level is complete.
  void override_parameters(const ElaborateOptions& options, bool complete);
  void evaluate_top_level();
  void instantiate(Scope& scope);

  // conditions.cpp
  /// Decides the .if blocks of the top level, in order, and adds what counts to top_.
  void decide_top_level(const ElaborateOptions& options);
  /// The same for an instance: its scope goes on with the variant of its body.
  void decide(Scope& scope);
  /// The branch of a block that counts in this scope; nullptr: none.
  const ConditionalBlock::Branch* choose(const ConditionalBlock& block, Scope& scope);

  void subcircuit_instance(const Card& card, char letter, Scope& scope);  // X
  /// Reads one `name = value` of an instance card.
  void give_parameter(Scope& inner, std::string_view type, Scope& scope);
  const Body& find_subcircuit(std::string_view name, const Scope& scope) const;
  /// Runs the work on one card; what is wrong with it must not hide what is wrong with the next.
  template <class Action>
  void attempt(Action action) {
    try {
      action();
    } catch (const Problem& problem) {
      messages_.error(problem);
    }
  }

  /// Runs the work on one `name = value` of a card; after a mistake the card goes on with the next one.
  /// False when there was a mistake.
  template <class Action>
  bool attempt_assignment(Action action) {
    try {
      action();
      return true;
    } catch (const Problem& problem) {
      messages_.error(problem);
      reader_.skip_to_assignment();
      return false;
    }
  }

  // names.cpp
  NodeId node(std::string_view name, Scope& scope);
  /// The node if the circuit has it already; NameTable::npos otherwise.
  NodeId find_node(std::string_view name, Scope& scope);
  std::uint32_t find_element(std::string_view name, Scope& scope);  // likewise
  /// Scope's prefix and the name in lower case, in a buffer that the next call overwrites.
  std::string_view full_name(const Scope& scope, std::string_view name, std::string_view before = {});
  std::uint32_t new_element(std::string_view full, std::string_view at);
  [[nodiscard]] std::string place_of_element(std::uint32_t name) const;
  [[nodiscard]] std::string line_of(Location where) const;

  // devices.cpp and models.cpp
  void device(const Card& card, char letter, Scope& scope);
  void check_word_count(const DeviceType& type, std::string_view name, Scope& scope);
  const Model& find_model(std::string_view name, const DeviceType& wanted, Scope& scope);
  [[nodiscard]] bool model_exists(std::string_view name, const Scope& scope) const;
  Model read_model(const ModelDefinition& definition, Scope& scope);
  /// Reads the value of a parameter behind its `name =` and stores it.
  void assign(const DeviceType& type, std::vector<double>& values, std::vector<std::string_view>& given_at,
              Scope& scope);
  void store(const DeviceType& type, std::size_t parameter, double value, std::string_view at,
             std::vector<double>& values, std::vector<std::string_view>& given_at);
  std::uint32_t group_of(const DeviceType& type);
  /// Keeps what the noise of the element just stored is.
  void note_small_signal(const DeviceType& type, std::uint32_t group);

  // parasitics.cpp: Rser= and the like
  struct Parasitics {
    double rser = 0;  // ohm, in series; 0: none
    double lser = 0;  // H, in series
    double rpar = 0;  // ohm, across all of it
    double cpar = 0;  // F, likewise
    unsigned given = 0;
  };
  /// Reads the next `name = value` of an element when it is a parasitic that elements of this letter have.
  bool parasitic(char letter, Parasitics& parasitics, Scope& scope);
  /// Makes the elements for `copies` elements side by side. `plus` becomes the node where the element itself
  /// begins.
  void add_parasitics(const Parasitics& parasitics, double copies, std::string_view name, Location where,
                      NodeId& plus, NodeId minus, Scope& scope);
  void add_linear(char letter, std::uint32_t name, NodeId plus, NodeId minus, double value, Location where);

  // sources.cpp
  void source(const Card& card, char letter, Scope& scope);  // V I
  /// Reads n+ and n- of the source.
  std::pair<NodeId, NodeId> two_nodes(std::string_view name, Scope& scope);
  SourceFunction source_function(std::string_view name, Scope& scope);
  void check_noise(std::string_view at, const SourceFunction& function);

  // piecewise_linear.cpp, waveform_file.cpp
  using PointList = std::vector<std::pair<double, double>>;
  struct PointReader {
    SourceFunction& function;
    double time_scale = 1;
    double value_scale = 1;
    int depth = 0;         // of parentheses
    int repeats = 0;       // of REPEAT … ENDREPEAT
    bool forever = false;  // the last points are repeated
  };
  void piecewise_linear(SourceFunction& function, Scope& scope);
  /// Reads points up to what does not belong to them.
  void read_points(PointReader& reader, PointList& list, Scope& scope);
  void repeat_points(PointReader& reader, PointList& list, Scope& scope, std::string_view at);
  static void refuse_points_behind_forever(const PointReader& reader, std::string_view at);
  /// Reads the next `name = value` when it is one of PWL's.
  bool point_option(PointReader& reader, PointList& list, Scope& scope);
  struct FileNumbers {
    struct Entry {
      double value = 0;
      bool plus = false;  // written with this sign
      std::size_t line = 0;
    };
    std::string path;
    std::size_t lines = 1;
    std::vector<Entry> numbers = {};
  };
  /// Reads the file whose name comes next; `holds` says in messages what should be in it.
  FileNumbers file_numbers(std::string_view holds);
  [[noreturn]] static void fail_in_file(std::string_view at, const FileNumbers& file, std::size_t line,
                                        const std::string& what, std::string_view holds);
  /// Reads the points of the file whose name comes next.
  void read_waveform_file(const PointReader& reader, PointList& list);
  [[nodiscard]] bool at_value() const;

  // behaviour.cpp
  /// Compiles an expression of the running circuit, times a factor; returns its number in Circuit::programs.
  /// What it names may stand later in the deck: resolve_probes() looks it up once the circuit is complete.
  /// `compile_into` leaves the program unfinished and returns the instruction of the value.
  /// `x` gives the name x a meaning: the quantity of the element itself.
  using SelfProbe = std::function<std::uint32_t(Program&)>;
  std::uint32_t compile_into(Program& program, const Expression& expression, Scope& scope,
                             const SelfProbe& x = {});
  std::uint32_t compile(const Expression& expression, Scope& scope, double factor = 1);
  void behavioural_source(const Card& card, char letter, Scope& scope);  // B

  // behavioural_passives.cpp
  /// The text of the value that comes next, where it may be an expression of the running circuit.
  [[nodiscard]] std::string_view value_text(const Card& card) const;
  /// Reads the parameters behind such a value: a factor for it, and so many side by side.
  double behavioural_factor(char letter, double& copies, bool& noisy, Scope& scope);
  /// Reads the value of an R, C or L when it depends on the running circuit; the nodes have been read. False,
  /// and nothing read, when it is a number.
  bool behavioural_passive(const Card& card, char letter, std::string_view name,
                           const std::array<std::string_view, 2>& node_words, Scope& scope);

  // probes.cpp
  /// The probe of a node's voltage or an element's accessor in a program under construction, by names as
  /// written in this scope, views into the source; likewise resolved later. `minus` empty: against ground.
  std::uint32_t voltage_probe(Program& program, std::string_view plus, std::string_view minus, Scope& scope);
  std::uint32_t element_probe(Program& program, std::string_view accessor, std::string_view element,
                              Scope& scope);
  std::uint32_t add_program(Program program);
  void resolve_probes();
  [[nodiscard]] bool is_accessor(std::string_view name) const;
  /// The node's name in the circuit, which need not have it yet.
  std::string circuit_node_name(std::string_view name, const Scope& scope) const;
  std::vector<NodeId> resolve_probe_nodes();
  std::vector<std::uint32_t> resolve_probe_elements();
  [[nodiscard]] bool has_quantity(const ElementPlace& place, std::string_view accessor) const;

  // couplings.cpp
  void coupling(const Card& card, char letter, Scope& scope);  // K
  /// K cards may stand before their inductors.
  void resolve_couplings();
  void check_coupling_energy();

  // controlled_sources.cpp, switches.cpp, lines.cpp
  void controlled_source(const Card& card, char letter, Scope& scope);  // E F G H
  /// Reads m= and the like behind a source; the factor of its value.
  double source_options(std::string_view name, bool by_expression, bool voltage, Scope& scope);
  /// `gain` is left alone when there is none.
  std::uint32_t linear_source(Program& program, std::string_view name, bool by_current, double& gain,
                              Scope& scope);
  std::uint32_t polynomial_source(Program& program, bool by_current, Scope& scope);
  Program::Table table_points(Scope& scope);
  /// Reads what controls, two nodes or an element, and gives its probe.
  std::uint32_t control(Program& program, bool by_current, Scope& scope);
  void switch_element(const Card& card, char letter, Scope& scope);     // S W
  void transmission_line(const Card& card, char letter, Scope& scope);  // T
  /// A word of a list in which parentheses may stand.
  std::string_view listed_word(std::string_view what);
  bool at_end_of_list();
  /// Reads the next `name =` of an element's card; false at its end. Other names than these are refused.
  bool element_option(std::string_view element, std::span<const std::string_view> names, std::string& option);
  /// A value that must be greater than 0.
  double positive(std::string_view name, std::string_view unit, Scope& scope);

  // elements.cpp: the table of all elements
  struct ElementKind {
    ElementDescription description;
    void (Elaborator::*read)(const Card& card, char letter, Scope& scope);
  };
  static std::span<const ElementKind> element_kinds();
  void element(const Card& card, Scope& scope);

  // cards.cpp: the table of all dot cards
  struct CardKind {
    CardDescription description;
    /// Reads a card; the reader stands behind its name, which is `at`.
    void (Elaborator::*read)(const Card& card, std::string_view at, Scope& scope);
    bool early = false;  // before parameters, models and elements have values
  };
  static std::span<const CardKind> card_kinds();
  static const CardKind* find_card(std::string_view name);

  // commands.cpp, options.cpp
  void commands(Scope& scope);
  /// Reads the cards of the top level on which the values of elements may depend.
  void early_commands();
  /// Reads a card by its name, lower case and with its dot; `at` is how and where the deck spells it.
  void command(const Card& card, std::string_view at, const std::string& name, Scope& scope);
  void stray_end(const Card& card, std::string_view at, Scope& scope);
  void ignored(const Card& card, std::string_view at, Scope& scope);
  void title(const Card& card, std::string_view at, Scope& scope);
  void script_parameter(const Card& card, std::string_view at, Scope& scope);
  void operating_point(const Card& card, std::string_view at, Scope& scope);
  void transient(const Card& card, std::string_view at, Scope& scope);
  /// Throws `problem` with its message when rows so far apart are more than a file can hold.
  static void check_row_distance(double distance, double span, Problem problem);
  /// Takes a word that LTspice or HSPICE has on .tran.
  bool transient_modifier(std::string_view word);
  void save(const Card& card, std::string_view at, Scope& scope);
  /// Reads a vector, or an expression of which it gives the vectors.
  std::vector<SaveRequest> requested_vectors(Scope& scope);
  /// A vector as .save and .print name it, from the reader: `v(out)`, `v(*)`, `all`. Lower case.
  std::string vector_pattern();
  void initial_conditions(const Card& card, std::string_view at, Scope& scope);
  void node_sets(const Card& card, std::string_view at, Scope& scope);
  void initial_values(const Card& card, std::vector<NodeVoltage>& list, bool states, Scope& scope);
  void initial_voltage(std::string_view name, double given, const Card& card, std::vector<NodeVoltage>& list,
                       Scope& scope);
  void initial_state(std::string_view accessor, std::string_view element, double value,
                     std::string_view value_at, Scope& scope);
  void options(const Card& card, std::string_view at, Scope& scope);
  /// Reads the value of an option; `name` is the main one of its spellings.
  void option(std::string_view at, std::string_view name, Scope& scope);
  void option_without_effect(std::string_view at, std::string_view why);
  void integration_method();
  void apply_options_to_transients();
  void apply_output_interval(TransientCard& transient);

  // scripts.cpp: .control … .endc
  void scripts();
  void script_command(const Card& card, std::string_view at, const std::string& name);
  void script_variable(const Card& card);
  void script_print(const Card& card, std::string_view at);
  /// Whether this lower-case word is a measure of the cards so far, and no node.
  [[nodiscard]] bool names_measure(std::string_view word) const;
  /// Keeps the vectors of a plot or of a file (`restrict`: and no others).
  void script_vectors(const Card& card, bool restrict);
  void not_run(const Card& card, std::string hint);

  // small_signal_cards.cpp
  void ac(const Card& card, std::string_view at, Scope& scope);
  void transfer_function(const Card& card, std::string_view at, Scope& scope);
  void sensitivity(const Card& card, std::string_view at, Scope& scope);
  void noise(const Card& card, std::string_view at, Scope& scope);
  /// Reads `dec|oct|lin number first last` or `list f1 f2 …`.
  std::vector<double> frequencies(std::string_view card, Scope& scope);
  OutputQuantity output_quantity(std::string_view card, Scope& scope);
  std::uint32_t independent_source(std::string_view card, Scope& scope);

  // sweep_cards.cpp
  void dc(const Card& card, std::string_view at, Scope& scope);
  void step(const Card& card, std::string_view at, Scope& scope);
  void temperatures(const Card& card, std::string_view at, Scope& scope);
  void monte_carlo(const Card& card, std::string_view at, Scope& scope);
  /// Reads one sweep: what is swept and its values.
  Sweep sweep(std::string_view card, Scope& scope);
  std::optional<Spacing> accept_spacing();
  /// Whether the values are those of a file: file=name comes next.
  [[nodiscard]] bool at_swept_file() const;
  std::vector<double> swept_file();
  void check_combinations(const std::vector<Sweep>& sweeps);

  // sweep_targets.cpp
  struct SweptParameter {  // of a device; no type: something else is swept
    const DeviceType* type = nullptr;
    std::size_t parameter = 0;
  };
  SweptParameter sweep_target(Sweep& sweep, Scope& scope);
  SweptParameter element_target(Sweep& sweep, std::uint32_t element, std::string_view name,
                                std::string_view parameter, std::string_view at);
  SweptParameter model_target(Sweep& sweep, std::string_view name, std::string_view parameter,
                              std::string_view type);
  /// The types of the models that such a name on a card means; empty: there is none.
  std::vector<const DeviceType*> models_named(std::string_view name) const;
  /// Whether a model of this full name is one of them.
  [[nodiscard]] bool means_model(std::string_view name, std::string_view full) const;
  SweptParameter device_target(Sweep& sweep, const DeviceType& type, std::string_view parameter);
  void check_swept_values(const Sweep& sweep, const SweptParameter& swept, std::string_view at);
  /// By names as written in this scope.
  NodeId existing_node(std::string_view name, Scope& scope);
  std::uint32_t existing_element(std::string_view name, Scope& scope);

  // swept_values.cpp: values that go before the deck's
  void declare_stepped_parameters();
  void set_swept_temperature();
  void set_swept_sources();
  /// Of the device or model of this full name.
  void set_swept_parameters(bool model, std::string_view name, const DeviceType& type,
                            std::vector<double>& values) const;
  [[nodiscard]] bool needs_deck() const;

  // print_cards.cpp
  void print(const Card& card, std::string_view at, Scope& scope);
  /// Reads `name=value`; true for a file that is no table.
  bool print_option(PrintCard& print, Scope& scope);
  bool print_format(PrintCard& print);
  void print_number_option(PrintCard& print, std::string_view at, const std::string& name, Scope& scope);
  void print_item(PrintCard& print, Scope& scope);
  /// Whether a vector comes next, or a pattern of vectors, but no expression.
  [[nodiscard]] bool at_vector_pattern() const;
  /// ngspice's name=par('expression').
  [[nodiscard]] bool at_named_expression() const;
  /// An expression over vectors with its name for a title where it has one.
  VectorExpression named_expression(Scope& scope);

  // measure_cards.cpp
  /// Keeps the card until the others are read: what it measures depends on them.
  void measure(const Card& card, std::string_view at, Scope& scope);
  void read_measure(const Card& card, MeasureCard& measure, Scope& scope);
  VectorExpression measure_constant(std::string_view what, Scope& scope, const MeasureCard& measure);
  AnalysisKind measured_analysis(std::string_view at);
  void measured_value(MeasureCard& measure, Scope& scope);
  [[nodiscard]] bool has_one_row(AnalysisKind kind) const;
  /// AT=…, or left [VAL]=right, with its edges and delay; `word` is TRIG, TARG or WHEN.
  void measure_event(MeasureCard& measure, MeasureEvent& event, std::string_view word, Scope& scope);
  /// Reads one FROM, TO, TD, RISE, … if it comes next.
  bool measure_option(MeasureCard& measure, MeasureEvent* event, Scope& scope);
  void fourier(const Card& card, std::string_view at, Scope& scope);
  /// An expression over output vectors; `measure` may read the earlier ones of its analysis.
  VectorExpression vector_expression(Scope& scope, CardReader::Blanks blanks, const MeasureCard* measure);
  /// Reads the .measure cards, and says what the cards of an output miss of the analyses.
  void finish_output_cards();

  // network_cards.cpp
  void network(const Card& card, std::string_view at, Scope& scope);
  void omega(const Card& card, std::string_view at, Scope& scope);
  void invariants(const Card& card, std::string_view at, Scope& scope);
  void functional(const Card& card, std::string_view at, Scope& scope);
  void fixed_point(const Card& card, std::string_view at, Scope& scope);
  void eigen(const Card& card, std::string_view at, Scope& scope);
  /// What the cards need of each other.
  void check_network_cards();
  /// Stores a card that may stand in a deck once.
  template <class CardType>
  void once(const Card& card, std::string_view name, std::optional<CardType>& place) {
    if (place)
      throw Problem{deck_.text(card).substr(0, name.size()), fmt::format("there are two {} cards", name),
                    "the first one is at " + line_of(place->where)};
    place.emplace();
    place->where = card.where;
  }
  /// Reads `name =` and says whether there is one; any other name than those of `names` is refused.
  bool card_option(std::string_view card, std::span<const std::string_view> names, std::string_view& name);
  double tolerance(Scope& scope);
  StatePoint state_point(std::string_view option, std::span<const std::string_view> words);

  // dialects.cpp
  /// What the same text means in another simulator. Each is named where it stands first.
  struct Difference {
    std::string_view here;
    std::string_view elsewhere;
  };
  static constexpr Difference sign_of_time{
      "a time of PWL with a sign counts from the one before, as in LTspice", "ngspice takes +1m for 1m"};
  static constexpr Difference nested_copies{"m= within a subcircuit with m= multiplies it",
                                            "ngspice 39 takes the outermost m= alone"};
  static constexpr Difference copied_sources{
      "m= of a subcircuit stands for copies of its B, G and T elements too",
      "ngspice 39 leaves B sources, G sources with POLY and lines single"};
  void name_difference(std::string_view at, const Difference& difference);
  /// Warns of what other simulators take for something else, when the deck looks like one for them.
  void check_dialect();

  // checks.cpp
  void check_connections();
  /// Noise waveforms become points: not too many of them.
  void check_noise_lengths();

  double value(Scope& scope, CardReader::Blanks blanks);
  /// Other simulators read no factor in `1a`.
  void warn_of_atto(std::string_view word, double number);
  /// The value of an `m=`: so many elements side by side.
  double multiplier(Scope& scope);
  [[nodiscard]] Location location(std::string_view view) const { return locate(*deck_.sources, view); }

  const Deck& deck_;
  ElaborateOptions::Cards cards_ = ElaborateOptions::Cards::all;
  std::vector<SweptValue> swept_;
  bool seed_given_ = false;   // by ElaborateOptions
  Location temperatures_at_;  // .temp
  Messages messages_;
  Circuit circuit_;
  Evaluator evaluator_;
  CardReader reader_;
  Body top_;
  std::unique_ptr<Scope> top_scope_;
  std::array<const DeviceType*, 26> types_by_letter_{};
  std::vector<std::uint32_t> groups_by_type_;  // by the type's place in the catalogue; npos: no group yet
  std::vector<ElementPlace> places_;           // of all elements, once somebody asks
  std::map<std::pair<const Body*, std::size_t>, Body> variants_;  // of a body, by the next block's branch
  std::string_view xyce_at_, ltspice_at_;  // what only these simulators have; empty: nothing
  std::string_view degrees_at_;            // `units=degrees` of ngspice's commands
  bool replace_ground_ = false;            // .preprocess replaceground true
  std::set<std::string_view> named_differences_;
  std::set<std::size_t> read_early_;  // commands
  double max_step_ = infinity;        // of .options
  double output_interval_ = 0;        // of .options; 0: the rows of .tran
  std::string_view output_interval_at_;
  struct PendingCoupling {
    Coupling coupling;
    std::array<std::string_view, 2> at;  // the inductors on the card
    std::array<std::string, 2> full;     // their names in the circuit
  };
  std::vector<PendingCoupling> pending_couplings_;
  NameTable instance_names_;
  std::vector<Location> instance_places_;
  NameTable subcircuit_models_;  // read there: x1.m
  std::vector<const DeviceType*> subcircuit_model_types_;
  std::vector<Card> measure_cards_;
  std::set<AnalysisKind> analysis_cards_;  // those with mistakes, too
  std::string name_buffer_;
  // What programs read, by names until the circuit is complete: Probe::plus, minus and element are numbers of
  // these; and the places in the source where each stands first.
  NameTable probe_nodes_;
  std::vector<std::string_view> probe_nodes_at_;
  NameTable probe_elements_;  // accessor and element, separated by a blank
  std::vector<std::string_view> probe_elements_at_;
  // Scratch of one element, reused.
  std::vector<double> values_;
  std::vector<double> on_card_;  // the stored parameters before `finish`
  std::vector<std::string_view> given_at_;
  std::vector<NodeId> nodes_;
  // The model of the last element: neighbours usually share it.
  std::string_view last_model_name_;
  const Scope* last_model_scope_ = nullptr;
  const Model* last_model_ = nullptr;
};

}  // namespace memspice
