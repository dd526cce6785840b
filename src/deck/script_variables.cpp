#include "deck/script_variables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/characters.hpp"
#include "base/lines.hpp"
#include "base/number.hpp"

namespace memspice {

namespace {

/// The constants of ngspice's plot `const` that are real numbers.
const std::map<std::string_view, std::string_view> script_constants = {{"pi", "3.141592653589793"},
                                                                       {"e", "2.718281828459045"},
                                                                       {"c", "299792458"},
                                                                       {"boltz", "1.38064852e-23"},
                                                                       {"kelvin", "-273.15"},
                                                                       {"echarge", "1.6021766208e-19"},
                                                                       {"planck", "6.62607004e-34"},
                                                                       {"yes", "1"},
                                                                       {"true", "1"},
                                                                       {"no", "0"},
                                                                       {"false", "0"}};

constexpr std::string_view script_functions[] = {"abs",   "sqrt", "exp",  "ln",   "log10", "sin",
                                                 "cos",   "tan",  "atan", "sinh", "cosh",  "tanh",
                                                 "floor", "ceil", "min",  "max"};

constexpr std::string_view script_blocks[] = {"foreach", "while", "dowhile", "repeat", "if"};

/// Calls visit(begin, end) for every name in a text: letters, digits and underscores behind no digit.
template <class Visit>
void for_each_name(std::string_view text, Visit&& visit) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '_')) ++end;
    if (end > at && (is_letter(text[at]) || text[at] == '_')) visit(at, end);
    at = std::max(end, at + 1);
  }
}

std::string_view without_comment(std::string_view line) {
  for (std::size_t at = 0; at < line.size(); ++at)
    if (begins_comment(line.data() + at, line.data() + line.size())) return trimmed(line.substr(0, at));
  return trimmed(line);
}

/// A value within an expression.
std::string as_operand(const std::string& value) {
  if (value.starts_with('{')) return fmt::format("({})", std::string_view(value).substr(1, value.size() - 2));
  return value.starts_with('-') || value.starts_with('+') ? fmt::format("({})", value) : value;
}

/// A command on one line: without comments, its continuation lines joined.
std::string one_line(std::string_view card) {
  std::string text;
  while (!card.empty()) {
    const std::size_t end = std::min(card.find('\n'), card.size());
    std::string_view line = without_comment(trimmed(card.substr(0, end)));
    card.remove_prefix(std::min(end + 1, card.size()));
    if (line.empty() || line.front() == '*') continue;
    if (!text.empty()) line.remove_prefix(1);  // its +
    text += fmt::format("{}{}", text.empty() ? "" : " ", trimmed(line));
  }
  return text;
}

class ScriptVariables {
 public:
  ScriptVariables(Deck& deck, SourceFiles& sources) : deck_(deck), sources_(sources) {}

  void replace() {
    bool inside = false;
    for (std::size_t i = 0; i < deck_.cards.size(); ++i) {
      const std::string_view text = text_of(i);
      if (!inside) {
        inside = text.starts_with('.') && same_word(first_word(text), ".control");
        continue;
      }
      if (same_word(first_word(text), ".endc"))
        inside = false;
      else
        read_line(i);
    }
    drop_assignments();
  }

 private:
  struct Assignment {
    std::size_t card = 0;
    std::string name;  // "&x" of a let
  };

  [[nodiscard]] std::string_view text_of(std::size_t i) const {
    const Card& card = deck_.cards[i];
    return sources_.text(card.where.file).substr(card.where.offset, card.length);
  }

  void read_line(std::size_t i) {
    const std::string line = one_line(text_of(i));
    const std::string command = to_lower(first_word(line));
    if (std::ranges::find(script_blocks, command) != std::end(script_blocks)) ++depth_;
    if (command == "end" && depth_ > 0) --depth_;
    // What only shows a value is not run.
    const bool shows = command == "print" || command == "echo";
    const std::string text = shows ? line : replaced(line, command == "let");
    const bool assigns = command == "let" || command == "set";
    if (assigns) {
      assign(i, command == "let" ? "&" : "", std::string_view(text).substr(command.size()));
    } else {
      for_each_name(text, [&](std::size_t begin, std::size_t end) {
        if (begin == 0 || (text[begin - 1] != '&' && text[begin - 1] != '$'))
          named_.insert(to_lower(text.substr(begin, end - begin)));
      });
    }
    if (text == line || assigns) return;
    const SourceFiles::Position at = sources_.position(deck_.cards[i].where);
    const std::string name =
        fmt::format("{}:{}, variables replaced", sources_.name(deck_.cards[i].where.file), at.line);
    deck_.cards[i] = {{sources_.add(name, text), 0}, static_cast<std::uint32_t>(text.size())};
  }

  /// The line with the values of variables that are known.
  std::string replaced(std::string_view line, bool in_expression) {
    std::string text;
    for (std::size_t at = 0; at < line.size();) {
      const std::size_t sign = std::min(line.find('$', at), line.size());
      text += line.substr(at, sign - at);
      std::size_t end = sign + 1;
      if (end < line.size() && line[end] == '&') ++end;
      while (end < line.size() && (is_letter(line[end]) || is_digit(line[end]) || line[end] == '_')) ++end;
      end = std::min(end, line.size());
      const auto known =
          sign < line.size() ? values_.find(to_lower(line.substr(sign + 1, end - sign - 1))) : values_.end();
      if (known != values_.end()) {
        read_.insert(known->first);
        const bool inside = in_expression || std::ranges::count(text, '{') > std::ranges::count(text, '}');
        text += inside ? as_operand(known->second) : known->second;
      } else {
        text += line.substr(sign, end - sign);
      }
      at = end;
    }
    return text;
  }

  void assign(std::size_t i, std::string_view sign, std::string_view rest) {
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return;
    const std::string name = std::string(sign) + to_lower(trimmed(rest.substr(0, equals)));
    std::string_view value = trimmed(rest.substr(equals + 1));
    std::optional<std::string> known;
    if (sign.empty())
      known = std::string(value.size() > 1 && value.front() == '"' && value.back() == '"'
                              ? value.substr(1, value.size() - 2)
                              : value);
    else
      known = constant(value);
    // What a loop or a condition does is not known.
    if (!known || depth_ > 0) {
      values_.erase(name);
      return;
    }
    values_[name] = *known;
    assignments_.push_back({i, name});
  }

  /// An expression that depends on no vector, in braces unless it is a number; nothing: it may depend on
  /// some.
  std::optional<std::string> constant(std::string_view expression) {
    if (expression.empty() || expression.find_first_of("\"'@#$[]{}") != std::string_view::npos) return {};
    if (signed_number(expression)) return std::string(expression);
    std::string text;
    std::size_t done = 0;
    bool known = true;
    for_each_name(expression, [&](std::size_t begin, std::size_t end) {
      const std::string name = to_lower(expression.substr(begin, end - begin));
      text += expression.substr(done, begin - done);
      done = end;
      const std::size_t next = std::min(expression.find_first_not_of(" \t", end), expression.size());
      const auto variable = values_.find("&" + name);
      if (next < expression.size() && expression[next] == '(') {
        known &= std::ranges::find(script_functions, name) != std::end(script_functions);
        text += name;
      } else if (variable != values_.end()) {
        text += as_operand(variable->second);
        read_.insert(variable->first);
      } else if (const auto found = script_constants.find(name); found != script_constants.end()) {
        text += found->second;
      } else {
        known = false;
      }
    });
    text += expression.substr(done);
    if (!known || text.size() > longest) return {};
    return "{" + text + "}";
  }

  /// Of variables that some line has read with its sign, and none without.
  void drop_assignments() {
    std::set<std::size_t> dropped;
    for (const Assignment& assignment : assignments_) {
      const bool let = assignment.name.starts_with('&');
      if (read_.contains(assignment.name) && !(let && named_.contains(assignment.name.substr(1))))
        dropped.insert(assignment.card);
    }
    std::size_t i = 0;
    std::erase_if(deck_.cards, [&](const Card&) { return dropped.contains(i++); });
  }

  static constexpr std::size_t longest = 10000;  // bytes of an expression: one that doubles itself ends here

  Deck& deck_;
  SourceFiles& sources_;
  std::map<std::string, std::string> values_;  // by "x" or "&x"
  std::vector<Assignment> assignments_;
  std::set<std::string> read_;   // "x" or "&x"
  std::set<std::string> named_;  // without a sign, in lines that assign nothing
  std::size_t depth_ = 0;        // of loops and conditions
};

}  // namespace

void replace_script_variables(Deck& deck, SourceFiles& sources) {
  ScriptVariables(deck, sources).replace();
}

}  // namespace memspice
