#pragma once

#include <string>

namespace memspice::testing {

/// The project's root folder.
std::string project_folder();
/// The built program.
std::string program_path();
/// The library of tests/faults/fail_nth.cpp.
std::string fail_nth_path();

}  // namespace memspice::testing
