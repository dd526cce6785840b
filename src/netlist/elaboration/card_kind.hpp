#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "memspice/circuit.hpp"

namespace memspice {

struct CardContext;
class Elaboration;

/// In the order of the reference.
enum class CardGroup : std::uint8_t { definitions, settings, analyses, repetitions, outputs, network };

/// A dot card as `memspice --help-cards` and docs/netlist.md describe it.
struct CardDescription {
  std::string_view name;        // with its dot, lower case
  std::string_view aliases;     // other spellings, separated by blanks
  std::string_view form;        // what follows the name
  std::string_view help;        // one line
  bool in_subcircuits = false;  // may stand inside of .subckt too
};

/// What the reference says about a card, and what reads it.
struct CardKind {
  CardDescription description;
  CardGroup group = CardGroup::definitions;
  /// The reader stands behind the card's name. Throws Problem. nullptr: collect_definitions() has read it.
  void (*read)(CardContext& card) = nullptr;
  bool early = false;          // before parameters, models and elements have values
  bool adds_elements = false;  // of an analysis: what it looks at may be the voltage of a source of its own
  /// Of the card of an analysis whose rows .print and .measure name by the card's word.
  const AnalysisType* analysis = nullptr;
  /// What cards of this kind need of the others, once all have been read; runs once, whether there are any or
  /// not. nullptr: nothing.
  void (*check)(Elaboration& elaboration) = nullptr;
};

/// The cards of an elaboration: netlist's own and those that its caller brings.
class CardTable {
 public:
  CardTable(std::span<const CardKind> own, std::span<const CardKind* const> added);

  /// By a name in lower case, with its dot; nullptr: there is none.
  [[nodiscard]] const CardKind* find(std::string_view name) const;
  /// The analysis of this word, in any case: ac means that of .ac; nullptr: there is none.
  [[nodiscard]] const AnalysisType* find_analysis(std::string_view word) const;
  /// In the order of the reference.
  [[nodiscard]] const std::vector<const CardKind*>& kinds() const { return kinds_; }

 private:
  std::vector<const CardKind*> kinds_;
};

}  // namespace memspice
