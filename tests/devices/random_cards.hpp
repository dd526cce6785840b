#pragma once

#include <fmt/format.h>

#include <span>
#include <string>

#include "support/random.hpp"

namespace memspice::testing {

/// What a parameter of a card may be: every factor of ten equally likely, or uniform where `low` is not
/// positive.
struct CardRange {
  const char* name;
  double low, high;
};

/// " name=value …" of some of the parameters, each there with this probability.
std::string random_subset(std::span<const CardRange> ranges, double probability, Random& random);

/// A transistor or diode: which way round, its .model card behind the name, what may stand on the element.
struct RandomDevice {
  bool p_channel;
  std::string model, element;
  double threshold = 0;  // V, of an n-channel; of MOS transistors that have one on their card
};

// `exact_slopes` leaves out what ngspice differentiates only roughly.

RandomDevice random_diode(double probability, bool exact_slopes, Random& random);
RandomDevice random_bipolar(double probability, bool exact_slopes, Random& random);
RandomDevice random_jfet(double probability, Random& random);
/// Level 1, 2, 3 or 6.
RandomDevice random_mos(int level, double probability, bool exact_slopes, Random& random);
/// Level 2 with a largest velocity, within where Ferrari's formula as ngspice has it finds the saturation.
RandomDevice random_fast_mos2(double probability, Random& random);
/// Without quasi-saturation, which ngspice differentiates only roughly.
RandomDevice random_vdmos(double probability, bool exact_slopes, Random& random);

}  // namespace memspice::testing
