#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace claims {

/// What stands in a --report under a path: `report.invariants[0].flux.max_drift`, lists counted from 0 as in
/// `report.eigenvalues[0].values[2].re`. A name may have parentheses (`report.fixed_points[0].states.w(y1)`).
/// Throws std::invalid_argument where the report has nothing of that name, naming what it has.
const nlohmann::json& find_value(const nlohmann::json& report, std::string_view path);

/// As a number; true is 1, false 0. Throws std::invalid_argument for anything else.
double number_at(const nlohmann::json& report, std::string_view path);

/// The paths that a pattern means: `[*]` stands for every item of a list, `*` within a name for any
/// characters. Throws std::invalid_argument when there are none.
std::vector<std::string> matching_paths(const nlohmann::json& report, std::string_view pattern);

/// The length of the path that begins `text`, blanks and operators excluded.
std::size_t path_length(std::string_view text);

}  // namespace claims
