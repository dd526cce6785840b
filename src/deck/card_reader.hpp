#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "expression/expression.hpp"

namespace memspice {

struct Token {
  enum class Kind : std::uint8_t { word, expression, string, equals, comma, open, close, end };
  Kind kind = Kind::end;
  std::string_view text;  // in the source; of an expression or a string without its delimiters

  [[nodiscard]] bool is(Kind other) const { return kind == other; }
};

/// Reads one card from left to right. The tokens live in a buffer that is reused from card to card. Members
/// throw Problem when the card is not what they are asked for.
class CardReader {
 public:
  /// Starts a card: `card` is its slice of the source text, comments and continuation lines included.
  void start(std::string_view card);

  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
  }
  const Token& take() {
    const Token& token = peek();
    if (next_ + 1 < tokens_.size()) ++next_;
    return token;
  }
  [[nodiscard]] bool at_end() const { return peek().is(Token::Kind::end); }
  /// Takes the token when it is of this kind.
  bool accept(Token::Kind kind);
  /// Takes the token when it is this word in any case.
  bool accept_word(std::string_view lower_case);
  void skip_commas();
  /// Passes over commas and parentheses: in a list of words and values they mean nothing.
  void skip_marks();
  /// Whether `name =` comes next.
  [[nodiscard]] bool at_assignment() const {
    return peek().is(Token::Kind::word) && peek(1).is(Token::Kind::equals);
  }
  /// Passes over what is left before the next `name =`, or to the end.
  void skip_to_assignment();
  /// The words from here to the end, a `name =` or a parenthesis.
  [[nodiscard]] std::size_t count_words() const;

  /// A word; `what` says in the message what was expected ("a node name").
  std::string_view word(std::string_view what);
  void expect(Token::Kind kind, std::string_view what);
  /// Throws when something is left.
  void expect_end();
  /// The problem that this token has no business here. Where it is a number's other half, `4 k` or `1,5`, the
  /// hint says so instead of `hint`.
  [[nodiscard]] Problem unexpected(std::string_view token, std::string hint = {}) const;

  /// Whether blanks may stand inside a bare expression: behind `name =` they may, in a list of values they
  /// end it.
  enum class Blanks { allowed, end_it };
  /// A plain number: fast. Takes nothing and returns false when what comes next is something else.
  bool plain_number(double& value, Blanks blanks);
  /// A value: number, `{expression}`, `'expression'` or a bare expression.
  Expression expression(Blanks blanks);
  /// All that is left, as the condition of an .if.
  Expression condition();
  /// Takes the parentheses of `R1 (a b) 1k` away, and the commas between such nodes.
  void open_nodes();

 private:
  [[nodiscard]] bool operator_follows(Blanks blanks) const;
  [[nodiscard]] std::string split_number(std::string_view token) const;
  std::string_view delimited(const char*& at, char close, std::string_view what);

  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  const char* end_ = nullptr;
};

}  // namespace memspice
