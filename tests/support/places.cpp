#include "support/places.hpp"

namespace memspice::testing {

std::string project_folder() {
  return MEMSPICE_SOURCE_DIR;
}

std::string program_path() {
  return MEMSPICE_PROGRAM;
}

std::string fail_nth_path() {
  return MEMSPICE_FAIL_NTH;
}

}  // namespace memspice::testing
