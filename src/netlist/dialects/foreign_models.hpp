#pragma once

#include <string>
#include <string_view>

namespace memspice {

/// Whether other simulators have models of this type (lower case) whose devices memspice does not have yet.
bool is_future_model_type(std::string_view type);

/// What to do about a level of such a model (lower case) that only other simulators have; empty: nobody has
/// it.
std::string foreign_level_hint(std::string_view type, std::string_view level);

/// What an element of this letter (lower case) is in other simulators, where memspice does not have it yet;
/// empty: nothing.
std::string_view future_element(char letter);

}  // namespace memspice
