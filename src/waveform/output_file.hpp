#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <memspice/error.hpp>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"
#include "base/stopwatch.hpp"

namespace memspice {

/// Whether output to this path goes to standard output: `-`, `/dev/stdout` and the like.
bool names_standard_output(std::string_view path);

/// Standard output is a pipe, and its reader has closed it: nobody wants to hear of it.
class ReaderGone : public FileError {
 public:
  ReaderGone() : FileError("the reader of standard output has gone") {}
};

struct OutputOptions {
  /// The writer will call patch(). Pipes, where that is impossible, then receive everything at commit().
  bool patched = false;
  /// commit() returns when the disk has it.
  bool lasting = true;
  /// Only a new file, below the working directory: what a deck of unknown origin may ask for (--safe).
  bool confined = false;
};

/// A file that comes into being all at once: bytes go through a buffer of fixed size into a temporary file
/// beside the target, `<target>.<process>-0.part`, and commit() renames it. Without commit() the destructor
/// removes the temporary file. Links are followed to a file that exists. Targets that are not regular files
/// (devices, pipes) are written directly; `-` is standard output. Every failure is a FileError naming the
/// target and the system's reason, or ReaderGone.
class OutputFile {
 public:
  explicit OutputFile(const std::string& path, OutputOptions options = {});
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
  /// The same under another name in the same folder.
  void commit_as(const std::filesystem::path& name);
  /// Where the file is after commit(), as the user wrote it.
  [[nodiscard]] const std::string& path() const { return path_; }
  /// The same with links followed.
  [[nodiscard]] const std::filesystem::path& target() const { return place_; }
  /// Whether there is a file under the target's name already, which commit() would replace.
  [[nodiscard]] bool replaces() const;

  static constexpr std::size_t buffer_size = 1u << 20;

 private:
  void open();
  void open_existing();
  void open_confined();
  void place_at(const std::filesystem::path& target);
  void open_temporary();
  void rename_temporary();
  void synchronise(int descriptor);
  void abandon();
  void spool();
  void copy_spool();
  void check_pipe();
  [[noreturn]] void fail(int error);
  [[noreturn]] void fail(const std::string& reason) const;

  std::string path_;  // as the user wrote it, for messages
  bool standard_output_ = false;
  OutputOptions options_;
  std::filesystem::path place_;
  Descriptor folder_;      // the target's
  std::string target_;     // the name in it that the temporary file gets; empty when written directly
  std::string temporary_;  // its name in the folder; empty when there is none
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
