#include "app/run_limits.hpp"

#include <sys/resource.h>

#include <cmath>
#include <fstream>
#include <memspice/error.hpp>
#include <string>

namespace memspice::app {

namespace {

/// Bytes of data, of the libraries too; 0 where the system does not say it.
double data_in_use() {
  std::ifstream file("/proc/self/status");
  for (std::string word; file >> word;) {
    double kilobytes = 0;
    if (word == "VmData:" && file >> kilobytes) return 1024 * kilobytes;
  }
  return 0;
}

}  // namespace

void RunLimits::take(const Budgets& budgets) {
  const double before = budgets_.limit(Resource::memory), now = budgets.limit(Resource::memory);
  budgets_ = budgets;
  if (!(now < before)) return;
  rlimit limit{};
  if (::getrlimit(RLIMIT_DATA, &limit) != 0) return;
  const double bytes = now + data_in_use();
  if (limit.rlim_cur != RLIM_INFINITY && static_cast<double>(limit.rlim_cur) <= bytes) return;
  limit.rlim_cur = static_cast<rlim_t>(bytes);
  static_cast<void>(::setrlimit(RLIMIT_DATA, &limit));
}

void RunLimits::refuse(Resource resource) const {
  throw SimulationError(budgets_.message(resource) + "\n  try: " + budgets_.hint(resource));
}

bool RunLimits::limits_memory() const {
  return std::isfinite(budgets_.limit(Resource::memory));
}

}  // namespace memspice::app
