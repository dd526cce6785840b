#pragma once

#include <memory>
#include <string>

#include "memspice/circuit.hpp"
#include "netlist/elaboration/card_kind.hpp"

namespace memspice {

struct AnalysisRun;
class EquationSystem;
class Observer;
class OutputPlan;
enum class Outcome;

/// A least number of rows or steps, what asks for them and what lowers them.
struct RowCount {
  double number = 1;
  std::string cause = {};
  std::string remedy = {};
};

/// An analysis: one row of functions, which stands in the file of the analysis, with its card's reader.
/// Functions that are null do nothing.
struct AnalysisType {
  enum class Stage : std::uint8_t {
    before,    // the analyses, once for all points of .step: what the circuit itself tells
    analysis,  // in deck order, with rows that .print and .measure look at
    after,     // all analyses of a point
    last,      // after those
  };
  enum class Vectors : std::uint8_t {
    own,      // what the analysis itself appends
    circuit,  // those of .save, or all voltages and states
    changes,  // the same as small changes, which are complex
  };
  /// What rows go along.
  struct Scale {
    const char* name = "";  // empty: there is one row only
    Quantity quantity = Quantity::notype;
  };

  CardKind card;               // which points to this type
  std::string_view plot = {};  // ngspice's name for the rows
  Stage stage = Stage::analysis;
  Vectors vectors = Vectors::own;
  Scale scale = {};                // of a card of which nothing is known
  bool sweeps_parameters = false;  // they may differ from row to row
  bool leaves_end = false;         // its end is what from=end and at=end mean

  /// Finds what is wrong before anything is solved. Throws DeckError.
  void (*check)(const Circuit& circuit, const AnalysisCard& card) = nullptr;
  /// How many vectors make up the scale; null: one where `scale` has a name.
  std::size_t (*scales)(const AnalysisCard& card) = nullptr;
  RowCount (*rows)(const Circuit& circuit, const AnalysisCard& card) = nullptr;
  /// Throws DeckError for an analysis that nobody can wait for.
  void (*check_length)(const Circuit& circuit, const AnalysisCard& card) = nullptr;
  /// Leaves a report in what the run has found; tells whether the next analysis may follow. Throws DeckError
  /// and what the sink throws.
  Outcome (*run)(AnalysisRun& run, const AnalysisCard& card) = nullptr;

  [[nodiscard]] std::size_t scales_of(const AnalysisCard& given) const {
    return scales ? scales(given) : *scale.name != 0 ? 1 : 0;
  }
  /// "ac"
  [[nodiscard]] std::string_view word() const { return card.description.name.substr(1); }
};

/// What follows every transient beside its rows and gives them vectors of its own.
struct ObserverType {
  CardKind card;
  /// Appends every vector that an observer of the card may append, for the check of .print and .measure.
  void (*declare)(const Circuit& circuit, OutputPlan& plan) = nullptr;
  /// The observer of one run, whose vectors it has appended. Throws DeckError where the circuit has none.
  std::unique_ptr<Observer> (*make)(EquationSystem& system, const TransientCard& run,
                                    const ObserverCard& card, OutputPlan& plan) = nullptr;
};

/// Puts a card into the circuit, where its type's stage belongs.
void add_card(Circuit& circuit, AnalysisCard card);
/// Puts a card of which a deck may have one into the circuit, observers in the order of standard_analyses().
/// Throws Problem when there is one already.
void add_only_card(CardContext& context, AnalysisCard card);
void add_only_card(CardContext& context, ObserverCard card);

/// A mistake where a card stands, unless what it needs of the others is `there`.
void require(Elaboration& elaboration, bool there, Location where, std::string reason, std::string hint);
/// The same for the card of an observer, which needs a transient.
void require_transient(Elaboration& elaboration, const ObserverType& type);
/// Whether there is an analysis whose end others may look at.
[[nodiscard]] bool has_end(const Circuit& circuit);

}  // namespace memspice
