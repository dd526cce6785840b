#pragma once

#include <cstdint>
#include <string_view>

#include "generate/deck_text.hpp"
#include "generate/specification.hpp"

namespace memspice::generate {

/// Writes values of a compact deck, drawn ones as columns of its edge list.
class ColumnWriter {
 public:
  enum class Part : std::uint8_t {
    card,     // fixed values, and names of columns in braces in the place of others
    names,    // of the columns
    row,      // their values
    missing,  // a row without them
  };
  ColumnWriter(DeckText& deck, Part part) : deck_(deck), part_(part) {}

  void text(std::string_view text) {
    if (part_ == Part::card) deck_ << text;
  }
  /// A value that is a column, or is not, and how it is written.
  template <class Write>
  void value(const char* name, bool column, Write&& write) {
    switch (part_) {
      case Part::card:
        if (column)
          deck_ << '{' << name << '}';
        else
          write(deck_);
        break;
      case Part::names:
        if (column) deck_ << ' ' << name;
        break;
      case Part::row:
        if (column) write(deck_ << ' ');
        break;
      case Part::missing:
        if (column) deck_ << " -";
        break;
    }
  }

 private:
  DeckText& deck_;
  Part part_;
};

/// Writes the values of the sources, one after the other, each with an amplitude, a frequency, a phase and a
/// random signal of its own.
class SourceWriter {
 public:
  explicit SourceWriter(const Specification& specification);

  /// What follows the nodes on the card of the next source, which may take several lines; without the end of
  /// the last one.
  void write(DeckText& deck);
  /// A part of the same in a compact deck; not of telegraph signals. Rows and only they go on to the next
  /// source. `some`: there are memristors without a source, so that one value at least is a column.
  void write(DeckText& deck, ColumnWriter::Part part, bool some);

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
