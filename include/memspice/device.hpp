#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "memspice/curve.hpp"
#include "memspice/waveform.hpp"

namespace memspice {

class Population;        // detail/population.hpp
struct DeviceEquations;  // detail/symbolic.hpp

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_given = std::numeric_limits<double>::quiet_NaN();

/// A parameter that a deck may give on the element or on its .model card. Values are kept as doubles; a
/// parameter with `choices` takes one of these words and keeps its index.
struct ParameterDescription {
  std::string_view name;  // lower case
  std::string_view unit;  // "ohm", "V.s", "1"
  double default_value = not_given;
  double minimum = -infinity;
  double maximum = infinity;
  bool minimum_allowed = true;  // false: the value must be greater than the minimum
  bool required = false;        // no default: the deck must give it
  std::string_view help;        // one line
  std::vector<std::string_view> aliases = {};
  std::vector<std::string_view> choices = {};
  bool flag = false;                 // its name alone is 1: `off`
  std::string_view on_element = {};  // its name on an element, where on .model that name means another
  std::size_t list = 1;              // `ic=1,2`: so many parameters, this one and those behind it
  bool curve = false;  // a function by points, in a file or in parentheses; the value is its place in
                       // DeviceRecords::curves

  /// Whether its value is a number of the deck.
  [[nodiscard]] bool is_number() const { return choices.empty() && !curve; }
};

/// How an internal unknown x of a device is determined.
enum class UnknownKind {
  state,      // dx/dt = f: the device gives f. The operating point holds it at its initial value.
  charge,     // 0 = f, algebraic in x, and dx/dt flows through a branch: a capacitor's voltage, a junction's
              // charge
  algebraic,  // 0 = f, without dx/dt: the voltage of a junction behind a series resistance
};

struct UnknownDescription {
  std::string_view name;  // accessor in the deck: `w` for w(y1); empty: not an output
  UnknownKind kind = UnknownKind::state;
  Quantity quantity = Quantity::notype;  // chooses the absolute tolerance too
  double lower = -infinity;  // bounds of a state, kept by complementarity (docs/numerics.md); those of
  double upper = infinity;   // instances that differ tells the model's bounds()
  std::string_view initial =
      {};  // the parameter with the initial value; not given: 0 or the operating point's
  /// The observable that says how late (s) the unknown follows the others of its equation to small signals:
  /// 0 = x - g(others), and in time a low-pass, all terms with derivatives, stands for the delay.
  std::string_view delay = {};
};

/// Between which values a state stays.
struct StateBounds {
  double lower = -infinity;
  double upper = infinity;
};

/// A quantity computed from a device's local values: `r` for r(y1).
struct ObservableDescription {
  std::string_view name;
  Quantity quantity = Quantity::notype;
};

/// A source of noise inside a device: a random current through one of its branches, or what the model's
/// noise_path() says.
struct NoiseDescription {
  std::string_view name;  // as in the vector onoise_r1_thermal
  int branch = 0;
};

/// Spectral density of the thermal noise of a conductance (S), A²/Hz: 4 k T g. None at a negative one: the
/// formula is that of a resistance in equilibrium.
inline double thermal_noise(double kelvin, double conductance) {
  constexpr double boltzmann = 1.380649e-23;  // J/K
  return conductance > 0 ? 4 * boltzmann * kelvin * conductance : 0;
}

/// A wrong combination of parameters, found by a model's `check`.
struct ParameterProblem {
  std::size_t parameter = 0;  // index into DeviceType::parameters: where the caret goes
  std::string message;
  std::string hint;
};

/// Parameters of other simulators that a card may give and that change nothing here.
struct ForeignParameters {
  std::string_view names;  // lower case, separated by blanks
  std::string_view why;    // they do nothing
};

/// What parameters of cards depend on beside the cards.
struct OperatingConditions {
  double ambient = 27;  // degrees Celsius
  double nominal = 27;  // degrees Celsius, at which parameters are given
  double gmin = 1e-12;  // S, across every junction
};

/// A word that stands for the type on a .model card, and what it says of the device: `pnp` is polarity=-1.
struct ModelVariant {
  std::string_view type;      // lower case
  std::size_t parameter = 0;  // place among DeviceType::parameters
  double value = 0;
};

struct DeviceType;

/// How cards write a device, beyond nodes, model and name=value.
struct CardForm {
  std::vector<std::string_view> level_names;  // `level=vteam` for level=6
  /// Parameters that make a .model card without a level one of this device (LTspice's diodes of Ron, Roff).
  std::vector<std::string_view> chosen_by;
  std::vector<ModelVariant> model_variants;  // words that .model may have in place of model_type
  std::size_t optional_terminals = 0;        // how many of the last may be left out, and are ground then
  /// Parameters whose values may stand behind the model without a name, in this order: `Q1 c b e model 2`.
  std::vector<std::string_view> behind_model;
  /// Models come from many simulators: a parameter that is not known gets a warning, and one that is given
  /// again replaces the one before.
  bool lenient = false;
  /// The type of those models that ask for more by their values, and which these are: the others need not pay
  /// for unknowns that few have. Its cards are the same.
  std::shared_ptr<const DeviceType> special;
  std::function<bool(std::span<const double> values)> is_special;
  /// The equations of an instance of these parameters as programs, for the cards of other simulators;
  /// nothing: it has none. `curves` are those of the circuit.
  std::function<DeviceEquations(const DeviceType& type, std::span<const double> values,
                                std::span<const Curve> curves)>
      equations;
};

/// What a device is in memristive networks: linear ones have the closed form of docs/theory.md, driven ones
/// conduct as one state has it, i = G(x) v, which device_type<Model>() knows of the model.
enum class NetworkRole : std::uint8_t { other, resistor, linear_memristor, driven_memristor };

/// Everything the rest of the program knows of a device: how decks name it and how its equations are
/// evaluated. Build one with device_type<Model>() of model.hpp.
struct DeviceType {
  enum class Card : std::uint8_t { element, model };  // where a parameter is named

  std::string_view name;                        // "memristor"
  std::string_view help;                        // one line, printed by --help-device
  char letter = 0;                              // lower case first letter of its elements
  std::string_view model_type;                  // the type on a .model card; empty: the device takes no model
  std::vector<std::string_view> model_aliases;  // other spellings of the type
  bool model_optional = false;                  // `R1 a b 1k`: an element may do without a model
  int level = 1;
  std::vector<std::string_view> terminals;       // {"n+", "n-"}
  std::vector<std::array<int, 2>> branches;      // pairs of terminals; branch voltage = first - second
  std::vector<UnknownDescription> unknowns;      // internal unknowns
  std::vector<ParameterDescription> parameters;  // the first may be given by position when `positional`
  /// Parameters that only the cards know: they change the stored ones when the circuit is elaborated
  /// (`finish`) and are forgotten. Temperature coefficients, geometry, the multiplier m.
  std::vector<ParameterDescription> card_parameters;
  std::vector<ForeignParameters> foreign_parameters;  // get a warning
  std::vector<ObservableDescription> observables;
  std::vector<NoiseDescription> noises;  // set by device_type<Model>()
  NetworkRole network_role = NetworkRole::other;
  /// Of a device that obeys v = r i: place among `parameters` of r, ohm. An instance with r = 0 is a short
  /// circuit, one with a tiny r has its current as an unknown.
  std::optional<std::size_t> resistance;
  /// Of a device whose branches always conduct: place among `parameters` of the largest resistance that they
  /// can have, ohm.
  std::optional<std::size_t> largest_resistance;
  CardForm form;             // what few devices have on their cards
  bool positional = false;   // `R1 a b 1k`: the first parameter's value stands after the nodes
  bool short_at_dc = false;  // an inductor: a short circuit at the operating point
  bool open_at_dc = false;   // a capacitor: carries no current there
  /// Settles the stored parameters: `values` holds them and behind them the card parameters, NaN where
  /// neither given nor defaulted. A positional one becomes a multiple of what the card gives.
  std::function<std::optional<ParameterProblem>(std::span<double> values, const OperatingConditions& at)>
      finish;
  /// Problems that involve several parameters; nothing when all is well.
  std::function<std::optional<ParameterProblem>(std::span<const double>)> check;
  /// All instances at once; `parameters` is count × parameters.size(), instance by instance, `curves` are
  /// those of the circuit, which outlive the population.
  std::function<std::unique_ptr<Population>(std::span<const double> parameters, std::size_t count,
                                            std::span<const Curve> curves)>
      populate;

  /// Whether this is its type on a .model card, by any spelling.
  [[nodiscard]] bool is_model_type(std::string_view word) const;
  /// Place among `parameters`.
  [[nodiscard]] std::optional<std::size_t> find_parameter(std::string_view name) const;
  /// Place among the parameters and, behind them, the card parameters, as this card names them.
  [[nodiscard]] std::optional<std::size_t> find_card_parameter(std::string_view name,
                                                               Card card = Card::element) const;
  [[nodiscard]] const ParameterDescription& card_parameter(std::size_t place) const {
    return place < parameters.size() ? parameters[place] : card_parameters[place - parameters.size()];
  }
  [[nodiscard]] std::size_t card_parameter_count() const {
    return parameters.size() + card_parameters.size();
  }
};

/// The devices a program knows.
class Catalogue {
 public:
  void add(DeviceType type) { types_.push_back(std::make_unique<const DeviceType>(std::move(type))); }
  /// The device for a letter (lower case) and level; nullptr when there is none.
  [[nodiscard]] const DeviceType* find(char letter, int level = 1) const;
  /// The device for a .model card's type and level; nullptr when there is none.
  [[nodiscard]] const DeviceType* find_model(std::string_view model_type, int level = 1) const;
  /// The device for a .model card's type and the name of a level; nullptr when there is none.
  [[nodiscard]] const DeviceType* find_model(std::string_view model_type, std::string_view level_name) const;
  [[nodiscard]] const std::vector<std::unique_ptr<const DeviceType>>& types() const { return types_; }

 private:
  std::vector<std::unique_ptr<const DeviceType>> types_;
};

/// All devices that memspice ships.
std::shared_ptr<const Catalogue> standard_catalogue();

}  // namespace memspice
