#pragma once

#include <string>
#include <vector>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// Whether the next item is one vector or a pattern of vectors, which may be called as no expression is.
[[nodiscard]] bool at_vector_pattern(const CardReader& reader);
/// Reads a vector as .save and .print name it: `v(out)`, `v(*)`, `all`. Lower case. Throws Problem.
std::string vector_pattern(CardReader& reader);
struct RequestedVectors {
  std::vector<SaveRequest> vectors;
  bool of_expression = false;  // they stand in it, and are not what was asked for
};
/// Reads a vector, an aggregate, or an expression of which it gives the vectors. Throws Problem.
RequestedVectors requested_vectors(CardContext& card);

/// Reads an expression over output vectors; `measure` may read the earlier ones of its analysis. Throws
/// Problem.
VectorExpression vector_expression(CardContext& card, CardReader::Blanks blanks,
                                   const MeasureCard* measure = nullptr);
/// The same of one that has been read.
VectorExpression vector_expression(CardContext& card, const Expression& expression,
                                   const MeasureCard* measure = nullptr);
/// Whether ngspice's name=par('expression') comes next.
[[nodiscard]] bool at_named_expression(const CardReader& reader);
/// Reads an expression over vectors with its name for a title where it has one. Throws Problem.
VectorExpression named_expression(CardContext& card);

}  // namespace memspice
