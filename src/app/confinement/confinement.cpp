#include "app/confinement/confinement.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <system_error>

namespace memspice::app {

Reach reach_of(const std::filesystem::path& deck, const std::vector<std::filesystem::path>& outputs) {
  Reach reach{.reads = {}, .writes = {"."}};
  if (deck != "-") reach.reads = {deck, deck.parent_path()};
  for (const std::filesystem::path& output : outputs) {
    if (output.empty() || output == "-") continue;
    std::error_code ignored;
    reach.writes.push_back(std::filesystem::weakly_canonical(output, ignored).parent_path());
  }
  return reach;
}

std::string confine(const Reach& reach) {
  std::vector<std::string> held;
// Sanitizers and counters of coverage have files and processes of their own when the program ends.
#ifndef MEMSPICE_INSTRUMENTED
  if (const int version = confine_files(reach); version > 0)
    held.push_back(fmt::format("files (landlock {})", version));
  if (confine_calls()) held.emplace_back("calls (seccomp)");
#else
  static_cast<void>(reach);
#endif
  return fmt::format("{}", fmt::join(held, ", "));
}

}  // namespace memspice::app
