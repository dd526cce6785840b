#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "memspice/waveform.hpp"

namespace claims {

/// Value of an expression at every row of a plot. Vectors by name (`v(out)`, `time`), numbers with SPICE
/// suffixes, + - * / ^, parentheses, pi, exp ln sqrt abs sin cos tan atan tanh min(a,b) max(a,b), and
/// largest(x), smallest(x) and mean(x) over all rows; values of the report by path (report_value.hpp) and
/// count(path) of its lists. Throws std::invalid_argument where the text is not such an expression.
std::vector<double> evaluate(std::string_view expression, const memspice::Plot& plot,
                             const nlohmann::json& report = {});

}  // namespace claims
