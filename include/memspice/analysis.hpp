#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "memspice/device.hpp"
#include "memspice/error.hpp"

namespace memspice {

struct AnalysisType;
struct ObserverType;

using NodeId = std::uint32_t;
inline constexpr NodeId ground = 0;

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
    current_source,    // likewise
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
  Location where;

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
  Location where;
};
const AnalysisType& type_of(const OperatingPointCard*);

/// `.tran`
struct TransientCard {
  double step = 0;                      // s: largest distance of rows; 0: rows at accepted points only
  double stop = 0;                      // s
  double start = 0;                     // s: rows before it are not written
  double max_step = infinity;           // s: largest internal step
  bool use_initial_conditions = false;  // uic
  Location where;
};
const AnalysisType& type_of(const TransientCard*);

/// `.dc`: the innermost sweep first.
struct DcCard {
  std::vector<Sweep> sweeps;
  Location where;
};
const AnalysisType& type_of(const DcCard*);

/// `.ac`
struct AcCard {
  std::vector<double> frequencies;  // Hz, ascending
  Location where;
};
const AnalysisType& type_of(const AcCard*);

/// `.tf output source`
struct TransferFunctionCard {
  OutputQuantity output;
  std::uint32_t input = 0;  // element name of an independent source
  Location where;
};
const AnalysisType& type_of(const TransferFunctionCard*);

/// `.sens output [ac …]`
struct SensitivityCard {
  OutputQuantity output;
  std::vector<double> frequencies;  // Hz; empty: of the operating point
  Location where;
};
const AnalysisType& type_of(const SensitivityCard*);

/// `.noise output source …`
struct NoiseCard {
  OutputQuantity output;  // a voltage
  std::uint32_t input = 0;
  std::vector<double> frequencies;     // Hz
  std::size_t points_per_summary = 0;  // contributions of every element at every so many points; 0: never
  Location where;
};
const AnalysisType& type_of(const NoiseCard*);

/// `.omega`: the closed form beside every transient.
struct OmegaCard {
  double tolerance = 1e-4;  // largest allowed |w - w_omega|
  Location where;
};
const ObserverType& type_of(const OmegaCard*);

/// `.network`: what the graph of the network tells.
struct NetworkCard {
  std::string file;  // what the names of its files begin with; empty: none are written
  Location where;
};
const AnalysisType& type_of(const NetworkCard*);

/// `.invariants`: conservation laws watched along every transient.
struct InvariantsCard {
  Location where;
};
const ObserverType& type_of(const InvariantsCard*);

/// `.functional`: Lyapunov function and gradient functional along every transient.
struct FunctionalCard {
  Location where;
};
const ObserverType& type_of(const FunctionalCard*);

/// `.fixedpoint`: solves dw/dt = 0.
struct FixedPointCard {
  double tolerance = 1e-9;                        // largest |dw/dt| left, relative to the largest one seen
  StatePoint from = StatePoint::operating_point;  // or end: of the last transient
  Location where;
};
const AnalysisType& type_of(const FixedPointCard*);

/// `.eigen`: the spectrum of the linearised circuit.
struct EigenCard {
  StatePoint at = StatePoint::operating_point;
  Location where;
};
const AnalysisType& type_of(const EigenCard*);

}  // namespace memspice
