#include "solver/cholmod.hpp"

#include <doctest/doctest.h>

#include <string>

#include "memspice/error.hpp"

using namespace memspice;

namespace {

std::string complaint_about(const char* library) {
  try {
    load_cholmod(library);
  } catch (const SimulationError& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("a CHOLMOD that is not there, or is none, is named with what to install") {
  const std::string missing = complaint_about("libno_cholmod.so.0");
  CHECK(
      missing.starts_with("CHOLMOD, which factorises large matrices, cannot be loaded: libno_cholmod.so.0"));
  CHECK(missing.ends_with(
      "\n  try: install CHOLMOD of SuiteSparse (on Debian: apt-get install libsuitesparse-dev)"));
  const std::string other = complaint_about("libm.so.6");
  CHECK(other.starts_with("libm.so.6, which factorises large matrices, has no cholmod_start\n  try: "));
}
