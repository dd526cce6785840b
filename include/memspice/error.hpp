#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace memspice {

/// Where a character of a deck stands: a file of the deck's `SourceFiles` and a byte offset in it. Eight
/// bytes, because every element keeps one; line and column are worked out only when a message needs them.
struct Location {
  static constexpr std::uint32_t nowhere = 0xffffffffu;
  std::uint32_t file = nowhere;
  std::uint32_t offset = 0;

  [[nodiscard]] bool known() const { return file != nowhere; }
};

/// The texts a deck was read from, owned for as long as anything points into them.
class SourceFiles {
 public:
  /// Adds a text and returns its index. `name` is what messages print (the path as the user wrote it).
  std::uint32_t add(std::string name, std::string text);

  [[nodiscard]] std::size_t size() const { return files_.size(); }
  [[nodiscard]] const std::string& name(std::uint32_t file) const { return files_[file]->name; }
  [[nodiscard]] std::string_view text(std::uint32_t file) const { return files_[file]->text; }

  struct Position {
    std::size_t line = 0;    // from 1
    std::size_t column = 0;  // from 1, in bytes
    std::string_view text;   // the whole physical line, without its end
  };
  [[nodiscard]] Position position(Location where) const;

 private:
  struct File {
    std::string name;
    std::string text;
  };
  std::vector<std::unique_ptr<const File>> files_;  // stable addresses: tokens are views into the texts
};

enum class Severity { warning, error };

/// One message about a deck, self-contained: it can outlive the deck.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string message;     // what is wrong, lower case, no full stop
  std::string hint;        // what to do next; may be empty
  std::string file;        // empty when the message belongs to no place
  std::size_t line = 0;    // from 1; 0: no place
  std::size_t column = 0;  // from 1
  std::string text;        // the source line
  std::size_t length = 1;  // how many characters the caret underlines

  /// `file:line:column: error: message`, the line, a caret, and `hint: …`.
  [[nodiscard]] std::string format() const;
};

/// Builds a diagnostic at a place (or at none, when `where` is not known).
Diagnostic diagnose(const SourceFiles& sources, Location where, std::size_t length, std::string message,
                    std::string hint = {}, Severity severity = Severity::error);

/// The user's deck is wrong. Carries every problem found, at least one. Exit code 2.
class DeckError : public std::runtime_error {
 public:
  explicit DeckError(Diagnostic diagnostic);
  explicit DeckError(std::vector<Diagnostic> diagnostics);
  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// A file cannot be read or written. Exit code 3.
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  /// `error`: what errno was; 0: the system did not refuse, what it gave is of no use.
  FileError(const std::string& message, std::string path, int error = 0)
      : std::runtime_error(message), path_(std::move(path)), code_(error, std::generic_category()) {}

  /// As the user wrote it; empty: no file of theirs.
  [[nodiscard]] const std::string& path() const { return path_; }
  /// The system's reason: `error.code() == std::errc::no_such_file_or_directory`. None where it had none.
  [[nodiscard]] std::error_code code() const { return code_; }

 private:
  std::string path_;
  std::error_code code_;
};

/// The computation cannot go on: what happened, when, which unknowns, what was tried, what to try. Exit
/// code 1.
class SimulationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace memspice
