#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/messages.hpp"

namespace memspice {

/// What the same text means in another simulator.
struct Difference {
  std::string_view here;
  std::string_view elsewhere;
};

inline constexpr Difference sign_of_time{
    "a time of PWL with a sign counts from the one before, as in LTspice", "ngspice takes +1m for 1m"};
inline constexpr Difference nested_copies{"m= within a subcircuit with m= multiplies it",
                                          "ngspice 39 takes the outermost m= alone"};
inline constexpr Difference copied_sources{
    "m= of a subcircuit stands for copies of its B, G and T elements too",
    "ngspice 39 leaves B sources, G sources with POLY and lines single"};

/// Which simulator a deck looks like one for, and what has been said about that.
class Dialect {
 public:
  explicit Dialect(Messages& messages) : messages_(messages) {}

  /// Warns of the difference where it stands first.
  void name_difference(std::string_view at, const Difference& difference) {
    if (named_.insert(difference.here).second)
      messages_.warning({at, std::string(difference.here), std::string(difference.elsewhere)});
  }

  std::string_view xyce_at, ltspice_at;  // what only these simulators have; empty: nothing
  std::string_view degrees_at;           // `units=degrees` of ngspice's commands
  bool replaces_ground = false;          // .preprocess replaceground true

 private:
  Messages& messages_;
  std::set<std::string_view> named_;
};

}  // namespace memspice
