#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memspice {

/// Reads a file from front to back by blocks, as bytes or as lines, and knows where it is. Works on pipes
/// too. Every failure is a FileError naming the file. Views it hands out live until the next call.
class ByteReader {
 public:
  explicit ByteReader(const std::string& path);
  ~ByteReader();
  ByteReader(const ByteReader&) = delete;
  ByteReader& operator=(const ByteReader&) = delete;

  /// The next `bytes` bytes without consuming them; fewer only at the end of the file.
  std::string_view peek(std::size_t bytes);
  /// Consumes bytes that were seen by peek().
  void skip(std::size_t bytes);
  /// The next line without its end (LF or CRLF); nothing at the end of the file. UTF-16LE comes out as UTF-8.
  std::optional<std::string_view> line(bool utf16 = false);

  [[nodiscard]] std::uint64_t position() const { return consumed_ + begin_; }
  /// The number of the line read last, from 1.
  [[nodiscard]] std::size_t line_number() const { return line_number_; }
  /// False when the file ended within the line read last.
  [[nodiscard]] bool line_ended() const { return line_ended_; }
  /// How many bytes are left; unknown for a pipe.
  [[nodiscard]] std::optional<std::uint64_t> remaining() const;

  /// Throws FileError: "cannot read 'a.raw': <problem>".
  [[noreturn]] void fail(const std::string& problem, int error = 0) const;
  [[noreturn]] void fail(int error) const;
  [[noreturn]] void fail_at_byte(const std::string& problem, std::uint64_t byte) const;
  [[noreturn]] void fail_at_line(const std::string& problem) const;

 private:
  bool fill(std::size_t bytes);
  std::string_view take_line(std::size_t bytes, std::size_t end_bytes);

  std::string path_;
  int descriptor_ = -1;
  std::optional<std::uint64_t> size_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // what is not consumed yet: [begin_, end_) of the buffer
  std::size_t end_ = 0;
  std::uint64_t consumed_ = 0;  // bytes of the file before the buffer
  std::size_t line_number_ = 0;
  bool line_ended_ = true;
  std::string decoded_;
};

}  // namespace memspice
