#pragma once

#include <functional>
#include <memspice/waveform.hpp>
#include <string>
#include <vector>

namespace memspice {

/// Takes the next rows of a plot; what it leaves there is given away. `begins`: they are the plot's first
/// ones, or it has none.
using PieceTaker = std::function<void(const Plot& piece, bool begins)>;

/// As read_waveforms(), a few thousand rows at a time: what is returned has no rows.
std::vector<Plot> read_waveforms_in_pieces(const std::string& path, const PieceTaker& take);

}  // namespace memspice
