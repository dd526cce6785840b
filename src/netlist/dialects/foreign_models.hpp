#pragma once

#include <string_view>

namespace memspice {

/// Whether other simulators have models of this type (lower case) whose devices memspice does not have yet.
bool is_future_model_type(std::string_view type);

/// What an element of this letter (lower case) is in other simulators, where memspice does not have it yet;
/// empty: nothing.
std::string_view future_element(char letter);

}  // namespace memspice
