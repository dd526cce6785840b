#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace memspice {

/// What a byte can be in a deck. Bytes of UTF-8 sequences are parts of words.
enum class CharacterClass : std::uint8_t { word, blank, line_end, mark, control };

namespace detail {
constexpr std::array<CharacterClass, 256> make_classes() {
  std::array<CharacterClass, 256> classes{};
  for (int c = 0; c < 0x20; ++c) classes[static_cast<std::size_t>(c)] = CharacterClass::control;
  classes[0x7f] = CharacterClass::control;
  for (const char c : {' ', '\t', '\r', '\f', '\v'})
    classes[static_cast<unsigned char>(c)] = CharacterClass::blank;
  classes['\n'] = CharacterClass::line_end;
  for (const char c : {'=', ',', '(', ')', '{', '}', '\'', '"', ';'})
    classes[static_cast<unsigned char>(c)] = CharacterClass::mark;
  return classes;
}
inline constexpr std::array<CharacterClass, 256> classes = make_classes();
}  // namespace detail

constexpr CharacterClass character_class(char c) {
  return detail::classes[static_cast<unsigned char>(c)];
}
constexpr bool is_blank(char c) {
  return character_class(c) == CharacterClass::blank;
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
constexpr char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}
constexpr bool is_letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}
/// Characters of parameter and function names.
constexpr bool is_name_start(char c) {
  return is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_name(char c) {
  return is_name_start(c) || is_digit(c) || c == '.' || c == '$' || c == '#';
}

void append_lower(std::string& out, std::string_view text);
std::string to_lower(std::string_view text);
/// Whether the text is this lower-case word in any case.
bool same_word(std::string_view text, std::string_view lower_case);

/// The first character from `at` on that is neither a blank nor a part of a comment, across the line ends
/// inside a card: those are followed by a continuation line, perhaps after comments and blank lines. `end` is
/// the card's. Behind a blank a dollar sign begins a comment, too, but for PSpice's names of nodes ($N_0001).
const char* skip_blanks(const char* at, const char* end);
/// Whether the rest of the line from here is a comment: `;`, `//` or a dollar sign before a blank.
bool begins_comment(const char* at, const char* end);

}  // namespace memspice
