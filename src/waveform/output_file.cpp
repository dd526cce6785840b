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

OutputFile::OutputFile(const std::string& path, bool patched) : path_(path), buffer_(new char[buffer_size]) {
  try {
    open(patched);
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
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void OutputFile::fail(int error) {
  error_ = error;
  if (standard_output_ && error == EPIPE) throw ReaderGone();
  throw FileError(fmt::format("cannot write {}: {}",
                              standard_output_ ? "to standard output" : fmt::format("'{}'", path_),
                              std::generic_category().message(error)));
}

void OutputFile::open(bool patched) {
  const int standing = standing_descriptor(path_);
  struct stat existing {};
  standard_output_ = standing == STDOUT_FILENO;
  if (standing >= 0) {
    descriptor_ = ::fcntl(standing, F_DUPFD_CLOEXEC, 0);
    if (descriptor_ < 0) fail(errno);
  } else if (::stat(path_.c_str(), &existing) != 0) {
    if (errno != ENOENT) fail(errno);
    target_ = path_;
    open_temporary();
  } else if (S_ISDIR(existing.st_mode)) {
    fail(EISDIR);
  } else if (!S_ISREG(existing.st_mode)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(errno);
  } else {
    // A protected file stays protected, a link stays a link, and the new file keeps the old one's
    // permissions.
    if (::access(path_.c_str(), W_OK) != 0) fail(errno);
    std::error_code error;
    target_ = std::filesystem::canonical(path_, error).string();
    if (error) fail(error.value());
    open_temporary();
    if (::fchmod(descriptor_, existing.st_mode & 0777) != 0) fail(errno);
  }
  if (target_.empty()) {
    if (patched && !can_be_patched(descriptor_)) spool();
    base_ = static_cast<std::uint64_t>(std::max<off_t>(::lseek(descriptor_, 0, SEEK_CUR), 0));
  }
}

void OutputFile::open_temporary() {
  const std::filesystem::path target(target_);
  // A name near the system's limit leaves no room for the suffix.
  const std::string stem = target.filename().string().substr(0, 200);
  for (int attempt = 0;; ++attempt) {
    const std::string name = fmt::format("{}.{}-{}.part", stem, ::getpid(), attempt);
    const std::string candidate = (target.parent_path() / name).string();
    descriptor_ = ::open(candidate.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
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

void OutputFile::commit() {
  if (error_ != 0) fail(error_);
  flush();
  if (spooled_to_ >= 0) copy_spool();
  if (const int error = close_file(descriptor_)) fail(error);
  if (temporary_.empty()) return;
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  temporary_.clear();
}

}  // namespace memspice
