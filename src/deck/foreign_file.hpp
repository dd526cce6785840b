#pragma once

#include <string_view>

namespace memspice {

/// Throws Problem for a text that is no deck but something else that people have: a schematic of LTspice, a
/// waveform file, or no text at all.
void refuse_foreign_file(std::string_view text);

/// The first word of a title that looks like an element, whose line is not read then; empty: it does not.
[[nodiscard]] std::string_view element_in_title(std::string_view title);

}  // namespace memspice
