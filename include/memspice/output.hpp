#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "memspice/error.hpp"

namespace memspice {

struct AnalysisType;
struct MeasureKind;

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
  Location where;
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
  Location where;
};

/// `.four frequency [harmonics [periods]] vector …`: harmonics over the last periods of every transient.
struct FourierCard {
  double frequency = 0;  // Hz
  int harmonics = 0;     // the mean included; 0: as .options nfreqs says
  double periods = 1;    // -1: as many as the transient holds
  std::vector<VectorExpression> vectors;
  Location where;
};

}  // namespace memspice
