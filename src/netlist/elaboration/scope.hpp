#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "memspice/circuit.hpp"
#include "netlist/elaboration/definitions.hpp"

namespace memspice {

/// A model with its numbers, ready to be copied into the parameters of its elements.
struct Model {
  std::string_view name;
  const DeviceType* type = nullptr;
  std::vector<double> values;              // defaults and what the card gives
  std::vector<std::string_view> given_at;  // where the card gives a parameter; empty: it does not
  bool good = true;                        // false: its card has mistakes, which have been reported
};

/// One instance of a body. A name is looked for here, then where the instance stands, and so on to the top
/// level.
struct Scope {
  enum class State : std::uint8_t { unknown, in_progress, known, failed, given };  // given: by the instance
  struct Pin {
    std::string_view name;  // in the caller
    NodeId node = NameTable::npos;
  };

  Scope(const Body& of, Scope* from, std::string name_prefix)
      : body(&of),
        caller(from),
        prefix(std::move(name_prefix)),
        values(of.parameters.size()),
        states(of.parameters.size(), State::unknown),
        models(of.models.size()) {}

  /// Goes on with a body that holds all of this one, with the same numbers, and more.
  void grow(const Body& larger) {
    body = &larger;
    values.resize(larger.parameters.size());
    states.resize(larger.parameters.size(), State::unknown);
    for (State& state : states)
      if (state != State::given) state = State::unknown;  // what it depends on may be defined anew
    models.resize(larger.models.size());
  }

  const Body* body;
  Scope* caller;          // nullptr: the top level
  std::string prefix;     // "x1.x2."
  double multiplier = 1;  // m= of this instance and of those around it: copies side by side
  std::vector<double> values;
  std::vector<State> states;
  std::vector<Pin> pins;
  std::vector<std::optional<Model>> models;
};

}  // namespace memspice
