#include "waveform/byte_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memspice/error.hpp>
#include <system_error>

#include "base/utf16.hpp"

namespace memspice {
namespace {

constexpr std::size_t block = 1u << 20;
// Files of /proc say that they have no bytes.
constexpr std::size_t smallest_block = 1u << 12;

}  // namespace

ByteReader::ByteReader(const std::string& path) : path_(path) {
  descriptor_ =
      path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) fail(errno);
  struct stat status {};
  if (::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode)) {
    size_ = static_cast<std::uint64_t>(status.st_size);
  }
}

ByteReader::~ByteReader() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void ByteReader::fail(int error) const {
  fail(std::generic_category().message(error), error);
}

void ByteReader::fail(const std::string& problem, int error) const {
  throw FileError(fmt::format("cannot read '{}': {}", path_, problem), path_, error);
}

void ByteReader::fail_at_byte(const std::string& problem, std::uint64_t byte) const {
  fail(fmt::format("{} (at byte {})", problem, byte));
}

void ByteReader::fail_at_line(const std::string& problem) const {
  fail(fmt::format("line {}: {}", line_number_, problem));
}

std::optional<std::uint64_t> ByteReader::remaining() const {
  if (!size_) return std::nullopt;
  return *size_ - std::min(*size_, position());
}

bool ByteReader::fill(std::size_t bytes) {
  if (begin_ > 0 && begin_ + bytes > buffer_.size()) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    consumed_ += begin_;
    end_ -= begin_;
    begin_ = 0;
  }
  if (begin_ + bytes > buffer_.size()) {
    // Small files are not worth the time that a whole block takes to be filled with zeros.
    const std::size_t usual = size_ ? std::clamp<std::uint64_t>(*size_ + 1, smallest_block, block) : block;
    buffer_.resize(std::max(begin_ + bytes, usual));
  }
  while (end_ - begin_ < bytes) {
    const ssize_t count = ::read(descriptor_, buffer_.data() + end_, buffer_.size() - end_);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    if (count == 0) return false;
    end_ += static_cast<std::size_t>(count);
  }
  return true;
}

std::string_view ByteReader::peek(std::size_t bytes) {
  if (end_ - begin_ < bytes) fill(bytes);
  return {buffer_.data() + begin_, std::min(bytes, end_ - begin_)};
}

void ByteReader::skip(std::size_t bytes) {
  begin_ += bytes;
}

std::string_view ByteReader::take_line(std::size_t bytes, std::size_t end_bytes) {
  const std::string_view text(buffer_.data() + begin_, bytes);
  begin_ += bytes + end_bytes;
  line_ended_ = end_bytes > 0;
  ++line_number_;
  return text;
}

std::optional<std::string_view> ByteReader::line(bool utf16) {
  const std::string_view end = utf16 ? std::string_view("\n\0", 2) : "\n";
  std::string_view text;
  std::size_t seen = 0;
  for (;;) {
    const std::string_view available(buffer_.data() + begin_, end_ - begin_);
    std::size_t found = available.find(end, seen);
    while (utf16 && found != std::string_view::npos && found % 2 != 0) found = available.find(end, found + 1);
    if (found != std::string_view::npos) {
      text = take_line(found, end.size());
      break;
    }
    seen = available.size() < end.size() ? 0 : available.size() - end.size() + 1;
    if (!fill(available.size() + std::max<std::size_t>(available.size(), 1))) {
      if (end_ == begin_) return std::nullopt;
      // What fill() brought in before the end may hold a line end after all.
      const std::string_view last(buffer_.data() + begin_, end_ - begin_);
      if (last.size() != available.size()) continue;
      text = take_line(last.size(), 0);
      break;
    }
  }
  if (utf16) {
    decoded_ = utf8_of_utf16(text);
    text = decoded_;
  }
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace memspice
