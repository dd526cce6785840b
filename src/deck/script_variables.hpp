#pragma once

#include "memspice/deck.hpp"

namespace memspice {

/// Replaces the variables of ngspice's control language between .control and .endc by what they stand for:
/// `$&x` of a `let x = …` that depends on no vector by its expression, in braces unless it is a number; `$x`
/// of a `set x = …` by its text. Lines that change become texts of their own in `sources`, which may grow;
/// `let` and `set` whose variables are read in this way only disappear. Variables of loops are left alone.
void replace_script_variables(Deck& deck, SourceFiles& sources);

}  // namespace memspice
