#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "faults/jobs.hpp"
#include "support/program.hpp"

// What the same deck gives a second time, and elsewhere.

namespace {

namespace fs = std::filesystem;

bool works(const TemporaryFolder& folder, const std::string& command) {
  return run_command(folder, command).code == 0;
}

std::string rows_of(const TemporaryFolder& folder, const std::string& how, const std::string& deck,
                    const std::string& options) {
  const CommandOutcome outcome =
      run_command(folder, how + " $MEMSPICE " + deck + " -q -o out.csv " + options);
  CHECK(outcome.code == 0);
  CHECK(outcome.err == "");
  return read_bytes(folder.file("out.csv"));
}

constexpr const char* decks[] = {"rc",      "several", "points",   "draws", "ac",
                                 "devices", "grid",    "grid_ida", "loop",  "large"};

void write_decks(const TemporaryFolder& folder) {
  memspice::testing::write_fault_inputs(folder.path().string());
  REQUIRE(works(folder, "$MEMSPICE generate grid --size 40x40 -q --source sin -o large.cir"));
}

}  // namespace

TEST_CASE(
    "a deck gives the same bytes for any number of threads, twice, wherever its memory lies and whatever "
    "that held") {
  const TemporaryFolder folder;
  write_decks(folder);
  std::vector<std::string> surroundings{"env MALLOC_PERTURB_=165 MALLOC_ARENA_MAX=1", "env -i"};
  if (works(folder, "setarch -R true")) surroundings.emplace_back("setarch -R");
  for (const char* deck : decks) {
    CAPTURE(deck);
    const std::string file = std::string(deck) + ".cir";
    const std::string once = rows_of(folder, "", file, "--threads 1");
    CHECK(once.size() > 20);
    CHECK(rows_of(folder, "", file, "--threads 2") == once);
    CHECK(rows_of(folder, "", file, "--threads 5") == once);
    for (const std::string& how : surroundings) {
      CAPTURE(how);
      CHECK(rows_of(folder, how, file, "--threads 3") == once);
    }
  }
}

TEST_CASE("another BLAS changes rows by less than ten tolerances") {
  const TemporaryFolder folder;
  const std::string libraries = "/usr/lib/x86_64-linux-gnu/";
  if (!fs::exists(libraries + "blas/libblas.so.3") ||
      !fs::exists(libraries + "openblas-pthread/libblas.so.3"))
    return;
  write_decks(folder);
  for (const char* deck : {"large", "grid", "grid_ida"}) {
    CAPTURE(deck);
    for (const char* blas : {"blas", "openblas-pthread"})
      CHECK(works(folder, "env LD_LIBRARY_PATH=" + libraries + blas + " $MEMSPICE " + deck + ".cir -q -o " +
                              blas + ".raw"));
    CHECK(works(folder, "$MEMSPICE compare blas.raw openblas-pthread.raw --reltol 1e-2"));
  }
}
