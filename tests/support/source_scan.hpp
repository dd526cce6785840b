#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace memspice::testing {

/// A class or a function as it stands in a source text.
struct SourceBlock {
  enum class Kind { type, function };
  Kind kind = Kind::type;
  std::string head;      // what stands before its brace
  std::size_t line = 0;  // where it begins, from 1
  std::size_t size = 0;  // of a type: its data members and functions; of a function: its lines
};

/// The text without comments, with empty literals and without preprocessor lines; lines keep their numbers.
std::string without_comments(std::string_view text);

/// The classes, structs and functions of C++ source that is laid out as ours. What stands inside of a
/// function belongs to the function; nested types have members of their own; functions that are deleted are
/// not members.
std::vector<SourceBlock> scan_source(std::string_view text);

}  // namespace memspice::testing
