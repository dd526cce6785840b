#include "deck/library.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/lines.hpp"
#include "base/problem.hpp"

namespace memspice {
namespace {

bool is_quote(char c) {
  return c == '"' || c == '\'';
}

// Takes a quoted name, or a word up to a blank or a comment, from the beginning of the text.
std::string_view take_name(std::string_view& rest) {
  rest = trimmed(rest);
  if (rest.empty() || begins_comment(rest.data(), rest.data() + rest.size())) return {};
  std::size_t length = 0;
  if (is_quote(rest.front())) {
    length = rest.find(rest.front(), 1);
    if (length == std::string_view::npos) throw Problem{rest.substr(0, 1), "this quote is not closed"};
    const std::string_view name = rest.substr(1, length - 1);
    rest.remove_prefix(length + 1);
    return name;
  }
  while (length < rest.size() && !is_blank(rest[length]) && rest[length] != ';') ++length;
  const std::string_view name = rest.substr(0, length);
  rest.remove_prefix(length);
  return name;
}

/// Whether a word is a piece of a path whose beginning is `path`: it has a slash, or the suffix of a deck's
/// file where that is one of Windows.
bool continues_path(std::string_view path, std::string_view word) {
  static constexpr std::string_view suffixes[] = {".lib", ".inc", ".mod", ".sub", ".cir", ".txt", ".sp"};
  if (word.find_first_of("/\\") != std::string_view::npos) return true;
  return path.find('\\') != std::string_view::npos &&
         std::ranges::any_of(suffixes, [&](std::string_view suffix) {
           return word.size() > suffix.size() && same_word(word.substr(word.size() - suffix.size()), suffix);
         });
}

/// A file's name, quoted or not; a path may have blanks as long as its last words are of a path:
/// C:\Program Files\models.lib.
std::string_view take_path(std::string_view& rest) {
  const bool quoted = !trimmed(rest).empty() && is_quote(trimmed(rest).front());
  std::string_view path = take_name(rest);
  // The first word may be a part of a folder's name: `my models\d.lib`.
  if (quoted ||
      (path.find_first_of("/\\") == std::string_view::npos && path.find('.') != std::string_view::npos))
    return path;
  std::string_view behind = rest;
  for (std::string_view word = take_name(behind); !word.empty(); word = take_name(behind)) {
    if (!continues_path(path, word)) continue;
    path = {path.data(), static_cast<std::size_t>(word.data() + word.size() - path.data())};
    rest = behind;
  }
  return path;
}

}  // namespace

FileReference read_file_reference(std::string_view line) {
  FileReference reference;
  reference.card = first_word(line);
  std::string_view rest = line.substr(reference.card.size());
  reference.file = take_path(rest);
  if (reference.file.empty())
    throw Problem{reference.card, fmt::format("'{}' needs a file name", reference.card)};
  if (same_word(reference.card, ".lib")) reference.section = take_name(rest);
  if (const std::string_view more = take_name(rest); !more.empty())
    throw Problem{more, fmt::format("unexpected '{}'", more), "a file name with blanks must stand in quotes"};
  return reference;
}

bool names_ltspice_library(const FileReference& reference, std::string_view file_name) {
  static constexpr std::string_view kinds[] = {"bead", "bjt", "cap", "dio", "ind", "jft", "mos", "res"};
  const std::string name = to_lower(file_name);
  constexpr std::string_view stem = "standard.";
  return same_word(reference.card, ".lib") && reference.section.empty() && name.starts_with(stem) &&
         std::ranges::find(kinds, std::string_view(name).substr(stem.size())) != std::end(kinds);
}

std::vector<LibrarySection> find_library_sections(std::string_view text) {
  std::vector<LibrarySection> sections;
  const char* const end = text.data() + text.size();
  std::string_view name;        // of the .lib that may begin a section
  const char* begin = nullptr;  // of its body
  for (const char* at = text.data(); at < end;) {
    const char* const line_begin = at;
    const char* const stop = line_end(at, end);
    const char* const next = stop == end ? end : stop + 1;
    while (at != stop && is_blank(*at)) ++at;
    if (at == stop || *at != '.') {
      at = next;
      continue;
    }
    const std::string_view line(at, static_cast<std::size_t>(stop - at));
    at = next;
    const std::string_view word = first_word(line);
    std::string_view rest = line.substr(word.size());
    try {
      if (same_word(word, ".lib")) {
        const std::string_view first = take_name(rest);
        if (take_name(rest).empty()) {
          name = first;
          begin = next;
        }
      } else if (same_word(word, ".endl") && begin) {
        sections.push_back(
            {name, {begin, static_cast<std::size_t>(line_begin - begin)}, take_name(rest), next});
        begin = nullptr;
      }
    } catch (const Problem&) {  // reported when the line itself is read
    }
  }
  return sections;
}

}  // namespace memspice
