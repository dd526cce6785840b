#include "base/beneath.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <climits>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#if defined(__linux__) && __has_include(<linux/openat2.h>)
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

namespace memspice {
namespace {

namespace fs = std::filesystem;

constexpr int most_links = 40;

#ifdef O_PATH
constexpr int to_pass_through = O_PATH | O_DIRECTORY | O_CLOEXEC;
#else
constexpr int to_pass_through = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
#endif

Descriptor refused(int error) {
  errno = error;
  return Descriptor();
}

class Walk {
 public:
  Walk(const Descriptor& folder, const fs::path& path) {
    folders_.emplace_back(::openat(folder.number(), ".", to_pass_through));
    prepend(path);
  }

  Descriptor open(int flags, unsigned mode) {
    if (!folders_.back().open()) return Descriptor();
    while (!leads_out_ && links_ <= most_links) {
      if (steps_.empty()) steps_.emplace_back(".");
      const std::string step = steps_.front();
      steps_.pop_front();
      const bool last = steps_.empty();
      if (step == "." && !last) continue;
      if (step == "..") {
        leads_out_ = folders_.size() == 1;
        folders_.pop_back();
      } else if (step != "." && !(last && (flags & O_EXCL) != 0) && follow(step)) {
        continue;
      } else if (last) {
        Descriptor file(
            ::openat(folders_.back().number(), step.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode));
        // A link that has come in between is followed as any other.
        if (file.open() || errno != ELOOP) return file;
        steps_.push_front(step);
        ++links_;
      } else {
        Descriptor next(::openat(folders_.back().number(), step.c_str(), to_pass_through | O_NOFOLLOW));
        if (!next.open()) return Descriptor();
        folders_.push_back(std::move(next));
      }
    }
    return refused(leads_out_ ? EXDEV : ELOOP);
  }

 private:
  void prepend(const fs::path& path) {
    leads_out_ |= path.is_absolute();
    std::deque<std::string> steps;
    for (const fs::path& step : path) steps.push_back(step.empty() ? "." : step.string());
    steps_.insert(steps_.begin(), steps.begin(), steps.end());
  }

  // Goes where a link of this name leads; false: it is none.
  bool follow(const std::string& step) {
    std::string target(PATH_MAX, '\0');
    const ssize_t size = ::readlinkat(folders_.back().number(), step.c_str(), target.data(), target.size());
    if (size < 0) return false;
    target.resize(static_cast<std::size_t>(size));
    prepend(target);
    ++links_;
    return true;
  }

  std::vector<Descriptor> folders_;  // from the first to where the walk is
  std::deque<std::string> steps_;    // that are left
  bool leads_out_ = false;
  int links_ = 0;
};

}  // namespace

Descriptor open_beneath_stepwise(const Descriptor& folder, const fs::path& path, int flags, unsigned mode) {
  if (path.empty()) return refused(ENOENT);
  return Walk(folder, path).open(flags, mode);
}

Descriptor open_beneath(const Descriptor& folder, const fs::path& path, int flags, unsigned mode) {
#ifdef RESOLVE_BENEATH
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.mode = (flags & O_CREAT) != 0 ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  for (int attempt = 0; attempt < 100; ++attempt) {
    Descriptor file(
        static_cast<int>(::syscall(SYS_openat2, folder.number(), path.c_str(), &how, sizeof how)));
    // EAGAIN: something was renamed meanwhile. Old kernels and sandboxes do not have the call.
    if (!file.open() && errno == EAGAIN) continue;
    if (!file.open() && (errno == ENOSYS || errno == EPERM)) break;
    return file;
  }
#endif
  return open_beneath_stepwise(folder, path, flags, mode);
}

Descriptor open_folder(const fs::path& path) {
  return Descriptor(::open(path.empty() ? "." : path.c_str(), to_pass_through));
}

}  // namespace memspice
