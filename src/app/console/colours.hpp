#pragma once

#include <string>
#include <string_view>

namespace memspice::app {

/// Whether messages on standard error get colours: a terminal that can, and no NO_COLOR.
bool wants_colours();

/// Messages with what one looks for in colours: `error:`, `warning:`, the caret below a line of a deck,
/// `hint:`.
std::string coloured(std::string_view messages);

}  // namespace memspice::app
