#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "memspice/detail/elements.hpp"
#include "memspice/device.hpp"
#include "memspice/error.hpp"

namespace memspice {

struct AnalysisType;
struct ObserverType;
struct MeasureKind;

/// The type of a card's struct.
template <class Card>
[[nodiscard]] decltype(auto) type_of() {
  return type_of(static_cast<const Card*>(nullptr));
}

/// A card of any type, shared and immutable: `circuit.analyses.push_back(TransientCard{.stop = 1})`. A struct
/// becomes a card by a function `const Type& type_of(const Struct*)` beside it, and a member `where`.
template <class Type>
class AnyCard {
 public:
  template <class Card>
  requires requires(const Card* card) {
    { type_of(card) } -> std::same_as<const Type&>;
  }
  AnyCard(Card card)
      : type_(&type_of<Card>()), where_(card.where), card_(std::make_shared<const Card>(std::move(card))) {}

  [[nodiscard]] const Type& type() const { return *type_; }
  [[nodiscard]] Location where() const { return where_; }
  /// nullptr: it is one of another type.
  template <class Card>
  [[nodiscard]] const Card* get_if() const {
    return type_ == &type_of<Card>() ? static_cast<const Card*>(card_.get()) : nullptr;
  }
  /// Throws std::logic_error where it is one of another type.
  template <class Card>
  [[nodiscard]] const Card& as() const {
    if (const Card* card = get_if<Card>()) return *card;
    throw std::logic_error("a card of another type");
  }

 private:
  const Type* type_;
  Location where_;
  std::shared_ptr<const void> card_;
};

using AnalysisCard = AnyCard<AnalysisType>;
/// Of what follows every transient.
using ObserverCard = AnyCard<ObserverType>;

/// The first card of a type; nullptr: there is none.
template <class Card, class Type>
[[nodiscard]] const Card* find_card(const std::vector<AnyCard<Type>>& cards) {
  for (const AnyCard<Type>& card : cards)
    if (const Card* found = card.template get_if<Card>()) return found;
  return nullptr;
}

/// The name of a type's cards, lower case: ".ac".
std::string_view card_name(const AnalysisType& type);
std::string_view card_name(const ObserverType& type);

/// What a sweep changes, and the values it takes.
struct Sweep {
  enum class Target : std::uint8_t {
    voltage_source,    // its DC value; `index` in Circuit::voltage_sources
    current_source,    // its DC value; `index` in Circuit::current_sources
    temperature,       // degrees Celsius
    parameter,         // .param `name` of the top level
    device_parameter,  // `parameter` of the element `name`, or of the model `name` when `model`
  };
  Target target = Target::voltage_source;
  std::string name;         // lower case, as the deck spells it: "v1", "temp", "rload"
  std::string parameter;    // of a device, lower case; empty: its positional one
  std::uint32_t index = 0;  // of a source
  bool model = false;
  std::vector<double> values;
  Location where = {};
  /// A parameter that changes with it, and its values beside those of the sweep: of a table .data, whose
  /// sweep goes through the numbers of its rows.
  struct Column {
    std::string parameter;
    std::vector<double> values;
  };
  std::vector<Column> columns = {};

  /// What an output vector with the values is called: "v1", "temp", "rload", "y1:w0".
  [[nodiscard]] std::string label() const { return parameter.empty() ? name : name + ":" + parameter; }
};

/// One value of a sweep: goes before what the deck says.
struct SweptValue {
  Sweep::Target target = Sweep::Target::parameter;
  std::string name;  // these three as in Sweep
  std::string parameter;
  bool model = false;
  double value = 0;

  SweptValue() = default;
  SweptValue(const Sweep& sweep, double its_value)
      : target(sweep.target),
        name(sweep.name),
        parameter(sweep.parameter),
        model(sweep.model),
        value(its_value) {}
};

/// A value of a sweep, and those of its columns.
inline void append_swept(std::vector<SweptValue>& values, const Sweep& sweep, double value) {
  values.emplace_back(sweep, value);
  for (const Sweep::Column& column : sweep.columns) {
    SweptValue& beside = values.emplace_back();
    beside.name = column.parameter;
    beside.value = column.values.at(static_cast<std::size_t>(value) - 1);
  }
}

/// A voltage between two nodes or a current through an element: the output of .tf, .noise and .sens.
struct OutputQuantity {
  std::string text;  // as the deck spells it, lower case: "v(out)", "v(a,b)", "i(v1)"
  bool current = false;
  NodeId plus = ground;
  NodeId minus = ground;
  std::uint32_t element = 0;  // of a current, in Circuit::element_names
};

/// Where `.fixedpoint` starts and where `.eigen` linearises.
enum class StatePoint { operating_point, fixed_point, end };

/// `.op`
struct OperatingPointCard {
  Location where = {};
};
const AnalysisType& type_of(const OperatingPointCard*);

/// `.tran`
struct TransientCard {
  double step = 0;                      // s: largest distance of rows; 0: rows at accepted points only
  double stop = 0;                      // s
  double start = 0;                     // s: rows before it are not written
  double max_step = infinity;           // s: largest internal step
  bool use_initial_conditions = false;  // uic
  bool startup = false;                 // independent sources rise from 0 within 20 µs
  Location where = {};
};
const AnalysisType& type_of(const TransientCard*);

/// `.dc`: the innermost sweep first.
struct DcCard {
  std::vector<Sweep> sweeps;
  Location where = {};
};
const AnalysisType& type_of(const DcCard*);

/// `.ac`
struct AcCard {
  std::vector<double> frequencies;  // Hz, ascending
  Location where = {};
};
const AnalysisType& type_of(const AcCard*);

/// `.tf output source`
struct TransferFunctionCard {
  OutputQuantity output;
  std::uint32_t input = 0;  // element name of an independent source
  Location where = {};
};
const AnalysisType& type_of(const TransferFunctionCard*);

/// `.noise output source …`
struct NoiseCard {
  OutputQuantity output;  // a voltage
  std::uint32_t input = 0;
  std::vector<double> frequencies;     // Hz
  std::size_t points_per_summary = 0;  // contributions of every element at each n-th point; 0: never
  Location where = {};
};
const AnalysisType& type_of(const NoiseCard*);

/// `.omega`: the closed form beside every transient.
struct OmegaCard {
  double tolerance = 1e-4;  // largest allowed |w - w_omega|
  Location where = {};
};
const ObserverType& type_of(const OmegaCard*);

/// `.network`: what the graph of the network tells.
struct NetworkCard {
  std::string file;  // what the names of its files begin with; empty: none are written
  Location where = {};
};
const AnalysisType& type_of(const NetworkCard*);

/// `.invariants`: conservation laws watched along every transient.
struct InvariantsCard {
  Location where = {};
};
const ObserverType& type_of(const InvariantsCard*);

/// `.functional`: Lyapunov function and gradient functional along every transient.
struct FunctionalCard {
  Location where = {};
};
const ObserverType& type_of(const FunctionalCard*);

/// `.fixedpoint`: solves dw/dt = 0.
struct FixedPointCard {
  double tolerance = 1e-9;                        // largest |dw/dt| left, relative to the largest one seen
  StatePoint from = StatePoint::operating_point;  // or end: of the last transient
  Location where = {};
};
const AnalysisType& type_of(const FixedPointCard*);

/// `.eigen`: the spectrum of the linearised circuit.
struct EigenCard {
  StatePoint at = StatePoint::operating_point;
  Location where = {};
};
const AnalysisType& type_of(const EigenCard*);

/// An expression over the vectors of an analysis: what .print shows and .measure and .four look at.
/// Parameters have their numbers and functions of the deck are expanded; vectors are resolved when the
/// analysis begins.
struct VectorExpression {
  struct Node {
    enum class Kind : std::uint8_t {
      number,
      parameter,  // `number` is what it is in this circuit; .dc may change it from row to row
      vector,     // `v(a)`, `v(a,b)`, `i(r1)`, `@r1[i]`, `time`, lower case; a bare word may be a node
      measure,    // the value of an earlier measure
      call,       // of an operator or a function: "+", "?:", "sin", "db"
    };
    Kind kind = Kind::number;
    double number = 0;
    std::string name = {};
    std::vector<std::uint32_t> operands = {};  // earlier nodes
    Location where = {};                       // in the deck
    std::uint32_t length = 0;                  // bytes there
  };
  std::vector<Node> nodes;  // the value is the last one
  std::string text;         // as the deck spells it, lower case and without blanks

  [[nodiscard]] bool empty() const { return nodes.empty(); }
};

/// `.sens output [ac …]`, and Xyce's `.sens objfunc=… param=…`
struct SensitivityCard {
  OutputQuantity output;
  std::vector<double> frequencies;  // Hz; empty: of the operating point
  std::vector<Sweep> sweeps = {};   // or of those along .dc
  /// Or, with one card here, of an expression along that .tran or .ac, by these values: `r1`, `y1:w0`, `v1`
  /// as in Circuit::with().
  std::vector<AnalysisCard> along = {};
  VectorExpression objective = {};
  std::vector<std::string> values = {};
  Location where = {};
};
const AnalysisType& type_of(const SensitivityCard*);

/// `.print` and `.plot`: one table.
struct PrintCard {
  struct Item {
    std::string pattern;          // of vectors: `v(out)`, `v(*)`, `all`; empty: an expression
    VectorExpression expression;  // where there is no pattern
    Location where;
  };
  /// How the table looks.
  struct Layout {
    enum class Format : std::uint8_t { table, csv };
    Format format = Format::table;
    bool index = false;                 // numbers the rows
    std::optional<unsigned> precision;  // digits behind the point; none: eight, in csv as many as it takes
    std::size_t width = 0;              // of a column, at least
    char delimiter = 0;                 // between columns; 0: what the format has
    std::size_t gap = 0;                // empty lines between the points of .step
  };
  const AnalysisType* analysis = nullptr;  // null: all of them
  std::vector<Item> items;
  Layout layout;
  std::string file;     // empty: standard output
  bool script = false;  // of .control: what it names may come of commands that are not run
  Location where = {};
};

/// A place on the scale of an analysis (time, frequency, swept value).
struct MeasureEvent {
  enum class Edge : std::uint8_t { cross, rise, fall };
  static constexpr std::uint32_t last = 0xffffffffu;

  VectorExpression at;     // the place itself (AT=); empty: where `left` comes to equal `right`
  VectorExpression left;   // a rise is where left - right turns from negative to positive
  VectorExpression right;  //
  bool counts = false;     // RISE=, FALL= or CROSS= is given
  Edge edge = Edge::cross;
  std::uint32_t count = 1;  // the first, second … such place, or the last one
  VectorExpression delay;   // places before this one do not count (TD=); empty: all do

  [[nodiscard]] bool given() const { return !at.empty() || !left.empty(); }
};

/// What `.measure … error` compares a curve with.
struct MeasureReference {
  enum class Norm : std::uint8_t {
    squares,  // root of the sum of the differences' squares
    sum,      // of their magnitudes
    largest,  // of them
  };
  std::vector<std::pair<double, double>> points;  // places on the scale, ascending, and values
  Norm norm = Norm::squares;
};

/// `.measure analysis name …`: one number out of the rows of an analysis.
struct MeasureCard {
  std::string name;  // lower case
  const AnalysisType* analysis = nullptr;
  const MeasureKind* kind = nullptr;
  VectorExpression value;  // what is measured
  MeasureEvent from;  // TRIG; of what is measured along a range, where it begins: empty: at the first point
  MeasureEvent to;    // TARG, WHEN, AT; where a range ends: empty: at the last point
  VectorExpression lower;  // FROM= and TO= of FIND, DERIV and WHEN: only places between these count
  VectorExpression upper;
  std::shared_ptr<const MeasureReference> reference = {};  // of an error only
  Location where = {};
};

/// `.four frequency [harmonics [periods]] vector …`: harmonics over the last periods of every transient.
struct FourierCard {
  double frequency = 0;  // Hz
  int harmonics = 0;     // the mean included; 0: as .options nfreqs says
  double periods = 1;    // -1: as many as the transient holds
  std::vector<VectorExpression> vectors;
  Location where = {};
};

}  // namespace memspice
