#pragma once

#include <string>

namespace memspice::app {

/// All dot cards with their forms, for `memspice --help-cards`.
std::string card_help();

}  // namespace memspice::app
