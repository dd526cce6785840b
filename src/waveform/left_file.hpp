#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/descriptor.hpp"

namespace memspice {

/// What a file that grows is known by when it has grown: its length, and numbers of what it begins with and
/// of the last of its bytes.
struct FileMark {
  std::uint64_t length = 0;
  std::uint64_t head_end = 0;  // bytes before it stay as they are
  std::uint64_t tail_begin = 0;
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
};

/// Of a file of this length, whose bytes before `head_end` and from `settled` on will not be changed. Throws
/// std::system_error.
FileMark mark_of(int descriptor, std::uint64_t length, std::uint64_t head_end, std::uint64_t settled);
/// Whether a file begins with the one that had the mark.
bool begins_with(int descriptor, const FileMark& mark);

/// What a process has left of a file that it was writing.
struct LeftFile {
  Descriptor file = Descriptor();  // not open: nothing was found
  std::filesystem::path path = {};
  bool temporary = false;  // it may be gone on with where it is; otherwise it is a result
  bool busy = false;       // another process has it
};

/// Looks by what is in it: under the name of the temporary file that it had, under those of others of the
/// target, and, where the process was told to end, as a result. A file that is found is locked.
LeftFile find_left(const std::filesystem::path& target, const std::string& name, const FileMark& mark);

}  // namespace memspice
