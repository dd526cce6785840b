#pragma once

#include <stdexcept>
#include <string>

namespace memspice {

/// The command line asks for what makes no sense: a word that is no option's value, options that exclude each
/// other, a graph that does not exist. It belongs to no place in a deck. Exit code 2.
class UsageError : public std::runtime_error {
 public:
  /// `hint` says what to write instead; it may be empty.
  explicit UsageError(const std::string& message, const std::string& hint = {})
      : std::runtime_error(hint.empty() ? message : message + "\n  hint: " + hint) {}
};

}  // namespace memspice
