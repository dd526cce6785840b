#pragma once

#include <filesystem>
#include <memspice/error.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "base/descriptor.hpp"

namespace memspice {

/// Whether output to this path goes to standard output: `-`, `/dev/stdout` and the like.
bool names_standard_output(std::string_view path);

/// Standard output is a pipe, and its reader has closed it: nobody wants to hear of it.
class ReaderGone : public FileError {
 public:
  ReaderGone() : FileError("the reader of standard output has gone") {}
};

/// What an output file's bytes are written to: a temporary file beside the target,
/// `<target>.<process>-0.part`, that is renamed to it or removed; or the target itself where that is no
/// regular file. Links are followed to a file that exists. Throws FileError, with the target and the system's
/// reason, or ReaderGone.
class OutputTarget {
 public:
  /// `confined`: only a new file, below the working directory.
  OutputTarget(const std::string& path, bool confined);
  ~OutputTarget();
  /// Removes the temporary files of all that there are: for a program that ends without destructors.
  /// Allocates nothing.
  static void abandon_all();
  OutputTarget(const OutputTarget&) = delete;
  OutputTarget& operator=(const OutputTarget&) = delete;

  /// To write to; whoever asks for it closes it.
  [[nodiscard]] int release() { return std::exchange(descriptor_, -1); }
  /// Whether that is a temporary file.
  [[nodiscard]] bool is_temporary() const { return !temporary_.empty(); }
  /// Of the target and the temporary file; -1: there is none.
  [[nodiscard]] int folder() const { return folder_.number(); }
  /// The name of the temporary file in it.
  [[nodiscard]] const std::string& temporary() const { return temporary_; }
  /// It stays when this ends without rename(), for another process to go on with.
  void keep() { manner_.kept = true; }
  /// Another temporary file takes the place of the empty one.
  void adopt(const std::string& name);
  /// Gives the temporary file the target's name.
  void rename();
  /// From now on another name in the same folder is the target.
  void change_name(const std::filesystem::path& name);
  /// As the user wrote it; and with links followed.
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::filesystem::path& place() const { return place_; }
  /// Whether there is a file under the target's name already, which rename() would replace.
  [[nodiscard]] bool exists() const;

  [[noreturn]] void fail(int error) const;
  [[noreturn]] void fail(const std::string& reason, int error = 0) const;

 private:
  void open();
  void open_existing();
  void open_confined();
  void place_at(const std::filesystem::path& target);
  void open_temporary();
  void abandon();

  struct Manner {
    bool confined = false;         // only a new file, below the working directory
    bool standard_output = false;  // what is written to is that
    bool kept = false;             // the temporary file stays without rename()
  };

  std::string path_;
  Manner manner_;
  std::filesystem::path place_;
  Descriptor folder_;
  std::string target_;     // the name in it that the temporary file gets; empty when written directly
  std::string temporary_;  // its name in the folder; empty when there is none
  int descriptor_ = -1;
  OutputTarget* older_ = nullptr;  // in the list of all
};

}  // namespace memspice
