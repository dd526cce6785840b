#pragma once

#include <optional>
#include <string_view>

#include "memspice/output.hpp"

namespace memspice {

/// The analysis with this name on a card, in any case: op, tran, dc, ac, tf, sens, noise.
std::optional<AnalysisKind> find_analysis(std::string_view word);
/// Its name, lower case.
std::string_view analysis_word(AnalysisKind kind);

}  // namespace memspice
