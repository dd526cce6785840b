#include <doctest/doctest.h>

#include <string>

#include "support/program.hpp"

// What the program loads: BLAS and its company only for matrices that need them.

TEST_CASE("small circuits load neither CHOLMOD nor BLAS, a grid of 625 nodes does") {
  const TemporaryFolder folder;
  write_bytes(folder.file("small.cir"), "an RC\nV1 a 0 1\nR1 a b 1k\nC1 b 0 1u ic=0\n.tran 0.1m 1m uic\n");
  REQUIRE(run_command(folder, "$MEMSPICE generate grid --size 10x10 --tran '1m 2m' -o hundred.cir").code ==
          0);
  REQUIRE(run_command(folder, "$MEMSPICE generate grid --size 25x25 --tran '1m 2m' -o large.cir").code == 0);
  // The loader of glibc says on standard error which files it opens.
  const auto loads = [&](const std::string& arguments, const char* library) {
    const CommandOutcome outcome = run_command(folder, "LD_DEBUG=files $MEMSPICE " + arguments);
    REQUIRE(outcome.code == 0);
    REQUIRE(outcome.err.find("libstdc++") != std::string::npos);
    return outcome.err.find(library) != std::string::npos;
  };
  for (const char* arguments : {"--version", "-q small.cir -o small.raw", "-q hundred.cir -o hundred.raw"}) {
    CAPTURE(arguments);
    CHECK_FALSE(loads(arguments, "libcholmod"));
    CHECK_FALSE(loads(arguments, "blas"));
  }
  CHECK(loads("-q large.cir -o large.raw", "libcholmod"));
  CHECK(loads("-q large.cir -o large.raw", "blas"));
}
