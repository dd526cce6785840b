#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memspice/error.hpp>
#include <string>
#include <string_view>

#include "base/stopwatch.hpp"

namespace memspice {

/// Whether output to this path goes to standard output: `-`, `/dev/stdout` and the like.
bool names_standard_output(std::string_view path);

/// Standard output is a pipe, and its reader has closed it: nobody wants to hear of it.
class ReaderGone : public FileError {
 public:
  ReaderGone() : FileError("the reader of standard output has gone") {}
};

/// A file that comes into being all at once: bytes go through a buffer of fixed size into a temporary file
/// beside the target, and commit() renames it. Without commit() the destructor removes the temporary file.
/// Targets that are not regular files (devices, pipes) are written directly; `-` is standard output. Every
/// failure is a FileError naming the target and the system's reason, or ReaderGone.
class OutputFile {
 public:
  /// `patched`: the writer will call patch(). Pipes, where that is impossible, then receive everything at
  /// commit().
  OutputFile(const std::string& path, bool patched);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Room for at least `bytes` (at most buffer_size) characters; advance() says how far they were used.
  char* reserve(std::size_t bytes);
  void advance(const char* end) { used_ = static_cast<std::size_t>(end - buffer_.get()); }
  void write(std::string_view text);

  /// Bytes written so far, those in the buffer included.
  [[nodiscard]] std::uint64_t position() const { return flushed_ + used_; }
  /// True when the buffer is well filled or old enough that a reader of the unfinished file should see it.
  [[nodiscard]] bool flush_due() const;
  void flush();
  /// Replaces bytes written earlier, wherever they are by now.
  void patch(std::uint64_t offset, std::string_view text);
  void commit();

  static constexpr std::size_t buffer_size = 1u << 20;

 private:
  void open(bool patched);
  void open_temporary();
  void abandon();
  void spool();
  void copy_spool();
  void check_pipe();
  [[noreturn]] void fail(int error);

  std::string path_;  // as the user wrote it, for messages
  bool standard_output_ = false;
  std::string target_;     // what the temporary file is renamed to; empty when written directly
  std::string temporary_;  // empty when there is none
  int descriptor_ = -1;
  int spooled_to_ = -1;     // the pipe that receives the spooled bytes at commit()
  std::uint64_t base_ = 0;  // where our bytes begin in a target written directly
  std::unique_ptr<char[]> buffer_;
  std::size_t used_ = 0;
  std::uint64_t flushed_ = 0;
  int error_ = 0;  // what went wrong first; such a file is never committed
  Stopwatch since_flush_;
};

}  // namespace memspice
