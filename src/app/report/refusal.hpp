#pragma once

#include <functional>
#include <string>

namespace memspice::app {

/// Does the work. When it throws, the report that was asked for (an empty path: none) says that and why, so
/// that an older one is not taken for the new one's; what was thrown goes on. A file that is no report of
/// memspice's is left as it is: it may be the deck or a part of it.
int report_refusal(const std::string& report, const std::string& deck, const std::function<int()>& work);

}  // namespace memspice::app
