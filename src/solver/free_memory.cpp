#include "solver/free_memory.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>

#include "memspice/error.hpp"

namespace memspice {

namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();
constexpr double gigabyte = 1e9;

/// The number that a file begins with; nothing: there is no such file, or it says "max".
std::optional<double> number_in(const char* path) {
  std::ifstream file(path);
  double number = 0;
  if (file >> number) return number;
  return {};
}

double free_on_machine() {
  std::ifstream file("/proc/meminfo");
  for (std::string word; file >> word;) {
    if (word != "MemAvailable:") continue;
    double kilobytes = 0;
    file >> kilobytes;
    return 1024 * kilobytes;
  }
  return unlimited;
}

/// Bytes of files that a container keeps in memory as long as nobody needs it.
double reclaimable(const char* path) {
  std::ifstream file(path);
  double bytes = 0, sum = 0;
  for (std::string name; file >> name >> bytes;)
    if (name == "inactive_file" || name == "active_file") sum += bytes;
  return sum;
}

double free_in_container() {
  struct Files {
    const char *limit, *used, *parts;
  };
  constexpr Files versions[] = {
      {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat"},
      {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes",
       "/sys/fs/cgroup/memory/memory.stat"}};
  double least = unlimited;
  for (const Files& files : versions) {
    const std::optional<double> most = number_in(files.limit), now = number_in(files.used);
    if (most && now) least = std::min(least, *most - *now + reclaimable(files.parts));
  }
  return least;
}

double free_in_process() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return unlimited;
  const double pages = number_in("/proc/self/statm").value_or(0);
  return static_cast<double>(limit.rlim_cur) - pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

double free_memory() {
  return std::max(0.0, std::min({free_on_machine(), free_in_container(), free_in_process()}));
}

std::string describe_factor(double entries, double bytes_per_entry) {
  return fmt::format("{:.2g} entries, {:.3g} GB", entries, entries * bytes_per_entry / gigabyte);
}

void require_memory_for_factor(double entries, double bytes_per_entry) {
  const double available = free_memory();
  if (entries * bytes_per_entry <= available) return;
  throw SimulationError(fmt::format(
      "the factor of the equations would have {}, and {:.3g} GB of memory are free: {:.2g} entries would "
      "fit\n"
      "  try: .options integrator=network solver=pcg, which needs no factor, for linear memristors, "
      "resistors "
      "and sources",
      describe_factor(entries, bytes_per_entry), available / gigabyte, available / bytes_per_entry));
}

void require_memory_for_devices(std::size_t count, double bytes_per_device) {
  const double needed = static_cast<double>(count) * bytes_per_device, available = free_memory();
  if (needed <= available) return;
  throw SimulationError(
      fmt::format("a transient of {} devices would take {:.3g} GB of memory, and {:.3g} GB are free: {:.2g} "
                  "devices would fit\n  try: a smaller network, or a machine with more memory",
                  count, needed / gigabyte, available / gigabyte, available / bytes_per_device));
}

}  // namespace memspice
