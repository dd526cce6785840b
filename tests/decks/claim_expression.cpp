#include "decks/claim_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "decks/report_value.hpp"

namespace claims {

namespace {

using Column = std::vector<double>;

constexpr std::array<std::pair<std::string_view, double>, 10> suffixes{{{"meg", 1e6},
                                                                        {"t", 1e12},
                                                                        {"g", 1e9},
                                                                        {"k", 1e3},
                                                                        {"m", 1e-3},
                                                                        {"u", 1e-6},
                                                                        {"n", 1e-9},
                                                                        {"p", 1e-12},
                                                                        {"f", 1e-15},
                                                                        {"a", 1e-18}}};

constexpr std::array<std::pair<std::string_view, double (*)(double)>, 9> functions{{{"exp", std::exp},
                                                                                    {"ln", std::log},
                                                                                    {"sqrt", std::sqrt},
                                                                                    {"abs", std::fabs},
                                                                                    {"sin", std::sin},
                                                                                    {"cos", std::cos},
                                                                                    {"tan", std::tan},
                                                                                    {"atan", std::atan},
                                                                                    {"tanh", std::tanh}}};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

template <class Operation>
Column combine(Column left, const Column& right, Operation operation) {
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = operation(left[i], right[i]);
  return left;
}

/// Recursive descent that computes while it reads; a column of values is the result of every rule.
class Evaluation {
 public:
  Evaluation(std::string_view text, const memspice::Plot& plot, const nlohmann::json& report)
      : text_(text), plot_(plot), report_(report) {}

  Column all() {
    Column result = sum();
    if (peek() != '\0') fail("unexpected '" + std::string(text_.substr(at_)) + "'");
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw std::invalid_argument(fmt::format("{} in '{}'", reason, text_));
  }
  char peek() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(fmt::format("'{}' expected", c));
  }
  [[nodiscard]] Column constant(double value) const { return Column(plot_.rows(), value); }

  Column sum() {
    Column left = product();
    while (true) {
      if (take('+'))
        left = combine(std::move(left), product(), std::plus<>());
      else if (take('-'))
        left = combine(std::move(left), product(), std::minus<>());
      else
        return left;
    }
  }
  Column product() {
    Column left = sign();
    while (true) {
      if (take('*'))
        left = combine(std::move(left), sign(), std::multiplies<>());
      else if (take('/'))
        left = combine(std::move(left), sign(), std::divides<>());
      else
        return left;
    }
  }
  Column sign() {
    if (take('-')) return combine(constant(0), sign(), std::minus<>());
    Column base = operand();
    if (take('^')) return combine(std::move(base), sign(), [](double b, double e) { return std::pow(b, e); });
    return base;
  }

  Column operand() {
    if (take('(')) {
      Column inner = sum();
      expect(')');
      return inner;
    }
    const char c = peek();
    if ((c >= '0' && c <= '9') || c == '.') return constant(number());
    if (is_word(c)) return word();
    fail(c == '\0' ? "unexpected end" : fmt::format("unexpected '{}'", text_.substr(at_)));
  }

  double number() {
    double value = 0;
    const char* end = text_.data() + text_.size();
    const auto [rest, error] = std::from_chars(text_.data() + at_, end, value);
    if (error != std::errc()) fail("no number");
    at_ = static_cast<std::size_t>(rest - text_.data());
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    if (at_ == begin) return value;
    const std::string_view given = text_.substr(begin, at_ - begin);
    for (const auto& [suffix, factor] : suffixes)
      if (given == suffix) return value * factor;
    fail(fmt::format("unknown suffix '{}'", given));
  }

  Column word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (is_word(text_[at_]) || (text_[at_] >= '0' && text_[at_] <= '9'))) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (name == "pi") return constant(std::numbers::pi);
    if (name == "report") {
      at_ = begin;
      return constant(number_at(report_, path()));
    }
    if (peek() != '(') return vector(name);
    if (name == "count") return constant(count());
    for (const auto& [known, function] : functions) {
      if (known != name) continue;
      Column argument = operand();
      std::ranges::transform(argument, argument.begin(), function);
      return argument;
    }
    if (name == "largest") return constant(std::ranges::max(operand()));
    if (name == "mean") return constant(mean(operand()));
    if (name == "smallest") return constant(std::ranges::min(operand()));
    if (name == "min" || name == "max") return extreme(name == "max");
    const std::size_t close = text_.find(')', at_);
    if (close == std::string_view::npos) fail("')' expected");
    at_ = close + 1;
    return vector(text_.substr(begin, at_ - begin));
  }

  std::string_view path() {
    const std::string_view path = text_.substr(at_, path_length(text_.substr(at_)));
    at_ += path.size();
    return path;
  }

  double count() {
    expect('(');
    peek();
    const std::size_t items = find_value(report_, path()).size();
    expect(')');
    return static_cast<double>(items);
  }

  static double mean(const Column& column) {
    return std::accumulate(column.begin(), column.end(), 0.0) / static_cast<double>(column.size());
  }

  Column extreme(bool largest) {
    expect('(');
    Column left = sum();
    expect(',');
    left = combine(std::move(left), sum(),
                   [largest](double a, double b) { return largest ? std::max(a, b) : std::min(a, b); });
    expect(')');
    return left;
  }

  [[nodiscard]] const Column& vector(std::string_view name) const {
    const std::size_t column = plot_.find(name);
    if (column == memspice::Plot::npos) fail(fmt::format("no vector '{}'", name));
    return plot_.columns[column];
  }

  std::string_view text_;
  const memspice::Plot& plot_;
  const nlohmann::json& report_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<double> evaluate(std::string_view expression, const memspice::Plot& plot,
                             const nlohmann::json& report) {
  if (plot.rows() == 0) throw std::invalid_argument("there are no rows");
  return Evaluation(expression, plot, report).all();
}

}  // namespace claims
