#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/archive.hpp"
#include "base/stopwatch.hpp"
#include "waveform/output_target.hpp"

namespace memspice {

struct OutputOptions {
  /// The writer will call patch(). Pipes, where that is impossible, then receive everything at commit().
  bool patched = false;
  /// commit() returns when the disk has it.
  bool lasting = true;
  /// Only a new file, below the working directory: what a deck of unknown origin may ask for (--safe).
  bool confined = false;
};

/// A file that comes into being all at once: bytes go through a buffer of fixed size into a temporary file,
/// and commit() renames it (OutputTarget). Without commit() the destructor removes the temporary file.
/// Targets that are not regular files (devices, pipes) are written directly; `-` is standard output. Every
/// failure is a FileError naming the target and the system's reason, or ReaderGone.
class OutputFile {
 public:
  explicit OutputFile(const std::string& path, OutputOptions options = {});
  ~OutputFile();

  /// Room for at least `bytes` (at most buffer_size) characters; advance() says how far they were used.
  char* reserve(std::size_t bytes);
  void advance(const char* end) { buffer_.used = static_cast<std::size_t>(end - buffer_.data.get()); }
  void write(std::string_view text);

  /// Bytes written so far, those in the buffer included.
  [[nodiscard]] std::uint64_t position() const { return flushed_ + buffer_.used; }
  /// True when the buffer is well filled or old enough that a reader of the unfinished file should see it.
  [[nodiscard]] bool flush_due() const;
  void flush();
  /// Replaces bytes written earlier, wherever they are by now.
  void patch(std::uint64_t offset, std::string_view text);
  /// Makes what has been written lasting, and writes what another process needs to go on with it; or, before
  /// anything has been written, goes on with what another one has left, cut to the length that it had then.
  /// That file is found by what is in it: beside the target, under the name of a temporary file, or as the
  /// target itself where the other process was told to end, which stays as it is. Only of files that come
  /// into being at commit(): can_go_on(). From here on the temporary file stays without commit(). Bytes that
  /// may still be patched lie in [head_end, settled).
  void exchange(Archive& archive, std::uint64_t head_end, std::uint64_t settled);
  [[nodiscard]] bool can_go_on() const { return target_.is_temporary(); }
  void commit();
  /// The same under another name in the same folder.
  void commit_as(const std::filesystem::path& name);
  /// Where the file is after commit(), as the user wrote it.
  [[nodiscard]] const std::string& path() const { return target_.path(); }
  [[nodiscard]] const OutputTarget& target() const { return target_; }

  static constexpr std::size_t buffer_size = 1u << 20;

 private:
  void close_all();
  void synchronise(int descriptor);
  void spool();
  void copy_spool();
  [[noreturn]] void fail(int error);

  OutputOptions options_;
  OutputTarget target_;
  int descriptor_ = -1;
  int spooled_to_ = -1;     // the pipe that receives the spooled bytes at commit()
  std::uint64_t base_ = 0;  // where our bytes begin in a target written directly
  struct {
    std::unique_ptr<char[]> data;
    std::size_t used = 0;
  } buffer_;
  std::uint64_t flushed_ = 0;
  int error_ = 0;  // what went wrong first; such a file is never committed
  Stopwatch since_flush_;
};

}  // namespace memspice
