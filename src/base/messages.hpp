#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/problem.hpp"
#include "memspice/error.hpp"

namespace memspice {

/// Where a view into one of the texts stands; nowhere for a view of nothing.
Location locate(const SourceFiles& sources, std::string_view view);

/// Collects what is wrong with a deck, so that the user sees all of it at once. The same message at the same
/// place (a subcircuit's line, once an instance) is kept once.
class Messages {
 public:
  static constexpr std::size_t most = 20;  // of errors, and of warnings

  explicit Messages(const SourceFiles& sources) : sources_(sources) {}

  /// Throws DeckError with everything collected when the errors become too many.
  void error(const Problem& problem);
  void warning(const Problem& problem);
  /// The same of a text that is not kept.
  void add(Diagnostic diagnostic);
  void warnings(const std::vector<Diagnostic>& earlier);

  [[nodiscard]] std::size_t error_count() const { return errors_.size(); }
  /// Throws DeckError when there are errors: the warnings, which may explain them, and the errors.
  void throw_errors();
  [[nodiscard]] std::vector<Diagnostic> take_warnings();

 private:
  /// False when it was known already.
  bool remember(const Problem& problem);
  void add_error(Diagnostic diagnostic);

  const SourceFiles& sources_;
  std::set<std::pair<const char*, std::string>> known_;
  std::vector<Diagnostic> errors_;
  std::vector<Diagnostic> warnings_;
  std::size_t more_warnings_ = 0;
};

}  // namespace memspice
