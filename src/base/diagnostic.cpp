#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/printable.hpp"
#include "memspice/error.hpp"

namespace memspice {
namespace {

constexpr std::size_t widest_line = 160;  // a deck on one line must not flood the terminal

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u;
}

// The part of the line around the caret, and the caret's position in it.
std::pair<std::string_view, std::size_t> excerpt(std::string_view line, std::size_t caret) {
  if (line.size() <= widest_line) return {line, caret};
  std::size_t begin = caret > widest_line / 2 ? caret - widest_line / 2 : 0;
  while (begin < line.size() && continues_character(line[begin])) ++begin;
  std::size_t end = std::min(begin + widest_line, line.size());
  while (end < line.size() && continues_character(line[end])) ++end;
  return {line.substr(begin, end - begin), caret - begin};
}

// A word of the deck in a message may be the whole of a broken file.
void append_message(std::string& out, std::string_view message) {
  constexpr std::size_t longest = 400;
  std::size_t end = std::min(message.size(), longest);
  while (end < message.size() && continues_character(message[end])) --end;
  out += message.substr(0, end);
  if (end < message.size()) out += "…";
}

void append_location(std::string& out, const Diagnostic& diagnostic) {
  if (diagnostic.file.empty()) return;
  out += diagnostic.file;
  if (diagnostic.line != 0)
    fmt::format_to(std::back_inserter(out), ":{}:{}", diagnostic.line, diagnostic.column);
  out += ": ";
}

void append_source(std::string& out, const Diagnostic& diagnostic) {
  const auto [line, caret] =
      excerpt(diagnostic.text, std::min(diagnostic.column - 1, diagnostic.text.size()));
  std::string underline;
  out += "\n  ";
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool printable = c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    out += printable ? c : '?';
    if (continues_character(c)) continue;
    if (i < caret) underline += c == '\t' ? '\t' : ' ';
    if (i > caret && i < caret + diagnostic.length) underline += '~';
    if (i == caret) underline += '^';
  }
  if (caret >= line.size()) underline += '^';
  out += "\n  ";
  out += underline;
}

std::string join(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!out.empty()) out += '\n';
    out += diagnostic.format();
  }
  return out;
}

}  // namespace

std::string Diagnostic::format() const {
  std::string out;
  append_location(out, *this);
  out = printable(std::move(out));
  out += severity == Severity::error ? "error: " : "warning: ";
  append_message(out, printable(message));
  if (line != 0) append_source(out, *this);
  if (!hint.empty()) {
    out += "\n  hint: ";
    out += printable(hint);
  }
  return out;
}

Diagnostic diagnose(const SourceFiles& sources, Location where, std::size_t length, std::string message,
                    std::string hint, Severity severity) {
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  if (!where.known()) return diagnostic;
  const SourceFiles::Position position = sources.position(where);
  diagnostic.file = sources.name(where.file);
  diagnostic.line = position.line;
  diagnostic.column = position.column;
  diagnostic.text = position.text;
  diagnostic.length = std::max<std::size_t>(length, 1);
  return diagnostic;
}

DeckError::DeckError(Diagnostic diagnostic) : DeckError(std::vector<Diagnostic>{std::move(diagnostic)}) {}

DeckError::DeckError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(join(diagnostics)), diagnostics_(std::move(diagnostics)) {}

}  // namespace memspice
