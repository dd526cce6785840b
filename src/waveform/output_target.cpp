#include "waveform/output_target.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <mutex>
#include <system_error>

#include "base/beneath.hpp"
#include "waveform/part_file.hpp"

namespace memspice {
namespace {

// The descriptor that `-`, `/dev/stdout` and the like stand for, or -1. Opening such a path again would
// truncate or replace what standard output is redirected to.
int standing_descriptor(std::string_view path) {
  if (path == "-" || path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  constexpr std::string_view folder = "/dev/fd/";
  int descriptor = -1;
  if (path.starts_with(folder)) {
    std::from_chars(path.data() + folder.size(), path.data() + path.size(), descriptor);
  }
  return descriptor;
}

std::mutex listing;
OutputTarget* newest = nullptr;

}  // namespace

bool names_standard_output(std::string_view path) {
  return standing_descriptor(path) == STDOUT_FILENO;
}

OutputTarget::OutputTarget(const std::string& path, bool confined)
    : path_(path), manner_{.confined = confined}, place_(path) {
  try {
    open();
  } catch (...) {
    abandon();
    throw;
  }
  const std::lock_guard lock(listing);
  older_ = std::exchange(newest, this);
}

OutputTarget::~OutputTarget() {
  abandon();
  const std::lock_guard lock(listing);
  OutputTarget** place = &newest;
  while (*place != this) place = &(*place)->older_;
  *place = older_;
}

void OutputTarget::abandon_all() {
  const std::unique_lock lock(listing, std::try_to_lock);
  for (OutputTarget* target = lock ? newest : nullptr; target; target = target->older_) target->abandon();
}

void OutputTarget::abandon() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty() && !manner_.kept) ::unlinkat(folder_.number(), temporary_.c_str(), 0);
}

void OutputTarget::fail(int error) const {
  if (manner_.standard_output && error == EPIPE) throw ReaderGone();
  fail(std::generic_category().message(error), error);
}

void OutputTarget::fail(const std::string& reason, int error) const {
  throw FileError(
      fmt::format("cannot write {}: {}",
                  manner_.standard_output ? "to standard output" : fmt::format("'{}'", path_), reason),
      path_, error);
}

void OutputTarget::open() {
  const int standing = standing_descriptor(path_);
  struct stat existing {};
  manner_.standard_output = standing == STDOUT_FILENO;
  if (standing >= 0) {
    descriptor_ = ::fcntl(standing, F_DUPFD_CLOEXEC, 0);
    if (descriptor_ < 0) fail(errno);
  } else if (manner_.confined) {
    open_confined();
  } else if (::lstat(path_.c_str(), &existing) == 0) {
    open_existing();
  } else if (errno != ENOENT) {
    fail(errno);
  } else {
    place_at(path_);
    open_temporary();
  }
}

// A protected file stays protected, a link stays a link, and the new file keeps the old one's permissions.
void OutputTarget::open_existing() {
  struct stat existing {};
  if (::stat(path_.c_str(), &existing) != 0) {
    if (errno != ENOENT) fail(errno);
    std::error_code error;
    const std::filesystem::path leads_to = std::filesystem::read_symlink(path_, error);
    fail(fmt::format("it is a link to '{}', which does not exist", leads_to.string()));
  }
  if (S_ISDIR(existing.st_mode)) fail(EISDIR);
  if (!S_ISREG(existing.st_mode)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(errno);
    return;
  }
  if (::access(path_.c_str(), W_OK) != 0) fail(errno);
  std::error_code error;
  const std::filesystem::path canonical = std::filesystem::canonical(path_, error);
  if (error) fail(error.value());
  place_at(canonical);
  open_temporary();
  if (::fchmod(descriptor_, existing.st_mode & 0777) != 0) fail(errno);
}

void OutputTarget::place_at(const std::filesystem::path& target) {
  const std::filesystem::path parent = target.parent_path();
  place_ = target;
  target_ = target.filename().string();
  // A folder that may be written to but not listed cannot be synchronised.
  folder_.reset(::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder_.open() && errno == EACCES) folder_ = open_folder(parent);
  if (!folder_.open()) fail(errno);
}

void OutputTarget::open_confined() {
  const std::filesystem::path path(path_);
  const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
  target_ = path.filename().string();
  folder_ = open_beneath(open_folder("."), parent, O_RDONLY | O_DIRECTORY);
  if (!folder_.open() && errno == EXDEV) fail("with --safe only below the working directory");
  if (!folder_.open()) fail(errno);
  if (target_.empty() || target_ == "." || target_ == "..") fail(EISDIR);
  if (exists()) fail("it exists, and with --safe only new files are written");
  open_temporary();
}

bool OutputTarget::exists() const {
  struct stat existing {};
  return !target_.empty() &&
         ::fstatat(folder_.number(), target_.c_str(), &existing, AT_SYMLINK_NOFOLLOW) == 0;
}

void OutputTarget::open_temporary() {
  for (int attempt = 0;; ++attempt) {
    std::string candidate = part_name(target_, ::getpid(), attempt);
    descriptor_ = ::openat(folder_.number(), candidate.c_str(),
                           O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor_ >= 0) {
      temporary_ = std::move(candidate);  // nothing between the two may fail
      return;
    }
    if (errno != EEXIST || attempt == 1000) fail(errno);
  }
}

void OutputTarget::rename() {
  const int folder = folder_.number();
  if (!manner_.confined) {
    if (::renameat(folder, temporary_.c_str(), folder, target_.c_str()) != 0) fail(errno);
  } else {
    // A link, unlike a rename, never replaces what has come in between.
    if (::linkat(folder, temporary_.c_str(), folder, target_.c_str(), 0) != 0) fail(errno);
    ::unlinkat(folder, temporary_.c_str(), 0);
  }
  temporary_.clear();
}

void OutputTarget::adopt(const std::string& name) {
  if (::renameat(folder_.number(), name.c_str(), folder_.number(), temporary_.c_str()) != 0) fail(errno);
}

void OutputTarget::change_name(const std::filesystem::path& name) {
  std::error_code error;
  const bool link = std::filesystem::is_symlink(path_, error);
  place_.replace_filename(name);
  path_ = link ? place_.string() : std::filesystem::path(path_).replace_filename(name).string();
  target_ = name.string();
}

}  // namespace memspice
