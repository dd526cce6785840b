#pragma once

#include <span>
#include <string>
#include <string_view>

#include "memspice/simulate.hpp"

namespace memspice {

struct CardContext;
class MeasurePoints;

/// What .measure can find: one row of measure_kinds.cpp.
struct MeasureKind {
  /// What from= and to= mean.
  enum class Bounds : std::uint8_t {
    range,   // the ends of what is measured, which trig and targ give too
    places,  // only places between them count
    none,    // they do not belong to it
  };
  std::string_view words;  // that say so on the card, separated by blanks
  std::string_view form;   // what follows, for hints: "trig … targ …"
  Bounds bounds = Bounds::none;
  bool integrates = false;  // over the scale
  /// Reads what stands behind `word`. Throws Problem.
  void (*read)(CardContext& card, MeasureCard& measure, std::string_view word);
  /// Finds the value and the places that belong to it. Throws MeasureFailure and DeckError.
  void (*take)(const MeasurePoints& points, const MeasureCard& card, MeasureReport& report);
};

std::span<const MeasureKind> measure_kinds();
/// "trig … targ …, find … at=…, …"
std::string measure_forms();

}  // namespace memspice
