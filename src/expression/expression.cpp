#include "expression/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/characters.hpp"
#include "base/number.hpp"
#include "base/problem.hpp"

namespace memspice {
namespace {

using Kind = Expression::Kind;

constexpr int deepest = 256;

struct BinaryOperator {
  std::string_view spelling;
  Kind kind;
  int precedence;
};

// Longer spellings first. All associate to the left, the power too: 2**3**2 is 64, as in ngspice.
constexpr std::array<BinaryOperator, 19> binary_operators{{
    {"**", Kind::power, 8},      {"&&", Kind::logical_and, 2},  {"||", Kind::logical_or, 1},
    {"&", Kind::logical_and, 2},  // LTspice and Xyce
    {"|", Kind::logical_or, 1},  {"==", Kind::equal, 3},        {"!=", Kind::not_equal, 3},
    {"<>", Kind::not_equal, 3},  {"<=", Kind::less_equal, 4},   {">=", Kind::greater_equal, 4},
    {"<", Kind::less, 4},        {">", Kind::greater, 4},       {"+", Kind::add, 5},
    {"-", Kind::subtract, 5},    {"*", Kind::multiply, 6},      {"/", Kind::divide, 6},
    {"%", Kind::modulo, 6},      {"\\", Kind::whole_divide, 6},  // ngspice
    {"^", Kind::power, 8},
}};
constexpr int conditional_precedence = 0;
constexpr int unary_precedence = 7;

// Whether a call of this name reads vectors of the circuit: its arguments are then names.
bool reads_vectors(std::string_view name) {
  constexpr std::array<std::string_view, 16> accessors{"v",  "vm", "vp", "vdb", "vr", "vi", "i", "im",
                                                       "ip", "ir", "ii", "idb", "w",  "r",  "p", "n"};
  return std::ranges::any_of(accessors, [&](std::string_view accessor) { return same_word(name, accessor); });
}

/// What to write instead of 4k7 or 1R5, as parts are marked; else what a number is.
std::string hint_of_number(std::string_view text) {
  const std::size_t letter = text.find_first_not_of("0123456789");
  const std::string_view left = text.substr(0, letter);
  const std::string_view right = text.substr(std::min(letter, text.size() - 1) + 1);
  const bool coded =
      !left.empty() && !right.empty() && right.find_first_not_of("0123456789") == std::string_view::npos;
  if (coded && lower(text[letter]) == 'r')
    return fmt::format("the point stands where it belongs: write {}.{}", left, right);
  if (coded && std::string_view("kKmMuUnNpPfFgGtT").find(text[letter]) != std::string_view::npos)
    return fmt::format("the letter stands behind all digits: write {}.{}{}", left, right,
                       text[letter] == 'M' ? "Meg" : std::string(1, text[letter]));
  return "a scale factor and the letters of a unit may follow the digits: 1k, 4.7uF, 1Meg";
}

class Parser {
 public:
  Parser(std::string_view text, bool blanks_allowed, bool is_condition = false)
      : at_(text.data()),
        end_(at_ + text.size()),
        blanks_allowed_(blanks_allowed),
        is_condition_(is_condition) {}

  // Parses and returns the root's number; operators of lower precedence are left alone.
  std::uint32_t parse(int lowest) {
    if (++depth_ > deepest)
      fail(at_, 1, "this expression is nested too deeply", "give a part of it its own .param");
    std::uint32_t left = operand();
    while (true) {
      const char* const before = at_;
      if (!next_operator_may_follow()) break;
      if (*at_ == '?' && lowest <= conditional_precedence) {
        left = conditional(left);
        continue;
      }
      const std::optional<BinaryOperator> op = find_operator();
      if (!op || op->precedence < lowest) {
        at_ = before;
        break;
      }
      const std::string_view spelling(at_, op->spelling.size());
      at_ += spelling.size();
      const std::uint32_t right = parse(op->precedence + 1);
      left = add(op->kind, spelling, {left, right});
    }
    --depth_;
    return left;
  }

  const char* position() const { return at_; }
  void skip() { at_ = skip_blanks(at_, end_); }
  bool finished() const { return at_ == end_; }
  Expression take(std::string_view text) {
    expression_.text = text;
    return std::move(expression_);
  }

  [[noreturn]] static void fail(const char* at, std::size_t length, std::string message,
                                std::string hint = {}) {
    throw Problem{{at, length}, std::move(message), std::move(hint)};
  }

 private:
  std::uint32_t add(Kind kind, std::string_view at, std::vector<std::uint32_t> operands) {
    expression_.nodes.push_back({kind, at, 0, {}, std::move(operands)});
    return static_cast<std::uint32_t>(expression_.nodes.size() - 1);
  }

  // Moves to the next operator, if any may come: at the end, or at a blank that ends the expression, none
  // may.
  bool next_operator_may_follow() {
    if (blanks_allowed_ || parentheses_ > 0) skip();
    return at_ != end_ && character_class(*at_) != CharacterClass::blank && *at_ != '\n';
  }

  std::optional<BinaryOperator> find_operator() const {
    const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
    for (const BinaryOperator& op : binary_operators)
      if (rest.starts_with(op.spelling)) return op;
    if (is_condition_ && rest.starts_with('=')) return BinaryOperator{"=", Kind::equal, 3};
    return std::nullopt;
  }

  std::uint32_t conditional(std::uint32_t condition) {
    const std::string_view question(at_, 1);
    ++at_;
    ++open_conditionals_;
    const std::uint32_t first = parse(conditional_precedence);
    --open_conditionals_;
    skip();
    if (at_ == end_ || *at_ != ':')
      fail(question.data(), 1, "this '?' has no ':'", "write condition ? a : b");
    ++at_;
    const std::uint32_t second = parse(conditional_precedence);
    return add(Kind::conditional, question, {condition, first, second});
  }

  std::uint32_t operand() {
    skip();
    if (at_ == end_) fail(at_, 0, "the expression ends where a value should follow");
    const char* const begin = at_;
    switch (*at_) {
      case '(':
        return group(')');
      case '{':
        return group('}');
      case '\'':
        return group('\'');
      case '@':
        return device_quantity();
      case '+':
        ++at_;
        return parse(unary_precedence);
      case '-':
        ++at_;
        return add(Kind::negate, {begin, 1}, {parse(unary_precedence)});
      case '!':
      case '~':  // LTspice and Xyce
        ++at_;
        return add(Kind::logical_not, {begin, 1}, {parse(unary_precedence)});
      default:
        break;
    }
    if (is_digit(*at_) || *at_ == '.') return number();
    if (is_name_start(*at_)) return name();
    fail(at_, 1, fmt::format("expected a value, not '{}'", *at_));
  }

  std::uint32_t group(char closing) {
    const char* const open = at_++;
    ++parentheses_;
    const std::uint32_t inside = parse(conditional_precedence);
    close(open, closing);
    return inside;
  }

  void close(const char* open, char closing) {
    skip();
    if (at_ == end_)
      fail(open, 1,
           closing == ')' ? "this parenthesis is not closed" : fmt::format("this '{}' is not closed", *open),
           fmt::format("add '{}'", closing));
    if (*at_ != closing) fail(at_, 1, fmt::format("unexpected '{}' in the expression", *at_));
    ++at_;
    --parentheses_;
  }

  // @element[quantity]
  std::uint32_t device_quantity() {
    const char* const begin = at_;
    const char* const last = std::find_if(at_, end_, [](char c) { return c == ']' || c == '\n'; });
    if (last == end_ || *last != ']')
      fail(begin, 1, "this '@' begins nothing", "the form is @element[quantity], such as @r1[i]");
    at_ = last + 1;
    const std::string_view whole(begin, static_cast<std::size_t>(at_ - begin));
    const std::uint32_t node = add(Kind::variable, whole, {});
    expression_.nodes[node].name = to_lower(whole);
    return node;
  }

  std::uint32_t number() {
    const char* const begin = at_;
    const std::optional<Number> number = read_number({at_, static_cast<std::size_t>(end_ - at_)});
    if (number) at_ += number->length;
    const char* last = at_;
    while (last != end_ && is_name(*last)) ++last;
    const std::string_view whole(begin, static_cast<std::size_t>(last - begin));
    if (!number && lower(whole[std::min(whole.find_first_not_of("0123456789."), whole.size() - 1)]) == 'x')
      throw Problem{whole, fmt::format("cannot read the number '{}'", whole),
                    "'x' is 1e6 in HSPICE and Xyce and nothing in ngspice: write Meg, or leave it out"};
    if (!number || last != at_)
      throw Problem{whole, fmt::format("cannot read the number '{}'", whole), hint_of_number(whole)};
    if (!std::isfinite(number->value))
      throw Problem{whole, fmt::format("the number '{}' is too large", whole)};
    const std::uint32_t node = add(Kind::number, whole, {});
    expression_.nodes[node].number = number->value;
    return node;
  }

  std::uint32_t name() {
    const char* const begin = at_;
    // Xyce's r1:r; but of a conditional the colon is the end of a part.
    const auto joins = [this] {
      return *at_ == ':' && open_conditionals_ == 0 && at_ + 1 != end_ && is_name_start(at_[1]);
    };
    while (at_ != end_ && (is_name(*at_) || joins())) ++at_;
    const std::string_view word(begin, static_cast<std::size_t>(at_ - begin));
    const char* const open = blanks_allowed_ || parentheses_ > 0 ? skip_blanks(at_, end_) : at_;
    std::uint32_t node = 0;
    if (open != end_ && *open == '(') {
      at_ = open;
      node = add(Kind::call, word, reads_vectors(word) ? names_or_arguments() : arguments());
      expression_.nodes[node].inside = {open + 1, static_cast<std::size_t>(at_ - open) - 2};
    } else {
      node = add(Kind::variable, word, {});
    }
    expression_.nodes[node].name = to_lower(word);
    return node;
  }

  std::vector<std::uint32_t> arguments() {
    std::vector<std::uint32_t> arguments;
    const char* const open = at_++;
    ++parentheses_;
    skip();
    if (at_ != end_ && *at_ == ')') {
      close(open, ')');
      return arguments;
    }
    while (true) {
      arguments.push_back(parse(conditional_precedence));
      skip();
      if (at_ == end_ || *at_ != ',') break;
      ++at_;
    }
    close(open, ')');
    return arguments;
  }

  // Names of nodes may be any words: v(3), v(n-1), v(out+). Where every argument is one word and they do not
  // read as expressions, they are names.
  std::vector<std::uint32_t> names_or_arguments() {
    const char* const open = at_;
    const std::size_t nodes = expression_.nodes.size();
    const int depth = depth_, parentheses = parentheses_, open_conditionals = open_conditionals_;
    try {
      return arguments();
    } catch (const Problem&) {
      at_ = open;
      expression_.nodes.resize(nodes);
      depth_ = depth;
      parentheses_ = parentheses;
      open_conditionals_ = open_conditionals;
      std::vector<std::uint32_t> names;
      if (!read_names(names)) throw;
      return names;
    }
  }

  bool read_names(std::vector<std::uint32_t>& names) {
    do {
      ++at_;
      skip();
      const bool quoted = at_ != end_ && *at_ == '"';
      if (quoted) ++at_;
      const char* const begin = at_;
      while (at_ != end_ &&
             (quoted ? *at_ != '"' && *at_ != '\n' : character_class(*at_) == CharacterClass::word))
        ++at_;
      const std::string_view word(begin, static_cast<std::size_t>(at_ - begin));
      if (quoted && at_ != end_) ++at_;
      skip();
      if (word.empty() || at_ == end_) return false;
      names.push_back(add(Kind::variable, word, {}));
      expression_.nodes[names.back()].name = to_lower(word);
    } while (*at_ == ',');
    return *at_++ == ')';
  }

  const char* at_;
  const char* end_;
  bool blanks_allowed_;
  bool is_condition_;  // `=` is a comparison
  int parentheses_ = 0;
  int open_conditionals_ = 0;  // that wait for their ':'
  int depth_ = 0;
  Expression expression_;
};

}  // namespace

namespace {

Expression parse_whole(std::string_view text, bool is_condition) {
  Parser parser(text, true, is_condition);
  parser.parse(conditional_precedence);
  parser.skip();
  if (!parser.finished())
    Parser::fail(parser.position(), 1, fmt::format("unexpected '{}' in the expression", *parser.position()));
  return parser.take(text);
}

}  // namespace

Expression parse_expression(std::string_view text) {
  return parse_whole(text, false);
}

Expression parse_condition(std::string_view text) {
  return parse_whole(text, true);
}

Expression parse_bare_expression(std::string_view text, bool blanks_allowed, const char*& after) {
  Parser parser(text, blanks_allowed);
  parser.parse(conditional_precedence);
  after = parser.position();
  return parser.take(text.substr(0, static_cast<std::size_t>(after - text.data())));
}

}  // namespace memspice
