#include "app/confinement/confinement.hpp"

#if defined(__linux__) && __has_include(<linux/landlock.h>)
#include <fcntl.h>
#include <link.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>

#include "base/descriptor.hpp"
#endif

namespace memspice::app {

#if defined(__linux__) && __has_include(<linux/landlock.h>) && defined(SYS_landlock_create_ruleset)

namespace {

namespace fs = std::filesystem;

/// LANDLOCK_ACCESS_FS_TRUNCATE, which the headers of older systems lack.
constexpr std::uint64_t cutting = 1 << 14;
constexpr std::uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t writing =
    reading | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG;
/// All that the first version knows, and cutting files from the third on.
std::uint64_t handled(int version) {
  constexpr std::uint64_t first = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
  return version >= 3 ? first | cutting : first;
}

class Ruleset {
 public:
  explicit Ruleset(int version) : handled_(handled(version)) {
    landlock_ruleset_attr rules{};
    rules.handled_access_fs = handled_;
    descriptor_ = Descriptor(
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, sizeof rules.handled_access_fs, 0)));
  }

  /// What is not there needs no right.
  void allow(const fs::path& path, std::uint64_t rights) const {
    const Descriptor place(::open(path.empty() ? "." : path.c_str(), O_PATH | O_CLOEXEC));
    if (!place.open()) return;
    std::error_code ignored;
    if (!fs::is_directory(path.empty() ? "." : path, ignored))
      rights &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | cutting;
    landlock_path_beneath_attr rule{};
    rule.allowed_access = rights & handled_;
    rule.parent_fd = place.number();
    static_cast<void>(
        ::syscall(SYS_landlock_add_rule, descriptor_.number(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0));
  }

  [[nodiscard]] bool enforce() const {
    return descriptor_.open() && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::syscall(SYS_landlock_restrict_self, descriptor_.number(), 0) == 0;
  }

 private:
  std::uint64_t handled_;
  Descriptor descriptor_;
};

/// Where the libraries of this process are, in which those that are loaded later are too.
int allow_library(dl_phdr_info* library, std::size_t, void* rules) {
  if (const fs::path folder = fs::path(library->dlpi_name).parent_path(); !folder.empty())
    static_cast<const Ruleset*>(rules)->allow(folder, LANDLOCK_ACCESS_FS_READ_FILE);
  return 0;
}

}  // namespace

int confine_files(const Reach& reach) {
  const auto version =
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION));
  if (version <= 0) return 0;
  Ruleset rules(version);
  for (const fs::path& path : reach.reads) rules.allow(path, reading);
  for (const fs::path& path : reach.writes) rules.allow(path, writing | cutting);
  ::dl_iterate_phdr(allow_library, &rules);
  for (const char* folder : {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"})
    rules.allow(folder, LANDLOCK_ACCESS_FS_READ_FILE);
  // The loader's table, local time, and what the system says of processors, memory and this process.
  for (const char* file : {"/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/proc/self",
                           "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system", "/dev/urandom"})
    rules.allow(file, reading);
  rules.allow("/dev/null", reading | LANDLOCK_ACCESS_FS_WRITE_FILE);
  return rules.enforce() ? version : 0;
}

#else

int confine_files(const Reach&) {
  return 0;
}

#endif

}  // namespace memspice::app
