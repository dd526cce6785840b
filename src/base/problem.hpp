#pragma once

#include <string>
#include <string_view>

namespace memspice {

/// Something wrong at a place of a source text: what the rooms deck and circuit throw inside, before it
/// becomes a Diagnostic. `at` is a view into a text of the deck's SourceFiles, so that the place needs no
/// bookkeeping; a view of nothing means the deck as a whole.
struct Problem {
  std::string_view at;
  std::string message;
  std::string hint = {};
};

}  // namespace memspice
