#include "support/source_scan.hpp"

#include <algorithm>
#include <cctype>
#include <regex>

namespace memspice::testing {
namespace {

std::string trimmed_text(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\n");
  return begin == std::string::npos ? std::string()
                                    : text.substr(begin, text.find_last_not_of(" \t\n") + 1 - begin);
}

/// Passes over a literal whose first quote stands at `at`, and gives the place behind it.
std::size_t literal_end(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && text[end] != text[at]) end += text[end] == '\\' ? 2 : 1;
  return end + 1;
}

std::size_t raw_literal_end(std::string_view text, std::size_t at) {  // at R"
  const std::size_t open = text.find('(', at);
  const std::string close = ")" + std::string(text.substr(at + 2, open - at - 2)) + "\"";
  return text.find(close, open) + close.size();
}

std::size_t directive_end(std::string_view text, std::size_t at) {
  for (;;) {
    at = std::min(text.find('\n', at), text.size());
    if (at == text.size() || text[at - 1] != '\\') return at;
    ++at;
  }
}

/// What a brace opens.
enum class Brace { name_space, type, function, initialiser, other };

struct Level {
  Brace brace = Brace::name_space;
  std::string head;
  std::size_t line = 0;
  std::size_t members = 0;
  int parentheses = 0;  // open ones around the brace
};

Brace kind_of_brace(const std::string& head) {
  static const std::regex type_head(R"((^|[>\s])(class|struct|union)\s+\w+[^;()=]*$)");
  static const std::regex constructor_list(R"(\)\s*(noexcept)?\s*:[^:][^]*[\w>]$)");
  static const std::regex qualifier(R"((const|override|noexcept|final)$)");
  if (std::regex_search(head, std::regex(R"(\bnamespace\b)"))) return Brace::name_space;
  if (std::regex_search(head, std::regex(R"(\benum\b)"))) return Brace::other;
  if (std::regex_search(head, type_head)) return Brace::type;
  if (head.ends_with('=') || head.find('(') == std::string::npos) return Brace::initialiser;
  if (std::regex_search(head, constructor_list) && !std::regex_search(head, qualifier))
    return Brace::initialiser;
  return Brace::function;
}

bool declares_member(const std::string& statement) {
  static const std::regex no_member(
      R"(^(using|friend|static_assert|template\s*<[^;]*>\s*(class|struct|friend)|(class|struct|enum)\b[^(]*$))");
  return !statement.empty() && !statement.ends_with("= delete") && !std::regex_search(statement, no_member);
}

/// Walks once over a text without comments.
class Scanner {
 public:
  std::vector<SourceBlock> scan(const std::string& text) {
    for (const char c : text) {
      if (c == '\n') ++line_;
      read(c);
    }
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool declaring() const {
    return levels_.back().brace == Brace::name_space || levels_.back().brace == Brace::type;
  }

  void read(char c) {
    if (c == '{') return open();
    if (c == '}') return close();
    if (declaring()) {
      if (c == '(') ++parentheses_;
      if (c == ')') --parentheses_;
      if (c == ';' && parentheses_ == 0) return end_statement();
      static const std::regex access(R"(\s*(public|private|protected)\s*)");
      if (c == ':' && std::regex_match(head_, access)) return head_.clear();
    }
    if (trimmed_text(head_).empty()) head_line_ = line_;
    head_ += c;
  }

  void open() {
    Level level;
    level.head = head_;
    level.line = head_line_;
    level.parentheses = parentheses_;
    level.brace = !declaring()       ? Brace::other
                  : parentheses_ > 0 ? Brace::initialiser
                                     : kind_of_brace(trimmed_text(head_));
    parentheses_ = 0;
    if (level.brace != Brace::initialiser && level.brace != Brace::other) head_.clear();
    levels_.push_back(std::move(level));
  }

  void close() {
    const Level level = std::move(levels_.back());
    if (levels_.size() > 1) levels_.pop_back();
    parentheses_ = level.parentheses;
    head_.clear();
    if (level.brace == Brace::type)
      found_.push_back({SourceBlock::Kind::type, trimmed_text(level.head), level.line, level.members});
    if (level.brace == Brace::function) {
      found_.push_back(
          {SourceBlock::Kind::function, trimmed_text(level.head), level.line, line_ - level.line + 1});
      ++levels_.back().members;
    }
    // The statement goes on behind an initialiser.
    if (level.brace == Brace::initialiser || level.brace == Brace::other) head_ = level.head + "{}";
  }

  void end_statement() {
    const std::string statement = trimmed_text(head_);
    if (levels_.back().brace == Brace::type && declares_member(statement)) ++levels_.back().members;
    head_.clear();
  }

  std::vector<Level> levels_{1};
  std::vector<SourceBlock> found_;
  std::string head_;
  std::size_t line_ = 1;
  std::size_t head_line_ = 1;
  int parentheses_ = 0;
};

}  // namespace

std::string without_comments(std::string_view text) {
  std::string kept;
  bool line_begins = true;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    std::size_t end = at + 1;
    std::string_view shown = text.substr(at, 1);
    if (text.substr(at, 2) == "//") {
      end = std::min(text.find('\n', at), text.size());
      shown = {};
    } else if (text.substr(at, 2) == "/*") {
      end = std::min(text.find("*/", at), text.size() - 2) + 2;
      shown = {};
    } else if (text.substr(at, 2) == "R\"") {
      end = raw_literal_end(text, at);
      shown = "\"\"";
    } else if (c == '"' ||
               (c == '\'' && (at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0))) {
      end = literal_end(text, at);
      shown = c == '"' ? "\"\"" : "''";
    } else if (c == '#' && line_begins) {
      end = directive_end(text, at);
      shown = {};
    }
    kept += shown;
    if (end > at + 1)
      kept.append(static_cast<std::size_t>(std::ranges::count(text.substr(at, end - at), '\n')), '\n');
    line_begins = c == '\n' || (line_begins && (c == ' ' || c == '\t'));
    at = end;
  }
  return kept;
}

std::vector<SourceBlock> scan_source(std::string_view text) {
  return Scanner().scan(without_comments(text));
}

}  // namespace memspice::testing
