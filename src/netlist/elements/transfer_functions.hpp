#pragma once

#include <string_view>
#include <vector>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// A rational function of s times exp(-s delay): polynomials by ascending powers.
struct RationalFunction {
  std::vector<double> numerator{0};
  std::vector<double> denominator{1};
  double delay = 0;  // s
};

/// What an expression of s is as such a function; its parameters are numbers. Throws Problem where it is
/// none.
RationalFunction rational_function(CardContext& card, const Expression& expression);

/// The response of a transfer function to `input`, in the program of the element `name`: states are voltages
/// of nodes inside of it. Returns the instruction of the value. Throws Problem.
std::uint32_t laplace_response(CardContext& card, std::string_view name, const RationalFunction& function,
                               const Program& input, Program& program);

/// The same of a table of gains by frequency, of which the reader stands at the first: `(f, dB, degrees) …`,
/// with `words` (of PSpice's DB MAG DEG RAD R_I) read before. For small signals only.
std::uint32_t table_response(CardContext& card, std::string_view at, const std::vector<std::string>& words,
                             const Program& input, Program& program);

}  // namespace memspice
