#include "deck/card_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/number.hpp"
#include "base/problem.hpp"

namespace memspice {
namespace {

std::string_view view(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

const char* find_word_end(const char* at, const char* end) {
  while (at != end && character_class(*at) == CharacterClass::word &&
         !(*at == '/' && begins_comment(at, end)))
    ++at;
  return at;
}

Token::Kind mark_kind(char c) {
  switch (c) {
    case '=':
      return Token::Kind::equals;
    case ',':
      return Token::Kind::comma;
    case '(':
      return Token::Kind::open;
    default:
      return Token::Kind::close;
  }
}

}  // namespace

std::string_view CardReader::delimited(const char*& at, char close, std::string_view what) {
  const char* const open = at++;
  const char* const begin = at;
  int depth = 1;
  for (; at != end_; ++at) {
    if (*at == *open && *open != close) ++depth;
    if (*at == close && --depth == 0) return view(begin, at++);
    if (*at == '\n' && close == '"') break;
  }
  throw Problem{view(open, open + 1), fmt::format("this {} is not closed", what),
                fmt::format("add '{}'", close)};
}

void CardReader::start(std::string_view card) {
  tokens_.clear();
  next_ = 0;
  end_ = card.data() + card.size();
  const char* first_open = nullptr;
  int depth = 0;
  for (const char* at = skip_blanks(card.data(), end_); at != end_; at = skip_blanks(at, end_)) {
    const char* const begin = at;
    if (character_class(*at) == CharacterClass::word) {
      at = find_word_end(at, end_);
      tokens_.push_back({Token::Kind::word, view(begin, at)});
      continue;
    }
    if (character_class(*at) == CharacterClass::control)
      throw Problem{view(at, at + 1),
                    fmt::format("unexpected character {:#04x}", static_cast<unsigned char>(*at)),
                    "a deck is text; is this a binary file?"};
    switch (*at) {
      case '{':
        tokens_.push_back({Token::Kind::expression, delimited(at, '}', "brace")});
        continue;
      case '\'':
        tokens_.push_back({Token::Kind::expression, delimited(at, '\'', "quote")});
        continue;
      case '"':
        tokens_.push_back({Token::Kind::string, delimited(at, '"', "quote")});
        continue;
      case '}':
        throw Problem{view(at, at + 1), "this brace closes nothing"};
      case '(':
        if (depth++ == 0) first_open = at;
        break;
      case ')':
        if (--depth < 0) throw Problem{view(at, at + 1), "this parenthesis closes nothing"};
        break;
      default:
        break;
    }
    ++at;
    tokens_.push_back({mark_kind(*begin), view(begin, at)});
  }
  if (depth > 0) throw Problem{view(first_open, first_open + 1), "this parenthesis is not closed", "add ')'"};
  // Messages about the end of a card point behind its last character.
  const char* last = tokens_.empty() ? card.data() : tokens_.back().text.data() + tokens_.back().text.size();
  tokens_.push_back({Token::Kind::end, view(last, last)});
}

bool CardReader::accept(Token::Kind kind) {
  if (!peek().is(kind)) return false;
  take();
  return true;
}

bool CardReader::accept_word(std::string_view lower_case) {
  if (!peek().is(Token::Kind::word) || !same_word(peek().text, lower_case)) return false;
  take();
  return true;
}

void CardReader::skip_commas() {
  while (accept(Token::Kind::comma)) {
  }
}

void CardReader::skip_marks() {
  while (accept(Token::Kind::comma) || accept(Token::Kind::open) || accept(Token::Kind::close)) {
  }
}

void CardReader::skip_to_assignment() {
  while (!at_end() && !at_assignment()) take();
}

std::size_t CardReader::count_words() const {
  std::size_t n = 0;
  while (peek(n).is(Token::Kind::word) || peek(n).is(Token::Kind::expression)) ++n;
  return peek(n).is(Token::Kind::equals) && n > 0 ? n - 1 : n;
}

std::string_view CardReader::word(std::string_view what) {
  if (!peek().is(Token::Kind::word)) expect(Token::Kind::word, what);
  return take().text;
}

void CardReader::expect(Token::Kind kind, std::string_view what) {
  const Token& token = peek();
  if (token.is(kind)) {
    take();
    return;
  }
  if (token.is(Token::Kind::end))
    throw Problem{token.text, fmt::format("expected {}, not the end of the card", what)};
  throw Problem{token.text, fmt::format("expected {}, not '{}'", what, token.text)};
}

void CardReader::expect_end() {
  if (!at_end()) throw unexpected(peek().text);
}

namespace {

// A scale factor, a unit, or one behind the other.
bool is_suffix(std::string_view word) {
  constexpr std::string_view units[] = {"", "ohm", "ohms", "v", "a", "f", "h", "s", "hz", "w", "Ω"};
  constexpr std::string_view factors[] = {"", "t", "g", "meg", "k", "m", "u", "µ", "n", "p", "f", "mil"};
  const std::string text = to_lower(word);
  return std::ranges::any_of(factors, [&](std::string_view factor) {
    return text.starts_with(factor) &&
           std::ranges::find(units, std::string_view(text).substr(factor.size())) != std::end(units);
  });
}

bool is_number(const Token& token) {
  return token.is(Token::Kind::word) && signed_number(token.text).has_value();
}

}  // namespace

std::string CardReader::split_number(std::string_view token) const {
  const auto found = std::ranges::find_if(
      tokens_, [&](const Token& candidate) { return candidate.text.data() == token.data(); });
  const auto before = found - tokens_.begin();
  if (found == tokens_.end() || before < 1 || token.empty()) return {};
  const Token& last = *(found - 1);
  if (is_number(last) && is_suffix(token))
    return fmt::format("a value is one word: write {}{}", last.text, token);
  if (before < 2 || !last.is(Token::Kind::comma) || !is_number(*found) || !is_number(*(found - 2))) return {};
  const bool joined = (found - 2)->text.end() == last.text.begin() && last.text.end() == token.begin();
  if (!joined) return {};
  return fmt::format("decimals stand behind a point: write {}.{}", (found - 2)->text, token);
}

Problem CardReader::unexpected(std::string_view token, std::string hint) const {
  std::string reason = split_number(token);
  return {token, fmt::format("unexpected '{}'", token), reason.empty() ? std::move(hint) : std::move(reason)};
}

bool CardReader::plain_number(double& value, Blanks blanks) {
  const Token& token = peek();
  if (!token.is(Token::Kind::word)) return false;
  const std::optional<double> number = signed_number(token.text);
  if (!number) return false;
  // An operator behind it makes it a part of an expression.
  if (blanks == Blanks::allowed) {
    const Token& following = peek(1);
    if (following.is(Token::Kind::word) && !is_name_start(following.text.front())) return false;
  }
  value = *number;
  take();
  return true;
}

// Whether an operator goes on with the expression in braces that comes next: {a}*2.
bool CardReader::operator_follows(Blanks blanks) const {
  const std::string_view following = peek(1).text;
  const bool near =
      blanks == Blanks::allowed || following.data() == peek().text.data() + peek().text.size() + 1;
  return near && peek(1).is(Token::Kind::word) &&
         std::string_view("*/+-^<>&|%?!").find(following.front()) != std::string_view::npos;
}

Expression CardReader::condition() {
  if (at_end()) expect(Token::Kind::word, "a value");
  const char* const begin = peek().text.data() - (peek().is(Token::Kind::expression) ? 1 : 0);
  while (!at_end()) take();
  return parse_condition(view(begin, end_));
}

void CardReader::open_nodes() {
  if (!peek(1).is(Token::Kind::open)) return;
  const auto open = tokens_.begin() + 1;
  const auto close = std::ranges::find(tokens_, Token::Kind::close, &Token::kind);
  const auto kept =
      std::remove_if(open, close + 1, [](const Token& token) { return !token.is(Token::Kind::word); });
  tokens_.erase(kept, close + 1);
}

Expression CardReader::expression(Blanks blanks) {
  const Token& token = peek();
  if (token.is(Token::Kind::expression) && !operator_follows(blanks)) {
    take();
    return parse_expression(token.text);
  }
  if (!token.is(Token::Kind::expression) && !token.is(Token::Kind::word) && !token.is(Token::Kind::open))
    expect(Token::Kind::word, "a value");
  const char* const begin = token.text.data() - (token.is(Token::Kind::expression) ? 1 : 0);
  const char* after = nullptr;
  Expression expression = parse_bare_expression(view(begin, end_), blanks == Blanks::allowed, after);
  while (!at_end() && peek().text.data() < after) {
    if (const std::string_view text = peek().text; text.data() + text.size() > after)
      throw Problem{view(after, text.data() + text.size()),
                    fmt::format("unexpected '{}' after the value", view(after, text.data() + text.size()))};
    take();
  }
  return expression;
}

}  // namespace memspice
