#pragma once

#include <memspice/waveform.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memspice::app {

/// The two points that "1:3" or "r=1k,run=2:r=2k" names; "2" is the same one twice. Empty where the text is.
std::pair<std::string, std::string> point_pair(std::string_view text);

/// The rows of one point of .step, .mc or .temp: of each plot that has several points, without the vectors
/// that say which. A point is a number from 1 on, or values of what differs, `r=1k`. Throws UsageError where
/// no plot has it, and says which there are.
std::vector<Plot> at_point(std::vector<Plot> plots, std::string_view point, const std::string& file);

}  // namespace memspice::app
