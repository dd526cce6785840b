#pragma once

#include <doctest/doctest.h>

namespace memspice::testing {

/// Of this value within epsilon(…) times its magnitude, and nothing else: doctest's Approx allows epsilon
/// times 1 besides, in which currents and states vanish. Where that is meant, as for what should be 0, say
/// `.scale(1)`.
inline doctest::Approx approx(double value) {
  return doctest::Approx(value).scale(1e-300);
}

}  // namespace memspice::testing
