#pragma once

#include <limits>

#include "random/random_stream.hpp"

namespace memspice::generate {

/// How the values of one quantity are drawn.
struct Distribution {
  enum class Law {
    fixed,        // always `first`
    uniform,      // between `first` and `second`
    logarithmic,  // between them, every factor equally likely; first > 0
    normal,       // mean `first`, standard deviation `second`; drawn again beyond four of them
  };
  Law law = Law::fixed;
  double first = 0;
  double second = 0;
  // What the quantity may be; only a normal law could leave it, and is then drawn again.
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();

  [[nodiscard]] bool fixed() const { return law == Law::fixed; }
  /// No draw is smaller or larger.
  [[nodiscard]] double smallest() const;
  [[nodiscard]] double largest() const;
  double draw(RandomStream& stream) const;
};

}  // namespace memspice::generate
