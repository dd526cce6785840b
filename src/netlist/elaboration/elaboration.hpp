#pragma once

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/messages.hpp"
#include "deck/card_reader.hpp"
#include "expression/evaluator.hpp"
#include "memspice/circuit.hpp"
#include "netlist/elaboration/card_kind.hpp"
#include "netlist/elaboration/conditions.hpp"
#include "netlist/elaboration/couplings.hpp"
#include "netlist/elaboration/device_groups.hpp"
#include "netlist/elaboration/dialect.hpp"
#include "netlist/elaboration/models.hpp"
#include "netlist/elaboration/names.hpp"
#include "netlist/elaboration/probes.hpp"
#include "netlist/elaboration/scope_values.hpp"

namespace memspice {

inline constexpr double absolute_zero = -273.15;  // degrees Celsius

/// The instances of subcircuits.
struct Instances {
  NameTable names;
  std::vector<Location> places;
  std::vector<std::string> asked_pins;  // whose currents cards ask for, as pin_pattern() has them
};

/// What .options says about every .tran.
struct TransientOptions {
  double max_step = infinity;    // s
  double output_interval = 0;    // s; 0: the rows of .tran
  std::string_view interval_at;  // where it stands
};

/// What .options says in place of a default: `defl`, of the parameter l of transistors.
struct ParameterDefault {
  char letter = 0;  // of the devices
  std::string_view parameter;
  double value = 0;
};

/// What .options says about elements.
struct ElementOptions {
  std::vector<ParameterDefault> defaults;
  bool dangling_nodes_are_meant = false;  // dangling
};

/// Xyce's .sens.
struct Objectives {
  enum class Kind : std::uint8_t { function, variable, of_phasors };
  struct Objective {
    Kind kind = Kind::function;
    OutputQuantity output = {};           // at rest; of_phasors: none
    VectorExpression expression = {};     // along .tran and .ac
    std::optional<Problem> trouble = {};  // with that, which does not know ddt() and the like
  };
  struct Derivative {
    std::string vector;  // "v(r1)"
    std::string value;   // as Circuit::with() calls it
    std::string_view at;
  };
  std::string_view at;  // empty: there is none
  std::vector<Objective> all;
  std::vector<Derivative> derivatives;
};

/// What the cards of outputs need of each other.
struct OutputCards {
  std::vector<Card> measures;              // read when all others are
  std::set<const AnalysisType*> analyses;  // of the deck's cards, those with mistakes too
  Objectives objectives;
};

/// Where the first ones of their kind stand.
struct NotedPlaces {
  Location temperatures;              // .temp
  std::string_view frequency_tables;  // FREQ of a source, which a transient does not have
};

/// Parameters of the cards of a device type that have a meaning beyond it.
struct CommonParameters {
  const DeviceType* of = nullptr;
  std::optional<std::size_t> copies;  // m
  std::optional<std::size_t> noisy;
};

/// Scratch of one element, reused.
struct ElementScratch {
  CommonParameters common;  // of the type of the last device: neighbours usually share it
  std::vector<double> values;
  std::vector<double> on_card;  // the stored parameters before `finish`
  std::vector<std::string_view> given_at;
  std::vector<NodeId> nodes;
  std::string name;
};

/// The state of one elaboration: the deck on one side, the circuit that is filled on the other, and between
/// them what the readers of cards (CardContext) leave for each other.
/// Life cycle: made by elaborate() for one deck, gone when the circuit is complete.
class Elaboration {
 public:
  /// `walk` reads what stands in the body of a scope.
  Elaboration(const Deck& deck, std::shared_ptr<const Catalogue> catalogue, const ElaborateOptions& options,
              CardTable cards, void (*walk)(Elaboration&, Scope&));

  /// Reads a value. Throws Problem.
  double value(Scope& scope, CardReader::Blanks blanks);

  /// Runs the work on one card; what is wrong with it must not hide what is wrong with the next.
  template <class Action>
  void attempt(Action action) {
    try {
      action();
    } catch (const Problem& problem) {
      messages.error(problem);
    }
  }

  const Deck& deck;
  const ElaborateOptions& options;  // go before what the deck says
  const CardTable cards;
  void (*const walk)(Elaboration&, Scope&);

  Messages messages;
  Circuit circuit;
  Evaluator evaluator;
  ScopeValues values;
  CardReader reader;
  Body top;
  std::unique_ptr<Scope> top_scope;
  BodyVariants variants;
  std::set<std::size_t> read_early;  // cards, by number

  std::vector<PendingCoupling> couplings;
  Names names;
  Instances instances;
  ModelCache models;
  DeviceGroups devices;
  Probes probes;
  std::vector<ElementPlace> places;  // of all elements, once somebody asks
  Dialect dialect;
  TransientOptions transients;
  ElementOptions element_options;
  OutputCards outputs;
  NotedPlaces noted;
  ElementScratch scratch;
  std::array<double, resource_count> spent{};  // of the budgets
};

/// Says that a budget is used up, at this place, and ends the elaboration: nothing that follows could be
/// right. Throws DeckError.
[[noreturn]] void refuse_more(Elaboration& elaboration, Resource resource, std::string_view at);

/// Counts what is spent of a budget, and does that where it is used up.
inline void spend(Elaboration& elaboration, Resource resource, double amount, std::string_view at) {
  if ((elaboration.spent[static_cast<std::size_t>(resource)] += amount) >
      elaboration.circuit.options.budgets.limit(resource))
    refuse_more(elaboration, resource, at);
}

}  // namespace memspice
