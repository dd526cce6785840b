#include "solver/free_memory.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "memspice/error.hpp"

using namespace memspice;

namespace {

template <class Callable>
std::string message_of(Callable&& callable) {
  try {
    callable();
  } catch (const SimulationError& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("what does not fit into memory is refused, with the estimate and what would fit") {
  CHECK(free_memory() > 1e6);
  CHECK(message_of([] { require_memory_for_factor(1e5, 8); }) == "none");
  CHECK(message_of([] { require_memory_for_devices(100000, 700); }) == "none");
  const std::string factor = message_of([] { require_memory_for_factor(1.4e14, 12); });
  CHECK(factor.find("the factor of the equations would have 1.4e+14 entries, 1.68e+06 GB, and ") == 0);
  CHECK(factor.find(" GB of memory are free: ") != std::string::npos);
  CHECK(factor.find(" entries would fit\n  try: .options integrator=network solver=pcg") !=
        std::string::npos);
  const std::string devices = message_of([] { require_memory_for_devices(3000000000000, 700); });
  CHECK(devices.find("a transient of 3000000000000 devices would take 2.1e+06 GB of memory, and ") == 0);
  CHECK(devices.find(" devices would fit\n  try: a smaller network") != std::string::npos);
}

TEST_CASE("a limit of the process counts as little memory") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // A gigabyte more than it has; under sanitizers a process has terabytes already.
    long pages = 0;
    std::FILE* statm = std::fopen("/proc/self/statm", "r");
    if (statm == nullptr || std::fscanf(statm, "%ld", &pages) != 1) ::_exit(2);
    const auto has = static_cast<double>(pages) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    rlimit limit{};
    limit.rlim_cur = limit.rlim_max = static_cast<rlim_t>(has + 1e9);
    if (::setrlimit(RLIMIT_AS, &limit) != 0) ::_exit(3);
    ::_exit(free_memory() < 1.01e9 ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
