#include "waveform/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

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

bool can_be_patched(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  return flags >= 0 && (flags & O_APPEND) == 0 && ::lseek(descriptor, 0, SEEK_CUR) >= 0;
}

// The two give the error number, 0 when all went well.
int write_all(int descriptor, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(descriptor, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return 0;
}

int close_file(int& descriptor) {
  const int closing = std::exchange(descriptor, -1);
  return ::close(closing) != 0 && errno != EINTR ? errno : 0;
}

}  // namespace

bool names_standard_output(std::string_view path) {
  return standing_descriptor(path) == STDOUT_FILENO;
}

OutputFile::OutputFile(const std::string& path, OutputOptions options)
    : path_(path), options_(options), place_(path), buffer_(new char[buffer_size]) {
  try {
    open();
  } catch (...) {
    abandon();
    throw;
  }
}

OutputFile::~OutputFile() {
  abandon();
}

void OutputFile::abandon() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (spooled_to_ >= 0) ::close(spooled_to_);
  if (!temporary_.empty()) ::unlinkat(folder_.number(), temporary_.c_str(), 0);
}

void OutputFile::fail(int error) {
  error_ = error;
  if (standard_output_ && error == EPIPE) throw ReaderGone();
  fail(std::generic_category().message(error));
}

void OutputFile::fail(const std::string& reason) const {
  throw FileError(fmt::format("cannot write {}: {}",
                              standard_output_ ? "to standard output" : fmt::format("'{}'", path_), reason));
}

void OutputFile::open() {
  const int standing = standing_descriptor(path_);
  struct stat existing {};
  standard_output_ = standing == STDOUT_FILENO;
  if (standing >= 0) {
    descriptor_ = ::fcntl(standing, F_DUPFD_CLOEXEC, 0);
    if (descriptor_ < 0) fail(errno);
  } else if (options_.confined) {
    open_confined();
  } else if (::lstat(path_.c_str(), &existing) == 0) {
    open_existing();
  } else if (errno != ENOENT) {
    fail(errno);
  } else {
    place_at(path_);
    open_temporary();
  }
  if (target_.empty()) {
    if (options_.patched && !can_be_patched(descriptor_)) spool();
    base_ = static_cast<std::uint64_t>(std::max<off_t>(::lseek(descriptor_, 0, SEEK_CUR), 0));
  }
}

// A protected file stays protected, a link stays a link, and the new file keeps the old one's permissions.
void OutputFile::open_existing() {
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

void OutputFile::place_at(const std::filesystem::path& target) {
  const std::filesystem::path parent = target.parent_path();
  place_ = target;
  target_ = target.filename().string();
  // A folder that may be written to but not listed cannot be synchronised.
  folder_.reset(::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder_.open() && errno == EACCES) folder_ = open_folder(parent);
  if (!folder_.open()) fail(errno);
}

void OutputFile::open_confined() {
  const std::filesystem::path path(path_);
  const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
  target_ = path.filename().string();
  folder_ = open_beneath(open_folder("."), parent, O_RDONLY | O_DIRECTORY);
  if (!folder_.open() && errno == EXDEV) fail("with --safe only below the working directory");
  if (!folder_.open()) fail(errno);
  if (target_.empty() || target_ == "." || target_ == "..") fail(EISDIR);
  if (replaces()) fail("it exists, and with --safe only new files are written");
  open_temporary();
}

bool OutputFile::replaces() const {
  struct stat existing {};
  return !target_.empty() &&
         ::fstatat(folder_.number(), target_.c_str(), &existing, AT_SYMLINK_NOFOLLOW) == 0;
}

void OutputFile::open_temporary() {
  for (int attempt = 0;; ++attempt) {
    const std::string candidate = part_name(target_, ::getpid(), attempt);
    descriptor_ = ::openat(folder_.number(), candidate.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor_ >= 0) {
      temporary_ = candidate;
      return;
    }
    if (errno != EEXIST || attempt == 1000) fail(errno);
  }
}

void OutputFile::spool() {
  spooled_to_ = descriptor_;
  descriptor_ = -1;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  if (!file) fail(errno);
  descriptor_ = ::fcntl(::fileno(file.get()), F_DUPFD_CLOEXEC, 0);
  if (descriptor_ < 0) fail(errno);
}

char* OutputFile::reserve(std::size_t bytes) {
  if (used_ + bytes > buffer_size) flush();
  return buffer_.get() + used_;
}

void OutputFile::write(std::string_view text) {
  while (!text.empty()) {
    const std::size_t part = std::min(text.size(), buffer_size);
    char* room = reserve(part);
    std::memcpy(room, text.data(), part);
    advance(room + part);
    text.remove_prefix(part);
  }
}

bool OutputFile::flush_due() const {
  return used_ >= buffer_size / 2 || since_flush_.seconds() >= 1;
}

// Nothing is written to the pipe before the end: that its reader has gone has to be looked for.
void OutputFile::check_pipe() {
  if (spooled_to_ < 0) return;
  pollfd pipe{spooled_to_, 0, 0};
  if (::poll(&pipe, 1, 0) > 0 && (pipe.revents & POLLERR) != 0) fail(EPIPE);
}

void OutputFile::flush() {
  check_pipe();
  if (const int error = write_all(descriptor_, buffer_.get(), used_)) fail(error);
  flushed_ += used_;
  used_ = 0;
  since_flush_.lap();
}

void OutputFile::patch(std::uint64_t offset, std::string_view text) {
  if (offset >= flushed_) {
    std::memcpy(buffer_.get() + (offset - flushed_), text.data(), text.size());
    return;
  }
  flush();
  while (!text.empty()) {
    const ssize_t written =
        ::pwrite(descriptor_, text.data(), text.size(), static_cast<off_t>(base_ + offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    text.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

void OutputFile::copy_spool() {
  if (::lseek(descriptor_, 0, SEEK_SET) != 0) fail(errno);
  for (;;) {
    const ssize_t count = ::read(descriptor_, buffer_.get(), buffer_size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    if (count == 0) break;
    if (const int error = write_all(spooled_to_, buffer_.get(), static_cast<std::size_t>(count))) fail(error);
  }
  if (const int error = close_file(spooled_to_)) fail(error);
}

// Not every file system can.
void OutputFile::synchronise(int descriptor) {
  if (!options_.lasting) return;
  while (::fsync(descriptor) != 0)
    if (errno == EIO || errno == ENOSPC || errno == EDQUOT)
      fail(errno);
    else if (errno != EINTR)
      return;
}

void OutputFile::rename_temporary() {
  const int folder = folder_.number();
  if (!options_.confined) {
    if (::renameat(folder, temporary_.c_str(), folder, target_.c_str()) != 0) fail(errno);
  } else {
    // A link, unlike a rename, never replaces what has come in between.
    if (::linkat(folder, temporary_.c_str(), folder, target_.c_str(), 0) != 0) fail(errno);
    ::unlinkat(folder, temporary_.c_str(), 0);
  }
  temporary_.clear();
}

void OutputFile::commit() {
  if (error_ != 0) fail(error_);
  flush();
  if (spooled_to_ >= 0) copy_spool();
  if (!temporary_.empty()) synchronise(descriptor_);
  if (const int error = close_file(descriptor_)) fail(error);
  if (temporary_.empty()) return;
  rename_temporary();
  synchronise(folder_.number());
}

void OutputFile::commit_as(const std::filesystem::path& name) {
  std::error_code error;
  const bool link = std::filesystem::is_symlink(path_, error);
  place_.replace_filename(name);
  path_ = link ? place_.string() : std::filesystem::path(path_).replace_filename(name).string();
  target_ = name.string();
  commit();
}

}  // namespace memspice
