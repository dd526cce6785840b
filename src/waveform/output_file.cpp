#include "waveform/output_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "waveform/left_file.hpp"

namespace memspice {
namespace {

bool can_be_patched(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  return flags >= 0 && (flags & O_APPEND) == 0 && ::lseek(descriptor, 0, SEEK_CUR) >= 0;
}

// They give the error number, 0 when all went well.
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

int copy(int from, int to, std::uint64_t length) {
  std::vector<char> part(OutputFile::buffer_size);
  for (std::uint64_t done = 0; done < length;) {
    const ssize_t count = ::pread(from, part.data(), std::min<std::uint64_t>(part.size(), length - done),
                                  static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count < 0 ? errno : EIO;
    if (const int error = write_all(to, part.data(), static_cast<std::size_t>(count))) return error;
    done += static_cast<std::uint64_t>(count);
  }
  return 0;
}

int close_file(int& descriptor) {
  const int closing = std::exchange(descriptor, -1);
  return ::close(closing) != 0 && errno != EINTR ? errno : 0;
}

}  // namespace

OutputFile::OutputFile(const std::string& path, OutputOptions options)
    : options_(options),
      target_(path, options.confined),
      descriptor_(target_.release()),
      buffer_{std::unique_ptr<char[]>(new char[buffer_size])} {
  if (target_.is_temporary()) return;
  try {
    if (options_.patched && !can_be_patched(descriptor_)) spool();
  } catch (...) {
    close_all();
    throw;
  }
  base_ = static_cast<std::uint64_t>(std::max<off_t>(::lseek(descriptor_, 0, SEEK_CUR), 0));
}

OutputFile::~OutputFile() {
  close_all();
}

void OutputFile::close_all() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (spooled_to_ >= 0) ::close(spooled_to_);
}

void OutputFile::fail(int error) {
  error_ = error;
  target_.fail(error);
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
  if (buffer_.used + bytes > buffer_size) flush();
  return buffer_.data.get() + buffer_.used;
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
  return buffer_.used >= buffer_size / 2 || since_flush_.seconds() >= 1;
}

void OutputFile::flush() {
  // Nothing is written to the pipe before the end: that its reader has gone has to be looked for.
  pollfd pipe{spooled_to_, 0, 0};
  if (spooled_to_ >= 0 && ::poll(&pipe, 1, 0) > 0 && (pipe.revents & POLLERR) != 0) fail(EPIPE);
  if (const int error = write_all(descriptor_, buffer_.data.get(), buffer_.used)) fail(error);
  flushed_ += buffer_.used;
  buffer_.used = 0;
  since_flush_.lap();
}

void OutputFile::patch(std::uint64_t offset, std::string_view text) {
  if (offset >= flushed_) {
    std::memcpy(buffer_.data.get() + (offset - flushed_), text.data(), text.size());
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
    const ssize_t count = ::read(descriptor_, buffer_.data.get(), buffer_size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    if (count == 0) break;
    if (const int error = write_all(spooled_to_, buffer_.data.get(), static_cast<std::size_t>(count)))
      fail(error);
  }
  if (const int error = close_file(spooled_to_)) fail(error);
}

// Two processes must not go on with one file.
void OutputFile::exchange(Archive& archive, std::uint64_t head_end, std::uint64_t settled) {
  std::string name = target_.temporary();
  FileMark mark;
  if (!archive.reading()) {
    flush();
    synchronise(descriptor_);
    ::flock(descriptor_, LOCK_EX | LOCK_NB);
    try {
      mark = mark_of(descriptor_, flushed_, head_end, settled);
    } catch (const std::system_error& error) {
      fail(error.code().value());
    }
  }
  archive.text(name);
  archive(mark);
  if (!archive.reading()) return target_.keep();
  archive.require(std::filesystem::path(name).filename() == name);
  LeftFile left = find_left(target_.place(), name, mark);
  if (left.busy) target_.fail("another process goes on with '" + left.path.string() + "'");
  if (!left.file.open())
    target_.fail("the rows that the checkpoint goes on from are not there, in '" + name +
                 "' or under the file's own name");
  target_.keep();
  if (left.temporary) {
    target_.adopt(left.path.filename().string());
    close_file(descriptor_);
    descriptor_ = left.file.release();
  } else if (const int error = copy(left.file.number(), descriptor_, mark.length)) {
    fail(error);
  }
  const auto length = static_cast<off_t>(mark.length);
  if (::ftruncate(descriptor_, length) != 0 || ::lseek(descriptor_, length, SEEK_SET) != length) fail(errno);
  flushed_ = mark.length;
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

void OutputFile::commit() {
  if (error_ != 0) fail(error_);
  flush();
  if (spooled_to_ >= 0) copy_spool();
  if (target_.is_temporary()) synchronise(descriptor_);
  if (const int error = close_file(descriptor_)) fail(error);
  if (!target_.is_temporary()) return;
  target_.rename();
  synchronise(target_.folder());
}

void OutputFile::commit_as(const std::filesystem::path& name) {
  target_.change_name(name);
  commit();
}

}  // namespace memspice
