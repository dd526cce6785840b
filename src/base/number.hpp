#pragma once

#include <optional>
#include <string_view>

namespace memspice {

struct Number {
  double value = 0;
  std::size_t length = 0;  // characters it takes, the scale factor and the letters of a unit included
};

/// The unsigned number at the beginning of the text, with SPICE's scale factors (T G Meg K mil m u µ n p f a;
/// letters behind them are a unit and mean nothing). Nothing when the text does not begin with a number, or
/// has the scale factor x, which is 1e6 for some simulators and nothing for others; infinite when it is too
/// large for a double.
std::optional<Number> read_number(std::string_view text);

/// The value of a word that is a number from end to end, with a sign or without, and finite.
std::optional<double> signed_number(std::string_view word);

}  // namespace memspice
