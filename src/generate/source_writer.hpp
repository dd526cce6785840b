#pragma once

#include "generate/deck_text.hpp"
#include "generate/specification.hpp"

namespace memspice::generate {

/// Writes the values of the sources, one after the other, each with an amplitude, a frequency, a phase and a
/// random signal of its own.
class SourceWriter {
 public:
  explicit SourceWriter(const Specification& specification);

  /// What follows the nodes on the card of the next source, which may take several lines; without the end of
  /// the last one.
  void write(DeckText& deck);

 private:
  void write_telegraph(DeckText& deck);

  const Sources& sources_;
  double stop_;
  RandomStream amplitude_;
  RandomStream frequency_;
  RandomStream phase_;
  RandomStream telegraph_;
};

/// A drawn value with six digits, a fixed one exactly.
void write_value(DeckText& deck, const Distribution& distribution, RandomStream& random);

}  // namespace memspice::generate
