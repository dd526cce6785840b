#include "support/places.hpp"

namespace memspice::testing {

std::string project_folder() {
  return MEMSPICE_SOURCE_DIR;
}

std::string program_path() {
  return MEMSPICE_PROGRAM;
}

}  // namespace memspice::testing
